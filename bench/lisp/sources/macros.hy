(defmacro either [a b]
  (setv value (hy.gensym))
  `(do (setv ~value ~a) (if ~value ~value ~b)))

(defmacro square [x]
  (setv value (hy.gensym))
  `(do (setv ~value ~x) (* ~value ~value)))

(defmacro plus [#* terms]
  (if (= (len terms) 1) (get terms 0) `(+ ~(get terms 0) (plus ~@(cut terms 1 None)))))

(defn macros [n]
  (setv acc 0)
  (while (!= n 0)
    (setv [n acc] [(- n 1)
                   (plus acc
                         (square (either (< n 0) n))
                         (either (either (< n 0) (< n 0)) 1)
                         1)]))
  acc)
