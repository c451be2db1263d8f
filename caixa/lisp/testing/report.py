"""What running tests came to, and how it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..source import Span

__all__ = ["Report", "TestResult"]


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test that ran: `message` says everything that went wrong, with its lines; `span` is the first place.

    Of a test that passed, `message` is empty and `span` is where it is written.
    """

    __test__ = False  # pytest collects classes called Test…

    name: str
    passed: bool
    message: str
    span: Span | None
    seconds: float
    doc: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain data."""
        span = self.span and {"source": self.span.source, "start": self.span.start, "end": self.span.end}
        return {
            "name": self.name,
            "doc": self.doc,
            "passed": self.passed,
            "message": self.message,
            "span": span,
            "seconds": self.seconds,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """The results of several tests, in the order in which they ran."""

    results: tuple[TestResult, ...]

    def __iter__(self) -> Iterator[TestResult]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)

    @property
    def failures(self) -> tuple[TestResult, ...]:
        """The results of the tests that failed."""
        return tuple(result for result in self.results if not result.passed)

    @property
    def ok(self) -> bool:
        """Whether no test failed."""
        return not self.failures

    def summary(self) -> str:
        """Return how many tests ran, passed and failed."""
        count, failed = len(self.results), len(self.failures)
        if not count:
            return 'There are no tests: write one, (deftest name "what holds" (is …)).'
        tests = f"{count} test{'s' * (count != 1)}"
        return f"{tests}, {failed} failed" if failed else f"{tests} passed"

    def text(self) -> str:
        """Return a line for each test, what went wrong under those that failed, and the summary."""
        return "\n".join([*(_entry(result) for result in self.results), self.summary()])

    __lisp_text__ = text

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {"ok": self.ok, "results": [result.to_json() for result in self.results]}


def _entry(result: TestResult) -> str:
    head = f"{'✓' if result.passed else '✗'} {result.name}" + (f": {result.doc}" if result.doc else "")
    return "\n".join([head, *("    " + line if line else "" for line in result.message.splitlines())])
