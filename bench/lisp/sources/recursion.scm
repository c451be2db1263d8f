(define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))

(define (tak x y z)
  (if (not (< y x)) z (tak (tak (- x 1) y z) (tak (- y 1) z x) (tak (- z 1) x y))))

(define (tak-of n) (tak n (quotient (* 2 n) 3) (quotient n 3)))

(define (down-even? n) (if (= n 0) 1 (down-odd? (- n 1))))
(define (down-odd? n) (if (= n 0) 0 (down-even? (- n 1))))

(define (mutual-turns turns total)
  (if (= turns 0) total (mutual-turns (- turns 1) (+ total (down-even? (+ 400 turns))))))

(define (mutual n) (mutual-turns n 0))
