"""The rules on names: unbound, unused, hidden."""

from __future__ import annotations

from collections.abc import Iterator, Set
from difflib import get_close_matches
from functools import cached_property

from caixa.lisp.diagnostics import Diagnostic, Edit
from caixa.lisp.source import Span
from caixa.lisp.syntax import Form, Node, Prefix, symbol_name

from .code import Code, Import
from .findings import finding

__all__ = ["shadowed_names", "unbound_name", "unbound_names", "unused_imports", "unused_locals"]

_MOST_SUGGESTIONS = 100  # each takes a look at every name that is known


class _Known:
    """The names to choose a suggestion from, collected when the first is asked for."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.left = _MOST_SUGGESTIONS

    @cached_property
    def names(self) -> list[str]:
        language = self.code.namespace.language
        return [*self.code.definitions, *self.code.macros, *language.functions(), *language.macros]

    def closest(self, name: str) -> str | None:
        self.left -= 1
        near = get_close_matches(name[:64], self.names, 1, 0.7) if self.left >= 0 else []
        return near[0] if near else None


def unbound_names(code: Code, elsewhere: Set[str] = frozenset()) -> Iterator[Diagnostic]:
    """Yield the names that mean nothing; `elsewhere` are those that other sources of the package define."""
    if code.is_open or code.survey.has_eval:
        return
    known = _Known(code)
    mentions = [(each.name, each.span) for each in code.survey.references]
    mentions += [(each.name, each.name_span) for each in code.survey.assignments]
    for name, span in mentions:
        if name in code.definitions or name in elsewhere or code.namespace.has(name) or code.is_lent(name):
            continue
        place = code.place(name, span)
        yield unbound_name(name, place or span, known.closest(name), is_written=place is not None)


def unbound_name(name: str, span: Span, near: str | None, *, is_written: bool = True) -> Diagnostic:
    """Return what is said of a name at `span` that means nothing; `near` is one that was perhaps meant."""
    return finding(
        "unbound-name",
        span,
        f"nothing is called `{name[:60]}`",
        fix=f"Did you mean `{near}`?" if near else "",
        edits=(Edit(span, near),) if near and is_written else (),
        name=name,
    )


def unused_imports(code: Code, elsewhere: Set[str] = frozenset()) -> Iterator[Diagnostic]:
    """Yield what is required and never mentioned: a module as a whole, or one of the names it is asked for.

    The symbols `elsewhere` are mentioned by other parts of the program.
    """
    if not code.imports:
        return
    mentioned = _symbols(code) | elsewhere
    for each in code.imports:
        yield from _unused_import(each, mentioned, code)


def _unused_import(each: Import, mentioned: Set[str], code: Code) -> Iterator[Diagnostic]:
    request = each.request
    if request.refer is None:
        return  # all of its names: which they are is not known here
    by_alias = any(name.startswith(f"{request.alias}/") for name in mentioned)
    renamed = [name for name in request.rename.values() if name in mentioned]
    used = {*mentioned, *request.rename}
    unused = [(name, node) for name, node in request.refer if name not in used]
    if not by_alias and not renamed and len(unused) == len(request.refer):
        span = each.form.span
        message = f"nothing of {request.target} is used"
        yield finding("unused-import", span, message, edits=(_removal(span, code),), target=request.target)
        return
    for name, node in unused:
        message = f"`{name}` is asked for and never used"
        yield finding("unused-import", node.span, message, edits=(_removal(node.span, code),), name=name)


def _removal(span: Span, code: Code) -> Edit:
    """Return the edit that takes out what stands at `span`, and the blanks after it on its line."""
    text, start, end = code.source.text, code.source.char_index(span.start), code.source.char_index(span.end)
    while text[end : end + 1] in (" ", "\t"):
        end += 1
    is_line = text[end : end + 1] == "\n" and text[:start][-1:] in ("\n", "")
    return Edit(Span(span.source, span.start, code.source.byte_offset(end + is_line)), "")


def _symbols(code: Code) -> set[str]:
    """Return every symbol of the source that is not in an import."""
    imports = {each.form.span for each in code.imports}
    waiting: list[Node] = [node for node in code.nodes if node.span not in imports]
    found: set[str] = set()
    while waiting:
        node = waiting.pop()
        name = symbol_name(node)
        if name is not None:
            found.add(name)
        elif isinstance(node, Form):
            waiting += node.items
        elif isinstance(node, Prefix):
            waiting.append(node.inner)
    return found


def unused_locals(code: Code) -> Iterator[Diagnostic]:
    """Yield the local variables that are never read."""
    for bound in code.survey.bound:
        local = bound.local
        if local in code.survey.used or local.name.startswith("_"):
            continue
        place = code.place(local.name, bound.span)
        if place is not None:
            what = "parameter" if bound.is_parameter else "variable"
            yield finding(
                "unused-local", place, f"the {what} `{local.name[:60]}` is never read", name=local.name
            )


def shadowed_names(code: Code) -> Iterator[Diagnostic]:
    """Yield the local variables, and the definitions, that hide a native or a definition."""
    is_native = code.namespace.language.has_function
    for bound in code.survey.bound:
        name = bound.local.name
        if name in code.definitions or is_native(name):
            place = code.place(name, bound.span)
            if place is not None and not _is_own_name(code, place, bound.span):
                what = "a definition" if name in code.definitions else "a native"
                yield finding("shadowed-name", place, f"`{name[:60]}` hides {what} of that name", name=name)
    for name, defined in code.own.items():
        place = code.place(name, defined[0].span) if is_native(name) else None
        if place is not None:
            yield finding("shadowed-name", place, f"`{name[:60]}` hides a native of that name", name=name)


def _is_own_name(code: Code, place: Span, span: Span) -> bool:
    """Whether the name at `place` is that of the procedure at `span`, not of its parameter."""
    form = code.node_at(span)
    if not isinstance(form, Form) or len(form) < 2:
        return False
    target = form.items[1]
    named = target.items[0] if isinstance(target, Form) and target.items and form.head == "define" else target
    return named.span == place
