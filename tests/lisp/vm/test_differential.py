"""Both back ends give the same answer, the same error at the same place, and write the same."""

import re

import pytest
from hypothesis import example, given, settings

from .differential import machine_outcome, programs, python_outcome

UNLIMITED_INTEGERS = "integer-overflow"  # the named difference: Python's integers do not end at 64 bits
ARITY = (
    "arity-mismatch"  # of a tail call: the machine has left the caller by then, and names the call before it
)


def _agree(text: str, *, collect_always: bool = False) -> None:
    machine = machine_outcome(text, collect_always=collect_always)
    if machine.error != UNLIMITED_INTEGERS and UNLIMITED_INTEGERS not in machine.value + machine.output:
        expected = python_outcome(text)
        if _has_unlimited(expected.value + expected.output):
            return
        if machine.error == expected.error == ARITY:
            machine = machine._replace(place=expected.place)
        assert machine == expected


def _has_unlimited(text: str) -> bool:
    """Whether an integer is there which the machine refused, and perhaps caught its own refusal."""
    return any(not -(2**63) <= int(digits) < 2**63 for digits in re.findall(r"-?\d+", text))


@settings(max_examples=60, deadline=None)
@given(programs)
@example("(define (f) (throw 'x)) (define (g) (try (f) (catch (e) (throw e)))) (g)")
@example("(define (f x) (if x (begin (define q 1) q) q)) (f #f)")
@example("(define (f &optional (a (lambda () b)) (b 2)) (list b)) (f)")
@example("(map (lambda (n) (try (throw n) (catch (e) (lambda () e)))) '(1 2))")
def test_a_generated_program_comes_to_the_same_on_both(text: str) -> None:
    _agree(text)


@settings(max_examples=20, deadline=None)
@given(programs)
def test_a_collection_at_every_call_changes_nothing(text: str) -> None:
    _agree(text, collect_always=True)


@pytest.mark.soak
@settings(max_examples=5000, deadline=None)
@given(programs)
def test_many_generated_programs_come_to_the_same_on_both(text: str) -> None:
    _agree(text)
