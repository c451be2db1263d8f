"""The model of a picture: what is joined to what, how, and what was refused. Projections draw only this."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

__all__ = ["Edge", "EdgeKind", "Graph", "Group", "Node", "NodeKind"]


class NodeKind(StrEnum):
    """What a node stands for."""

    MEMBER = "member"
    ENTRANCE = "entrance"
    SUPERVISOR = "supervisor"
    CHILD = "child"
    UNKNOWN = "unknown"  # named by an edge, and not there
    PACKAGE = "package"
    DEFINITION = "definition"
    NATIVE = "native"
    DEPENDENCY = "dependency"
    OBJECT = "object"  # of a cluster
    CLUSTER = "cluster"  # many nodes, folded into one


class EdgeKind(StrEnum):
    """What goes along an edge: the four shapes of contracts, the entrance, supervision, need, and order."""

    HTTP = "http"
    PUBSUB = "pubsub"
    STORE = "store"
    CAPABILITY = "capability"
    ENTRANCE = "entrance"
    SUPERVISION = "supervision"
    NEED = "need"  # of a digest for the digests in it, of a package for others
    THEN = "then"  # from what must be there to what works only then


@dataclass(frozen=True, slots=True)
class Node:
    """A box. `detail` is a second line, `badges` are short marks; `refused` says what is wrong with it."""

    id: str
    label: str
    kind: NodeKind
    detail: str = ""
    badges: tuple[str, ...] = ()
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow between two nodes, by their ids. `refused` says why it may not be.

    `count` is how many edges it stands for; one that `is_mutual` stands for some that go back, too.
    """

    source: str
    target: str
    kind: EdgeKind
    label: str = ""
    refused: str | None = None
    count: int = 1
    is_mutual: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A frame around nodes, by their ids: a placement, a layer, a family of names."""

    label: str
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """A picture: title, nodes and edges in the order of the manifest, and notes that hold for all of it.

    `cycles` are the closed paths that are refused, by ids, the first one again at the end.
    """

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    groups: tuple[Group, ...] = ()
    notes: tuple[str, ...] = ()
    cycles: tuple[tuple[str, ...], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the picture as plain data, for a live view."""
        return asdict(self)

    @property
    def refusals(self) -> tuple[str, ...]:
        """Everything that was refused, each once, nodes before edges."""
        marks = (*(node.refused for node in self.nodes), *(edge.refused for edge in self.edges))
        return tuple(dict.fromkeys(mark for mark in marks if mark))

    @property
    def is_tree(self) -> bool:
        """Whether what is above comes first, and not what is to the left."""
        return any(edge.kind in _DOWNWARDS for edge in self.edges)

    @property
    def is_crowded(self) -> bool:
        """Whether there are so many edges that each can only be a straight line."""
        return len(self.edges) > 100 and len(self.edges) > 2.4 * len(self.nodes)

    def steps(self) -> dict[tuple[str, str], tuple[int, int]]:
        """Return which step of how many an edge is of the first closed path that it is on, by its two ends."""
        found: dict[tuple[str, str], tuple[int, int]] = {}
        for cycle in self.cycles:
            for number, pair in enumerate(pairwise(cycle), 1):
                found.setdefault(pair, (number, len(cycle) - 1))
        return found

    def circles(self) -> Iterator[str]:
        """Yield each closed path by the labels of its nodes."""
        labels = {node.id: node.label for node in self.nodes}
        for cycle in self.cycles:
            yield " → ".join(labels.get(each, each) for each in cycle)


_DOWNWARDS = frozenset((EdgeKind.SUPERVISION, EdgeKind.NEED))
