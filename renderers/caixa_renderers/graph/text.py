"""A picture as text: the projection that terminals show and tests compare."""

from __future__ import annotations

from textwrap import wrap
from typing import Final

from .model import Edge, EdgeKind, Graph, Node, NodeKind

__all__ = ["to_text"]

_ARROWS = {
    EdgeKind.HTTP: "───▶",
    EdgeKind.PUBSUB: "╌╌╌▶",
    EdgeKind.STORE: "━━━▶",
    EdgeKind.CAPABILITY: "┄┄┄▶",
    EdgeKind.ENTRANCE: "═══▶",
    EdgeKind.SUPERVISION: "───▶",
    EdgeKind.NEED: "───▶",
    EdgeKind.THEN: "───▶",
}
_WIDTH: Final = 112  # of a line that lists nodes
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_REFUSED = "──✗─"
_BOXES = {
    NodeKind.MEMBER: "[{}]",
    NodeKind.CHILD: "[{}]",
    NodeKind.SUPERVISOR: "({})",
    NodeKind.ENTRANCE: "<{}>",
    NodeKind.UNKNOWN: "?{}?",
    NodeKind.PACKAGE: "({})",
    NodeKind.DEFINITION: "[{}]",
    NodeKind.NATIVE: "{}",
    NodeKind.DEPENDENCY: "[{}]",
    NodeKind.OBJECT: "[{}]",
    NodeKind.CLUSTER: "[[{}]]",
}


def to_text(graph: Graph) -> str:
    """Return the picture as lines: title, notes, one line for each edge, and the nodes that no edge touches."""
    lines = [_flat(graph.title)]
    labels = {node.id: _flat(node.label) for node in graph.nodes}
    for group in graph.groups:
        lines += _listed(group.label, [labels[node] for node in group.nodes])
    lines += [f"  {_flat(' · '.join(graph.notes))}"] if graph.notes else []
    lines += _tree(graph) if _is_tree(graph) else _arrows(graph)
    return "\n".join(line.rstrip() for line in lines)


def _listed(label: str, names: list[str]) -> list[str]:
    """Return a list as lines that fit a terminal; no name is broken."""
    whole = ", ".join(name.replace(" ", _NO_BREAK) for name in names)
    text = f"  {_flat(label)}: {whole}"
    lines = wrap(text, _WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
    return [line.replace(_NO_BREAK, " ") for line in lines]


def _arrows(graph: Graph) -> list[str]:
    names = {node.id: _box(node) for node in graph.nodes}
    left = max((len(names[edge.source]) for edge in graph.edges), default=0)
    right = max((len(names[edge.target]) for edge in graph.edges), default=0)
    lines = []
    for edge in graph.edges:
        arrow = _REFUSED if edge.refused else _ARROWS[edge.kind]
        pair = f"  {names[edge.source]:<{left}} {arrow} {names[edge.target]:<{right}}"
        lines.append(f"{pair}  {_flat(_edge_label(graph, edge))}")
        lines += [f"  {'':<{left}}      refused: {_flat(edge.refused)}"] if edge.refused else []
    touched = {end for edge in graph.edges for end in (edge.source, edge.target)}
    return lines + [f"  {names[node.id]}" for node in graph.nodes if node.id not in touched]


def _edge_label(graph: Graph, edge: Edge) -> str:
    """Return what stands beside an edge; the entrance's paths belong to its node."""
    if edge.kind is not EdgeKind.ENTRANCE:
        return edge.label
    detail = next((node.detail for node in graph.nodes if node.id == edge.source), "")
    return f"{detail} {edge.label}"


def _is_tree(graph: Graph) -> bool:
    return any(node.kind is NodeKind.SUPERVISOR for node in graph.nodes)


def _tree(graph: Graph) -> list[str]:
    nodes = {node.id: node for node in graph.nodes}
    below: dict[str, list[Edge]] = {}
    for edge in graph.edges:
        below.setdefault(edge.source, []).append(edge)
    lines: list[str] = []
    waiting = [(graph.nodes[0].id, "  ", "  ", "")]
    while waiting:
        at, lead, pad, label = waiting.pop()
        lines.append(lead + _leaf(nodes[at], label))
        edges = sorted(below.get(at, ()), key=lambda edge: int(edge.label.split()[0]), reverse=True)
        for place, edge in enumerate(edges):
            branch, bar = ("└─ ", "   ") if place == 0 else ("├─ ", "│  ")
            waiting.append((edge.target, pad + branch, pad + bar, edge.label))
    return lines


def _leaf(node: Node, label: str) -> str:
    mark = f"  refused: {node.refused}" if node.refused else ""
    return _flat(f"{label + '. ' if label.isdigit() else _dotted(label)}{_box(node)}  {node.detail}{mark}")


def _dotted(label: str) -> str:
    number, _, rest = label.partition(" ")
    return f"{number}. {rest} " if rest else ""


def _box(node: Node) -> str:
    return _flat(_BOXES[node.kind].format(node.label))


def _flat(text: str | None) -> str:
    """Return `text` on one line, whatever a manifest wrote into it."""
    return "".join(character if character.isprintable() else " " for character in text or "")
