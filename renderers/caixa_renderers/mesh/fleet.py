"""The members of a mesh put into a cluster's release, and those that left it taken out (defect G6).

An entry says which mesh it belongs to, in `aplicacao`; only entries of the same mesh are ever taken out. Lines
that are not about a member stay as they are, byte for byte.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from caixa.lisp.diagnostics import Diagnostic, Severity

from ..servico.upsert import end_of, find_list, upsert_all

if TYPE_CHECKING:
    from yaml import Node

__all__ = ["FannedOut", "departures", "fan_out"]


@dataclass(frozen=True, slots=True)
class FannedOut:
    """A release with the members of a mesh in it, and the names of those that were taken out."""

    text: str
    departed: tuple[str, ...] = ()


def fan_out(
    text: str, entries: Sequence[Mapping[str, Any]], aplicacao: str | None, *, name: str = "release.yaml"
) -> FannedOut:
    """Return `text` with every entry in it, and without the entries of `aplicacao` that are not among them.

    `text` is as `upsert_all` takes it, and `name` is what errors call it; without `aplicacao` nothing is taken
    out. Raises `MissingField` and `MalformedYaml`.
    """
    text = upsert_all(text, entries, name=name)
    if aplicacao is None:
        return FannedOut(text)
    staying = {str(entry["name"]) for entry in entries}
    return _without(text, aplicacao, staying)


def departures(departed: Sequence[str], aplicacao: str, release: str) -> tuple[Diagnostic, ...]:
    """Return a finding for each member that left."""
    return tuple(
        Diagnostic(
            "member-left",
            Severity.WARNING,
            None,
            f"{nome} is no member of {aplicacao} any more, and its entry is taken out of {release}",
            why="the entry would keep running what no contract speaks of",
            fix=f"deploy {nome} by itself first, if it should go on",
            data={"caixa": nome, "aplicacao": aplicacao},
        )
        for nome in departed
    )


def _without(text: str, aplicacao: str, staying: Collection[str]) -> FannedOut:
    """Return the text without the lines of the entries of a mesh that do not stay."""
    items = _items(text)
    leaving = [
        (item, nome)
        for item in items
        if _value(item, "aplicacao") == aplicacao and (nome := _value(item, "name")) not in staying
    ]
    for item, _ in reversed(leaving):
        start = text.rfind("\n", 0, item.start_mark.index) + 1
        end = text.find("\n", end_of(text, item)) + 1 or len(text)
        text = text[:start] + text[end:]
    return FannedOut(text, tuple(nome for _, nome in leaving if nome is not None))


def _items(text: str) -> list[Node]:
    """Return the entries of a release in block style, where they stand."""
    for path in (("spec", "values", "programs"), ("programs",)):
        found = find_list(text, path)
        if found is not None and not found.flow_style:
            return [item for item in found.value if item.id == "mapping"]
    return []


def _child(node: Any, key: str) -> Any:
    return next((value for name, value in node.value if name.value == key), None)


def _value(item: Any, key: str) -> str | None:
    found = _child(item, key)
    return found.value if getattr(found, "id", None) == "scalar" else None
