(define (filter keep? items)
  (letrec ((turn (lambda (items kept)
                   (cond ((null? items) (reverse kept))
                         ((keep? (car items)) (turn (cdr items) (cons (car items) kept)))
                         (else (turn (cdr items) kept))))))
    (turn items '())))

(define (foldl f acc items)
  (if (null? items) acc (foldl f (f acc (car items)) (cdr items))))

(define (map-filter-fold n)
  (foldl + 0 (map (lambda (x) (* x 3)) (filter even? (range n)))))

(define (conses n acc) (if (= n 0) acc (conses (- n 1) (cons n acc))))
(define (total items acc) (if (null? items) acc (total (cdr items) (+ acc (car items)))))

(define (list-chain n) (total (conses n '()) 0))
