(defn fib [n] (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))

(defn tak [x y z]
  (if (not (< y x)) z (tak (tak (- x 1) y z) (tak (- y 1) z x) (tak (- z 1) x y))))

(defn tak-of [n] (tak n (// (* 2 n) 3) (// n 3)))

(defn down-even [n] (if (= n 0) 1 (down-odd (- n 1))))
(defn down-odd [n] (if (= n 0) 0 (down-even (- n 1))))

(defn mutual [n]
  (setv total 0)
  (for [turns (range n 0 -1)]
    (setv total (+ total (down-even (+ 400 turns)))))
  total)
