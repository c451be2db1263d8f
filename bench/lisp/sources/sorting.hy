(import functools [cmp-to-key])

(defn numbers [n]
  (setv found [] seed 42)
  (for [_ (range n)]
    (.append found seed)
    (setv seed (% (+ (* seed 1103515245) 12345) 2147483648)))
  (.reverse found)
  found)

(defn weigh [items]
  (setv acc 7)
  (for [item items]
    (setv acc (% (+ (* acc 31) item) 1000003)))
  acc)

(defn sort-numbers [items] (weigh (sorted items)))

(defn sort-compared [items]
  (weigh (sorted items :key (cmp-to-key (fn [a b] (if (< a b) -1 1))))))
