"""Each native in a table: what it gives, and which kind of error it raises."""

from pathlib import Path

import pytest

from caixa.lisp.errors import LispError
from caixa.lisp.natives import NATIVES, is_native
from caixa.lisp.printer import write


def _table(name):
    """Return the cases of a table: a form and, after an arrow, what it prints as or the kind of its error."""
    lines = Path(__file__).with_name(name).read_text("utf-8").splitlines()
    return [tuple(line.rsplit(" => ", 1)) for line in lines]


@pytest.mark.parametrize(("source", "expected"), _table("values.txt"))
def test_a_native_gives(evaluate, source, expected):
    assert write(evaluate(source)) == expected


@pytest.mark.parametrize(("source", "kind"), _table("errors.txt"))
def test_a_native_refuses(evaluate, source, kind):
    with pytest.raises(LispError) as caught:
        evaluate(source)
    assert caught.value.kind == kind


def test_every_native_documents_itself():
    for name, function in NATIVES.items():
        assert is_native(function), name
        assert function.__lisp_params__.startswith("(")
        assert (function.__doc__ or "").split("\n")[0].endswith((".", ":")), name
        assert NATIVES[function.__lisp_name__] is function


@pytest.mark.parametrize(
    "nest",
    [
        "(define (f n) (if (= n 0) 0 (car (map (lambda (x) (+ 1 (f (- n 1)))) '(1)))))",
        "(define (f n) (if (= n 0) 0 (apply (lambda (m) (+ 1 (f m))) (list (- n 1)))))",
        "(define (f n) (if (= n 0) 0 (foldl (lambda (a x) (+ a 1 (f (- n 1)))) 0 '(1))))",
        "(define (f n) (if (= n 0) 0 (+ 1 (force (delay (f (- n 1)))))))",
    ],
    ids=["map", "apply", "foldl", "force"],
)
def test_5000_calls_through_a_native_that_calls_back_work(evaluate, nest):
    assert evaluate(f"{nest} (f 5000)") == 5000


def test_tracing_writes_calls_and_can_end(evaluate):
    source = "(trace f) (f 2) (untrace f) (f 3)"
    assert evaluate(f"(define (f x) (* x 2)) (with-output-to-string {source})") == "(f 2)\n=> 4\n"


def test_doc_shows_functions_natives_and_macros(evaluate):
    assert "Return the first element" in evaluate("(with-output-to-string (doc car))")
    assert "Choose the first clause" in evaluate("(with-output-to-string (doc match))")
    assert "twice" in evaluate('(define (f x) "Return it twice." (* 2 x)) (with-output-to-string (doc f))')
