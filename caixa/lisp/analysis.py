"""A source expanded but not run: what tools look at that ask what code means (addresses, checks).

Macros of the source are defined as they are met, since later forms are written in them; nothing else happens.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .core import Call, Const, Core, Support
from .data import quote
from .expander.definitions import macro_definition
from .namespace import Namespace
from .reader import read
from .source import Source
from .syntax import Form, Node

__all__ = ["TopForm", "top_forms"]

_MACRO_FORMS = ("defmacro", "defpoint-template", "defcheck")


class TopForm(NamedTuple):
    """A top-level form with its code; of a macro definition, the macro's name and the code of its function."""

    node: Node
    code: Core
    macro: str | None = None


def top_forms(source: Source, namespace: Namespace) -> Iterator[TopForm]:
    """Yield the forms of `source`, expanded in `namespace`, in which its macros become known.

    `require` and `provide` are left out: they say something about the module, not in it. A typed form is a call
    of its head on its own data. Raises LispError for what does not read or expand.
    """
    namespace.programs.add_source(source)
    for node in read(source).forms:
        yield from _expanded(node, namespace)


def _expanded(node: Node, namespace: Namespace) -> Iterator[TopForm]:
    pending = [node]
    while pending:
        form = namespace.expander.program_head(pending.pop())
        head = form.head if isinstance(form, Form) else None
        if not isinstance(form, Form) or head is None:
            yield TopForm(form, namespace.expander.program(form))
        elif head == "begin" and len(form) > 1:
            pending.extend(reversed(form.items[1:]))
        elif head in _MACRO_FORMS:
            name, code, _ = macro_definition(namespace.expander, form)
            namespace.programs.define_macro(form, namespace)
            yield TopForm(form, code, name)
        elif head in namespace.programs.domains and not namespace.is_variable(head):
            data = Const(form.span, quote(form))
            yield TopForm(form, Call(form.span, Support(form.span, head), (data,)))
        elif head not in namespace.programs.top_forms:
            yield TopForm(form, namespace.expander.program(form))
