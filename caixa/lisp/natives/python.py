"""Python from Lisp: evaluating, importing, calling methods and looking into objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .checks import string_of
from .registry import Native, mark_native

if TYPE_CHECKING:
    from ..python.shared import SharedNames

__all__ = ["python_natives"]

_NEEDS = "host:python"


def python_natives(shared: Callable[[], SharedNames]) -> dict[str, Native]:
    """Return the natives of one interpreter, whose names Python has by `shared`; what they need loads late."""

    def py(text: object) -> object:
        """Run Python code, which has the program's names, and return the value of its last expression."""
        import ast  # noqa: PLC0415  # see above

        from ..python.calls import raising_lisp  # noqa: PLC0415  # see above

        code = string_of(text)
        return raising_lisp(lambda: shared().run(ast.parse(code, "py"), "py"))

    def py_import(name: object) -> object:
        """Return the Python module of that name, importing it if need be."""
        from importlib import import_module  # noqa: PLC0415  # see above

        from ..python.calls import raising_lisp  # noqa: PLC0415  # see above

        module = string_of(name)
        return raising_lisp(lambda: import_module(module))

    def py_call(object_: object, method: object, *arguments: object) -> object:
        """Call a method of a Python object; a keyword and the value after it are a keyword argument."""
        from ..python.calls import call_method  # noqa: PLC0415  # see above

        return call_method(object_, string_of(method), arguments)

    def py_get(object_: object, attribute: object) -> object:
        """Return an attribute of a Python object."""
        from ..python.calls import get_attribute  # noqa: PLC0415  # see above

        return get_attribute(object_, string_of(attribute))

    def py_set(object_: object, attribute: object, value: object) -> object:
        """Change an attribute of a Python object, and return nil."""
        from ..python.calls import set_attribute  # noqa: PLC0415  # see above

        return set_attribute(object_, string_of(attribute), value)

    named: dict[str, Callable[..., object]] = {
        "py": py,
        "py-import": py_import,
        "py-call": py_call,
        "py-get": py_get,
        "py-set!": py_set,
    }
    return {name: mark_native(function, name, needs=_NEEDS) for name, function in named.items()}
