"""A picture that can be read: edges between the same two nodes drawn as one, and what is too much, folded.

A folded picture is an overview, where each cluster is one node, and a picture for each cluster, where each node
says how many edges leave it. What is refused stays in sight: its nodes are in no cluster.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from .clusters import clusters
from .model import Edge, EdgeKind, Graph, Group, Node, NodeKind

__all__ = ["MOST_NODES", "Folded", "Part", "bundled", "fold"]

MOST_NODES = 60  # that are drawn in one picture
_IN_SIGHT = 12  # nodes with something refused that are kept out of clusters
_LABELLED = 24  # edges that are drawn each, with all that they say
_NAMED = 3  # edges that the text of a bundle names


@dataclass(frozen=True, slots=True)
class Part:
    """A cluster that was folded: its node in the overview, and its own picture."""

    id: str
    label: str
    graph: Graph


@dataclass(frozen=True, slots=True)
class Folded:
    """An overview, and the parts that are folded in it; without parts it is the whole picture."""

    overview: Graph
    parts: tuple[Part, ...] = ()


def fold(graph: Graph, most: int = MOST_NODES) -> Folded:
    """Return `graph` as pictures of about `most` nodes; one that is small enough is left whole."""
    if len(graph.nodes) <= most:
        return Folded(_bare(bundled(graph)))
    size = max(most, -(-len(graph.nodes) // most))
    in_sight = _refused(graph)
    groups = [
        Group(each.label, tuple(n for n in each.nodes if n not in in_sight)) for each in clusters(graph, size)
    ]
    groups = [group for group in groups if len(group.nodes) > 1]
    if not groups:
        return Folded(bundled(graph))
    folded = {f"cluster:{number}": group for number, group in enumerate(groups)}
    overview = _projected(graph, folded, graph.nodes)
    parts = (Part(at, group.label, _part(graph, group)) for at, group in folded.items())
    return Folded(overview, tuple(parts))


def bundled(graph: Graph) -> Graph:
    """Return the picture with one edge between two nodes for each direction, kind and reason to refuse it."""
    if len(graph.edges) <= _LABELLED:
        return graph
    found: dict[tuple[str, str, EdgeKind, str | None], list[Edge]] = {}
    for edge in graph.edges:
        found.setdefault((edge.source, edge.target, edge.kind, edge.refused), []).append(edge)
    return replace(graph, edges=tuple(map(_bundle, found.values())))


def _bare(graph: Graph) -> Graph:
    """Return a crowded picture without the one frame around it, which takes longer than all the rest."""
    if not graph.is_crowded or len(graph.groups) != 1:
        return graph
    return replace(graph, groups=(), notes=(graph.groups[0].label, *graph.notes))


def _bundle(edges: list[Edge]) -> Edge:
    label = "; ".join(edge.label for edge in edges[:_NAMED]) + (" …" if len(edges) > _NAMED else "")
    return replace(edges[0], label=label, count=sum(edge.count for edge in edges))


def _refused(graph: Graph) -> frozenset[str]:
    """Return the nodes that something refused is at, unless they are too many to be all seen."""
    ends = [end for edge in graph.edges if edge.refused for end in (edge.source, edge.target)]
    found = dict.fromkeys([*(each for cycle in graph.cycles for each in cycle), *ends])
    found |= dict.fromkeys(node.id for node in graph.nodes if node.refused or node.kind is NodeKind.ENTRANCE)
    return frozenset(list(found)[:_IN_SIGHT])


def _part(graph: Graph, group: Group) -> Graph:
    """Return a cluster with the edges within it; of the others, each node says how many there are."""
    inside = frozenset(group.nodes)
    within = tuple(edge for edge in graph.edges if edge.source in inside and edge.target in inside)
    out = Counter(edge.source for edge in graph.edges if edge.target not in inside)
    into = Counter(edge.target for edge in graph.edges if edge.source not in inside)
    nodes = tuple(_marked(node, into[node.id], out[node.id]) for node in graph.nodes if node.id in inside)
    return bundled(Graph(group.label, nodes, within))


def _marked(node: Node, into: int, out: int) -> Node:
    marks = [f"{into} in"] * bool(into) + [f"{out} out"] * bool(out)
    return replace(node, badges=(*node.badges, " · ".join(marks))) if marks else node


def _projected(graph: Graph, folded: Mapping[str, Group], nodes: Iterable[Node]) -> Graph:
    """Return the picture of `nodes`, each cluster of `folded` as one."""
    home = {node: key for key, group in folded.items() for node in group.nodes}
    shown: dict[str, Node] = {}
    for node in nodes:
        key = home.get(node.id)
        shown.setdefault(key or node.id, node if key is None else _summary(key, folded[key]))
    edges = tuple(_summed(graph.edges, home))
    groups = tuple(_framed(graph.groups, home, shown)) if len(graph.groups) == 1 else ()
    return bundled(replace(graph, nodes=tuple(shown.values()), edges=edges, groups=groups))


def _framed(groups: Iterable[Group], home: Mapping[str, str], shown: Mapping[str, Node]) -> Iterator[Group]:
    for group in groups:
        inside = dict.fromkeys(home.get(node, node) for node in group.nodes)
        yield Group(group.label, tuple(node for node in inside if node in shown))


def _summary(key: str, group: Group) -> Node:
    return Node(key, group.label, NodeKind.CLUSTER, f"{len(group.nodes)} folded")


def _summed(edges: Iterable[Edge], home: Mapping[str, str]) -> Iterator[Edge]:
    """Yield the edges between what is shown: refused ones each, the others of two ends as one, both ways."""
    bundles: dict[tuple[str, str], list[Edge]] = {}
    for edge in edges:
        source, target = home.get(edge.source, edge.source), home.get(edge.target, edge.target)
        if source == target and edge.source in home:
            continue
        shown = replace(edge, source=source, target=target)
        if edge.refused or (source, target) == (edge.source, edge.target):
            yield shown
        else:
            bundles.setdefault((source, target), []).append(shown)
    for (source, target), there in bundles.items():
        back = bundles.get((target, source), [])
        if (len(there), source) >= (len(back), target):  # the stronger of two directions says both
            yield _sum(there, back)


def _sum(there: list[Edge], back: list[Edge]) -> Edge:
    if len(there) == 1 and not back:
        return there[0]
    kind = Counter(edge.kind for edge in there).most_common(1)[0][0]
    label = _counted(there) + (f"; back {_counted(back)}" if back else "")
    return replace(there[0], kind=kind, label=label, count=len(there) + len(back), is_mutual=bool(back))


def _counted(edges: list[Edge]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in Counter(edge.kind for edge in edges).items())
