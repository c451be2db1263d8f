"""What the forms that test call at run time; the machinery behind them loads with the first test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import perf_counter
from types import FunctionType
from typing import TYPE_CHECKING

from ..errors import LispError, TypeMismatch
from ..lists import List
from ..source import Source, Span

if TYPE_CHECKING:
    from ..testing.report import Report

__all__ = ["check_functions"]


def check_functions(
    as_lisp_error: Callable[[Exception], LispError],
    as_value: Callable[[Exception], object],
    sources: Mapping[str, Source],
    clock: Callable[[], float] = perf_counter,
) -> dict[str, Callable[..., object]]:
    """Return the functions behind `deftest` and the others, by the names that the expander calls them."""

    def deftest(name: str, doc: str, place: List, body: FunctionType) -> None:
        """Add a test to the namespace that its body belongs to."""
        from ..testing.running import DefinedTest, define_test  # noqa: PLC0415  # most programs have no test

        define_test(DefinedTest(name, doc, Span(*place), body), body.__globals__)

    def is_true(written: str, message: object, place: List, value: object) -> object:
        """Check a value."""
        from ..testing.checks import check_value  # noqa: PLC0415  # as above

        return check_value(written, message, Span(*place), value)

    def is_call(
        written: str,
        message: object,
        place: List,
        texts: List,
        function: Callable[..., object],
        *operands: object,
    ) -> object:
        """Check what a function returns for its operands."""
        from ..testing.checks import check_call  # noqa: PLC0415  # as above

        return check_call(written, message, Span(*place), texts, function, operands)

    def is_error(tag: object, place: List, body: Callable[[], object]) -> object:
        """Check that a body raises an error."""
        from ..testing.checks import check_error  # noqa: PLC0415  # as above

        return check_error(tag, Span(*place), body, as_lisp_error, as_value)

    def run_tests(here: FunctionType, pattern: object = None) -> Report:
        """Run the tests of the namespace that the closure `here` belongs to."""
        from ..testing.running import run_tests  # noqa: PLC0415  # as above
        from .regex import pattern_of  # noqa: PLC0415  # as above

        if not isinstance(pattern, (str, type(None))):
            raise TypeMismatch("string", pattern)
        wanted = None if pattern is None else pattern_of(pattern)
        return run_tests(here.__globals__, as_lisp_error, sources, clock, wanted)

    functions: tuple[Callable[..., object], ...] = (deftest, is_true, is_call, is_error, run_tests)
    return {function.__name__: function for function in functions}
