"""teia-forge: a provider's types as `(defteia-schema …)` forms, one file each, and those forms read back.

The form is that of caixa.md 4.6. Mended: an object says its fields, where the older system kept its name alone;
data sources are written too; two types that would get one file are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from caixa.lisp.errors import ReaderError
from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.lisp.syntax import Atom, Form, Node, symbol_name
from caixa.manifest.decode import decode_top
from caixa.manifest.decoding import INVALID, Decoding, Invalid, Place, closest, described
from caixa.manifest.profile import Profile
from caixa.manifest.records import Record, Slot
from caixa.manifest.shapes import Boolean, Choice, ListOf, Shape, Text, quoted

from .errors import InvalidTeia, NameCollision
from .names import kebab, terraform_type
from .schema import (
    Collection,
    Container,
    Enumeration,
    Field,
    Mode,
    ObjectType,
    Primitive,
    ProviderSchema,
    Type,
    TypeSchema,
)
from .shapes import Tipo

__all__ = ["forge", "print_schema", "read_schema_forms"]

_HEAD: Final = "defteia-schema"
_NOTE: Final = "; Made from the provider's schema by teia-forge; a change here is lost when it is made again.\n"


def forge(provider: ProviderSchema) -> dict[str, str]:
    """Return the files that declare a provider's types, by name. Raises NameCollision."""
    files: dict[str, str] = {}
    for schema in provider.types:
        stem = kebab(_own_name(schema, provider.name))
        path = f"{stem}.lisp" if schema.mode is Mode.RESOURCE else f"{stem}-dado.lisp"
        if path in files:
            message = f"two types of {provider.name} would be the file {path}, one of them {schema.name}"
            raise NameCollision(message, fix="Rename one of them in the provider.", path=path)
        files[path] = _NOTE + print_schema(schema, provider.name)
    return files


def _own_name(schema: TypeSchema, provider: str) -> str:
    """Return the name of a type without its provider's."""
    return schema.name.removeprefix(f"{terraform_type(provider)}_")


def print_schema(schema: TypeSchema, provider: str) -> str:
    """Return a type as its canonical form."""
    lines = [f":tipo {provider}/{kebab(_own_name(schema, provider))}"]
    if schema.mode is not Mode.RESOURCE:
        lines.append(f":modo {schema.mode.value}")
    if schema.description:
        lines.append(f":descricao {quoted(schema.description)}")
    fields = "".join(f"\n    {_print_field(each)}" for each in schema.fields.values())
    lines.append(f":atributos ({fields})")
    return f"({_HEAD}\n  " + "\n  ".join(lines) + ")\n"


def _print_field(field: Field) -> str:
    parts = [f":nome {quoted(field.name)}", f":tipo {_print_type(field.type)}"]
    flags = (
        ("obrigatorio", field.required),
        ("opcional", field.optional and field.computed),
        ("computado", field.computed),
        ("sensivel", field.sensitive),
        ("imutavel", field.immutable),
    )
    parts += [f":{name} #t" for name, is_set in flags if is_set]
    if field.description:
        parts.append(f":descricao {quoted(field.description)}")
    return f"({' '.join(parts)})"


def _print_type(type_: Type) -> str:
    if isinstance(type_, Primitive):
        return type_.value
    if isinstance(type_, Enumeration):
        return f"(Enum {' '.join(map(quoted, type_.choices))})"
    if isinstance(type_, ObjectType):
        return f"(Object :campos ({' '.join(map(_print_field, type_.fields.values()))}))"
    head = "Bloco" if type_.is_block else type_.container.value
    inner = _print_type(type_.of)
    return f"({head} {type_.container.value} {inner})" if type_.is_block else f"({head} {inner})"


# -- reading ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _TypeShape(Shape):
    """The type of an attribute."""

    name = "a type such as String or (List String)"

    def decode(self, node: Node, place: Place) -> Type | Invalid:
        """Take a type."""
        word = symbol_name(node)
        if word in set(Primitive):
            return Primitive(word)
        head = node.head if isinstance(node, Form) else None
        if head is None or not isinstance(node, Form) or len(place.path) > 128:
            return self._unknown(node, word, place)
        return self._compound(head, node.items[1:], node, place)

    def _compound(self, head: str, items: Sequence[Node], node: Form, place: Place) -> Type | Invalid:
        if head in set(Container) and len(items) == 1:
            inner = self.decode(items[0], place.step(0, items[0]))
            return inner if isinstance(inner, Invalid) else Collection(Container(head), inner)
        if head == "Bloco" and len(items) == 2 and symbol_name(items[0]) in set(Container):
            inner = self.decode(items[1], place.step(0, items[1]))
            container = Container(symbol_name(items[0]) or "")
            return inner if isinstance(inner, Invalid) else Collection(container, inner, is_block=True)
        choices = [item.value for item in items if isinstance(item, Atom) and isinstance(item.value, str)]
        if head == "Enum" and items and len(choices) == len(items):
            return Enumeration(tuple(choices))
        if head == "Object":
            fields = _OBJECT.decode(Form(node.span, tuple(items)), place)
            return INVALID if fields is INVALID else ObjectType(_by_name(fields.campos))
        return self._unknown(node, head, place)

    def _unknown(self, node: Node, word: str | None, place: Place) -> Invalid:
        known = {each.lower(): each for each in (*Primitive, *Container, "Object", "Enum", "Bloco")}
        near = known.get(closest(word or "", known) or "")
        fix = f"Did you mean `{near}`?" if near else f"Write {self.name}."
        return place.refuse("schema-type", node, f"{described(node)} is no type of an attribute", fix=fix)

    def to_lisp(self, value: Any, profile: Profile) -> str:  # noqa: ARG002 - the same in both profiles
        """Return the type as it is written."""
        return _print_type(value)


@dataclass(frozen=True)
class _FieldForm:
    nome: str
    tipo: Type
    obrigatorio: bool = False
    opcional: bool = False
    computado: bool = False
    sensivel: bool = False
    imutavel: bool = False
    descricao: str = ""


@dataclass(frozen=True)
class _ObjectForm:
    nome: str | None
    campos: tuple[_FieldForm, ...]


@dataclass(frozen=True)
class _SchemaForm:
    tipo: str
    modo: Mode
    descricao: str
    atributos: tuple[_FieldForm, ...]


_TEXT: Final = Text()
_FIELD = Record(
    "an attribute",
    _FieldForm,
    [
        Slot("nome", _TEXT, "Its name, as the provider has it.", '"cidr_block"', required=True),
        Slot("tipo", _TypeShape(), "What it takes.", "String", required=True),
        Slot("obrigatorio", Boolean(), "Whether it must be given.", "#t", default=False),
        Slot("opcional", Boolean(), "Whether what is computed may be given too.", "#t", default=False),
        Slot("computado", Boolean(), "Whether the provider gives it.", "#t", default=False),
        Slot("sensivel", Boolean(), "Whether it is kept out of what is shown.", "#t", default=False),
        Slot("imutavel", Boolean(), "Whether a change makes a new resource.", "#t", default=False),
        Slot("descricao", _TEXT, "What it is.", '"the network"', default=""),
    ],
)
_OBJECT = Record(
    "an object",
    _ObjectForm,
    [
        Slot("nome", _TEXT, "What the object is called.", '"Rule"'),
        Slot("campos", ListOf(_FIELD), "Its fields.", "()", default=()),
    ],
)
_SCHEMA = Record(
    "a schema",
    _SchemaForm,
    [
        Slot("tipo", Tipo(), "The type that it is of.", "aws/vpc", required=True),
        Slot("modo", Choice(Mode), "Whether it is made or looked up.", "Recurso", default=Mode.RESOURCE),
        Slot("descricao", _TEXT, "What it is.", '"a network"', default=""),
        Slot("atributos", ListOf(_FIELD), "What it has.", "()", default=()),
    ],
)


def _by_name(fields: Iterable[_FieldForm]) -> dict[str, Field]:
    return {
        each.nome: Field(
            each.nome,
            each.tipo,
            required=each.obrigatorio,
            computed=each.computado,
            optional=each.opcional or not (each.obrigatorio or each.computado),
            sensitive=each.sensivel,
            immutable=each.imutavel,
            description=each.descricao,
        )
        for each in fields
    }


def read_schema_forms(sources: Iterable[Source]) -> list[ProviderSchema]:
    """Return the providers whose types `sources` declare, by name. Raises InvalidTeia with every problem."""
    types: dict[str, list[TypeSchema]] = {}
    problems: list[Any] = []
    for source in sources:
        try:
            forms = read(source).forms
        except ReaderError as error:
            raise InvalidTeia(error.diagnostics) from error
        for form in forms:
            if isinstance(form, Form) and form.head == _HEAD:
                decoding = Decoding(source, Profile.STRICT)
                found = decode_top(_SCHEMA, _HEAD, form, Place(decoding))
                problems += decoding.problems
                if isinstance(found, _SchemaForm):
                    name = terraform_type(found.tipo)
                    schema = TypeSchema(name, _by_name(found.atributos), found.descricao, found.modo)
                    types.setdefault(name.partition("_")[0], []).append(schema)
    if problems:
        raise InvalidTeia(problems)
    return [_provider(name, each) for name, each in sorted(types.items())]


def _provider(name: str, types: Sequence[TypeSchema]) -> ProviderSchema:
    def of(mode: Mode) -> Mapping[str, TypeSchema]:
        return {each.name: each for each in sorted(types, key=lambda each: each.name) if each.mode is mode}

    return ProviderSchema(name, "", of(Mode.RESOURCE), of(Mode.DATA))
