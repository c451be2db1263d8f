"""Infrastructure as a Pangea template: Ruby that builds the same document, block by block.

The words of the DSL (`template`, `provider`, `resource`, `data`, `variable`, `output`, `locals`, `module`) take
a block whose calls are the arguments. Every value is that of Terraform's own document, so the two agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from .document import terraform_document
from .model import Infrastructure
from .ruby import Call, Comment, Literal, Statement, Symbol, print_ruby

__all__ = ["to_pangea"]

_NOTE: Final = "Made from (defteia …) forms; a change here is lost when it is made again."


def to_pangea(infrastructure: Infrastructure, nome: str) -> str:
    """Return the infrastructure as one Pangea template called `nome`."""
    document = terraform_document(infrastructure)
    template = Call("template", (Symbol(nome),), list(_statements(document)))
    return print_ruby([Comment("frozen_string_literal: true"), Comment(_NOTE), template])


def _statements(document: Mapping[str, Any]) -> Iterator[Statement]:
    for settings in document.get("terraform", ()):
        yield Call("terraform", (), _arguments(settings))
    for configuration in document.get("provider", ()):
        for name, arguments in configuration.items():
            yield Call("provider", (Symbol(name),), _arguments(arguments))
    yield from _named("variable", document)
    if "locals" in document:
        yield Call("locals", (), _arguments(document["locals"]))
    for kind in ("data", "resource"):
        for type_, blocks in sorted(document.get(kind, {}).items()):
            for name, arguments in sorted(blocks.items()):
                yield Call(kind, (Symbol(type_), Symbol(name)), _arguments(arguments))
    yield from _named("module", document)
    yield from _named("output", document)


def _named(kind: str, document: Mapping[str, Any]) -> Iterator[Statement]:
    for name, arguments in sorted(document.get(kind, {}).items()):
        yield Call(kind, (Symbol(name),), _arguments(arguments))


def _arguments(arguments: Mapping[str, Literal]) -> Sequence[Statement]:
    return [Call(name, (value,)) for name, value in sorted(arguments.items())]
