"""A form as text of a limited width, one sub-form marked with « and »: how the macro stepper shows it."""

from __future__ import annotations

from caixa.lisp.printer import write_syntax
from caixa.lisp.stepping import Path, children
from caixa.lisp.syntax import Form, Node, symbol_name

__all__ = ["marked", "parted"]

WIDTH = 88  # characters
_DEEPEST = 60  # levels that are laid out; what is deeper stands on one line
_OPEN, _CLOSE = "\x02", "\x03"  # the printer lets no such character through


def marked(node: Node, path: Path, width: int = WIDTH) -> str:
    """Return `node` as text, in lines no wider than `width` where it can be; what `path` leads to is marked."""
    before, changed, after = parted(node, path, width)
    return f"{before}«{changed}»{after}"


def parted(node: Node, path: Path, width: int = WIDTH) -> tuple[str, str, str]:
    """Return such a text in three parts: what is before the marked sub-form, that, and what is after."""
    before, _, rest = "\n".join(_lines(node, path, width, 0)).partition(_OPEN)
    changed, _, after = rest.partition(_CLOSE)
    return before, changed, after


def _lines(node: Node, path: Path | None, width: int, depth: int) -> list[str]:
    flat = _flat(node, path)
    if len(flat) <= width or not isinstance(node, Form) or len(node) < 2 or depth > _DEEPEST:
        return [flat]
    opening, closing = node.bracket.value
    is_marked = path == ()
    opening = _OPEN + opening if is_marked else opening
    beside = _beside(node, path, width - len(opening))
    first = opening + " ".join([_flat(node.items[at], _below(path, at)) for at in range(beside)])
    indent = " " * (2 if symbol_name(node.items[0]) else 1)
    lines = [first] if beside else []
    for at in range(beside, len(node)):
        inner = _lines(node.items[at], _below(path, at), width - len(indent), depth + 1)
        if not lines:
            lines += [opening + inner[0], *[" " * len(opening) + line for line in inner[1:]]]
        else:
            lines += [indent + line for line in inner]
    lines[-1] += closing + (_CLOSE if is_marked else "")
    return lines


def _beside(form: Form, path: Path | None, width: int) -> int:
    """Return how many items stand on the first line: the head, and what it names or binds, if they fit."""
    if symbol_name(form.items[0]) is None:
        return 0
    head = _flat(form.items[0], _below(path, 0))
    second = _flat(form.items[1], _below(path, 1))
    return 2 if len(head) + 1 + len(second) <= width else 1


def _below(path: Path | None, index: int) -> Path | None:
    return path[1:] if path and path[0] == index else None


def _flat(node: Node, path: Path | None) -> str:
    """Return `node` on one line; only what leads to the mark is put together here."""
    before, after = "", ""
    while path:
        inner = children(node)
        index = path[0]
        if isinstance(node, Form):
            opening, closing = node.bracket.value
            before += opening + "".join([write_syntax(each) + " " for each in inner[:index]])
            after = "".join([" " + write_syntax(each) for each in inner[index + 1 :]]) + closing + after
        else:
            before += write_syntax(node)[: -len(write_syntax(inner[0]))]
        node, path = inner[index], path[1:]
    mark = (_OPEN, _CLOSE) if path == () else ("", "")
    return before + mark[0] + write_syntax(node) + mark[1] + after
