"""Values from syntax: data, references, and the templates and expressions that hold them (caixa.md 4.5).

A symbol is its name and a keyword its name with the colon, as the older system has it. A list with keywords at
its even places is an object. A map `{…}` is one whose string keys stay as they are written, for the names of
tags and labels, which belong to the user and not to the type.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from caixa.lisp.diagnostics import Diagnostic, Edit, Severity
from caixa.lisp.syntax import Atom, Bracket, Form, Node, Prefix, PrefixKind, keyword_name, symbol_name
from caixa.lisp.values import Keyword, Symbol
from caixa.manifest.decoding import INVALID, Invalid, Place, described
from caixa.manifest.plists import is_plist
from caixa.manifest.shapes import quoted

from .names import attribute_name, is_identifier, is_type, terraform_type, traversal
from .values import Raw, Reference, RefKind, Template

__all__ = ["read_object", "read_reference", "read_value"]

MOST_DEEP: Final = 64  # levels of nesting of one value
Read = Callable[[Node, Place], Any]

# How each kind of reference is written, and how many items that is without and with a path.
_WRITTEN: Final = {
    RefKind.RESOURCE: ("(ref TYPE NAME ATTRIBUTE)", 4, 4),
    RefKind.DATA: ("(dado TYPE NAME ATTRIBUTE)", 4, 4),
    RefKind.VARIABLE: ("(var NAME)", 2, 3),
    RefKind.LOCAL: ("(local NAME)", 2, 3),
    RefKind.MODULE: ("(modulo NAME OUTPUT)", 3, 3),
}


def read_value(node: Node, place: Place) -> Any:
    """Return the value that `node` means, or report why it means none and return INVALID."""
    while isinstance(node, Prefix) and node.kind is PrefixKind.QUOTE:
        node = node.inner
    if isinstance(node, Prefix):
        return _no_value(node, place, "Write the value itself: nothing is evaluated here.")
    if isinstance(node, Atom):
        return _atom(node, place)
    if len(place.path) > MOST_DEEP:
        message = f"this value is nested more than {MOST_DEEP} deep"
        return place.refuse("value-too-deep", node, message, fix="Give its parts names with (deflocal …).")
    return _compound(node, place)


def _compound(node: Form, place: Place) -> Any:  # noqa: PLR0911 - one way out for each notation
    if node.bracket is Bracket.MAP:
        return read_object(node, place, "key")
    if node.bracket is Bracket.SET:
        return _no_value(node, place, "Write it as a list: Terraform makes a set of it where it wants one.")
    head = node.head
    if head in set(RefKind):
        return read_reference(node, RefKind(head), place)
    if head == "expr":
        return _raw(node, place)
    if head == "texto":
        return _template(node, place)
    if node.bracket is Bracket.LIST and is_plist(node):
        return read_object(node, place, "key")
    items = [read_value(item, place.step(index, item)) for index, item in enumerate(node.items)]
    return INVALID if any(item is INVALID for item in items) else tuple(items)


def _no_value(node: Node, place: Place, fix: str) -> Invalid:
    return place.refuse("value-unknown", node, f"{described(node)} is no value of infrastructure", fix=fix)


def _atom(node: Atom, place: Place) -> Any:
    value = node.value
    if isinstance(value, Symbol):
        return None if value.name == "nil" else value.name
    if isinstance(value, Keyword):
        return f":{value.name}"
    if isinstance(value, str):
        _warn_of_template(value, node, place)
        return value
    if type(value) in (bool, int) or (type(value) is float and math.isfinite(value)):
        return value
    return _no_value(
        node, place, "Write a string, a number, a boolean, nil, a list or names and values in turn."
    )


def _warn_of_template(text: str, node: Atom, place: Place) -> None:
    """Warn of `${` in a string, which is text here, though Terraform would read it as an expression."""
    if "${" not in text:
        return
    whole = text.startswith("${") and text.endswith("}") and text.count("${") == 1
    edits = (Edit(node.span, f"(expr {quoted(text[2:-1])})"),) if whole else ()
    place.decoding.problems.append(
        Diagnostic(
            "template-in-string",
            Severity.WARNING,
            node.span,
            "`${` in a string is text, and is written so that it stays text",
            why="A reference is a form, so that it can be checked.",
            fix='Write (ref …), (var …), (expr "…"), or (texto "…" (ref …) "…") for a text with values in it.',
            edits=edits,
        )
    )


# -- objects ----------------------------------------------------------------------------------------------


def read_object(node: Node, place: Place, what: str, read: Read = read_value) -> Mapping[str, Any] | Invalid:
    """Return the names and values of a plist or a map, each read by `read`; `what` is what a name names."""
    if not isinstance(node, Form) or node.bracket not in (Bracket.LIST, Bracket.MAP):
        message = f"{described(node)} stands where names and values belong"
        return place.refuse("attributes-expected", node, message, fix="Write (:name value …).")
    found: dict[str, Any] = {}
    first: dict[str, Node] = {}
    for key, value in _pairs(node, place):
        name = _key(key, place, is_map=node.bracket is Bracket.MAP)
        if isinstance(name, Invalid) or value is None:
            found[f"\0{len(found)}"] = INVALID
            continue
        if name in first:
            _repeated(key, first[name], what, name, place)
        first.setdefault(name, key)
        inner = place.step(name, value)
        place.decoding.keys[inner.path] = key.span
        found[name] = read(value, inner)
    return INVALID if any(value is INVALID for value in found.values()) else dict(sorted(found.items()))


def _pairs(node: Form, place: Place) -> Sequence[tuple[Node, Node | None]]:
    items = node.items
    pairs: list[tuple[Node, Node | None]] = list(zip(items[::2], items[1::2], strict=False))
    if len(items) % 2:
        pairs.append((items[-1], None))
        if keyword_name(items[-1]) is not None:
            place.refuse(
                "value-missing",
                items[-1],
                f"{described(items[-1])} has no value",
                fix="Write a value after it.",
            )
    return pairs


def _key(node: Node, place: Place, *, is_map: bool) -> str | Invalid:
    keyword = keyword_name(node)
    if keyword is not None:
        return attribute_name(keyword)
    text = node.value if isinstance(node, Atom) and isinstance(node.value, str) else symbol_name(node)
    if is_map and text is not None:
        return text
    return place.refuse(
        "key-expected",
        node,
        f"{described(node)} stands where a keyword belongs",
        why="An object is keywords and values in turn.",
        fix='Put a keyword before it; a key that is a text is written {"key" value}.',
    )


def _repeated(key: Node, first: Node, what: str, name: str, place: Place) -> None:
    where = place.decoding.source.position(first.span.start)
    place.refuse(
        "attribute-repeated",
        key,
        f"the {what} `{name}` is said twice, first at {where}",
        why="Both spellings are one name, and one of the two values would be lost.",
        fix="Remove one of them.",
    )


# -- expressions ------------------------------------------------------------------------------------------


def read_reference(node: Form, kind: RefKind, place: Place, *, is_whole: bool = False) -> Reference | Invalid:
    """Return the reference that `node` is; one that `is_whole` names a part and nothing in it."""
    form, least, most = _WRITTEN[kind]
    has_type = kind in (RefKind.RESOURCE, RefKind.DATA)
    if is_whole:
        least = most = 3 if has_type else 2
    words = [_word(item) for item in node.items[1:]]
    if not least <= len(node.items) <= most or None in words:
        fix = f"Write {form}; a list that begins with `{kind.value}` is written [{kind.value} …]."
        return place.refuse("ref-malformed", node, f"this is not a whole `{kind.value}`", fix=fix)
    parts = [word for word in words if word is not None]
    type_ = terraform_type(parts.pop(0)) if has_type else ""
    name = parts.pop(0)
    path = traversal(parts[0]) if parts else ""
    if path is None or not is_identifier(name) or (has_type and not is_type(type_)):
        fix = f"Write {form}, each a name; an attribute within another is joined by a dot."
        return place.refuse("ref-malformed", node, "this reference names nothing that Terraform could", fix=fix)
    return Reference(kind, name, type_, path, node.span)


def _word(node: Node) -> str | None:
    value = node.value if isinstance(node, Atom) else None
    if isinstance(value, (Symbol, Keyword)):
        return value.name
    return value if isinstance(value, str) else None


def _raw(node: Form, place: Place) -> Raw | Invalid:
    text = node.items[1].value if len(node.items) == 2 and isinstance(node.items[1], Atom) else None
    if not isinstance(text, str) or not text.strip() or "\n" in text:
        fix = 'Write (expr "…") with one expression of Terraform on one line.'
        return place.refuse("expr-malformed", node, "this is not a whole `expr`", fix=fix)
    return Raw(text.strip())


def _template(node: Form, place: Place) -> Template | Invalid:
    parts: list[Any] = [read_value(item, place.step(index, item)) for index, item in enumerate(node.items[1:])]
    if any(part is INVALID for part in parts):
        return INVALID
    if not all(isinstance(part, (str, Reference, Raw)) for part in parts):
        fix = 'Write (texto "a text" (ref …) "more text").'
        return place.refuse("texto-malformed", node, "a `texto` is made of texts and references", fix=fix)
    return Template(tuple(parts))
