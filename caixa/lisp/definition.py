"""The text in which a procedure or a macro is defined, found again from what its code knows of its place."""

from __future__ import annotations

import linecache
from collections.abc import Iterator, Sequence
from types import FunctionType

from .expander import Macro
from .procedures import is_lisp_function, procedure_name
from .reader import read
from .source import Source
from .syntax import Form, Node, Prefix, symbol_name

__all__ = ["definition_of"]

_ANONYMOUS = frozenset({"lambda", "fn"})
_DEFINING = frozenset({"define", "defn"}) | _ANONYMOUS


def definition_of(subject: object) -> str | None:
    """Return the text that defines a macro or a procedure; None for a native, or where there is none."""
    if isinstance(subject, Macro):
        span = subject.span
        return None if span is None else _source(span.source).slice(span) or None
    if not is_lisp_function(subject):
        return None
    assert isinstance(subject, FunctionType)
    source = _source(subject.__code__.co_filename)
    return _at(source, procedure_name(subject), subject.__code__.co_firstlineno)


def _source(name: str) -> Source:
    """Return a source by its name; the programs keep each of them where Python's own tracebacks look."""
    return Source(name, "".join(linecache.getlines(name)))


def _at(source: Source, name: str, line: int) -> str | None:
    """Return the form on `line` that defines `name`, else the first there for a procedure without one."""
    found = [form for form in _forms(read(source).forms) if _is_at(form, source, line)]
    named = [form for form in found if form.head not in _ANONYMOUS and _defined(form) == name]
    chosen = named or [form for form in found if form.head in _ANONYMOUS]
    return source.slice(chosen[0].span) if chosen else None


def _forms(nodes: Sequence[Node]) -> Iterator[Form]:
    """Yield every form, outer ones before those in them."""
    pending = list(reversed(nodes))
    while pending:
        node = pending.pop()
        if isinstance(node, Form):
            yield node
            pending.extend(reversed(node.items))
        elif isinstance(node, Prefix):
            pending.append(node.inner)


def _is_at(form: Form, source: Source, line: int) -> bool:
    return form.head in _DEFINING and source.position(form.span.start).line == line


def _defined(form: Form) -> str | None:
    target = form.items[1] if len(form) > 1 else None
    if isinstance(target, Form) and target.items:
        target = target.items[0]
    return symbol_name(target) if target is not None else None
