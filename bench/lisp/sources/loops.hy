(defn tail-loop [n]
  (setv acc 0)
  (while (!= n 0)
    (setv [n acc] [(- n 1) (+ acc n)]))
  acc)

(defn make-counter []
  (setv count 0)
  (fn []
    (nonlocal count)
    (setv count (+ count 1))
    count))

(defn use-counter [counter turns]
  (while (!= turns 1)
    (counter)
    (setv turns (- turns 1)))
  (counter))

(defn closures [n]
  (setv total 0)
  (while (!= n 0)
    (setv [n total] [(- n 1) (+ total (use-counter (make-counter) 10))]))
  total)
