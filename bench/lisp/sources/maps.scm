(import "builtins")

(define (fill n entries)
  (if (= n 0)
      entries
      (begin
        (set-item! entries (modulo (* n 7919) 100003) n)
        (fill (- n 1) entries))))

(define (sum items acc) (if (null? items) acc (sum (cdr items) (+ acc (car items)))))

(define (values-of entries) (vector->list (builtins.list (entries.values))))

(define (map-update n)
  (let ((entries (fill n (dict))))
    (sum (values-of entries) 0)))

(define (count-turns n counts)
  (if (= n 0)
      counts
      (let ((word (modulo (* n n) 1009)))
        (set-item! counts word (+ 1 (if (has-item? counts word) (get-item counts word) 0)))
        (count-turns (- n 1) counts))))

(define (count-words n) (length (values-of (count-turns n (dict)))))
