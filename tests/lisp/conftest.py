"""A fresh interpreter for each test, and short ways to run text in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from caixa.lisp.errors import LispError
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.printer import write
from caixa.lisp.source import Source

Run = Callable[[str], str]
Fail = Callable[[str], LispError]


@pytest.fixture
def interpreter() -> Interpreter:
    return Interpreter()


@pytest.fixture
def run(interpreter: Interpreter) -> Run:
    """Evaluate a text and return its value as it is written."""
    return lambda text: write(interpreter.evaluate(Source("cell", text)))


@pytest.fixture
def fail(interpreter: Interpreter) -> Fail:
    """Evaluate a text that must fail, and return the error."""

    def failing(text: str) -> LispError:
        with pytest.raises(LispError) as caught:
            interpreter.evaluate(Source("cell", text))
        return caught.value

    return failing


@pytest.fixture
def with_modules() -> Callable[[Mapping[str, str]], Interpreter]:
    """Return an interpreter whose modules are the given texts."""

    def make(modules: Mapping[str, str]) -> Interpreter:
        return Interpreter(loader=lambda path: Source(path, modules[path]) if path in modules else None)

    return make
