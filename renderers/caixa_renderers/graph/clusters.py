"""What belongs together in a picture that is too large to be drawn whole.

The frames that the picture has are taken first. Then trees fall apart into each parent with its leaves, members
into families by the beginning of their names (`cart-api`, `cart-worker`), and all else into layers: how many
edges lead to a node from where the picture begins.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from .model import EdgeKind, Graph, Group, NodeKind

__all__ = ["clusters", "depths"]

_HEAD = re.compile(r"[^-_./:]+(?=[-_./:])")
_NAMED = (NodeKind.MEMBER, NodeKind.DEPENDENCY, NodeKind.DEFINITION)
_SHARE = 0.7  # of the nodes that must be in a family, for families to say anything


def clusters(graph: Graph, most: int) -> tuple[Group, ...]:
    """Return frames that no node is in twice, each of at most `most` nodes; what is alone is in none."""
    found = _frames(graph) or _branches(graph) or _families(graph, most) or _layers(graph, most)
    return tuple(part for group in found for part in _split(group, most) if len(part.nodes) > 1)


def _frames(graph: Graph) -> tuple[Group, ...]:
    """Return the picture's own frames, unless it has but one, which says where all of it is."""
    return graph.groups if len(graph.groups) > 1 else ()


def _branches(graph: Graph) -> tuple[Group, ...]:
    """Return each supervisor with the children that are none themselves."""
    if not any(edge.kind is EdgeKind.SUPERVISION for edge in graph.edges):
        return ()
    labels = {node.id: node.label for node in graph.nodes}
    parents = {edge.source for edge in graph.edges}
    below: dict[str, list[str]] = defaultdict(list)
    for edge in graph.edges:
        if edge.target not in parents:
            below[edge.source].append(edge.target)
    return tuple(Group(labels[parent], (parent, *leaves)) for parent, leaves in below.items())


def _families(graph: Graph, most: int) -> tuple[Group, ...]:
    members = [node for node in graph.nodes if node.kind in _NAMED]
    families: dict[str, list[str]] = defaultdict(list)
    for node in members:
        head = _HEAD.match(node.label)
        if head:
            families[head.group()].append(node.id)
    kept = {name: ids for name, ids in families.items() if len(ids) > 1}
    if not 1 < len(kept) <= most or sum(map(len, kept.values())) < _SHARE * len(members):
        return ()
    return tuple(Group(name, tuple(ids)) for name, ids in kept.items())


def _layers(graph: Graph, most: int) -> tuple[Group, ...]:
    """Return the layers, thin ones that follow each other as one."""
    layers: dict[int, list[str]] = defaultdict(list)
    for node, depth in depths([node.id for node in graph.nodes], _pairs(graph)).items():
        layers[depth].append(node)
    merged: list[tuple[int, int, list[str]]] = []
    for depth in sorted(layers):
        if merged and len(merged[-1][2]) + len(layers[depth]) <= most:
            first, _, nodes = merged.pop()
            merged.append((first, depth, nodes + layers[depth]))
        else:
            merged.append((depth, depth, layers[depth]))
    return tuple(Group(_layer(first, last), tuple(nodes)) for first, last, nodes in merged)


def _layer(first: int, last: int) -> str:
    return f"layer {first + 1}" if first == last else f"layers {first + 1} to {last + 1}"


def _pairs(graph: Graph) -> Iterator[tuple[str, str]]:
    """Yield the edges; what only tells of something leads nowhere."""
    for edge in graph.edges:
        if edge.kind is not EdgeKind.PUBSUB:
            yield edge.source, edge.target


def depths(nodes: Sequence[str], pairs: Iterable[tuple[str, str]]) -> Mapping[str, int]:
    """Return for each node the most edges that lead to it from where nothing leads to.

    Where edges go round in a circle, the first node of the circle in the order of `nodes` is where it begins.
    """
    below: dict[str, list[str]] = defaultdict(list)
    waiting = dict.fromkeys(nodes, 0)
    for source, target in dict.fromkeys(pairs):
        if source != target and source in waiting and target in waiting:
            below[source].append(target)
            waiting[target] += 1
    found = dict.fromkeys(nodes, 0)
    ready = [node for node in nodes if not waiting[node]]
    left = dict.fromkeys(nodes)
    while left:
        ready = ready or [next(iter(left))]
        node = ready.pop()
        if node not in left:
            continue
        del left[node]
        for target in below[node]:
            if target in left:
                found[target] = max(found[target], found[node] + 1)
                waiting[target] -= 1
                if not waiting[target]:
                    ready.append(target)
    return found


def _split(group: Group, most: int) -> Iterator[Group]:
    count = -(-len(group.nodes) // most)
    if count < 2:
        yield group
        return
    size = -(-len(group.nodes) // count)
    for number in range(count):
        label = f"{group.label}, {number + 1} of {count}"
        yield Group(label, group.nodes[number * size : (number + 1) * size])
