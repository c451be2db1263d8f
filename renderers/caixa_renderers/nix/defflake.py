"""`(defflake …)`: its slots, its reading and its JSON (caixa.md section 4.4b)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from caixa.lisp.errors import ReaderError
from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.lisp.syntax import Form
from caixa.manifest.decode import decode_top
from caixa.manifest.decoding import Decoding, Place
from caixa.manifest.profile import Profile
from caixa.manifest.records import Record, Slot
from caixa.manifest.shapes import Boolean, ListOf, Text

from ..errors import MalformedFlake

__all__ = ["Flake", "Input", "Module", "Outputs", "PackageOutput", "parse_flake", "to_json"]


@dataclass(frozen=True, slots=True)
class Input:
    """A flake that this one takes; with `segue` it is another input's."""

    nome: str
    url: str | None = None
    segue: str | None = None


@dataclass(frozen=True, slots=True)
class PackageOutput:
    """A package that the flake builds by copying `src`."""

    nome: str
    src: str


@dataclass(frozen=True, slots=True)
class Module:
    """A NixOS module that the flake offers."""

    nome: str
    caminho: str


@dataclass(frozen=True, slots=True)
class Outputs:
    """What a flake gives."""

    pacotes: tuple[PackageOutput, ...] = ()
    modulos: tuple[Module, ...] = ()
    dev_shells: bool = False


@dataclass(frozen=True, slots=True)
class Flake:
    """A `(defflake …)` form."""

    descricao: str
    entradas: tuple[Input, ...] = ()
    saidas: Outputs | None = None


_TEXT = Text()
_INPUT = Record(
    "an entrada",
    Input,
    [
        Slot("nome", _TEXT, "What the input is called.", '"nixpkgs"', required=True),
        Slot("url", _TEXT, "Where it comes from.", '"github:nixos/nixpkgs"'),
        Slot("segue", _TEXT, "The input that it is, where it has no address of its own.", '"nixpkgs"'),
    ],
)
_PACKAGE = Record(
    "a pacote",
    PackageOutput,
    [
        Slot("nome", _TEXT, "What the package is called.", '"default"', required=True),
        Slot("src", _TEXT, "The directory or input that it is copied from.", '"."', required=True),
    ],
)
_MODULE = Record(
    "a modulo",
    Module,
    [
        Slot("nome", _TEXT, "What the module is called.", '"default"', required=True),
        Slot("caminho", _TEXT, "The file that it is.", '"./module.nix"', required=True),
    ],
)
_OUTPUTS = Record(
    "saidas",
    Outputs,
    [
        Slot(
            "pacotes",
            ListOf(_PACKAGE),
            "The packages.",
            '((:nome "default" :src "."))',
            default=(),
            omit_default=True,
        ),
        Slot(
            "modulos",
            ListOf(_MODULE),
            "The modules.",
            '((:nome "a" :caminho "./a.nix"))',
            default=(),
            omit_default=True,
        ),
        Slot("dev-shells", Boolean(), "Whether there is a shell.", "#t", default=False, omit_default=True),
    ],
)
_FLAKE = Record(
    "a flake",
    Flake,
    [
        Slot("descricao", _TEXT, "What the flake is.", '"a flake"', required=True),
        Slot("entradas", ListOf(_INPUT), "What it takes.", '((:nome "nixpkgs" :url "…"))', default=()),
        Slot("saidas", _OUTPUTS, "What it gives.", "(:dev-shells #t)"),
    ],
)


def parse_flake(source: Source) -> Flake:
    """Return the `(defflake …)` that `source` begins with. Raises `MalformedFlake` with every problem."""
    try:
        forms = read(source).forms
    except ReaderError as error:
        raise MalformedFlake(*error.diagnostics) from error
    place = Place(Decoding(source, Profile.STRICT))
    if not forms or not isinstance(forms[0], Form):
        end = source.span(len(source.text), len(source.text))
        place.refuse("manifest-empty", end, "there is no form here", fix='Write (defflake :descricao "…").')
        raise MalformedFlake(*place.decoding.problems)
    flake = decode_top(_FLAKE, "defflake", forms[0], place)
    if isinstance(flake, Flake):
        _check(flake, forms[0], place)
    if not isinstance(flake, Flake) or place.decoding.problems:
        raise MalformedFlake(*place.decoding.problems)
    return flake


def _check(flake: Flake, form: Form, place: Place) -> None:
    """Report what a flake cannot mean: an input that is nowhere, and two things of one name."""
    spans = place.decoding.spans
    for index, entry in enumerate(flake.entradas):
        if not (entry.url or entry.segue):
            span = spans.get(("entradas", index), form.span)
            message = f"the input {entry.nome} has neither :url nor :segue"
            place.report("flake-input-nowhere", span, message, fix='Add :url "github:owner/name".')
    outputs = flake.saidas or Outputs()
    lists: dict[tuple[str, ...], list[str]] = {
        ("entradas",): [entry.nome for entry in flake.entradas],
        ("saidas", "pacotes"): [output.nome for output in outputs.pacotes],
        ("saidas", "modulos"): [module.nome for module in outputs.modulos],
    }
    for path, names in lists.items():
        for index, name in enumerate(names):
            if name in names[:index]:
                span = spans.get((*path, index), form.span)
                message = f'"{name[:80]}" is listed twice in :{path[-1]}'
                place.report("flake-duplicate", span, message, fix="Remove one of them, or call it otherwise.")


def to_json(flake: Flake) -> dict[str, Any]:
    """Return the flake as JSON data."""
    return _FLAKE.to_json(flake, Profile.STRICT)
