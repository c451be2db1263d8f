"""The closure of a package and the root of a lock: identity over what is needed (caixa.md section 3.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from caixa.manifest.aplicacao import find_cycle

from .digest import labelled
from .errors import DependencyCycle, UnknownDependency

__all__ = ["fechamento", "fechamentos", "raiz"]


def fechamento(conteudo: str, deps: Iterable[str] = ()) -> str:
    """Return the closure of a package with `conteudo`, whose direct dependencies have the closures `deps`."""
    return labelled([("self", conteudo), *(("dep", dep) for dep in sorted(deps, key=str.encode))])


def raiz(entries: Iterable[tuple[str, str]]) -> str:
    """Return the root digest of entries given as (nome, fechamento), in whatever order."""
    ordered = sorted(entries, key=lambda entry: entry[0].encode())
    return labelled(pair for nome, digest in ordered for pair in (("nome", nome), ("fechamento", digest)))


def fechamentos(graph: Mapping[str, tuple[str, Sequence[str]]]) -> dict[str, str]:
    """Return the closure of every package of `graph`, which maps a name to its conteudo and its dependencies.

    Raises UnknownDependency, and DependencyCycle: the older system gave every member of a cycle one constant,
    so that unrelated cycles shared a digest (caixa.md R5).
    """
    for nome, (_, deps) in graph.items():
        for dep in deps:
            if dep not in graph:
                raise UnknownDependency(dep, nome)
    cycle = find_cycle({nome: set(deps) for nome, (_, deps) in graph.items()})
    if cycle:
        raise DependencyCycle(cycle)
    found: dict[str, str] = {}
    for nome in _leaves_first(graph):
        conteudo, deps = graph[nome]
        found[nome] = fechamento(conteudo, (found[dep] for dep in deps))
    return found


def _leaves_first(graph: Mapping[str, tuple[str, Sequence[str]]]) -> list[str]:
    """Return the names so that each follows those it needs; the graph has no cycle."""
    order: dict[str, None] = {}
    waiting = sorted(graph, reverse=True)
    while waiting:
        nome = waiting[-1]
        missing = [dep for dep in graph[nome][1] if dep not in order]
        if missing and nome not in order:
            waiting += missing
        else:
            order[waiting.pop()] = None
    return list(order)
