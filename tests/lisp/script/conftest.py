"""Interpreters whose capabilities are given, and each test in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from caixa.lisp.capabilities import Capabilities
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.printer import write
from caixa.lisp.source import Source


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Run in an empty folder, with no proxy between the test and its servers."""
    monkeypatch.chdir(tmp_path)
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def granted() -> Callable[..., Callable[[str], str]]:
    """Return a function that makes an interpreter with the given tokens, and evaluates a text in it."""

    def make(*tokens: str) -> Callable[[str], str]:
        interpreter = Interpreter(capabilities=Capabilities.of(*tokens))
        return lambda text: write(interpreter.evaluate(Source("cell", text)))

    return make
