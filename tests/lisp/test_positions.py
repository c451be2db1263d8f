"""An error points at the exact sub-form, whatever the compiler made of the code around it."""

from __future__ import annotations

import traceback

import pytest

from caixa.lisp.errors import LispError
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.source import Source

# Each text has the sub-form that is wrong between « and ».
WRONG = {
    "unbound": "(+ 1 «foo»)",
    "unbound in head position": "(«foo» 1 2)",
    "unbound on another line": "(define (f x)\n  (let ((y 2))\n    (* x «zed»)))\n(f 1)",
    "unbound in a branch": "(if #t (list «nope») 2)",
    "unbound in a test": "(if «nope» 1 2)",
    "unbound in a loop": "(let loop ((i 0)) (if (< i 3) (loop (+ i 1)) «nope»))",
    "unbound in a closure": "(map (lambda (x) (+ x «nope»)) '(1))",
    "assignment of nothing": "(set! «nope» 1)",
    "a number that is none": '(+ 1 (* 2 «(+ 3 "x")»))',
    "a comparison of what is no number": "(if «(< 1 'a)» 1 2)",
    "division by zero": "(list 1 «(/ 1 0)»)",
    "a native that refuses": "(let ((x (list))) (list 1 «(car x)»))",
    "too many arguments": "(list «(car 1 2)»)",
    "too few for a closure": "(define (f a b) a) (list «(f 1)»)",
    "too few for a closure in tail position": "(define (f a b) a) (define (g) «(f 1)») (g)",
    "not callable": "(list «(5 1)»)",
    "not callable in tail position": "(define (f g) «(g 1)») (f 5)",
    "a throw": "(when #t «(throw 1)»)",
    "a native in tail position": "(define (f x) «(car x)») (f 1)",
    "the handler of an error": "(try (throw 1) (catch (e) (list e «nope»)))",
    "the value of a binding": "(let ((x 1) (y «(car 5)»)) x)",
    "characters of several bytes": '(list "é→" «ñ»)',
    "an argument of a macro": "(defmacro twice (e) `(+ ,e ,e)) (twice «nope»)",
    "a compound argument of a macro": "(defmacro twice (e) `(+ ,e ,e)) (twice «(car 5)»)",
    "what a macro made": "(defmacro m () '(car 5)) (list «(m)»)",
    "a macro that gets too much": "(defmacro m (a) a) (list «(m 1 2)»)",
    "a bad form in an expansion": "(defmacro m () '(if)) (list «(m)»)",
    "a special form": "(list «(if)»)",
    "a binding": "(let ((x 1) «y») x)",
    "evaluation": "(list «(eval '(car 5))»)",
    "an element of a vector": "[1 «nope»]",
    "a value of a map": "{:a «nope»}",
    "a deep sum": "(+ 1 " * 100 + "«nope»" + ")" * 100,
    "a long cond": "(define (f x) (cond " + "(#f 1) " * 60 + "(else «(car x)»))) (+ 1 (f 5))",
    "an inlined procedure": "(define (f x) (define (g y) (* y «nope»)) (+ 1 (g x))) (f 1)",
    "a second assignment that fails": "(define (f) (define a 1) (set! a «(car 5)») a) (f)",
    "and": "(define (f) (and 1 2 «(car 5)»)) (f)",
    "or": "(define (f) (or #f «(car 5)» 3)) (f)",
    "a default of a parameter": "(define (f &optional (x «(car 5)»)) x) (f)",
}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG.keys())
def test_the_span_of_an_error_is_that_of_the_wrong_sub_form(text, fail):
    start = len(text[: text.index("«")].encode())
    wrong = text[text.index("«") + 1 : text.index("»")]
    error = fail(text.replace("«", "").replace("»", ""))
    assert error.span is not None
    assert (error.span.start, error.span.end) == (start, start + len(wrong.encode()))


def test_the_stack_names_who_called_whom_from_where(interpreter):
    interpreter.evaluate(Source("cell 1", "(define (inner x)\n  (+ 1 (car x)))"))
    interpreter.evaluate(Source("cell 2", "(define (outer x) (list (inner x)))"))
    with pytest.raises(LispError) as caught:
        interpreter.evaluate(Source("cell 3", "(map outer '(5))"))
    names = [(frame.name, frame.span.source) for frame in caught.value.stack]
    assert names == [("outer", "cell 2"), ("inner", "cell 1")]
    assert [frame.called_at.source for frame in caught.value.stack] == ["cell 3", "cell 2"]
    assert caught.value.span.source == "cell 1"


def test_an_error_is_drawn_with_a_caret_under_the_sub_form(interpreter):
    with pytest.raises(LispError) as caught:
        interpreter.evaluate(Source("cell 1", "(define (area r)\n  (* xyzzy r r))\n(area 2)"))
    assert caught.value.render(interpreter.sources) == (
        "error[unbound-symbol]: unbound symbol `xyzzy`\n"
        "  in cell 1, line 2, column 6\n"
        "2 |   (* xyzzy r r))\n"
        "  |      ^^^^^\n"
        "  in area, called from cell 1, line 3, column 1"
    )


def test_an_unbound_symbol_is_answered_with_what_was_meant(fail):
    error = fail("(define counter 1) (+ countr 1)")
    assert "`counter`" in error.diagnostics[0].fix


def test_a_symbol_without_a_name_can_be_unbound_too(fail):
    assert fail("(|| 1)").kind == "unbound-symbol"


def test_python_itself_shows_the_lisp_line(interpreter):
    interpreter.evaluate(Source("cell 7", "(define (f x)\n  (+ 1 (g x)))\n(define (g x) (boom x))"))

    def boom(x: object) -> None:
        raise KeyError(x)

    interpreter.names["boom"] = boom
    try:
        interpreter.names["f"](1)
    except KeyError as error:
        shown = "".join(traceback.format_exception(error))
    assert 'File "cell 7", line 2, in f' in shown
    assert "(+ 1 (g x))" in shown


def test_the_error_of_a_macro_body_points_into_the_macro_and_names_the_call(interpreter):
    interpreter.evaluate(Source("cell 1", "(defmacro m (x) (list 'quote (car x)))"))
    with pytest.raises(LispError) as caught:
        interpreter.evaluate(Source("cell 2", "(list (m 5))"))
    assert caught.value.span.source == "cell 1"
    assert ("macro m", "cell 2") in [(frame.name, frame.span.source) for frame in caught.value.stack]


def test_an_error_caught_and_thrown_again_keeps_its_message(run):
    assert run("(try (try (car 5) (catch (e) (throw e))) (catch (e) (error-tag e)))") == ":type-mismatch"


def test_an_error_without_a_handler_for_its_tag_goes_on(run, fail):
    assert run("(try (/ 1 0) (catch (e :division-by-zero) :zero) (catch (e) :other))") == ":zero"
    assert run("(try (car 1) (catch (e :division-by-zero) :zero) (catch (e) :other))") == ":other"
    assert fail("(try (car 1) (catch (e :division-by-zero) :zero))").kind == "type-mismatch"


def test_interpreters_do_not_mix_up_their_sources():
    first, second = Interpreter(), Interpreter()
    for interpreter, text in ((first, "(car 1)"), (second, "(list (car 1))")):
        with pytest.raises(LispError) as caught:
            interpreter.evaluate(Source("cell 1", text))
        assert caught.value.span.start == text.index("(car")
