(defn append-strings [n]
  (setv text "")
  (while (!= n 0)
    (setv text (+ text (str n) ","))
    (setv n (- n 1)))
  (len text))

(defn join-strings [n]
  (len (.join "," (lfor number (range n) (str number)))))
