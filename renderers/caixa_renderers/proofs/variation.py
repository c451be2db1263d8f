"""Where each field of a caixa goes, found by changing it and rendering again.

Three ways, since a rendering for each field of a large mesh would cost the square of its size:

1. *Together.* Texts that name nothing else get a mark of their own each, all in one rendering; a place that
   differs and holds a mark is reached by the field with that mark.
2. *In a part.* Every other field is changed in the mesh around it: its contract with the two ends, or its
   member alone. A place that differs counts only if the whole rendering has it with the same value.
3. *By halves.* What showed nothing so far is changed in the whole mesh, all such fields at once; where that
   differs, each half again.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from caixa.lisp.diagnostics import Reportable
from caixa.manifest.model import Caixa, Kind

from .differences import changed, located
from .fieldwise import Field, alternatives, fields_of, replaced

__all__ = ["Render", "Variation"]

Render = Callable[[Caixa], Mapping[str, Any]]
Place = dict[str, Any]

_MARK: Final = re.compile(r"zq(\d+)z")
_MOST_PLACES: Final = 3
_SMALL: Final = 4  # members of a mesh that is its own part
# What names another thing, or is named by others: a mark there would change what is said, not how it is said.
_NAMES: Final = frozenset({"nome", "caixa", "de", "para", "servicos", "kind"})


class Variation:
    """A caixa with its rendering, and what renders others like it."""

    def __init__(self, caixa: Caixa, whole: Mapping[str, Any], render: Render) -> None:
        """Take `whole` as what `caixa` is rendered to."""
        self._caixa, self._whole, self._render = caixa, whole, render
        self._parts: dict[Caixa, Mapping[str, Any] | None] = {}

    def places(self) -> Iterator[tuple[Field, list[Place] | None]]:
        """Yield every field with the places that it reaches, None where no other value could be rendered."""
        fields = [field for field in fields_of(self._caixa) if field.pointer != "/kind"]
        found: dict[str, list[Place] | None] = dict(self._together(fields))
        for field in fields:
            if not found.get(field.pointer):
                found[field.pointer] = self._in_part(field)
        found |= self._by_halves([field for field in fields if not found[field.pointer]])
        return ((field, found[field.pointer]) for field in fields)

    def _rendered(self, caixa: Caixa) -> Mapping[str, Any] | None:
        """Return what a caixa is rendered to, None if it is refused: then the change says nothing."""
        try:
            return self._render(caixa)
        except Reportable:
            return None

    def _before(self, part: Caixa) -> Mapping[str, Any] | None:
        if part not in self._parts:
            self._parts[part] = self._rendered(part)
        return self._parts[part]

    # -- 1 --------------------------------------------------------------------------------------------------

    def _together(self, fields: Sequence[Field]) -> dict[str, list[Place]]:
        """Return where marks were found, by the pointers of their fields."""
        if self._caixa.kind is not Kind.APLICACAO:
            return {}
        marked = [field for field in fields if isinstance(field.value, str) and _may_be_marked(field)]
        changed_all = self._caixa
        for number, field in enumerate(marked):
            mark = f"zq{number}z"
            # What ends an endpoint may be a parameter's name, which means nothing.
            value = f"/{mark}{field.value}" if field.name == "endpoint" else f"{field.value}{mark}"
            changed_all = replaced(changed_all, field.path, value)
        before, after = self._before(self._caixa), self._rendered(changed_all)
        if before is None or after is None:
            return {}
        found: dict[str, list[Place]] = {}
        for name, path, new in changed(before, after):
            place = self._place(name, before, path)
            for number in _marks(new) if place is not None else ():
                places = found.setdefault(marked[number].pointer, [])
                if place is not None and len(places) < _MOST_PLACES:
                    places.append(place)
        return found

    # -- 2 --------------------------------------------------------------------------------------------------

    def _in_part(self, field: Field) -> list[Place] | None:
        """Return the places that a change of the field in the mesh around it shows, as the whole has them."""
        part, inner = _part(self._caixa, field)
        before, places = self._before(part), None
        for other in alternatives(part, inner) if before is not None else ():
            after = self._rendered(replaced(part, inner.path, other))
            places = places if after is None or before is None else self._differing(before, after)
            if places:
                return places
        return places

    def _differing(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Place]:
        """Return the first place in each of the first objects that differ."""
        found: dict[str, Place] = {}
        for name, path, _ in changed(before, after):
            if name not in found and len(found) < _MOST_PLACES:
                place = self._place(name, before, path)
                found |= {} if place is None else {name: place}
        return list(found.values())

    def _place(self, name: str, before: Mapping[str, Any], path: tuple[str | int, ...]) -> Place | None:
        place = located(self._whole[name], before[name], path) if name in self._whole else None
        return None if place is None else {"object": name, "at": place[0], "value": place[1]}

    # -- 3 --------------------------------------------------------------------------------------------------

    def _by_halves(self, fields: Sequence[Field]) -> dict[str, list[Place] | None]:
        """Return where fields go in the whole mesh: together if they go nowhere, else each half by itself."""
        found: dict[str, list[Place] | None] = {}
        others = {field.pointer: self._other(field) for field in fields}
        waiting = [[field for field in fields if others[field.pointer] is not None]]
        while waiting:
            group = waiting.pop()
            caixa = self._caixa
            for field in sorted(group, key=lambda each: each.is_tag):  # with another tag, other fields are gone
                caixa = replaced(caixa, field.path, others[field.pointer])
            before, after = self._before(self._caixa), self._rendered(caixa) if group else None
            places = [] if before is None or after is None else self._differing(before, after)
            if len(group) > 1 and (after is None or places):
                waiting += [group[: len(group) // 2], group[len(group) // 2 :]]
            else:
                found |= {field.pointer: None if after is None else places for field in group}
        return found

    def _other(self, field: Field) -> Any:
        """Return another value of a field that is not refused, None if there is none."""
        part, inner = _part(self._caixa, field)
        others = alternatives(part, inner)
        return next(
            (each for each in others if self._rendered(replaced(part, inner.path, each)) is not None), None
        )


def _may_be_marked(field: Field) -> bool:
    return field.name not in _NAMES and not field.is_tag and type(field.value) is str


def _marks(value: Any) -> set[int]:
    """Return the marks anywhere in a value."""
    if isinstance(value, Mapping):
        return {mark for each in (*value, *value.values()) for mark in _marks(each)}
    if isinstance(value, list):
        return {mark for each in value for mark in _marks(each)}
    return {int(number) for number in _MARK.findall(value)} if isinstance(value, str) else set()


def _part(caixa: Caixa, field: Field) -> tuple[Caixa, Field]:
    """Return the part of a mesh around a field, and the field as it is there."""
    if caixa.kind is not Kind.APLICACAO:
        return caixa, field
    first, at = field.path[0], field.path[1] if len(field.path) > 1 else -1
    if first == "membros" and isinstance(at, int):
        # Nothing else speaks of the member there, so that it can have another name.
        return dataclasses.replace(_only(caixa, (), {caixa.membros[at].caixa}), entrada=None), _moved(field, 0)
    if first == "contratos" and isinstance(at, int):
        pair = caixa.contratos[at].de, caixa.contratos[at].para
        kept = [index for index, each in enumerate(caixa.contratos) if (each.de, each.para) == pair]
        return _only(caixa, kept, set(pair)), _moved(field, kept.index(at))
    if len(caixa.membros) <= _SMALL:
        return caixa, field
    kinds = {(each.shape, each.politicas is None): i for i, each in reversed(list(enumerate(caixa.contratos)))}
    names = {end for i in kinds.values() for end in (caixa.contratos[i].de, caixa.contratos[i].para)}
    return _only(
        caixa, sorted(kinds.values()), names | ({caixa.entrada.para} if caixa.entrada else set())
    ), field


def _only(caixa: Caixa, contratos: Sequence[int], names: set[str]) -> Caixa:
    """Return a mesh with some contracts and members, and one member more to put in the place of another."""
    kept = [each for each in caixa.membros if each.caixa in names]
    spare = [each for each in caixa.membros if each.caixa not in names][:1]
    entrada = caixa.entrada if caixa.entrada and caixa.entrada.para in names else None
    return dataclasses.replace(
        caixa,
        membros=(*kept, *spare),
        contratos=tuple(caixa.contratos[index] for index in contratos),
        entrada=entrada,
    )


def _moved(field: Field, at: int) -> Field:
    return dataclasses.replace(field, path=(field.path[0], at, *field.path[2:]))
