"""The library that is written in Lisp: what language.md section 6 says of it, and what was added."""

import pytest

from caixa.lisp.errors import LispError
from caixa.lisp.library import library_sources
from caixa.lisp.printer import write
from caixa.lisp.reader import read


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("((compose inc (partial * 2)) 5)", "11"),
        ("((juxt + -) 5 3)", "(8 2)"),
        ("((flip -) 1 10)", "9"),
        ("(-> 10 (- 3) (- 2))", "5"),
        ("(->> (range 1 6) (map (lambda (x) (* x x))) (filter even?) (reduce + 0))", "20"),
        ("(define n 0) (define m (memoize (lambda (x) (set! n (+ n 1)) x))) (m '(1)) (m '(1)) (m 1) n", "2"),
        ("(when-let (x 5) (+ x 1))", "6"),
        ("(when-let [x 5] x)", "5"),
        ("(define x 1) (when-let (x x) x)", "1"),
        ("(if-let (x nil) x)", "()"),
        ("(define n 0) (dotimes (i 5) (set! n (+ n i))) n", "10"),
        ("(define n 0) (while (< n 100000) (set! n (+ n 1))) n", "100000"),
        ("(loop ((i 0) (sum 0)) (if (= i 5) sum (recur (+ i 1) (+ sum i))))", "10"),
        ("(for ((x '(1 2 3)) :when (odd? x) (y [10 20])) (* x y))", "(10 20 30 60)"),
        ("(for ((x '(1 2)) :let ((y (* x x)))) y)", "(1 4)"),
        ("(for ((x '())) x)", "()"),
        ("(case 'b ((a b) 1) (else 2))", "1"),
        ("(case 5 (5 :five) (else :no))", ":five"),
        ('(case "x" ("x"))', "()"),
        ("(comment (this is (not code)))", "()"),
        ("(declare x :int)", "()"),
        ("(defn-typed f ((x '(:list-of :int))) -> :int (length x)) (f '(1 2))", "2"),
    ],
)
def test_control_and_functions(evaluate, source, expected):
    assert write(evaluate(source)) == expected


@pytest.mark.parametrize(
    ("value", "clauses", "expected"),
    [
        ("'(1 2 3)", "((a &rest b) (list a b))", "(1 (2 3))"),
        ("'(1)", "((a . b) (list a b))", "(1 ())"),
        ("'(1 2)", "((a b c) 3) ((a b) 2)", "2"),
        ("'(1 1)", "((x x) :same) (_ :other)", ":same"),
        ("'(1 2)", "((x x) :same) (_ :other)", ":other"),
        ("nil", "(() :empty)", ":empty"),
        ("'()", "(nil :nil)", ":nil"),
        ("false", "(false :no)", ":no"),
        ("[1 [2 3]]", "([a [b &rest c]] (list a b c))", "(1 2 (3))"),
        ("[1]", "((a) :list) ([a] :vector)", ":vector"),
        ("{:kind :circle :r 2}", "({:kind :circle :r r} (* 3 r))", "6"),
        ("{:kind :square}", "({:kind :circle} 1) ({:kind k} k)", ":square"),
        ("{}", "({:a x} 1) (_ 2)", "2"),
        ("5", "((?or 1 2) :small) ((?or 4 5) :big)", ":big"),
        ("5", "(x :when (< x 3) :small) (x :when (> x 3) :big)", ":big"),
        ("'(a (b c))", "((a (b x)) x)", "c"),
        ("'(point 1 2)", "(('point x y) (+ x y))", "3"),
        ("7", "((? even? n) 1) ((? odd? n) n)", "7"),
        ("1.0", "(1 :int) (1.0 :float)", ":float"),
        ("5", "(x (define k x) (+ k 1))", "6"),
        ("9", "(1 2)", "()"),
    ],
)
def test_matching(evaluate, value, clauses, expected):
    assert write(evaluate(f"(match {value} {clauses})")) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("(define-record p (x y)) (p-y (p-set-y (make-p 1 2) 3))", "3"),
        ("(define-record p (x)) (list (p? (make-p 1)) (p? {}) (p? 5))", "(#t #f #f)"),
        ("(define-record p (x)) (equal? (make-p 1) (make-p 1))", "#t"),
        ("(lazy-take 4 (lazy-filter even? (iterate-lazy inc 0)))", "(0 2 4 6)"),
        ("(lazy-take 5 (cycle '(1 2)))", "(1 2 1 2 1)"),
        ("(lazy-head (lazy-drop 20000 (iterate-lazy inc 0)))", "20000"),
        (
            "(defsm m :initial :a :transitions '((:a :go :b))) (sm-send m :go) (sm-history m)",
            "(:b :a)",
        ),
        ("(defactor a 0 +) (actor-tell a 1) (actor-tell a 2) (actor-drain! a)", "3"),
        (
            "(define p (make-pipeline (list (list :d inc)))) (define seen ()) "
            "(pipeline-on-stage! p :any-stage (lambda (&rest r) (set! seen r))) (pipeline-run! p 1) seen",
            "(:d 1 2)",
        ),
        (
            "(define s (make-strategy :a inc :default dec)) (strategy-call s :z 1)",
            "0",
        ),
        ("(define e (make-event-store)) (event-append! e 1) (event-append! e 2) (event-history e)", "(1 2)"),
        ("(with-output-to-string (dbg (+ 1 2)))", '"(+ 1 2) = 3  ; test, line 1\\n"'),
    ],
)
def test_records_lazy_sequences_and_machines(evaluate, source, expected):
    assert write(evaluate(source)) == expected


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("(match 5 (x))", "bad-special-form"),
        ("(match '(1) ((a &rest) 1))", "user"),
        ('(assert #f "no")', "user"),
        ("(defn-typed f ((x :int)) :int x)", "user"),
        ("(defn-typed f ((x :int)) -> :int x) (f 1.5)", "user"),
        ("(first ())", "native-fn"),
        ("(identity 1 2)", "arity-mismatch"),
    ],
)
def test_what_the_library_refuses(evaluate, source, kind):
    with pytest.raises(LispError) as caught:
        evaluate(source)
    assert caught.value.kind == kind


def test_each_definition_of_the_library_has_documentation(evaluate):
    for source in library_sources():
        for form in read(source).forms:
            assert isinstance(form.items[2].value if form.head == "define" else form.items[3].value, str), (
                source.slice(form.span)[:60]
            )
