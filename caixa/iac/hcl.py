"""Infrastructure in Terraform's native syntax, for people to read: a small tree of it, and its serialiser.

What is rendered for tools is `document`; this says the same, with the same names. The syntax is
https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .model import Teia
from .names import is_identifier, terraform_type
from .values import Raw, Reference, Template, Value, template_source

__all__ = ["Attribute", "Block", "print_block", "print_expression", "quoted_string", "to_hcl"]


@dataclass(frozen=True, slots=True)
class Attribute:
    """`name = value` in a block."""

    name: str
    value: Value


@dataclass(frozen=True, slots=True)
class Block:
    """A block: its type, its labels, and what stands in it."""

    type: str
    labels: tuple[str, ...] = ()
    body: Sequence[Attribute | Block] = ()


def to_hcl(teia: Teia) -> str:
    """Return a resource or a data source in native syntax, its attributes in byte order."""
    keyword = teia.address.partition(".")[0] if teia.address.startswith("data.") else "resource"
    body = [Attribute(name, value) for name, value in sorted(teia.atributos.items())]
    return print_block(Block(keyword, (terraform_type(teia.tipo), teia.nome), body))


def print_block(block: Block) -> str:
    """Return a block as text, two spaces a level, with a line end."""
    return "".join(f"{line}\n" for line in _lines(block, ""))


def _lines(block: Block, indent: str) -> Iterator[str]:
    labels = "".join(f" {quoted_string(label)}" for label in block.labels)
    yield f"{indent}{block.type}{labels} {{"
    for part in block.body:
        if isinstance(part, Block):
            yield from _lines(part, indent + "  ")
        else:
            yield f"{indent}  {part.name} = {print_expression(part.value)}"
    yield f"{indent}}}"


def print_expression(value: Value) -> str:  # noqa: PLR0911 - one way out for each kind
    """Return a value as an expression on one line."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (Reference, Raw)):
        return value.expression
    if isinstance(value, (str, Template)):
        return quoted_string(value)
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{_key(name)} = {print_expression(each)}" for name, each in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    return f"[{', '.join(map(print_expression, value))}]"


def _key(name: str) -> str:
    """Return a key that is a name bare, and any other in quotes; `for` and `null` would be read as more."""
    return name if is_identifier(name) and name not in ("for", "null", "true", "false") else quoted_string(name)


_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted_string(value: str | Template) -> str:
    """Return a text, or a text with values in it, as a quoted template."""
    return f'"{template_source(value, _spelled)}"'


def _spelled(text: str) -> str:
    return "".join(_ESCAPES.get(each) or _visible(each) for each in text)


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    return f"\\u{ord(character):04x}" if ord(character) <= 0xFFFF else f"\\U{ord(character):08x}"
