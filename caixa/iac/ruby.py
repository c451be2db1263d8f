"""Ruby source as a small tree, and its serialiser: calls, blocks and literals, which is all that a DSL takes.

A name that Ruby could not call, or that means something already, is handed to `method_missing` itself, which is
where a DSL receives its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

__all__ = ["Call", "Comment", "Literal", "Statement", "Symbol", "print_ruby", "ruby_literal"]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol of Ruby: `:aws_vpc`."""

    name: str


Literal: TypeAlias = "bool | int | float | str | Symbol | Sequence[Literal] | Mapping[str, Literal] | None"


@dataclass(frozen=True, slots=True)
class Comment:
    """A line for the reader."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A method called with arguments, and a block if `body` is there."""

    name: str
    arguments: tuple[Literal, ...] = ()
    body: Sequence[Statement] | None = None


Statement: TypeAlias = Call | Comment

# The words of Ruby, and the methods that every object has: a call of one of these would reach no DSL.
_TAKEN: Final = frozenset(
    """
    __FILE__ __id__ __LINE__ __send__ abort alias and at_exit autoload BEGIN begin binding break caller case
    catch class clone def define_singleton_method defined display do dup else elsif END end ensure enum_for
    eval exec exit extend fail false for fork format freeze frozen? gets global_variables hash if in
    initialize inspect instance_eval instance_exec instance_variable_get instance_variable_set itself lambda
    load local_variables loop method method_missing methods module next nil not object_id open or p pp print
    printf proc public_send putc puts raise rand readline readlines redo require require_relative rescue
    retry return select self send set_trace_func singleton_class singleton_method_added sleep spawn sprintf
    srand super syscall system tap test then throw to_enum to_s trace_var trap true undef unless until
    untrace_var warn when while yield yield_self
    """.split()  # noqa: SIM905 - a list of words is read more easily as words
)
_CALLABLE: Final = re.compile(r"[a-z_][A-Za-z0-9_]*\Z")
_PLAIN_SYMBOL: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def print_ruby(statements: Sequence[Statement]) -> str:
    """Return the statements as a file, two spaces a level."""
    return "".join(f"{line}\n" for statement in statements for line in _lines(statement, ""))


def _lines(statement: Statement, indent: str) -> Iterator[str]:
    if isinstance(statement, Comment):
        yield from (f"{indent}# {line}".rstrip() for line in statement.text.splitlines())
        return
    if statement.body is None:
        yield f"{indent}{_called(statement)}"
        return
    yield f"{indent}{_called(statement)} do"
    for inner in statement.body:
        yield from _lines(inner, indent + "  ")
    yield f"{indent}end"


def _called(call: Call) -> str:
    name, arguments = call.name, call.arguments
    if name in _TAKEN or not _CALLABLE.match(name):
        name, arguments = "method_missing", (Symbol(name), *arguments)
    return f"{name}({', '.join(map(ruby_literal, arguments))})" if arguments else name


def ruby_literal(value: Literal) -> str:  # noqa: PLR0911 - one way out for each kind
    """Return a value as Ruby reads it."""
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, Symbol):
        return f":{value.name}" if _PLAIN_SYMBOL.match(value.name) else f":{_string(value.name)}"
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{ruby_literal(name)} => {ruby_literal(each)}" for name, each in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    return f"[{', '.join(map(ruby_literal, value))}]"


def _number(value: float) -> str:
    """Return a number; Ruby wants a digit and a point before an exponent."""
    text = repr(value)
    mantissa, mark, exponent = text.partition("e")
    return f"{mantissa}.0e{exponent}" if mark and "." not in mantissa else text


_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "#": "\\#", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _string(text: str) -> str:
    """Return a text in double quotes; `#` would begin an interpolation."""
    return f'"{"".join(_ESCAPES.get(each) or _visible(each) for each in text)}"'


def _visible(character: str) -> str:
    return character if character.isprintable() else f"\\u{{{ord(character):x}}}"
