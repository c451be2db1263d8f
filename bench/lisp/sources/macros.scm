(define-syntax unless-zero
  [(unless-zero ?n ?otherwise ?body) (if (= ?n 0) ?otherwise ?body)])

(define-syntax either
  [(either ?a ?b) (let ((value ?a)) (if value value ?b))])

(define-syntax square
  [(square ?x) (let ((value ?x)) (* value value))])

(define-syntax plus
  [(plus ?a) ?a]
  [(plus ?a ?b) (+ ?a ?b)]
  [(plus ?a ?b ?c) (+ ?a (+ ?b ?c))]
  [(plus ?a ?b ?c ?d) (+ ?a (+ ?b (+ ?c ?d)))])

(define (macro-turns n acc)
  (unless-zero n acc
    (macro-turns (- n 1)
                 (plus acc
                       (square (either (< n 0) n))
                       (either (either (< n 0) (< n 0)) 1)
                       1))))

(define (macros n) (macro-turns n 0))
