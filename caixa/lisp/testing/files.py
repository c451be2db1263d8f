"""The Python face: the tests of a file, each run once in an interpreter of the file's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from ..errors import LispError
from ..source import Source, Span
from .report import TestResult
from .running import run_tests

if TYPE_CHECKING:
    from ..interpreter import Interpreter

__all__ = ["run_file", "run_source"]


def run_file(
    path: Path | str,
    pattern: re.Pattern[str] | None = None,
    clock: Callable[[], float] = perf_counter,
) -> list[TestResult]:
    """Run the tests in the file at `path`, which may require modules beside it.

    A file that does not load gives one result, called `load`, that failed. Raises OSError if there is no file,
    UnicodeDecodeError if it is no UTF-8.
    """
    from ..interpreter import Interpreter  # noqa: PLC0415  # the interpreter offers tests, so it comes later
    from ..module_files import directory_loader  # noqa: PLC0415  # only files require files

    file = Path(path)
    source = Source(str(path), file.read_text(encoding="utf-8"))
    return run_source(source, Interpreter(loader=directory_loader(file.parent)), pattern, clock)


def run_source(
    source: Source,
    interpreter: Interpreter,
    pattern: re.Pattern[str] | None = None,
    clock: Callable[[], float] = perf_counter,
) -> list[TestResult]:
    """Evaluate `source` in `interpreter` and run the tests that are then defined; see `run_file`."""
    start = clock()
    try:
        interpreter.evaluate(source)
    except LispError as error:
        span = error.span or Span(source.name, 0, 0)
        message = error.render(interpreter.sources)
        return [TestResult("load", passed=False, message=message, span=span, seconds=clock() - start)]
    with interpreter.calling():
        return list(
            run_tests(interpreter.names, interpreter.as_lisp_error, interpreter.sources, clock, pattern)
        )
