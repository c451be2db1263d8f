(import json)

(defn record [i]
  {"id" i "name" (+ "item " (str i)) "price" (* i 3) "tags" ["a" "b"]})

(defn document [n] (json.dumps (lfor i (range n) (record i))))

(defn dearer [row] {#** row "price" (* 2 (get row "price"))})

(defn json-transform [text]
  (setv rows (lfor row (json.loads text) :if (= (% (get row "id") 2) 0) row) acc 0)
  (for [row (json.loads (json.dumps (lfor row rows (dearer row))))]
    (setv acc (+ acc (get row "price"))))
  acc)
