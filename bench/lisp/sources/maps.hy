(defn map-update [n]
  (setv entries {})
  (while (!= n 0)
    (setv (get entries (% (* n 7919) 100003)) n)
    (setv n (- n 1)))
  (setv total 0)
  (for [value (.values entries)]
    (setv total (+ total value)))
  total)

(defn count-words [n]
  (setv counts {})
  (for [word (lfor x (range n) (% (* x x) 1009))]
    (setv (get counts word) (+ (.get counts word 0) 1)))
  (len counts))
