"""The globals of Python code, kept in step with the names of Lisp.

Before Python code runs, names that Lisp has changed are converted and put into its globals; afterwards, names
that it has changed go back. `my-name` in Lisp is `my_name` in Python; what Python cannot spell is there under
the name that Hy gives it, once Hy is used.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Callable, MutableMapping
from types import ModuleType
from typing import Any

from ..compiler.naming import MARK
from .conversion import to_lisp, to_python

__all__ = ["SharedNames"]

_ABSENT = object()


class SharedNames:
    """The globals of the Python code that one interpreter runs."""

    def __init__(self, names: Callable[[], MutableMapping[str, object]]) -> None:
        """Share the names that `names` returns: asked anew each time, since a rollback may replace them."""
        self._names = names
        self.module = ModuleType("__main__")
        self.module.__dict__["__builtins__"] = builtins  # Hy's compiler asks for them before the code runs
        self._crossed: dict[str, tuple[object, object]] = {}  # name -> the value in Lisp, and in Python

    def run(self, tree: ast.Module, file_name: str) -> Any:
        """Run `tree` and return the value of its last expression, as Python has it. Raises what it raises.

        If it fails, Lisp gets none of the names that it defined.
        """
        self._bring_in()
        scope = self.module.__dict__
        first, last = _parted(tree)
        exec(compile(first, file_name, "exec"), scope)  # noqa: S102  # it is what this is for
        value = eval(compile(last, file_name, "eval"), scope) if last else None  # noqa: S307  # as above
        self._take_back()
        return value

    def _bring_in(self) -> None:
        """Convert what Lisp has defined, or defined anew, since the last time."""
        scope = self.module.__dict__
        for name, value in list(self._names().items()):
            known = self._crossed.get(name)
            if (known is not None and known[0] is value) or name.startswith(("__", MARK)):
                continue  # the latter are what Python and the run time keep beside the names
            spelling = _mangled(name)
            if spelling is not None:
                converted = to_python(value)
                scope[spelling] = converted
                self._crossed[name] = (value, converted)

    def _take_back(self) -> None:
        """Convert what Python has defined, or defined anew."""
        names = self._names()
        known = {_mangled(name): (name, pair[1]) for name, pair in self._crossed.items()}
        for mangled, value in list(self.module.__dict__.items()):
            name, before = known.get(mangled, (_unmangled(mangled), _ABSENT))
            if value is before or mangled.startswith("_") or isinstance(value, ModuleType):
                continue
            converted = to_lisp(value)
            names[name] = converted
            self._crossed[name] = (converted, value)


def _parted(module: ast.Module) -> tuple[ast.Module, ast.Expression | None]:
    """Return the module without its last expression, and that expression."""
    if module.body and isinstance(module.body[-1], ast.Expr):
        last = module.body.pop()
        assert isinstance(last, ast.Expr)
        return module, ast.Expression(last.value)
    return module, None


def _mangled(name: str) -> str | None:
    """Return how Python spells a name of Lisp, or None where only Hy could, and is not used."""
    plain = name.replace("-", "_")
    if plain.isidentifier():
        return plain
    hy = sys.modules.get("hy")
    return None if hy is None else str(hy.mangle(name))


def _unmangled(name: str) -> str:
    hy = sys.modules.get("hy")
    if name.startswith("hyx_") and hy is not None:
        return str(hy.unmangle(name))
    return name.replace("_", "-")
