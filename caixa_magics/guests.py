"""`%%python` and `%%hy`: cells in other languages that share the session's names with Lisp.

Before a cell, names that Lisp has changed are converted and put into the guest's globals; after it, names that
the guest has changed go back. `my-name` in Lisp is `my_name` in Python, as Hy has it.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, MutableMapping
from traceback import TracebackException
from types import ModuleType
from typing import Any

from caixa.lisp.diagnostics import Reportable
from caixa.lisp.source import Source, Span

from .conversion import to_lisp, to_python
from .errors import PythonProblem

__all__ = ["Guests"]

Compile = Callable[[str, str], ast.Module]


class Guests:
    """The globals of Python and Hy cells, kept in step with the names of Lisp."""

    def __init__(self, names: Callable[[], MutableMapping[str, object]]) -> None:
        """Share the names that `names` returns: asked anew for each cell, since a rollback may replace them."""
        self._names = names
        self._module = ModuleType("__main__")
        self._module.__dict__["__builtins__"] = builtins  # Hy's compiler asks for them before the code runs
        self._crossed: dict[str, tuple[object, object]] = {}  # name -> the value in Lisp, and in Python

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
        tree: ast.Module = hy_compile(forms, self._module, filename=name, source=text)
        return tree

    def _run(self, source: Source, body: str, parse: Compile) -> object:
        self._bring_in()
        scope = self._module.__dict__
        try:
            first, last = _parted(parse(body, source.name))
            exec(compile(first, source.name, "exec"), scope)  # noqa: S102  # it is what the cell is for
            value = eval(compile(last, source.name, "eval"), scope) if last else None  # noqa: S307  # as above
        except Reportable:
            raise
        except Exception as error:
            raise _problem(error, source) from error
        self._take_back()
        return to_lisp(value) if not hasattr(value, "_repr_mimebundle_") else value

    def _bring_in(self) -> None:
        """Convert what Lisp has defined, or defined anew, since the last cell."""
        scope = self._module.__dict__
        for name, value in self._names().items():
            if name.startswith("__"):  # what Python keeps beside the names
                continue
            known = self._crossed.get(name)
            if known is None or known[0] is not value:
                converted = to_python(value)
                scope[_mangled(name)] = converted
                self._crossed[name] = (value, converted)

    def _take_back(self) -> None:
        """Convert what the guest has defined, or defined anew."""
        names = self._names()
        known = {_mangled(name): (name, pair[1]) for name, pair in self._crossed.items()}
        for mangled, value in list(self._module.__dict__.items()):
            name, before = known.get(mangled, (_unmangled(mangled), _ABSENT))
            if value is before or mangled.startswith("_") or isinstance(value, ModuleType):
                continue
            converted = to_lisp(value)
            names[name] = converted
            self._crossed[name] = (converted, value)


_ABSENT = object()


def _parted(module: ast.Module) -> tuple[ast.Module, ast.Expression | None]:
    """Return the module without its last expression, and that expression."""
    if module.body and isinstance(module.body[-1], ast.Expr):
        last = module.body.pop()
        assert isinstance(last, ast.Expr)
        return module, ast.Expression(last.value)
    return module, None


def _mangled(name: str) -> str:
    if name.replace("-", "_").isidentifier():
        return name.replace("-", "_")
    import hy  # noqa: PLC0415  # names like `empty?` have no plain spelling in Python

    return str(hy.mangle(name))


def _unmangled(name: str) -> str:
    if name.startswith("hyx_"):
        import hy  # noqa: PLC0415  # see above

        return str(hy.unmangle(name))
    return name.replace("_", "-")


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
