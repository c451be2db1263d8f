"""What holds of every nest of handlers, restarts and cleanups, however deep and in whatever order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from caixa.lisp.interpreter import Interpreter
from caixa.lisp.printer import display
from caixa.lisp.source import Source

from .conftest import LOG

INTERPRETER = Interpreter()
LAYERS = ("bind", "finally", "restart", "try-other", "parameter", "function")
nests = st.lists(st.sampled_from(LAYERS), max_size=8)
raisers = st.sampled_from(['(throw (error :e "thrown"))', "(car 5)", "nowhere", "(/ 1 0)", "(throw 7)"])


def wrapped(layers: list[str], core: str) -> str:
    """Return `core` inside the layers, the first outermost; handlers and cleanups note their numbers."""
    text = core
    for number, layer in reversed(list(enumerate(layers))):
        text = {
            "bind": f"(handler-bind ((else (lambda (c) (note {number})))) {text})",
            "finally": f"(try {text} (finally (note {number})))",
            "restart": f"(restart-case {text} (r{number} () {number}))",
            "try-other": f"(try {text} (catch (c :another) (note 'wrong)))",
            "parameter": f"(parameterize ((level {number})) {text})",
            "function": f"((lambda () {text}))",
        }[layer]
    return text


def outcome(text: str) -> tuple[str, list[str]]:
    program = f"{LOG} (define level (make-parameter -1)) {text}"
    value = INTERPRETER.evaluate(Source("cell", program))
    return display(value), [display(each) for each in reversed(list(INTERPRETER.names["log"]))]


def numbers(layers: list[str], kind: str) -> list[str]:
    return [str(number) for number, layer in enumerate(layers) if layer == kind]


@settings(max_examples=30, deadline=None)
@given(nests, raisers)
def test_every_handler_runs_from_the_innermost_out_and_then_every_cleanup(layers, raiser):
    value, noted = outcome(f"(try {wrapped(layers, raiser)} (catch (c) 'caught))")
    assert value == "caught"
    assert noted == numbers(layers, "bind")[::-1] + numbers(layers, "finally")[::-1]


@settings(max_examples=30, deadline=None)
@given(nests, raisers)
def test_a_handler_that_declines_equals_no_handler(layers, raiser):
    bare = [layer for layer in layers if layer != "bind"]
    with_handlers = f"(try {wrapped(layers, raiser)} (catch (c) (if (error? c) (error-tag c) c)))"
    without = f"(try {wrapped(bare, raiser)} (catch (c) (if (error? c) (error-tag c) c)))"
    assert outcome(with_handlers)[0] == outcome(without)[0]


@settings(max_examples=30, deadline=None)
@given(nests, raisers)
def test_each_restart_can_be_invoked_from_a_handler_and_runs_only_the_cleanups_inside_it(layers, raiser):
    for number in numbers(layers, "restart"):
        text = wrapped(["restart" if str(at) == number else layer for at, layer in enumerate(layers)], raiser)
        handler = f"(handler-bind ((else (lambda (c) (invoke-restart 'r{number})))) {text})"
        _, noted = outcome(handler)
        inside = [each for each in numbers(layers, "finally")[::-1] if int(each) > int(number)]
        outside = [each for each in numbers(layers, "finally")[::-1] if int(each) < int(number)]
        assert noted == numbers(layers, "bind")[::-1] + inside + outside


@settings(max_examples=30, deadline=None)
@given(nests)
def test_a_handler_sees_the_innermost_dynamic_state_of_what_is_thrown(layers):
    levels = numbers(layers, "parameter")
    nest = wrapped(layers, "(throw 1)")
    _, noted = outcome(f"(try (handler-bind ((else (lambda (c) (note (level))))) {nest}) (catch (c) 0))")
    expected = levels[-1] if levels else "-1"
    cleanups = numbers(layers, "finally")[::-1]
    assert noted == [*numbers(layers, "bind")[::-1], expected, *cleanups]


@settings(max_examples=30, deadline=None)
@given(nests)
def test_what_fails_in_nothing_runs_no_handler(layers):
    value, noted = outcome(wrapped(layers, "'fine"))
    assert value == "fine"
    assert noted == numbers(layers, "finally")[::-1]
