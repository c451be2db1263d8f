"""The schemas of providers, as `terraform providers schema -json` writes them, as typed values.

The format is https://developer.hashicorp.com/terraform/cli/commands/providers/schema. A nested block is a field
whose type is an object or a collection of objects, which is how it stands in JSON too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, TypeAlias

from .errors import InvalidSchema

__all__ = [
    "Collection",
    "Container",
    "Enumeration",
    "Field",
    "Mode",
    "ObjectType",
    "Primitive",
    "ProviderSchema",
    "Type",
    "TypeSchema",
    "read_schemas",
]


class Primitive(StrEnum):
    """The types without parts, named as teia-forge writes them (caixa.md 4.6)."""

    STRING = "String"
    INTEGER = "Integer"
    FLOAT = "Float"
    NUMERIC = "Numeric"
    BOOLEAN = "Boolean"
    ANY = "Any"


class Container(StrEnum):
    """The kinds of collection."""

    LIST = "List"
    SET = "Set"
    MAP = "Map"


@dataclass(frozen=True)
class Collection:
    """Any number of values of one type; a nested block may be written once without its list."""

    container: Container
    of: Type
    is_block: bool = False


@dataclass(frozen=True)
class Enumeration:
    """One of some texts."""

    choices: tuple[str, ...]


@dataclass(frozen=True)
class ObjectType:
    """A value with fields of its own."""

    fields: Mapping[str, Field]


Type: TypeAlias = Primitive | Collection | Enumeration | ObjectType


@dataclass(frozen=True)
class Field:
    """One attribute or nested block: what it takes, who gives it, and whether it may be shown or changed."""

    name: str
    type: Type
    required: bool = False
    computed: bool = False
    optional: bool = False
    sensitive: bool = False
    immutable: bool = False
    description: str = ""

    @property
    def is_input(self) -> bool:
        """Whether a declaration may give it a value."""
        return self.required or self.optional or not self.computed


class Mode(StrEnum):
    """Whether something is made or looked up."""

    RESOURCE = "Recurso"
    DATA = "Dado"


@dataclass(frozen=True)
class TypeSchema:
    """What a type of resource or data source has; `name` is Terraform's, with the provider's in front."""

    name: str
    fields: Mapping[str, Field]
    description: str = ""
    mode: Mode = Mode.RESOURCE


@dataclass(frozen=True)
class ProviderSchema:
    """All types of one provider; `source` is where it is published."""

    name: str
    source: str
    resources: Mapping[str, TypeSchema] = field(default_factory=dict)
    data: Mapping[str, TypeSchema] = field(default_factory=dict)

    @property
    def types(self) -> Sequence[TypeSchema]:
        """Every type, resources first, each kind by name."""
        return (*self.resources.values(), *self.data.values())


_FORMATS: Final = ("0.", "1.")
_PRIMITIVES: Final = {
    "string": Primitive.STRING,
    "number": Primitive.NUMERIC,
    "bool": Primitive.BOOLEAN,
    "dynamic": Primitive.ANY,
}
_MOST_DEEP: Final = 64


def read_schemas(text: str) -> list[ProviderSchema]:
    """Return the schemas in JSON text. Raises InvalidSchema, which names the place of what is wrong."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidSchema(f"this is not JSON: {error}", fix=_HOW) from error
    top = _mapping(document, "the document")
    version = top.get("format_version")
    if not isinstance(version, str) or not version.startswith(_FORMATS):
        message = f"format_version is {version!r}, and known are 0.x and 1.x"
        raise InvalidSchema(message, fix=_HOW)
    providers = _mapping(top.get("provider_schemas", {}), "provider_schemas")
    return [_provider(source, each) for source, each in sorted(providers.items())]


_HOW: Final = "make it with: terraform providers schema -json"


def _provider(source: str, data: Any) -> ProviderSchema:
    block = _mapping(data, source)
    name = source.rpartition("/")[2]
    resources = _types(block, "resource_schemas", source, Mode.RESOURCE)
    return ProviderSchema(name, source, resources, _types(block, "data_source_schemas", source, Mode.DATA))


def _types(provider: Mapping[str, Any], kind: str, source: str, mode: Mode) -> dict[str, TypeSchema]:
    where = f"{source} {kind}"
    found = _mapping(provider.get(kind) or {}, where)
    return {name: _type_schema(name, each, f"{where} {name}", mode) for name, each in sorted(found.items())}


def _type_schema(name: str, data: Any, where: str, mode: Mode) -> TypeSchema:
    block = _mapping(_mapping(data, where).get("block", {}), where)
    return TypeSchema(name, _block_fields(block, where), _text(block.get("description")), mode)


def _block_fields(block: Mapping[str, Any], where: str, depth: int = 0) -> dict[str, Field]:
    if depth > _MOST_DEEP:
        raise InvalidSchema(f"{where} is nested more than {_MOST_DEEP} deep", fix=_HOW)
    attributes = _mapping(block.get("attributes") or {}, where)
    nested = _mapping(block.get("block_types") or {}, where)
    fields = [_attribute(name, each, f"{where}.{name}", depth) for name, each in attributes.items()]
    fields += [_nested(name, each, f"{where}.{name}", depth) for name, each in nested.items()]
    return {each.name: each for each in sorted(fields, key=lambda each: each.name)}


def _attribute(name: str, data: Any, where: str, depth: int) -> Field:
    attribute = _mapping(data, where)
    if "nested_type" in attribute:
        nested = _mapping(attribute["nested_type"], where)
        type_ = _nesting(nested, ObjectType(_block_fields(nested, where, depth + 1)), where)
    else:
        type_ = _type(attribute.get("type"), where, depth)
    flags = {name: attribute.get(name) is True for name in ("required", "optional", "computed", "sensitive")}
    return Field(name, type_, description=_text(attribute.get("description")), **flags)


def _nested(name: str, data: Any, where: str, depth: int) -> Field:
    nested = _mapping(data, where)
    block = _mapping(nested.get("block", {}), where)
    type_ = _nesting(nested, ObjectType(_block_fields(block, where, depth + 1)), where, is_block=True)
    is_required = isinstance(nested.get("min_items"), int) and nested["min_items"] > 0
    return Field(name, type_, required=is_required, optional=not is_required)


def _nesting(data: Mapping[str, Any], inner: Type, where: str, *, is_block: bool = False) -> Type:
    mode = data.get("nesting_mode")
    if mode in ("single", "group"):
        return inner
    if mode in ("list", "set", "map"):
        return Collection(Container(mode.capitalize()), inner, is_block)
    raise InvalidSchema(f"{where} has the nesting_mode {mode!r}, which is none", fix=_HOW)


def _type(data: Any, where: str, depth: int) -> Type:
    if isinstance(data, str) and data in _PRIMITIVES:
        return _PRIMITIVES[data]
    match data:
        case [("list" | "set" | "map") as container, inner] if depth < _MOST_DEEP:
            return Collection(Container(container.capitalize()), _type(inner, where, depth + 1))
        case ["object", dict() as fields, *optional] if depth < _MOST_DEEP:
            may_lack = optional[0] if optional else []
            return ObjectType(
                {
                    name: _object_field(name, _type(each, f"{where}.{name}", depth + 1), name not in may_lack)
                    for name, each in sorted(fields.items())
                }
            )
        case ["tuple", list()]:
            return Collection(Container.LIST, Primitive.ANY)
    raise InvalidSchema(f"{where} has a type that is none: {json.dumps(data)[:60]}", fix=_HOW)


def _object_field(name: str, type_: Type, is_required: bool) -> Field:  # noqa: FBT001 - what is told apart
    return Field(name, type_, required=is_required, optional=not is_required)


def _mapping(data: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise InvalidSchema(f"{where} is not an object", fix=_HOW)
    return data


def _text(data: Any) -> str:
    return data if isinstance(data, str) else ""
