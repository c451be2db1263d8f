"""The typed fields of a caixa one by one: where each stands in its JSON form, and what else it could be."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from caixa.manifest.json import to_json
from caixa.manifest.model import (
    Caixa,
    Contrato,
    GitFonte,
    LoadModule,
    PathFonte,
    Purge,
    RateLimit,
    Restart,
    SoftPurge,
)
from caixa.manifest.records import camel

__all__ = ["OTHER_UNIT", "Field", "alternatives", "fields_of", "replaced"]

OTHER_UNIT = "servicos/another.computeunit.yaml"  # a file that is there while a `:servicos` is varied

Path = tuple[str | int, ...]
_MODULES = (LoadModule, SoftPurge, Purge)


@dataclass(frozen=True, slots=True)
class Field:
    """A field that is set: its path in the typed value, its JSON pointer, and its value in both forms.

    The path of a tag (`kind`, `tipo`) is that of the value that it tags.
    """

    path: Path
    pointer: str
    value: Any
    written: Any
    is_tag: bool = False

    @property
    def name(self) -> str:
        """The last keyword on the way to it."""
        return (
            self.pointer.rpartition("/")[2]
            if self.is_tag
            else str(next(s for s in self.path[::-1] if isinstance(s, str)))
        )


def fields_of(caixa: Caixa) -> Iterator[Field]:
    """Yield every field that is set, in the order of the JSON form."""
    yield from _walk(caixa, to_json(caixa), (), "")


def _walk(value: Any, written: Any, path: Path, pointer: str) -> Iterator[Field]:
    if isinstance(written, Mapping):
        names = {
            camel(each.name.rstrip("_").replace("_", "-")): each.name for each in dataclasses.fields(value)
        }
        for key, inner in written.items():
            if key in names:
                yield from _walk(getattr(value, names[key]), inner, (*path, names[key]), f"{pointer}/{key}")
            else:
                yield Field(path, f"{pointer}/{key}", value, inner, is_tag=True)
    elif isinstance(written, list):
        for at, inner in enumerate(written):
            yield from _walk(value[at], inner, (*path, at), f"{pointer}/{at}")
    else:
        yield Field(path, pointer, value, written)


def replaced(value: Any, path: Path, new: Any) -> Any:
    """Return a typed value with another one at `path`."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        return (*value[:step], replaced(value[step], rest, new), *value[step + 1 :])
    return dataclasses.replace(value, **{step: replaced(getattr(value, step), rest, new)})


def alternatives(caixa: Caixa, field: Field) -> Iterator[Any]:
    """Yield other values of a field, the likeliest to be taken first; some may break a rule of the manifest."""
    value = field.value
    if field.is_tag:
        yield from _tags(value)
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, Enum):
        yield from (each for each in type(value) if each is not value)
    elif isinstance(value, int | float):
        yield from (value + 1, value * 2 + 1, value - 1)
    elif isinstance(value, RateLimit):
        yield RateLimit(value.rate + 1, value.window_seconds)
    elif isinstance(value, str):
        yield from _texts(caixa, field, value)


def _tags(value: Any) -> Iterator[Any]:
    """Yield the value as something of another kind, where there is one that means something."""
    match value:
        case GitFonte(repo=place):
            yield PathFonte(place)
        case PathFonte(caminho=place):
            yield GitFonte(place)
        case Restart():
            yield LoadModule("x")
        case _:
            yield from (each(value.module) for each in _MODULES if isinstance(value, _MODULES))
            yield Restart()


def _texts(caixa: Caixa, field: Field, value: str) -> Iterator[str]:
    if field.name == "servicos":
        yield OTHER_UNIT
    if field.name in ("de", "para"):
        yield from _other_ends(caixa, field, value)
    if field.name == "endpoint":
        yield f"/x{value}"  # what follows `:` is a parameter's name, which means nothing
    if field.name == "versao":
        yield from (f"{value}.1", "9.9.9", "^9.9")
    yield value[:-1] + ("y" if value.endswith("x") else "x") if len(value) > 60 else f"{value}x"
    yield f"x{value}"


def _other_ends(caixa: Caixa, field: Field, value: str) -> Iterator[str]:
    """Yield other members, those first with whom the contract closes no circle."""
    names = [membro.caixa for membro in caixa.membros if membro.caixa != value]
    if field.path[0] == "contratos":
        contrato = caixa.contratos[int(field.path[1])]
        names.sort(key=lambda name: name in _ends(contrato))
    yield from names


def _ends(contrato: Contrato) -> tuple[str, str]:
    return contrato.de, contrato.para
