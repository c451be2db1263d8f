"""The values of attributes: data, and the expressions that refer to other parts of the infrastructure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from caixa.lisp.source import Span

__all__ = [
    "Expression",
    "Raw",
    "RefKind",
    "Reference",
    "Template",
    "Value",
    "escape_template",
    "references",
    "strings",
    "template_source",
]


class RefKind(StrEnum):
    """What a reference refers to; the values are the heads by which it is written."""

    RESOURCE = "ref"
    DATA = "dado"
    VARIABLE = "var"
    LOCAL = "local"
    MODULE = "modulo"


_PREFIX = {
    RefKind.RESOURCE: "",
    RefKind.DATA: "data.",
    RefKind.VARIABLE: "var.",
    RefKind.LOCAL: "local.",
    RefKind.MODULE: "module.",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """A value that another part has: `type` is empty for what is known by its name alone, `path` may be."""

    kind: RefKind
    name: str
    type: str = ""
    path: str = ""
    span: Span | None = field(default=None, compare=False)

    @property
    def address(self) -> str:
        """What is referred to, as Terraform names it: `aws_vpc.main`, `var.region`."""
        return _PREFIX[self.kind] + (f"{self.type}.{self.name}" if self.type else self.name)

    @property
    def expression(self) -> str:
        """The whole reference as Terraform reads it: `aws_vpc.main.id`."""
        return f"{self.address}.{self.path}" if self.path else self.address


@dataclass(frozen=True, slots=True)
class Raw:
    """An expression of Terraform's own, written out: `(expr "cidrsubnet(var.net, 8, 1)")`."""

    text: str

    @property
    def expression(self) -> str:
        """The expression."""
        return self.text


Expression = Reference | Raw


@dataclass(frozen=True, slots=True)
class Template:
    """A text with values in it: `(texto "vpc-" (var region))`."""

    parts: tuple[str | Expression, ...]


Value: TypeAlias = (
    "bool | int | float | str | Reference | Raw | Template | tuple[Value, ...] | Mapping[str, Value] | None"
)


def escape_template(text: str) -> str:
    """Return a string as a template that evaluates to it: `${` and `%{` would begin an expression."""
    return text.replace("${", "$${").replace("%{", "%%{")


def template_source(value: str | Template, spell: Callable[[str], str] = str) -> str:
    """Return a text, or a text with values in it, as a template; `spell` writes what is text.

    A `$` right before an expression would make text of it, so it is written as an expression itself.
    """
    written, text = "", ""
    for part in (value,) if isinstance(value, str) else value.parts:
        if isinstance(part, str):
            text += part
            continue
        plain = text.rstrip("$")
        written += escape_template(spell(plain)) + '${"$"}' * (len(text) - len(plain))
        written, text = written + "${" + part.expression + "}", ""
    return written + escape_template(spell(text))


def _walk(value: Value) -> Iterator[Value]:
    """Yield a value and all within it, outermost first, without recursion."""
    waiting: list[Value] = [value]
    while waiting:
        at = waiting.pop()
        yield at
        if isinstance(at, Mapping):
            waiting += reversed(list(at.values()))
        elif isinstance(at, tuple):
            waiting += reversed(at)
        elif isinstance(at, Template):
            waiting += reversed(at.parts)


def references(value: Value) -> Iterator[Reference]:
    """Yield every reference within a value, in reading order."""
    return (at for at in _walk(value) if isinstance(at, Reference))


def strings(value: Value) -> Iterator[str]:
    """Yield every string within a value."""
    return (at for at in _walk(value) if isinstance(at, str))
