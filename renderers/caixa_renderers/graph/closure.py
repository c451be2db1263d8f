"""What a package needs, and what that needs, as its lock has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import pairwise
from typing import TYPE_CHECKING

from caixa.manifest.aplicacao import find_cycle
from caixa.manifest.model import PathFonte

from .model import Edge, EdgeKind, Graph, Node, NodeKind

if TYPE_CHECKING:
    from caixa.lacre.lock import Lock, LockEntry
    from caixa.manifest.model import Caixa

__all__ = ["closure_graph"]


def closure_graph(caixa: Caixa, direct: Iterable[str], lock: Lock) -> Graph:
    """Return the closure of a package, whose manifest needs the packages `direct`.

    What the lock does not hold is drawn as unknown, and packages that need each other are refused.
    """
    root = Node(caixa.nome, caixa.nome, NodeKind.PACKAGE, caixa.versao)
    needs: dict[str, Set[str]] = {caixa.nome: frozenset(direct)}
    needs |= {entry.nome: frozenset(entry.deps_diretas) for entry in lock.entradas}
    locked = {entry.nome: _node(entry) for entry in lock.entradas}
    reached = tuple(_reached(caixa.nome, needs))
    nodes = (root, *(locked.get(name) or _unknown(name) for name in reached if name != caixa.nome))
    cycle = find_cycle({name: needs.get(name, frozenset()) for name in reached})
    edges = tuple(_edges(reached, needs, frozenset(locked) | {caixa.nome}, cycle or ()))
    title = f"{caixa.nome} {caixa.versao}, what it needs"
    notes = (lock.raiz if lock.entradas else "nothing is locked",)
    return Graph(title, nodes, edges, notes=notes, cycles=(tuple(cycle),) if cycle else ())


def _reached(root: str, needs: Mapping[str, Set[str]]) -> Iterator[str]:
    """Yield what can be come to from the root, nearest first and then by name."""
    seen, level = {root}, [root]
    while level:
        yield from level
        level = sorted({name for each in level for name in needs.get(each, ())} - seen)
        seen.update(level)


def _edges(
    reached: Iterable[str], needs: Mapping[str, Set[str]], known: Set[str], cycle: Iterable[str]
) -> Iterator[Edge]:
    closed = frozenset(pairwise(cycle))
    for name in reached:
        for other in sorted(needs.get(name, ())):
            refused = None
            if other not in known:
                refused = f"{other} is not locked"
            elif (name, other) in closed:
                refused = "packages need each other in a circle"
            yield Edge(name, other, EdgeKind.NEED, refused=refused)


def _node(entry: LockEntry) -> Node:
    fonte = entry.fonte
    source = fonte.caminho if isinstance(fonte, PathFonte) else fonte.tag or (fonte.rev or "")[:12]
    return Node(entry.nome, entry.nome, NodeKind.DEPENDENCY, " · ".join(filter(None, (entry.versao, source))))


def _unknown(name: str) -> Node:
    return Node(name, name, NodeKind.UNKNOWN, refused=f"{name} is not locked")
