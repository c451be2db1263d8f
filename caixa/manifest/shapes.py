"""The kinds of value that a slot can have, each with its whole meaning in one class: read, as JSON, as Lisp.

A shape reads a syntax node (JSON is read by way of nodes too, see `json`), and writes the value back both ways.
Reading never raises: what is wrong goes into the decoding, and the shape returns INVALID.
"""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar

from caixa.lisp.diagnostics import Edit
from caixa.lisp.syntax import Atom, Form, Node, Prefix, keyword_name, symbol_name

from .codecs import print_duration
from .decoding import INVALID, Invalid, Place, closest, described
from .errors import InvalidValue
from .plists import is_list
from .profile import Profile

__all__ = [
    "Boolean",
    "Choice",
    "Integer",
    "ListOf",
    "Literal",
    "Quantity",
    "Shape",
    "Text",
    "quoted",
    "unquoted",
]


class Shape(ABC):
    """How one kind of value is written."""

    is_native: ClassVar[bool] = (
        False  # read directly by the older system, which then blames `:slot`, not `slot`
    )

    @property
    @abstractmethod
    def name(self) -> str:
        """What a person calls this kind of value."""

    @abstractmethod
    def decode(self, node: Node, place: Place) -> Any:
        """Return the value that `node` means, or report why it means none and return INVALID."""

    def to_json(self, value: Any, profile: Profile) -> Any:  # noqa: ARG002 - some shapes need the profile
        """Return the value as JSON data."""
        return value

    @abstractmethod
    def to_lisp(self, value: Any, profile: Profile) -> str:
        """Return the value as canonical Lisp."""

    def bound(self, number: int, profile: Profile) -> str:
        """Return the Lisp of a bound, which is a number of bytes, nanoseconds or calls."""
        return self.to_lisp(number, profile)

    def mistyped(self, node: Node, place: Place, rewrite: str | None = None) -> Invalid:
        """Report that `node` is not of this shape."""
        slot = place.path[-1] if place.path else ""
        fix = f"Write `{rewrite}`." if rewrite else f"Write {self.name}."
        message = f"{described(node)} stands where {self.name} belongs"
        return place.refuse(
            "slot-mistyped", node, message, fix=fix, rewrite=rewrite, slot=slot, expected=self.name
        )


@dataclass(frozen=True)
class Text(Shape):
    """A string. `role` says what it names, for the rules and for completion."""

    role: str = ""
    is_native = True
    name = "a string"

    def decode(self, node: Node, place: Place) -> str | Invalid:
        """Take a string, and within a slot's value a symbol too."""
        node = unquoted(node, place)
        value = node.value if isinstance(node, Atom) else None
        if isinstance(value, str):
            return (
                value
                if _encodable(value)
                else place.refuse(
                    "text-not-unicode",
                    node,
                    "this string holds half a character (a lone surrogate)",
                    why="A manifest is UTF-8 text.",
                    fix="Write the whole character.",
                )
            )
        name = symbol_name(node)
        if name is not None:
            return name if place.is_bridged else self.mistyped(node, place, quoted(name))
        if place.is_bridged and place.is_april and keyword_name(node) is not None:
            return f":{keyword_name(node)}"
        number = type(value) in (int, float)
        return self.mistyped(node, place, quoted(place.text_of(node.span)) if number else None)

    def to_lisp(self, value: Any, profile: Profile) -> str:  # noqa: ARG002 - the same in both profiles
        """Return the string in quotes."""
        return quoted(value)

    def bound(self, number: int, profile: Profile) -> str:
        """Return a duration: no other text has bounds."""
        return quoted(print_duration(number, profile))


@dataclass(frozen=True)
class Boolean(Shape):
    """True or false, as `#t`, `t`, `true`, `#f`, `nil` or `false`."""

    name = "a boolean"
    _words: ClassVar[Mapping[str, bool]] = {"t": True, "true": True, "nil": False, "false": False}

    def decode(self, node: Node, place: Place) -> bool | Invalid:
        """Take a boolean; APRIL takes only `#t` and `#f`."""
        node = unquoted(node, place)
        if isinstance(node, Atom) and isinstance(node.value, bool):
            return node.value
        word = symbol_name(node) or ""
        if word in self._words and not place.is_april:
            return self._words[word]
        return self.mistyped(node, place)

    def to_lisp(self, value: Any, profile: Profile) -> str:  # noqa: ARG002 - the same in both profiles
        """Return `#t` or `#f`."""
        return "#t" if value else "#f"


@dataclass(frozen=True)
class Integer(Shape):
    """A whole number within bounds."""

    lowest: int = 0
    highest: int = 2**63 - 1
    wraps: bool = False  # the older system takes any integer here, modulo 2^32

    @property
    def name(self) -> str:
        """Its bounds, where they say more than "not negative"."""
        return "an integer" if self.highest >= 2**31 else f"an integer from {self.lowest} to {self.highest}"

    @property
    def is_native(self) -> bool:  # type: ignore[override]  # a fact of the slot, not of the class
        """Whether the older system reads this integer itself."""
        return self.wraps

    def decode(self, node: Node, place: Place) -> int | Invalid:
        """Take an integer literal within the bounds."""
        node = unquoted(node, place)
        value = node.value if isinstance(node, Atom) else None
        if type(value) is not int:
            digits = value if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value) else None
            return self.mistyped(node, place, digits)
        if place.is_april and self.wraps and -(2**63) <= value < 2**63:
            return value % 2**32
        if not self.lowest <= value <= self.highest:
            return place.refuse(
                "slot-out-of-range",
                node,
                f"{str(value)[:24]} is not from {self.lowest} to {self.highest}",
                fix=f"Write an integer from {self.lowest} to {self.highest}.",
                slot=place.path[-1],
                lowest=self.lowest,
                highest=self.highest,
            )
        return value

    def to_lisp(self, value: Any, profile: Profile) -> str:  # noqa: ARG002 - the same in both profiles
        """Return the digits."""
        return str(value)


@dataclass(frozen=True)
class Quantity(Shape):
    """A string that stands for a number: a size, a duration, a CPU share, a rate."""

    title: str
    parse: Callable[[str], Any]
    print: Callable[[Any, Profile], str]
    of_number: Callable[[int], Any] = int
    is_whole: bool = False  # the later system takes whole magnitudes only

    @property
    def name(self) -> str:
        """What it is, with an example."""
        return self.title

    def decode(self, node: Node, place: Place) -> Any:
        """Take a string that the codec parses."""
        node = unquoted(node, place)
        value = node.value if isinstance(node, Atom) else None
        text = value if isinstance(value, str) else symbol_name(node)
        if text is None:
            return self.mistyped(node, place)
        try:
            value = self.parse(text)
        except InvalidValue as problem:
            found = problem.diagnostic
            return place.refuse(found.code, node, found.message, why=found.why, fix=found.fix, **found.data)
        if self.is_whole and not place.is_april and not text.strip().isalnum():
            self._check_whole(text, value, node, place)
        return value

    def _check_whole(self, text: str, value: Any, node: Node, place: Place) -> None:
        """Report a fraction or a sign, unless no whole number of any unit is as much."""
        plain = quoted(self.print(value, place.decoding.profile))
        if "." not in plain:
            place.report(
                "magnitude-not-whole",
                node.span,
                f"{quoted(text[:40])} is not a whole number of a unit",
                fix=f"Write {plain}.",
                edits=(Edit(node.span, plain),),
                value=text,
            )

    def bound(self, number: int, profile: Profile) -> str:
        """Return the canonical text of what the number is of."""
        return self.to_lisp(self.of_number(number), profile)

    def to_json(self, value: Any, profile: Profile) -> str:
        """Return the canonical text."""
        return self.print(value, profile)

    def to_lisp(self, value: Any, profile: Profile) -> str:
        """Return the canonical text in quotes."""
        return quoted(self.print(value, profile))


@dataclass(frozen=True)
class Literal(Shape):
    """A boolean, a number or a string, as it is written."""

    name = "a boolean, a number or a string"

    def decode(self, node: Node, place: Place) -> Any:
        """Take a literal; a number must be finite."""
        value = node.value if isinstance(node, Atom) else None
        if type(value) is float and not math.isfinite(value):
            return self.mistyped(node, place)
        if isinstance(value, str):
            return Text().decode(node, place)
        return value if type(value) in (bool, int, float) else self.mistyped(node, place)

    def to_lisp(self, value: Any, profile: Profile) -> str:  # noqa: ARG002 - the same in both profiles
        """Return the literal."""
        if isinstance(value, str):
            return quoted(value)
        return repr(value) if not isinstance(value, bool) else "#t" if value else "#f"


@dataclass(frozen=True)
class Choice(Shape):
    """One of the names of an enumeration; kebab-case is read too."""

    of: type[StrEnum]

    @property
    def name(self) -> str:
        """The names to choose from."""
        return "one of " + ", ".join(self.of)

    @cached_property
    def readings(self) -> Mapping[str, StrEnum]:
        """The names by each of their spellings."""
        return {spelling: member for member in self.of for spelling in (member.value, kebab(member.value))}

    def decode(self, node: Node, place: Place) -> StrEnum | Invalid:
        """Take a name as a symbol or a string; APRIL only in its canonical spelling."""
        node = unquoted(node, place)
        value = node.value if isinstance(node, Atom) else None
        word = value if isinstance(value, str) else symbol_name(node)
        if word is None:
            return self.mistyped(node, place)
        found = self.readings.get(word)
        if found is not None and (word == found.value or not place.is_april):
            return found
        near = closest(kebab(word), [kebab(member.value) for member in self.of])
        guess = self.readings[near].value if near else None
        return place.refuse(
            "enum-unknown",
            node,
            f"`{word[:40]}` is not {self.name}",
            fix=f"Did you mean `{guess}`?" if guess else f"Write {self.name}.",
            rewrite=guess,
            value=word,
            expected=[member.value for member in self.of],
        )

    def to_json(self, value: Any, profile: Profile) -> str:  # noqa: ARG002 - the same in both profiles
        """Return the name."""
        return str(value.value)

    def to_lisp(self, value: Any, profile: Profile) -> str:
        """Return the bare name; APRIL writes a string, as the older system does."""
        return quoted(value.value) if profile is Profile.APRIL else value.value


@dataclass(frozen=True)
class ListOf(Shape):
    """A list of values of one shape."""

    item: Shape

    @property
    def name(self) -> str:
        """A list, and of what."""
        return f"a list (each item {self.item.name})"

    @property
    def is_native(self) -> bool:  # type: ignore[override]  # a fact of the slot, not of the class
        """Whether the older system reads this list itself."""
        return isinstance(self.item, Text)

    def decode(self, node: Node, place: Place) -> tuple[Any, ...] | Invalid:
        """Take a list; items that are wrong are reported and left out."""
        node = unquoted(node, place)
        if not is_list(node):
            is_item = isinstance(node, Atom) and isinstance(self.item, Text | Choice)
            return self.mistyped(node, place, f"({place.text_of(node.span)})" if is_item else None)
        assert isinstance(node, Form)
        if node.items and keyword_name(node.items[0]) is not None:  # one item without its own brackets
            return self.mistyped(node, place, f"({place.text_of(node.span)})")
        found = (self.item.decode(item, place.step(index, item)) for index, item in enumerate(node.items))
        return tuple(value for value in found if value is not INVALID)

    def to_json(self, value: Any, profile: Profile) -> list[Any]:
        """Return the items as JSON."""
        return [self.item.to_json(item, profile) for item in value]

    def to_lisp(self, value: Any, profile: Profile) -> str:
        """Return the items between parentheses."""
        return f"({' '.join(self.item.to_lisp(item, profile) for item in value)})"


def unquoted(node: Node, place: Place) -> Node:
    """Strip quotes, as the older system does within a slot's value; elsewhere they stay and are refused."""
    while isinstance(node, Prefix) and place.is_bridged and place.is_april:
        node = node.inner
    return node


_PLAIN = re.compile(r'[^"\\\x00-\x1f\x7f-\x9f\u2028\u2029]*\Z')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def quoted(text: str) -> str:
    """Return `text` as a string literal; what does not print becomes an escape (caixa.md 1.6)."""
    if _PLAIN.match(text):
        return f'"{text}"'
    return f'"{"".join(_ESCAPES.get(each) or _visible(each) for each in text)}"'


def _visible(character: str) -> str:
    return character if character.isprintable() else f"\\u{{{ord(character):x}}}"


def _encodable(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


_BOUNDARY = re.compile(r"(?<!^)(?=[A-Z])")


def kebab(name: str) -> str:
    """Return `OneForOne` as `one-for-one`."""
    return _BOUNDARY.sub("-", name).replace("_", "-").lower()
