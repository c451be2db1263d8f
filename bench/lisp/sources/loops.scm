(define (count-up n acc) (if (= n 0) acc (count-up (- n 1) (+ acc n))))

(define (tail-loop n) (count-up n 0))

(define (make-counter)
  (let ((count 0))
    (lambda () (set! count (+ count 1)) count)))

(define (use-counter counter turns)
  (if (= turns 1) (counter) (begin (counter) (use-counter counter (- turns 1)))))

(define (count-counters n total)
  (if (= n 0) total (count-counters (- n 1) (+ total (use-counter (make-counter) 10)))))

(define (closures n) (count-counters n 0))
