"""What a program comes to on either back end, in a form that can be compared; and programs to try."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from contextlib import redirect_stdout
from random import Random
from typing import NamedTuple

from hypothesis import strategies as st

from caixa.lisp.errors import LispError, Thrown
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.printer import write
from caixa.lisp.source import Source
from caixa.lisp.vm.program import Program
from caixa.runtime.engine_process.lisp_machine import LispMachine

__all__ = ["Outcome", "machine_outcome", "programs", "python_outcome"]


class Outcome(NamedTuple):
    """The value, or the kind, place and value of an error; and what was written."""

    value: str
    error: str
    place: tuple[int, int] | None
    output: str


def _outcome(run: Callable[[Source], object], text: str) -> Outcome:
    output, value, error, place = io.StringIO(), "", "", None
    try:
        with redirect_stdout(output):
            value = write(run(Source("program", text)))
    except LispError as raised:
        error = raised.kind
        place = None if raised.span is None else (raised.span.start, raised.span.end)
        value = write(raised.value) if isinstance(raised, Thrown) else ""
    return Outcome(value, error, place, output.getvalue())


def python_outcome(text: str) -> Outcome:
    return _outcome(Interpreter().evaluate, text)


def machine_outcome(text: str, *, collect_always: bool = False) -> Outcome:
    machine = LispMachine()
    if collect_always:
        machine.call("collect_always", 1)
    return _outcome(Program(machine).run, text)


# -- programs -------------------------------------------------------------------------------------------------

_ATOMS = (
    "0", "1", "-3", "17", "0.5", "-1.25", "1e300", "140737488355327", "-140737488355328", "3000000000", "#t",
    "#f", "nil", '"a"', '"bé"', ":k", "'s", "x", "y", "(list)", "'(1 2 3)", "[4 5]", "{:k 1}",
    "#{1 :a}", "#\\q",
)  # fmt: skip
_ONE = (
    "car", "cdr", "null?", "inc", "length", "reverse", "not", "type-of", "even?", "pr-str", "abs", "list",
    "str", "vec", "floor", "force", "count", "zero?", "flatten", "distinct", "entries", "last", "-",
    "error-tag",
)  # fmt: skip
_TWO = (
    "+", "-", "*", "/", "<", "<=", ">", "=", "equal?", "cons", "append", "modulo", "quotient", "nth", "take",
    "drop", "list", "compare", "hash-map", "max", "get", "member?", "zip", "string-append", "remainder", "not=",
    "interleave", "dissoc", "merge", "position", "contains?",
)  # fmt: skip
_HIGHER = (
    "map",
    "filter",
    "for-each",
    "find",
    "some",
    "every?",
    "group-by",
    "take-while",
    "max-by",
    "partition",
    "keep",
)
_FOLDED = ("+", "list", "cons", "(lambda (x y) (list y x))", "max")
_FORMS = (
    "({one} {e})", "({one} {e})", "({two} {e} {e})", "({two} {e} {e})", "({two} {e} {e})", "(if {e} {e} {e})",
    "(and {e} {e})", "(or {e} {e})", "(begin {e} {e})", "(display {e})", "(let ((x {e})) {e})",
    "(let ((x {e})) (define y {e}) (list x y))", "(begin (set! x {e}) {e})",
    "(try {e} (catch (e) (list {e} (if (error? e) (error-tag e) e))))",
    "(try {e} (catch :k (e) {e}) (finally (display {e})))", "(try {e} (finally {e}))", "(throw {e})",
    '(throw (error :k "m" (list :a {e} :b {e})))', "({higher} {function} {e})",
    "({higher} {function} (list {e} {e}))",
    "(foldl {folded} {e} {e})", "(apply {two} (list {e} {e}))", "(apply {one} {e})", "({function} {e})",
    "(let (((x &rest y) {e})) (list x y))", "`({e} ,{e} ,@{e})", "(when {e} {e})", "(delay {e})",
    "(let loop ((i 3) (x {e})) (if (= i 0) x (loop (- i 1) (list x {e}))))", "(cond ({e} {e}) (else {e}))",
    "((lambda (&optional (x {e}) &rest y) (list x y)) {e})",
)  # fmt: skip


def _expression(random: Random, depth: int, *extra: str) -> str:
    """Return an expression with forms inside one another up to `depth`."""
    if depth == 0 or random.random() < 0.2:
        return random.choice(_ATOMS)
    parts = {
        "{e}": lambda: _expression(random, depth - 1, *extra),
        "{one}": lambda: random.choice(_ONE),
        "{two}": lambda: random.choice(_TWO),
        "{higher}": lambda: random.choice(_HIGHER),
        "{folded}": lambda: random.choice(_FOLDED),
        "{function}": lambda: random.choice(
            [*_ONE, f"(lambda (y) {_expression(random, depth - 1, *extra)})", "(lambda (y) (set! x y) x)"]
        ),
    }
    return re.sub(r"\{\w+\}", lambda match: parts[match.group()](), random.choice([*_FORMS, *extra]))


def _program(seed: int) -> str:
    random = Random(seed)
    return (
        f"(define x {random.choice(_ATOMS[:17])}) (define y 7)\n"
        f"(define (g x n) (if (< n 1) (list x y) (g (cons n (list x)) (- n 1))))\n"
        f"(define (f x y)"
        f" (let ((x (g x 3)) (z (lambda () (set! y (list y x)) y))) (z) {_expression(random, 3)}))\n"
        f"{_expression(random, 4, '(f {e} {e})')}"
    )


programs: st.SearchStrategy[str] = st.integers(0, 2**48).map(_program)
"""Small programs with every form of the core language, right and wrong."""
