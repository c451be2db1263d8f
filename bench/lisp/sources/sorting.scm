(define (noise n seed numbers)
  (if (= n 0)
      numbers
      (noise (- n 1) (modulo (+ (* seed 1103515245) 12345) 2147483648) (cons seed numbers))))

(define (numbers n) (noise n 42 '()))

(define (weigh-turns items acc)
  (if (null? items) acc (weigh-turns (cdr items) (modulo (+ (* acc 31) (car items)) 1000003))))

(define (weigh items) (weigh-turns items 7))

(define (sort-numbers items) (weigh (sort < items)))

(define (sort-compared items) (weigh (sort (lambda (a b) (< a b)) items)))
