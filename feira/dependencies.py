"""Dependencies written into the text of a manifest and taken out of it: every other byte stays as authored."""

from __future__ import annotations

from collections.abc import Sequence

from caixa.lisp.diagnostics import Edit
from caixa.lisp.printer import write
from caixa.lisp.reader import read
from caixa.lisp.source import Source, Span
from caixa.lisp.syntax import Atom, Form, Node, Prefix, Trivia, keyword_name
from caixa.manifest.model import Dep, GitFonte
from caixa.tools.edits import apply_edits

__all__ = ["DEPS", "DEPS_DEV", "dependency_text", "with_dependency", "without_dependency"]

DEPS, DEPS_DEV = "deps", "deps-dev"


def dependency_text(dep: Dep) -> str:
    """Return a dependency as it is written in a manifest."""
    parts = [f":nome {write(dep.nome)} :versao {write(dep.versao)}"]
    if isinstance(dep.fonte, GitFonte):
        refs = (("tag", dep.fonte.tag), ("rev", dep.fonte.rev), ("branch", dep.fonte.branch))
        named = "".join(f" :{name} {write(value)}" for name, value in refs if value is not None)
        parts.append(f":fonte (:tipo git :repo {write(dep.fonte.repo)}{named})")
    elif dep.fonte is not None:
        parts.append(f":fonte (:tipo path :caminho {write(dep.fonte.caminho)})")
    if dep.opcional:
        parts.append(":opcional #t")
    if dep.caracteristicas:
        parts.append(f":caracteristicas ({' '.join(map(write, dep.caracteristicas))})")
    return f"({' '.join(parts)})"


def with_dependency(source: Source, slot: str, text: str) -> str:
    """Return the manifest with `text` as the last item of `slot`, which is made if it is missing.

    Raises ReaderError.
    """
    form = _manifest(source)
    pair = _slot(form, slot)
    edit = _new_slot(source, form, slot, text) if pair is None else _new_item(source, pair[1], text)
    return apply_edits(source.text, [edit]).text


def without_dependency(source: Source, nome: str) -> tuple[str, list[str]]:
    """Return the manifest without the dependencies called `nome`, and the slots that had one.

    A slot that is left empty goes too, unless a comment stands in it. Raises ReaderError.
    """
    form, edits, slots = _manifest(source), [], []
    for slot in (DEPS, DEPS_DEV):
        pair = _slot(form, slot)
        found = [item for item in pair[1].items if _name_of(item) == nome] if pair else []
        if pair is None or not found:
            continue
        slots.append(slot)
        keyword, value = pair
        if len(found) == len(value.items) and not _comments_in(value):
            edits.append(_cut(source, form, keyword, value))
        else:
            edits += [_cut(source, value, item, item) for item in found]
    return apply_edits(source.text, edits).text, slots


# -- finding --------------------------------------------------------------------------------------------------


def _manifest(source: Source) -> Form:
    form = next(iter(read(source).forms), None)
    assert isinstance(form, Form), "a manifest that was read as a package begins with a form"
    return form


def _slot(form: Form, slot: str) -> tuple[Node, Form] | None:
    """Return the keyword and the list of a slot, or None where there is no list."""
    for keyword, value in zip(form.items, form.items[1:], strict=False):
        inner = value.inner if isinstance(value, Prefix) else value
        if keyword_name(keyword) == slot and isinstance(inner, Form):
            return keyword, inner
    return None


def _name_of(item: Node) -> str | None:
    """Return the :nome of a dependency, written flat or as a list of pairs."""
    if not isinstance(item, Form):
        return None
    for pair in (item, *(each for each in item.items if isinstance(each, Form))):
        for keyword, value in zip(pair.items, pair.items[1:], strict=False):
            if keyword_name(keyword) == "nome" and isinstance(value, Atom) and isinstance(value.value, str):
                return value.value
    return None


def _comments_in(value: Form) -> bool:
    places = (value.leading, value.trailing, *(item.leading for item in value.items))
    return any(_has_comment(trivia) for trivia in places)


def _has_comment(trivia: Sequence[Trivia]) -> bool:
    return any(not each.is_blank for each in trivia)


# -- inserting ------------------------------------------------------------------------------------------------


def _new_item(source: Source, value: Form, text: str) -> Edit:
    if not value.items:
        at = _last_comment_end(value.trailing) or value.span.start + 1
        is_after_comment = at != value.span.start + 1
        indent = "\n" + " " * source.position(value.span.start).column
        return _insert(source, at, (indent if is_after_comment else "") + text)
    first, last = value.items[0], value.items[-1]
    column, lines = source.position(first.span.start).column, {_line(source, each) for each in value.items}
    comment = _last_comment_end(value.trailing)
    is_one_line = len(value.items) > 1 and len(lines) == 1 and comment is None
    space = " " if is_one_line else "\n" + " " * (column - 1)
    return _insert(source, comment or last.span.end, space + text)


def _new_slot(source: Source, form: Form, slot: str, text: str) -> Edit:
    at = _last_comment_end(form.trailing) or form.items[-1].span.end
    starts = [each for each in form.items if keyword_name(each) and _begins_line(source, each)]
    column = source.position(starts[0].span.start).column if starts else 3
    return _insert(source, at, "\n" + " " * (column - 1) + _padded(source, form, slot, column) + f"({text})")


def _padded(source: Source, form: Form, slot: str, column: int) -> str:
    """Return the keyword and the space after it: up to the column of the other values, if they have one."""
    pairs = zip(form.items, form.items[1:], strict=False)
    columns = {
        source.position(value.span.start).column
        for keyword, value in pairs
        if keyword_name(keyword) and _begins_line(source, keyword)
    }
    width = columns.pop() - column if len(columns) == 1 else 0
    return f":{slot}".ljust(max(width, len(slot) + 2))


def _insert(source: Source, at: int, text: str) -> Edit:
    return Edit(Span(source.name, at, at), text)


def _last_comment_end(trivia: Sequence[Trivia]) -> int | None:
    return max((each.span.end for each in trivia if not each.is_blank), default=None)


def _line(source: Source, node: Node) -> int:
    return source.position(node.span.start).line


def _begins_line(source: Source, node: Node) -> bool:
    position = source.position(node.span.start)
    return not source.line(position.line)[: position.column - 1].strip()


# -- removing -------------------------------------------------------------------------------------------------


def _cut(source: Source, within: Form, first: Node, last: Node) -> Edit:
    """Return the edit that removes the items from `first` to `last`, and the space before them or after.

    A comment before them stays, and so does the end of its line.
    """
    start, end = first.span.start, last.span.end
    before = within.items[: within.items.index(first)]
    after = within.items[within.items.index(last) + 1 :]
    comment = _last_comment_end(first.leading)
    if comment is not None:
        rest = source.text[source.char_index(end) :].lstrip(" \t")
        return Edit(Span(source.name, comment, end), "" if rest.startswith(("\n", "\r\n")) else "\n")
    if before:
        return Edit(Span(source.name, before[-1].span.end, end), "")
    if after and not _has_comment(after[0].leading):
        return Edit(Span(source.name, start, after[0].span.start), "")
    return Edit(Span(source.name, start, end), "")
