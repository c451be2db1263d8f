"""A digest as a picture: each part once, with an arrow to each digest that is in its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .model import Edge, EdgeKind, Graph, Node, NodeKind

if TYPE_CHECKING:
    from caixa.lacre.arvore.merkle import Merkle

__all__ = ["merkle_graph"]

_KINDS = {
    "native": NodeKind.NATIVE,
    "unbound": NodeKind.UNKNOWN,
    "manifest": NodeKind.NATIVE,
    "file": NodeKind.NATIVE,
    "function": NodeKind.DEFINITION,
    "value": NodeKind.DEFINITION,
    "macro": NodeKind.DEFINITION,
    "variable": NodeKind.DEFINITION,
    "import": NodeKind.DEFINITION,
}


def merkle_graph(tree: Merkle) -> Graph:
    """Return the picture of a digest; definitions that are one by their digest and name are drawn once."""
    nodes: dict[str, Node] = {}
    edges: dict[tuple[str, str], Edge] = {}
    pending = [tree]
    while pending:
        part = pending.pop()
        nodes.setdefault(_id(part), _node(part))
        for child in part.children:
            edges.setdefault((_id(part), _id(child)), Edge(_id(part), _id(child), EdgeKind.NEED))
        pending.extend(reversed(part.children))
    return Graph(f"{tree.label} {tree.short}", tuple(nodes.values()), tuple(edges.values()))


def _id(part: Merkle) -> str:
    return f"{part.label} {part.digest}"


def _node(part: Merkle) -> Node:
    is_known = part.kind in ("native", "unbound")
    return Node(_id(part), part.label, _KINDS.get(part.kind, NodeKind.PACKAGE), "" if is_known else part.short)
