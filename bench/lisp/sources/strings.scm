(define (append-turns n text)
  (if (= n 0) text (append-turns (- n 1) (string-append text (number->string n) ","))))

(define (append-strings n) (string-length (append-turns n "")))

(define (join-strings n)
  (string-length (string-join "," (map number->string (range n)))))
