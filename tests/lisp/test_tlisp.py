"""The tests that are written in the language itself: each `deftest` of tests/lisp/*.tlisp is one case here."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.lisp.syntax import Form, symbol_name
from caixa.lisp.testing import run_file

FILES = sorted(Path(__file__).parent.glob("*.tlisp"))


def _tests(path: Path) -> list[str]:
    """Return the names of the tests in a file, without running it."""
    forms = read(Source(str(path), path.read_text(encoding="utf-8"))).forms
    tests = [form.items[1] for form in forms if isinstance(form, Form) and form.head == "deftest"]
    return [symbol_name(name) or name.value for name in tests]


CASES = [(path, name) for path in FILES for name in _tests(path)]


@cache
def _results(path: Path) -> dict[str, tuple[bool, str]]:
    """Run a file once, however many of its tests are asked for."""
    return {result.name: (result.passed, result.message) for result in run_file(path)}


@pytest.mark.parametrize(("path", "name"), CASES, ids=[f"{path.stem}-{name}" for path, name in CASES])
def test_the_language_tests_itself(path, name):
    results = _results(path)
    passed, message = results.get(name) or results["load"]
    assert passed, f"{path.name}: {name}\n{message}"


def test_no_two_tests_of_a_file_have_one_name():
    for path in FILES:
        names = _tests(path)
        assert len(names) == len(set(names)), path.name
