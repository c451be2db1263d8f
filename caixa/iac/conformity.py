"""Declarations against the schemas of their providers: unknown types and names, what is missing, wrong types.

Terraform converts between texts, numbers and booleans where that loses nothing, so that is no mistake here;
what an expression evaluates to is not known before a plan, and is left to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from caixa.lisp.diagnostics import Diagnostic, Edit, Severity
from caixa.manifest.reading import Path, nearest

from .dependencies import used_by
from .model import Data, Infrastructure, Part, Teia
from .names import keyword_of, lisp_type
from .schema import (
    Collection,
    Container,
    Enumeration,
    Field,
    ObjectType,
    Primitive,
    ProviderSchema,
    Type,
    TypeSchema,
)
from .values import Raw, Reference, RefKind, Template, Value

__all__ = ["conformity"]


def conformity(infrastructure: Infrastructure, schemas: Sequence[ProviderSchema]) -> Iterator[Diagnostic]:
    """Yield what the schemas say against the declarations; providers without a schema are not looked at."""
    known = {schema.name: schema for schema in schemas}
    for teia in infrastructure.teias:
        provider = known.get(teia.type.partition("_")[0])
        if provider is not None:
            yield from _of_teia(teia, provider)
    for part in infrastructure:
        for reference in used_by(part):
            provider = known.get(reference.type.partition("_")[0])
            if provider is not None and reference.path:
                yield from _of_reference(part, reference, provider)


def _types(provider: ProviderSchema, *, is_data: bool) -> Mapping[str, TypeSchema]:
    return provider.data if is_data else provider.resources


def _of_teia(teia: Teia, provider: ProviderSchema) -> Iterator[Diagnostic]:
    types = _types(provider, is_data=isinstance(teia, Data))
    schema = types.get(teia.type)
    if schema is None:
        near = get_close_matches(teia.type, types, n=1, cutoff=0.6)
        meant = lisp_type(near[0]) if near else None
        yield _finding(
            _Place(teia, ("tipo",)),
            "type-unknown",
            f"the provider {provider.name} has no type {lisp_type(teia.type)}",
            f"Did you mean `{meant}`?" if meant else f"It has {_listed(map(lisp_type, types))}.",
            edit=meant,
        )
        return
    yield from _of_object(teia.atributos, schema.fields, _Place(teia, ("atributos",)))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a declaration a value stands."""

    part: Part
    path: Path

    def step(self, name: str | int) -> _Place:
        return _Place(self.part, (*self.path, name))

    @property
    def shown(self) -> str:
        """The path as it is written."""
        return " ".join(f":{keyword_of(str(step)) or step}" for step in self.path[1:])


def _of_object(value: Mapping[str, Value], fields: Mapping[str, Field], place: _Place) -> Iterator[Diagnostic]:
    for name, each in value.items():
        inner = place.step(name)
        if name not in fields:
            yield _unknown(name, fields, inner)
        elif not fields[name].is_input:
            message = f"`{inner.shown}` is computed by the provider, and cannot be given"
            yield _finding(inner, "attribute-computed", message, "Remove it.", is_key=True)
        else:
            yield from _of_value(each, fields[name].type, inner)
    for name, wanted in fields.items():
        if wanted.required and name not in value:
            message = f"`:{keyword_of(name) or name}` is required{_within(place)}"
            yield _finding(place, "attribute-missing", message, f"Add it: {_said(wanted.type)}.")


def _within(place: _Place) -> str:
    return f" in `{place.shown}`" if place.shown else f" of {place.part.address}"


def _unknown(name: str, fields: Mapping[str, Field], place: _Place) -> Diagnostic:
    near = get_close_matches(name, fields, n=1, cutoff=0.6)
    meant = f":{keyword_of(near[0]) or near[0]}" if near else None
    known = _listed(f":{keyword_of(each.name) or each.name}" for each in fields.values() if each.is_input)
    return _finding(
        place,
        "attribute-unknown",
        f"{place.part.address} has no `{place.shown}`",
        f"Did you mean `{meant}`?" if meant else f"There are {known}.",
        edit=meant,
        is_key=True,
    )


def _of_value(value: Value, wanted: Type, place: _Place) -> Iterator[Diagnostic]:
    if value is None or isinstance(value, (Reference, Raw)) or wanted is Primitive.ANY:
        return
    if isinstance(wanted, ObjectType) and isinstance(value, Mapping):
        yield from _of_object(value, wanted.fields, place)
    elif isinstance(wanted, Collection) and isinstance(value, tuple) and wanted.container is not Container.MAP:
        for index, each in enumerate(value):
            yield from _of_value(each, wanted.of, place.step(index))
    elif isinstance(wanted, Collection) and isinstance(value, Mapping) and _takes_mapping(wanted):
        inner = wanted.of
        if wanted.container is Container.MAP:
            for name, each in value.items():
                yield from _of_value(each, inner, place.step(name))
        else:
            yield from _of_value(value, inner, place)
    elif not _is_of(value, wanted):
        message = f"`{place.shown}` takes {_said(wanted)}, and this is {_kind(value)}"
        yield _finding(place, "attribute-mistyped", message, f"Write {_said(wanted)}.")


def _takes_mapping(wanted: Collection) -> bool:
    return wanted.container is Container.MAP or wanted.is_block


_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?\Z", re.ASCII)


def _is_of(value: Value, wanted: Type) -> bool:
    """Whether a value without parts is of a type, or Terraform makes it so without loss."""
    if isinstance(wanted, Enumeration):
        return isinstance(value, Template) or value in wanted.choices
    if not isinstance(wanted, Primitive) or isinstance(value, (Mapping, tuple)):
        return False
    return isinstance(value, Template) or _CONVERTS[wanted](value)


def _is_boolean(value: object) -> bool:
    return isinstance(value, bool) or value in ("true", "false")


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        return _NUMBER.match(value) is not None
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return _is_number(value) and float(str(value)).is_integer()


_CONVERTS: Final[Mapping[Primitive, Callable[[object], bool]]] = {
    Primitive.STRING: lambda _value: True,
    Primitive.INTEGER: _is_whole,
    Primitive.FLOAT: _is_number,
    Primitive.NUMERIC: _is_number,
    Primitive.BOOLEAN: _is_boolean,
    Primitive.ANY: lambda _value: True,
}


def _of_reference(part: Part, reference: Reference, provider: ProviderSchema) -> Iterator[Diagnostic]:
    schema = _types(provider, is_data=reference.kind is RefKind.DATA).get(reference.type)
    name = re.split(r"[.\[]", reference.path, maxsplit=1)[0]
    if schema is None or name in schema.fields or name.isdigit():
        return
    near = get_close_matches(name, schema.fields, n=1, cutoff=0.6)
    yield Diagnostic(
        "attribute-unknown",
        Severity.ERROR,
        reference.span or part.span,
        f"{reference.address} has no attribute `{keyword_of(name) or name}`",
        fix=f"Did you mean `{keyword_of(near[0])}`?" if near else f"It has {_listed(schema.fields)}.",
    )


# -- words ------------------------------------------------------------------------------------------------


def _finding(  # noqa: PLR0913 - each is a part of the finding
    place: _Place, code: str, message: str, fix: str, *, edit: str | None = None, is_key: bool = False
) -> Diagnostic:
    keys = place.part.keys if is_key else {}
    span = keys.get(place.path) or nearest(place.part.spans, place.path) or place.part.span
    edits = (Edit(span, edit),) if edit is not None and span is not None else ()
    return Diagnostic(code, Severity.ERROR, span, message, fix=fix, edits=edits)


def _listed(names: Iterable[str]) -> str:
    found = sorted(names)
    more = f" and {len(found) - 8} more" if len(found) > 8 else ""
    return ", ".join(found[:8]) + more or "none"


_WORDS: Final = {
    Primitive.STRING: "a string",
    Primitive.INTEGER: "an integer",
    Primitive.FLOAT: "a number",
    Primitive.NUMERIC: "a number",
    Primitive.BOOLEAN: "a boolean",
    Primitive.ANY: "any value",
}


def _said(wanted: Type) -> str:
    if isinstance(wanted, Primitive):
        return _WORDS[wanted]
    if isinstance(wanted, Enumeration):
        return "one of " + ", ".join(f'"{choice}"' for choice in wanted.choices)
    if isinstance(wanted, ObjectType):
        return "names and values in turn"
    return f"a {wanted.container.value.lower()}, each item {_said(wanted.of)}"


def _kind(value: Value) -> str:
    if isinstance(value, Mapping):
        return "names and values"
    if isinstance(value, tuple):
        return "a list"
    if isinstance(value, bool):
        return "a boolean"
    return "a string" if isinstance(value, (str, Template)) else "a number"
