"""Defining tests in a namespace and running them, each in a dynamic extent of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, MutableMapping
from contextvars import copy_context
from typing import NamedTuple

from ..compiler.naming import support_name
from ..errors import LispError
from ..source import Source, Span
from .checks import noted
from .report import Report, TestResult

__all__ = ["DefinedTest", "define_test", "run_tests", "tests_of"]

_TESTS = support_name("tests")  # beside the variables, so that what journals these journals the tests


class DefinedTest(NamedTuple):
    """A test as it is defined: `body` is called to run it."""

    name: str
    doc: str
    span: Span
    body: Callable[[], object]


def tests_of(names: Mapping[str, object]) -> dict[str, DefinedTest]:
    """Return the tests of a namespace by name, in the order of their definition."""
    tests = names.get(_TESTS)
    return dict(tests) if isinstance(tests, dict) else {}


def define_test(test: DefinedTest, names: MutableMapping[str, object]) -> None:
    """Add a test to a namespace, in the place of one of the same name. The table is never changed in place."""
    names[_TESTS] = {**tests_of(names), test.name: test}


def run_tests(
    names: Mapping[str, object],
    as_lisp_error: Callable[[Exception], LispError],
    sources: Mapping[str, Source],
    clock: Callable[[], float],
    pattern: re.Pattern[str] | None = None,
) -> Report:
    """Run the tests of a namespace whose names `pattern` finds; `clock` gives seconds."""
    chosen = [test for test in tests_of(names).values() if pattern is None or pattern.search(test.name)]
    return Report(tuple(_run(test, as_lisp_error, sources, clock) for test in chosen))


def _run(
    test: DefinedTest,
    as_lisp_error: Callable[[Exception], LispError],
    sources: Mapping[str, Source],
    clock: Callable[[], float],
) -> TestResult:
    start = clock()
    failures = copy_context().run(_failures, test.body, as_lisp_error)
    seconds = clock() - start
    message = "\n\n".join(failure.render(sources) for failure in failures)
    span = failures[0].span if failures and failures[0].span else test.span
    return TestResult(test.name, not failures, message, span, seconds, test.doc)


def _failures(body: Callable[[], object], as_lisp_error: Callable[[Exception], LispError]) -> list[LispError]:
    """Return the checks that failed in a body, and the error that ended it, if one did."""
    failed: list[LispError] = []
    noted.set(failed)  # type: ignore[arg-type]  # only checks append to it
    try:
        body()
    except Exception as error:  # whatever it is, it is what the test came to
        failed.append(_without_body(as_lisp_error(error)))
    return failed


def _without_body(error: LispError) -> LispError:
    """Return `error` without the outermost procedure of its stack, which is the test itself."""
    error.stack = error.stack[1:]
    return error
