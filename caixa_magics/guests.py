"""`%%python` and `%%hy`: cells in other languages, which share the session's names with Lisp and `(py …)`."""

from __future__ import annotations

import ast
from collections.abc import Callable
from traceback import TracebackException
from typing import TYPE_CHECKING, Any

from caixa.lisp.diagnostics import Reportable
from caixa.lisp.python.conversion import to_lisp
from caixa.lisp.source import Source, Span

from .errors import PythonProblem

if TYPE_CHECKING:
    from caixa.lisp.python.shared import SharedNames

__all__ = ["Guests"]

Compile = Callable[[str, str], ast.Module]


class Guests:
    """Python and Hy cells over the globals that they share with Lisp."""

    def __init__(self, shared: SharedNames) -> None:
        """Run cells over the globals of `shared`."""
        self._shared = shared

    def run_python(self, source: Source, body: str) -> object:
        """Run Python code and return the value of its last expression, converted. Raises PythonProblem."""
        return self._run(source, body, ast.parse)

    def run_hy(self, source: Source, body: str) -> object:
        """Run Hy code and return the value of its last form, converted. Raises PythonProblem."""
        return self._run(source, body, self._parsed_hy)

    def _parsed_hy(self, text: str, name: str) -> ast.Module:
        import hy  # noqa: PLC0415  # only Hy cells need it
        from hy.compiler import hy_compile  # noqa: PLC0415

        forms = hy.read_many(text, filename=name)
        tree: ast.Module = hy_compile(forms, self._shared.module, filename=name, source=text)
        return tree

    def _run(self, source: Source, body: str, parse: Compile) -> object:
        try:
            value = self._shared.run(parse(body, source.name), source.name)
        except Reportable:
            raise
        except Exception as error:
            raise _problem(error, source) from error
        return to_lisp(value) if not hasattr(value, "_repr_mimebundle_") else value


def _problem(error: Exception, source: Source) -> PythonProblem:
    """Return what a guest raised, at the innermost place of its own cell."""
    if isinstance(error, SyntaxError) and error.filename == source.name and error.lineno:
        return PythonProblem(f"{type(error).__name__}: {error.msg}", _line_span(source, error.lineno))
    trace = TracebackException.from_exception(error)
    frames = [frame for frame in trace.stack if frame.filename == source.name and frame.lineno]
    summary = "".join(trace.format_exception_only()).strip()
    why = " → ".join(f"{frame.name} at line {frame.lineno}" for frame in frames[1:])
    return PythonProblem(summary, _span(source, frames[-1]) if frames else None, why=why)


def _span(source: Source, frame: Any) -> Span:
    if frame.colno is None or frame.end_colno is None or frame.end_lineno != frame.lineno:
        return _line_span(source, frame.lineno)
    start = source.offset_at(frame.lineno, 0)
    line = source.line(frame.lineno)
    return Span(
        source.name, start + len(line[: frame.colno].encode()), start + len(line[: frame.end_colno].encode())
    )


def _line_span(source: Source, number: int) -> Span:
    start = source.offset_at(number, 0)
    return Span(source.name, start, start + len(source.line(number).encode()))
