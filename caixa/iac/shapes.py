"""The kinds of value in the forms of infrastructure, each read from syntax and written back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from caixa.lisp.syntax import Atom, Form, Node, Prefix, PrefixKind, symbol_name
from caixa.lisp.values import Keyword, Symbol
from caixa.manifest.decoding import INVALID, Invalid, Place, closest, described
from caixa.manifest.profile import Profile
from caixa.manifest.shapes import Shape

from .names import is_identifier, is_type, lisp_type, terraform_type
from .printing import print_object, print_reference, print_value
from .reading import read_object, read_reference, read_value
from .values import Reference, RefKind, Value

__all__ = ["Attributes", "Constraint", "Dependencies", "Expr", "Name", "Tipo"]


def word_of(node: Node) -> str | None:
    """Return what a symbol, a string or a keyword says; None for anything else."""
    while isinstance(node, Prefix) and node.kind is PrefixKind.QUOTE:
        node = node.inner
    value = node.value if isinstance(node, Atom) else None
    if isinstance(value, (Symbol, Keyword)):
        return value.name
    return value if isinstance(value, str) else None


@dataclass(frozen=True)
class Word(Shape):
    """A name, written as a symbol, a string or a keyword."""

    name = "a name"

    def accepts(self, word: str) -> bool:
        """Whether `word` is such a name."""
        return is_identifier(word)

    def rule(self) -> str:
        """Say what the names are."""
        return "A name is a letter or _, then letters, digits, - and _."

    def decode(self, node: Node, place: Place) -> str | Invalid:
        """Take a word that is such a name."""
        word = word_of(node)
        if word is None:
            return self.mistyped(node, place)
        if not self.accepts(word):
            message = f"`{word[:40]}` cannot be {self.name}"
            return place.refuse(
                "teia-name", node, message, why=self.rule(), fix="Choose another name.", value=word
            )
        return word

    def to_lisp(self, value: Any, profile: Profile) -> str:  # noqa: ARG002 - the same in both profiles
        """Return the name as a symbol, or as a string where a symbol would be read as something else."""
        return print_value(value)


class Name(Word):
    """The name of a part: what Terraform takes for an identifier."""


class Tipo(Word):
    """The type of a resource, such as `aws/security-group`; read in any spelling, kept as it is written."""

    name = "a type such as aws/vpc"

    def accepts(self, word: str) -> bool:
        """Whether it is a type once it is normalised."""
        return is_type(terraform_type(word))

    def rule(self) -> str:
        """Say what types are."""
        return "A type is its provider's name and words of letters and digits, joined by / - or _."

    def to_lisp(self, value: Any, profile: Profile) -> str:  # noqa: ARG002 - the same in both profiles
        """Return the canonical spelling."""
        return lisp_type(terraform_type(value))


@dataclass(frozen=True)
class Expr(Shape):
    """Any value; with `is_literal` one that refers to nothing."""

    is_literal: bool = False
    name = "a value"

    def decode(self, node: Node, place: Place) -> Any:
        """Take any value."""
        value = read_value(node, place)
        if self.is_literal and value is not INVALID and not _is_literal(value):
            message = "this value refers to something else, and only a literal may stand here"
            fix = "Write the value itself, or compute it in a (deflocal …)."
            return place.refuse("literal-wanted", node, message, fix=fix)
        return value

    def to_lisp(self, value: Any, profile: Profile) -> str:  # noqa: ARG002 - the same in both profiles
        """Return the value as it is written."""
        return print_value(value)


def _is_literal(value: Value) -> bool:
    if isinstance(value, Mapping):
        return all(map(_is_literal, value.values()))
    if isinstance(value, tuple):
        return all(map(_is_literal, value))
    return value is None or isinstance(value, (bool, int, float, str))


# What Terraform itself understands beside the attributes of a type, and the slot that is for it.
_META: Final = {
    "depends_on": "depende-de",
    "provider": "provedor",
    "count": "contagem",
    "for_each": "para-cada",
    "lifecycle": "ciclo",
}


@dataclass(frozen=True)
class Attributes(Shape):
    """Names and values.

    `is_of_resource` refuses the arguments for which the form has slots of its own, `is_literal` references.
    """

    is_of_resource: bool = False
    is_literal: bool = False
    name = "names and values in turn"

    def decode(self, node: Node, place: Place) -> Mapping[str, Value] | Invalid:
        """Take a plist or a map, its names normalised."""
        found = read_object(node, place, "attribute")
        if isinstance(found, Invalid):
            return found
        if self.is_literal and not _is_literal(found):
            message = "these values refer to others, and Terraform reads them before there are any"
            return place.refuse("literal-wanted", node, message, fix="Write the values themselves.")
        wrong = [name for name in found if not (self.is_literal or is_identifier(name))]
        for name in wrong:
            key = place.decoding.keys[*place.path, name]
            message = f"`{name[:40]}` cannot be the name of an attribute"
            place.refuse("teia-name", key, message, why=Name().rule(), fix="Choose another name.", value=name)
        taken = [name for name in found if name in _META] if self.is_of_resource else []
        for name in taken:
            message = f"`{name}` is no attribute of a type, but an argument of Terraform's own"
            fix = f"Write it as the slot :{_META[name]} of the form."
            place.refuse("reserved-attribute", node, message, fix=fix, slot=_META[name])
        return INVALID if taken or wrong else found

    def to_lisp(self, value: Any, profile: Profile) -> str:  # noqa: ARG002 - the same in both profiles
        """Return the plist."""
        return print_object(value) if value else "()"


@dataclass(frozen=True)
class Dependencies(Shape):
    """What must be there first: `((aws/vpc main) (modulo net))`."""

    name = "a list of what must be there first, such as ((aws/vpc main))"

    def decode(self, node: Node, place: Place) -> tuple[Reference, ...] | Invalid:
        """Take a list of references without a path."""
        if not isinstance(node, Form) or not node.bracket.is_sequence:
            return self.mistyped(node, place)
        found = [self._one(item, place.step(index, item)) for index, item in enumerate(node.items)]
        kept = tuple(each for each in found if isinstance(each, Reference))
        return kept if len(kept) == len(found) else INVALID

    def _one(self, node: Node, place: Place) -> Reference | Invalid:
        if isinstance(node, Form) and node.items and node.bracket.is_sequence:
            head = symbol_name(node.items[0])
            if head in set(RefKind):
                return read_reference(node, RefKind(head), place, is_whole=True)
            if len(node.items) == 2:
                return read_reference(
                    Form(node.span, (node.items[0], *node.items)), RefKind.RESOURCE, place, is_whole=True
                )
        return self.mistyped(node, place)

    def to_lisp(self, value: Any, profile: Profile) -> str:  # noqa: ARG002 - the same in both profiles
        """Return the list."""
        return f"({' '.join(map(print_reference, value))})"


_PRIMITIVES: Final = ("string", "number", "bool", "any")
_COLLECTIONS: Final = ("list", "set", "map", "tuple", "object", "optional")
_WRITTEN_OUT: Final = re.compile(r"[A-Za-z0-9_(){}\[\],=:\"\s.-]+\Z")


@dataclass(frozen=True)
class Constraint(Shape):
    """The type of a variable: `string`, `(list string)`, `(object (:name string :ports (list number)))`."""

    name = "a type such as string or (list string)"

    def decode(self, node: Node, place: Place) -> str | Invalid:
        """Take a type as a word, a list, or a string of Terraform's own notation."""
        value = node.value if isinstance(node, Atom) else None
        if isinstance(value, str) and _WRITTEN_OUT.match(value):
            return value.strip()
        word = symbol_name(node)
        if word in _PRIMITIVES:
            return word
        if isinstance(node, Form) and node.head in _COLLECTIONS:
            return self._collection(node.head, node.items[1:], node, place)
        near = closest(word, (*_PRIMITIVES, *_COLLECTIONS)) if word else None
        fix = f"Did you mean `{near}`?" if near else f"Write {self.name}."
        message = f"{described(node)} is no type of a variable"
        return place.refuse(
            "variable-type", node, message, fix=fix, rewrite=near if near in _PRIMITIVES else None
        )

    def _collection(self, head: str, items: Sequence[Node], node: Node, place: Place) -> str | Invalid:
        if len(place.path) > 32:  # deeper than any real type, and far from the limit of recursion
            return self.mistyped(node, place)
        if head == "object":
            return self._object(items, node, place)
        parts = [self.decode(item, place.step(index, item)) for index, item in enumerate(items)]
        if any(isinstance(part, Invalid) for part in parts):
            return INVALID
        if not parts or (head != "tuple" and len(parts) > 1):
            return self.mistyped(node, place)
        inner = ", ".join(map(str, parts))
        return f"tuple([{inner}])" if head == "tuple" else f"{head}({inner})"

    def _object(self, items: Sequence[Node], node: Node, place: Place) -> str | Invalid:
        def inner(value: Node, at: Place) -> Any:
            return self.decode(value, at)

        found = read_object(items[0], place, "field", inner) if len(items) == 1 else self.mistyped(node, place)
        if isinstance(found, Invalid):
            return found
        return f"object({{ {', '.join(f'{name} = {kind}' for name, kind in found.items())} }})"

    def to_lisp(self, value: Any, profile: Profile) -> str:  # noqa: ARG002 - the same in both profiles
        """Return a primitive as a symbol, anything else in Terraform's own notation."""
        return str(value) if value in _PRIMITIVES else print_value(value)
