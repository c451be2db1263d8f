(import "json")

(define (record i)
  (let ((row (dict)))
    (set-item! row "id" i)
    (set-item! row "name" (string-append "item " (number->string i)))
    (set-item! row "price" (* i 3))
    (set-item! row "tags" (vector "a" "b"))
    row))

(define (document n) (json.dumps (list->vector (map record (range n)))))

(define (keep-even rows kept)
  (cond ((null? rows) (reverse kept))
        ((even? (get-item (car rows) "id")) (keep-even (cdr rows) (cons (car rows) kept)))
        (else (keep-even (cdr rows) kept))))

(define (dearer row)
  (set-item! row "price" (* 2 (get-item row "price")))
  row)

(define (sum-prices rows acc)
  (if (null? rows) acc (sum-prices (cdr rows) (+ acc (get-item (car rows) "price")))))

(define (json-transform text)
  (let ((rows (keep-even (vector->list (json.loads text)) '())))
    (sum-prices (vector->list (json.loads (json.dumps (list->vector (map dearer rows))))) 0)))
