"""Typed domains: forms like `(defmonitor :name "up")` as records of declared types (language.md 8).

Nothing in such a form is evaluated. Every problem is found at once, each at its place: an unknown or repeated
key, with the one that was meant; a missing one; a value of the wrong type or out of range.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .diagnostics import Diagnostic, Reportable, Severity
from .source import Span
from .syntax import Atom, Form, Node, Prefix, keyword_name

__all__ = [
    "BOOLEAN",
    "FLOAT",
    "INTEGER",
    "STRING",
    "STRINGS",
    "Domain",
    "DomainError",
    "Field",
    "integer_between",
]


class DomainError(Reportable):
    """A typed form that does not fit its declaration; `diagnostics` are all that is wrong with it."""


class _Refused(Exception):
    """A value is not of the declared type: where, what was expected, what was found."""

    def __init__(self, node: Node, expected: str) -> None:
        super().__init__(expected)
        self.node, self.expected = node, expected


@dataclass(frozen=True, slots=True)
class Type:
    """A type of field: what to call it, and how to read it (raising if it is not of the type)."""

    name: str
    read: Callable[[Node], Any]


def _literal(name: str, accepts: Callable[[object], bool]) -> Type:
    def read(node: Node) -> Any:
        if isinstance(node, Atom) and accepts(node.value):
            return node.value
        raise _Refused(node, name)

    return Type(name, read)


def integer_between(low: int, high: int) -> Type:
    """Return the type of integers from `low` to `high`, both included."""
    name = f"int from {low} to {high}"
    return _literal(name, lambda value: type(value) is int and low <= value <= high)


STRING = _literal("string", lambda value: isinstance(value, str))
INTEGER = integer_between(-(2**63), 2**63 - 1)
BOOLEAN = _literal("bool", lambda value: isinstance(value, bool))


def _read_float(node: Node) -> float:
    if isinstance(node, Atom) and type(node.value) in (int, float):
        return float(node.value)  # type: ignore[arg-type]  # an int or a float
    raise _Refused(node, "number")


def _read_strings(node: Node) -> tuple[str, ...]:
    if not isinstance(node, Form):
        raise _Refused(node, "list of strings")
    return tuple([STRING.read(item) for item in node.items])


FLOAT = Type("number", _read_float)
STRINGS = Type("list of strings", _read_strings)


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its keyword without the colon, its type, and what it is when left out (if it may be)."""

    name: str
    type: Type
    required: bool = True
    default: Any = None


class Domain:
    """A declared kind of record, headed by `keyword`."""

    def __init__(self, keyword: str, fields: Sequence[Field]) -> None:
        """Declare the fields, in the order in which problems are reported."""
        self.keyword = keyword
        self.fields: Mapping[str, Field] = {field.name: field for field in fields}

    def read(self, form: Node) -> dict[str, Any]:
        """Return the record that `form` stands for, by field name. Raises DomainError with every problem."""
        problems: list[Diagnostic] = []
        given = self._pairs(form, problems)
        record: dict[str, Any] = {}
        for field in self.fields.values():
            if field.name in given:
                record[field.name] = _read_field(field, given[field.name], problems)
            elif field.required:
                message = f":{field.name} is required but not given"
                problems.append(
                    _problem("missing-key", form.span, message, f"Add :{field.name} <{field.type.name}>.")
                )
            else:
                record[field.name] = field.default
        if problems:
            raise DomainError(*problems)
        return record

    def _pairs(self, form: Node, problems: list[Diagnostic]) -> dict[str, Node]:
        """Return the values by key, having checked the shape of the form."""
        if not isinstance(form, Form) or form.head != self.keyword:
            raise DomainError(_problem("wrong-head", form.span, f"expected ({self.keyword} …)"))
        given: dict[str, Node] = {}
        items = _flat(form.items[1:])
        for key, value in zip(items[::2], items[1::2], strict=False):
            name = keyword_name(key)
            if name is None:
                problems.append(_problem("no-keyword", key.span, "a keyword stands before each value"))
            elif name not in self.fields:
                problems.append(self._unknown(name, key.span))
            elif name in given:
                problems.append(_problem("repeated-key", key.span, f":{name} is given twice", "Remove one."))
            else:
                given[name] = value
        if len(items) % 2:
            last = items[-1]
            message = (
                f":{keyword_name(last)} has no value" if keyword_name(last) else "a value without a keyword"
            )
            problems.insert(0, _problem("odd-kwargs", last.span, message, "Keywords and values come in pairs."))
        return given

    def _unknown(self, name: str, span: Span) -> Diagnostic:
        from difflib import get_close_matches  # noqa: PLC0415  # needed only once something is wrong

        close = get_close_matches(name, self.fields, n=1)
        known = ", ".join(f":{field}" for field in self.fields)
        fix = f"Did you mean :{close[0]}?" if close else f"Known are {known}."
        return _problem("unknown-key", span, f"{self.keyword} has no :{name}", fix)


def _flat(items: Sequence[Node]) -> Sequence[Node]:
    """Return keywords and values in turn; they may also be written as a list of pairs, `(:name "up") …`."""
    pairs = [
        item for item in items if isinstance(item, Form) and len(item) == _PAIR and keyword_name(item.items[0])
    ]
    if not items or len(pairs) < len(items):
        return items
    return [part for pair in pairs for part in pair.items]


_PAIR = 2


def _read_field(field: Field, node: Node, problems: list[Diagnostic]) -> Any:
    try:
        return field.type.read(node)
    except _Refused as refused:
        message = f":{field.name} needs {refused.expected}, got {_described(refused.node)}"
        problems.append(_problem("wrong-type", refused.node.span, message))
        return None


def _described(node: Node) -> str:
    from .kinds import kind_of  # noqa: PLC0415  # needed only once something is wrong

    if isinstance(node, Prefix):
        return "a quoted form"
    return "a list" if isinstance(node, Form) else f"the {kind_of(node.value)} {node.value!r}"


def _problem(code: str, span: Span, message: str, fix: str = "") -> Diagnostic:
    return Diagnostic(code, Severity.ERROR, span, message, fix=fix)
