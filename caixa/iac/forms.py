"""The forms of infrastructure, each slot declared once: its name, its value, what it is for (DESIGN 3.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from caixa.lisp.syntax import Form, keyword_name
from caixa.manifest.decoding import Place
from caixa.manifest.plists import Pair
from caixa.manifest.profile import Profile
from caixa.manifest.records import Record, Slot
from caixa.manifest.shapes import Boolean, ListOf, Text

from .model import (
    ABSENT,
    Backend,
    Data,
    Local,
    Module,
    Output,
    Part,
    Provider,
    Resource,
    Validation,
    Variable,
)
from .shapes import Attributes, Constraint, Dependencies, Expr, Name, Tipo

__all__ = ["FORMS", "TeiaForm", "print_part"]


@dataclass(frozen=True, eq=False)
class TeiaForm(Record):
    """A record whose names and values alternate strictly: a keyword can be a value here (caixa.md 4.5)."""

    def form_pairs(self, form: Form, place: Place) -> Sequence[Pair]:
        """Return the pairs of a form after its head; report what stands where a keyword belongs."""
        pairs: list[Pair] = []
        items = list(form.items[1:])
        while items:
            key = items.pop(0)
            name = keyword_name(key)
            if name is None:
                place.refuse("key-expected", key, "a value stands where a keyword belongs", fix=self._says())
                continue
            is_forgotten = not items or (len(items) % 2 == 0 and keyword_name(items[0]) in self.by_keyword)
            if is_forgotten:
                place.refuse(
                    "value-missing", key, f"`:{name[:40]}` has no value", fix="Write a value after it."
                )
            pairs.append(Pair(name, key, None if is_forgotten else items.pop(0)))
        return pairs

    def _says(self) -> str:
        return "Slots: " + ", ".join(f":{slot.keyword}" for slot in self.slots) + "."

    def written_lines(self, value: Any) -> list[str]:
        """Return `:key value` for each slot that has not its default, in the order of declaration."""
        parts = ((slot, getattr(value, slot.field)) for slot in self.slots)
        return [
            f":{slot.keyword} {slot.shape.to_lisp(part, Profile.STRICT)}"
            for slot, part in parts
            if slot.required or part != slot.default
        ]


_TEXT: Final = Text()
_NAME: Final = Name()
_NOME = Slot("nome", _NAME, "What others refer to it by.", "main", required=True)
_TIPO = Slot("tipo", Tipo(), "The type: its provider, then its name.", "aws/vpc", required=True)
_DEPENDS = Slot("depende-de", Dependencies(), "What must be there first.", "((aws/vpc main))", default=())
_COUNT = Slot("contagem", Expr(), "How many of it there are.", "2")
_EACH = Slot("para-cada", Expr(), "A map or a set, for each item of which there is one.", "(var zones)")
_DESCRIPTION = Slot("descricao", _TEXT, "What it is, in one sentence.", '"the region"')
_SENSITIVE = Slot("sensivel", Boolean(), "Whether its value is kept out of what is shown.", "#t", default=False)
_ATTRIBUTES = Slot(
    "atributos", Attributes(is_of_resource=True), "What it is like.", '(:cidr-block "10.0.0.0/16")', default={}
)
_PROVIDER = Slot("provedor", _NAME, "The configuration of a provider, by its alias.", "west")
_VALUE = Slot("valor", Expr(), "The value.", "(ref aws/vpc main id)", required=True)

_VALIDATION = Record(
    "a validacao",
    lambda condicao, mensagem: Validation(condicao=condicao, mensagem=mensagem),  # type: ignore[arg-type]  # makes one
    [
        Slot("condicao", Expr(), "What must hold.", '(expr "var.n > 0")', required=True),
        Slot("mensagem", _TEXT, "What is said if it does not.", '"n is positive"', required=True),
    ],
)

FORMS: Final[Mapping[str, TeiaForm]] = {
    "defteia": TeiaForm(
        "a teia",
        Resource,
        [
            _TIPO,
            _NOME,
            _ATTRIBUTES,
            _DEPENDS,
            _PROVIDER,
            _COUNT,
            _EACH,
            Slot("ciclo", Attributes(), "How it is replaced and kept.", "(:prevent-destroy #t)", default={}),
        ],
    ),
    "defdado": TeiaForm("a dado", Data, [_TIPO, _NOME, _ATTRIBUTES, _DEPENDS, _PROVIDER, _COUNT, _EACH]),
    "defvariavel": TeiaForm(
        "a variavel",
        Variable,
        [
            _NOME,
            Slot("tipo", Constraint(), "What values it takes.", "string"),
            Slot("padrao", Expr(is_literal=True), "Its value unless one is given.", '"eu"', default=ABSENT),
            _DESCRIPTION,
            _SENSITIVE,
            Slot("nulavel", Boolean(), "Whether it may be null.", "#f", default=True),
            Slot("validacao", ListOf(_VALIDATION), "Conditions on its value.", "()", default=()),
        ],
    ),
    "deflocal": TeiaForm("a local", Local, [_NOME, _VALUE]),
    "defmodulo": TeiaForm(
        "a modulo",
        Module,
        [
            _NOME,
            Slot(
                "fonte", _TEXT, "Where it is: a directory, a registry, a repository.", '"./net"', required=True
            ),
            Slot("versao", _TEXT, "Which versions of a registry's module will do.", '"~> 5.0"'),
            Slot("entradas", Attributes(), "The values of its variables.", '(:cidr "10.0.0.0/16")', default={}),
            Slot(
                "provedores",
                Attributes(is_literal=True),
                "Its providers, by the names it knows them by.",
                "()",
                default={},
            ),
            _DEPENDS,
            _COUNT,
            _EACH,
        ],
    ),
    "defsaida": TeiaForm("a saida", Output, [_NOME, _VALUE, _DESCRIPTION, _SENSITIVE, _DEPENDS]),
    "defprovedor": TeiaForm(
        "a provedor",
        Provider,
        [
            _NOME,
            Slot("fonte", _TEXT, "Where it is published.", '"hashicorp/aws"'),
            Slot("versao", _TEXT, "Which versions will do.", '"~> 5.0"'),
            Slot("apelido", _NAME, "What a second configuration is called.", "west"),
            Slot("configuracao", Attributes(), "Its arguments.", '(:region "eu-west-1")'),
        ],
    ),
    "defbackend": TeiaForm(
        "a backend",
        Backend,
        [
            Slot("tipo", _NAME, "The kind of store.", "s3", required=True),
            Slot(
                "configuracao", Attributes(is_literal=True), "Its arguments.", '(:bucket "state")', default={}
            ),
        ],
    ),
}
"""The forms by their heads."""

_HEADS: Final = {form.model: head for head, form in FORMS.items()}


def print_part(part: Part) -> str:
    """Return a part as its canonical form."""
    head = _HEADS[type(part)]
    lines = FORMS[head].written_lines(part)
    return f"({head}\n  " + "\n  ".join(lines) + ")\n"
