"""Small random programs, run for a moment: they raise errors of the language, and harm no session."""

from __future__ import annotations

import contextlib
import io
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caixa.lisp.capabilities import Capabilities
from caixa.lisp.diagnostics import Reportable
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.printer import write_short
from caixa.lisp.source import Source

from .budget import TooSlow, at_most
from .corpus import programs
from .mutation import mutants

MOMENT = 0.2  # seconds, after which a program is stopped as a person would stop it
EACH = 10


@pytest.fixture(scope="module")
def interpreter():
    """An interpreter that may touch nothing outside itself, with one definition to lose."""
    made = Interpreter(capabilities=Capabilities.none())
    made.evaluate(Source("before", "(define kept 41)"))
    return made


@given(number=st.integers(0, 2**32))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_program_raises_an_error_of_the_language_and_leaves_the_session_whole(interpreter, number):
    random = Random(number)
    before = interpreter.snapshot()
    for text in mutants(random.choice(programs()), random.choice(programs()), random, EACH):
        with (
            contextlib.suppress(Reportable, TooSlow),
            contextlib.redirect_stdout(io.StringIO()),
            at_most(MOMENT),
        ):
            write_short(interpreter.evaluate(Source("fuzz", text)))
        interpreter.restore(before)
        assert interpreter.evaluate(Source("after", "(+ kept 1)")) == 42, text
