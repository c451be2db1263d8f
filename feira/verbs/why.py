"""`why`: the ways by which a package comes to be needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..errors import NotLocked, NotNeeded
from ..results import Piece, Result, Role, aside
from ..workspace import Workspace
from .tree import Dependencies, dependencies

__all__ = ["Reasons", "why"]

_MOST = 20  # ways that are listed


@dataclass(frozen=True, slots=True)
class Reasons(Result):
    """Every way from a package to one that it needs, the shortest first; `is_cut` says that there are more."""

    nome: str
    ways: tuple[tuple[str, ...], ...]
    is_cut: bool

    def pieces(self) -> Iterator[Piece]:
        """Yield a line for each way."""
        for way in self.ways:
            *before, last = way
            yield Piece(" → ".join(before) + " → ")
            yield Piece(last + "\n", Role.ACCENT)
        if self.is_cut:
            yield aside(f"and more than these {_MOST}", Role.MUTED)

    def to_json(self) -> dict[str, Any]:
        """Return the ways."""
        return {"nome": self.nome, "ways": [list(way) for way in self.ways], "more": self.is_cut}


def why(workspace: Workspace, nome: str, subject: str | None = None) -> Reasons:
    """Return the ways by which a package needs `nome`. Raises NotNeeded, NotLocked, InvalidLock."""
    package = workspace.package(subject)
    graph = dependencies(package)
    if nome not in graph.packages:
        if nome in {dep.nome for dep in package.caixa.deps_dev}:
            raise NotLocked(package.nome, [nome], is_dev=True)
        raise NotNeeded(nome, graph.nome, sorted(graph.packages))
    ways = [*_take(_ways(graph, nome), _MOST + 1)]
    return Reasons(nome, tuple(ways[:_MOST]), len(ways) > _MOST)


def _take(ways: Iterator[tuple[str, ...]], most: int) -> Iterator[tuple[str, ...]]:
    for _, way in zip(range(most), ways, strict=False):
        yield way


def _ways(graph: Dependencies, nome: str) -> Iterator[tuple[str, ...]]:
    """Yield the ways, the shortest first; only packages that lead to `nome` are walked, so none is in vain."""
    leading = _leading_to(graph, nome)
    level: list[tuple[str, ...]] = [(each,) for each in graph.direct if each in leading]
    while level:
        for way in level:
            if way[-1] == nome:
                yield (
                    f"{graph.nome} {graph.versao}",
                    *(f"{each} {graph.packages[each].versao}" for each in way),
                )
        level = [
            (*way, each)
            for way in level[: _MOST * 8]
            for each in graph.packages[way[-1]].needs
            if way[-1] != nome and each in leading and each not in way
        ]


def _leading_to(graph: Dependencies, nome: str) -> set[str]:
    found, waiting = {nome}, [nome]
    while waiting:
        name = waiting.pop()
        above = [each.nome for each in graph.packages.values() if name in each.needs and each.nome not in found]
        found.update(above)
        waiting += above
    return found
