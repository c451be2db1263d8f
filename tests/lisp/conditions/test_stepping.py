"""The macro stepper tells the expansions that compiling makes, in order, each at its place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caixa.lisp.errors import LispError
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.printer import write_syntax
from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.lisp.stepping import child_at
from caixa_magics.layout import marked

MACROS = "(defmacro twice (e) `(+ ,e ,e)) (defmacro four (e) `(twice (twice ,e))) (defmacro one () 1)"


@pytest.fixture
def steps(interpreter):
    interpreter.evaluate(Source("macros", MACROS))
    return lambda text: interpreter.expansion(read(Source("form", text)).forms[0])


def told(steps) -> list[tuple[str, str, str]]:
    return [(each.macro, write_syntax(each.before), write_syntax(each.after)) for each in steps]


STEPS = {
    "a form without macros": ("(+ 1 2)", []),
    "a macro at the head": ("(twice 1)", [("twice", "(twice 1)", "(+ 1 1)")]),
    "a macro inside": ("(list (twice 1))", [("twice", "(list (twice 1))", "(list (+ 1 1))")]),
    "a macro that makes macro calls": (
        "(four 1)",
        [
            ("four", "(four 1)", "(twice (twice 1))"),
            ("twice", "(twice (twice 1))", "(+ (twice 1) (twice 1))"),
            ("twice", "(+ (twice 1) (twice 1))", "(+ (+ 1 1) (twice 1))"),
            ("twice", "(+ (+ 1 1) (twice 1))", "(+ (+ 1 1) (+ 1 1))"),
        ],
    ),
    "quoted code": ("'(twice 1)", []),
    "a variable that hides a macro": ("(lambda (twice) (twice 1))", []),
    "a macro of the body itself": (
        "(let () (defmacro m () 5) (m))",
        [("m", "(let () (defmacro m () 5) (m))", "(let () (defmacro m () 5) 5)")],
    ),
    "an atom": ("x", []),
}


@pytest.mark.parametrize(("text", "expected"), STEPS.values(), ids=STEPS.keys())
def test_each_step_has_the_form_before_and_after(text, expected, steps):
    assert told(steps(text)) == expected


def test_looking_defines_nothing(steps, interpreter):
    steps("(define (twice x) x)")
    steps("(begin (defmacro fresh () 1) (fresh))")
    assert told(steps("(twice 1)")) == [("twice", "(twice 1)", "(+ 1 1)")]
    assert interpreter.describe("fresh") is None


def test_what_cannot_be_expanded_is_an_error_at_its_place(steps):
    with pytest.raises(LispError) as caught:
        steps("(list (twice))")
    assert caught.value.span is not None
    assert caught.value.span.start == len("(list ")


forms = st.recursive(
    st.sampled_from(["1", "x", '"s"', "(one)"]),
    lambda inner: st.one_of(
        st.builds("(twice {})".format, inner),
        st.builds("(four {})".format, inner),
        st.builds("(list {} {})".format, inner, inner),
        st.builds("[{} {}]".format, inner, inner),
        st.builds("(if {} '(one) `(a ,{}))".format, inner, inner),
    ),
    max_leaves=5,
)
INTERPRETER = Interpreter()
INTERPRETER.evaluate(Source("macros", MACROS))


@settings(max_examples=50, deadline=None)
@given(forms)
def test_the_steps_lead_from_the_form_to_its_expansion(text):
    form = read(Source("form", text)).forms[0]
    steps = INTERPRETER.expansion(form)
    assert all(step.path is not None for step in steps)
    wholes = [write_syntax(form), *[write_syntax(step.after) for step in steps]]
    assert [write_syntax(step.before) for step in steps] == wholes[:-1]
    for step in steps:
        assert step.path is not None
        assert child_at(step.after, step.path) is step.result
    assert not INTERPRETER.expansion(read(Source("form", wholes[-1])).forms[0])


@settings(max_examples=50, deadline=None)
@given(forms, st.integers(10, 80))
def test_the_layout_of_a_form_reads_as_the_form(text, width):
    form = read(Source("form", text)).forms[0]
    shown = marked(form, (), width)
    assert shown.startswith("«")
    again = read(Source("form", shown.replace("«", "").replace("»", ""))).forms[0]
    assert write_syntax(again) == write_syntax(form)
