"""A supervisor as a picture: the tree of what it starts, in the order in which it starts it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from caixa.manifest.codecs import print_duration
from caixa.manifest.model import Kind, RestartKind
from caixa.manifest.package import Members, nobody
from caixa.manifest.supervisor import supervisor_view

from ..errors import NotASupervisor
from .model import Edge, EdgeKind, Graph, Node, NodeKind

if TYPE_CHECKING:
    from caixa.manifest.model import Caixa, Child

__all__ = ["supervision_graph"]


def supervision_graph(caixa: Caixa, members: Members = nobody) -> Graph:
    """Return the tree below a Supervisor; a child that is one itself is drawn with its own children.

    A supervisor that would start itself is refused where it would. Raises `NotASupervisor`.
    """
    if caixa.kind is not Kind.SUPERVISOR:
        raise NotASupervisor(caixa.nome, caixa.kind)
    parts = list(_tree(caixa, caixa.nome, members, (caixa.nome,)))
    nodes = tuple(part for part in parts if isinstance(part, Node))
    edges = tuple(part for part in parts if isinstance(part, Edge))
    return Graph(f"{caixa.nome} {caixa.versao}", nodes, edges)


def _tree(caixa: Caixa, at: str, members: Members, above: tuple[str, ...]) -> Iterator[Node | Edge]:
    """Yield a supervisor, then each child with its edge; ids are paths, as a caixa may stand in two places."""
    yield Node(at, caixa.nome, NodeKind.SUPERVISOR, _strategy(caixa))
    for number, child in enumerate(caixa.children, 1):
        below = f"{at}/{number}:{child.caixa}"
        loop = f"{child.caixa} would start itself" if child.caixa in above else None
        package = None if loop else members(child.caixa, child.versao)
        if package is not None and package.caixa.kind is Kind.SUPERVISOR:
            yield from _tree(package.caixa, below, members, (*above, child.caixa))
        else:
            yield Node(below, child.caixa, NodeKind.CHILD, child.versao, refused=loop)
        yield Edge(at, below, EdgeKind.SUPERVISION, _restart(number, child), loop)


def _strategy(caixa: Caixa) -> str:
    view = supervisor_view(caixa)
    if view is None:
        return ""
    window = f" in {print_duration(view.restart_window)}" if view.restart_window else ""
    return f"{view.estrategia}, {view.max_restarts} restarts{window}"


def _restart(number: int, child: Child) -> str:
    return f"{number}" if child.restart is RestartKind.PERMANENT else f"{number} {child.restart}"
