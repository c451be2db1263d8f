(import functools [reduce])

(defn map-filter-fold [n]
  (reduce (fn [a b] (+ a b)) (lfor x (range n) :if (= (% x 2) 0) (* x 3)) 0))

(defn conses [n]
  (setv items None)
  (while (!= n 0)
    (setv [n items] [(- n 1) #(n items)]))
  items)

(defn list-chain [n]
  (setv items (conses n) acc 0)
  (while (is-not items None)
    (setv [acc items] [(+ acc (get items 0)) (get items 1)]))
  acc)
