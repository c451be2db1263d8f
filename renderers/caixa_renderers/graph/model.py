"""The model of a picture: what is joined to what, how, and what was refused. Projections draw only this."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
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


class EdgeKind(StrEnum):
    """What goes along an edge: the four shapes of contracts, the entrance, supervision, and need."""

    HTTP = "http"
    PUBSUB = "pubsub"
    STORE = "store"
    CAPABILITY = "capability"
    ENTRANCE = "entrance"
    SUPERVISION = "supervision"
    NEED = "need"  # of a digest for the digests in it


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
    """An arrow between two nodes, by their ids. `refused` says why it may not be."""

    source: str
    target: str
    kind: EdgeKind
    label: str = ""
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A frame around nodes, by their ids: a placement."""

    label: str
    nodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """A picture: title, nodes and edges in the order of the manifest, and notes that hold for all of it."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    groups: tuple[Group, ...] = ()
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the picture as plain data, for a live view."""
        return asdict(self)

    @property
    def refusals(self) -> tuple[str, ...]:
        """Everything that was refused, each once, nodes before edges."""
        marks = (*(node.refused for node in self.nodes), *(edge.refused for edge in self.edges))
        return tuple(dict.fromkeys(mark for mark in marks if mark))
