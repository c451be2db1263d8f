"""An interpreter to evaluate tables of expressions in."""

import pytest

from caixa.lisp.interpreter import Interpreter
from caixa.lisp.source import Source


@pytest.fixture(scope="session")
def evaluate():
    interpreter = Interpreter(args=("a", "--n", "5"))
    start = interpreter.snapshot()

    def run(text):
        interpreter.restore(start)
        return interpreter.evaluate(Source("test", text))

    return run
