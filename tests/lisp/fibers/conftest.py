"""An interpreter whose clock goes only when all fibers wait, so that no test does."""

from __future__ import annotations

import pytest

from caixa.lisp.fibers.clock import VirtualClock
from caixa.lisp.interpreter import Interpreter


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def interpreter(clock: VirtualClock) -> Interpreter:
    return Interpreter(clock=clock)
