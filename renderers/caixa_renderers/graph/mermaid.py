"""A picture as Mermaid, which GitHub and JupyterLab draw in Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from caixa.tools.theme import DARK, Semantic

from .dot import ids_of
from .model import Edge, EdgeKind, Graph, NodeKind

__all__ = ["to_mermaid"]

_ARROWS = {EdgeKind.PUBSUB: "-.->", EdgeKind.CAPABILITY: "-.->", EdgeKind.ENTRANCE: "==>"}
_SHAPES = {NodeKind.CLUSTER: ("[[", "]]"), NodeKind.ENTRANCE: ("([", "])")}


def to_mermaid(graph: Graph) -> str:
    """Return the picture as a Mermaid flowchart."""
    return "\n".join(_lines(graph)) + "\n"


def _lines(graph: Graph) -> Iterator[str]:
    ids = ids_of(graph)
    yield "flowchart TB" if graph.is_tree else "flowchart LR"
    for circle in graph.circles():
        yield f"  %% circle: {_entities(circle)}"
    grouped = {node for group in graph.groups for node in group.nodes}
    for number, group in enumerate(graph.groups):
        yield f"  subgraph g{number}[{_quoted(group.label)}]"
        yield from ("  " + line for line in _boxes(graph, ids, frozenset(group.nodes)))
        yield "  end"
    yield from _boxes(graph, ids, frozenset(ids) - grouped)
    for edge in graph.edges:
        yield _arrow(edge, ids)
    steps = graph.steps()
    marked = [n for n, edge in enumerate(graph.edges) if edge.refused and (edge.source, edge.target) in steps]
    error = DARK.color(Semantic.ERROR).hex
    if marked:
        yield f"  linkStyle {','.join(map(str, marked))} stroke:{error},stroke-width:3px"
    if graph.refusals:
        yield f"  classDef refused stroke:{error},stroke-dasharray:4"


def _boxes(graph: Graph, ids: dict[str, str], inside: frozenset[str]) -> Iterator[str]:
    for node in graph.nodes:
        if node.id in inside:
            opening, closing = _SHAPES.get(node.kind, ("(", ")"))
            mark = ":::refused" if node.refused else ""
            yield f"  {ids[node.id]}{opening}{_quoted(node.label, node.detail)}{closing}{mark}"


def _arrow(edge: Edge, ids: dict[str, str]) -> str:
    arrow = "-.-x" if edge.refused else _ARROWS.get(edge.kind, "-->")
    label = _quoted(
        f"\N{MULTIPLICATION SIGN}{edge.count}" if edge.count > 1 else edge.label, edge.refused or ""
    )
    return f"  {ids[edge.source]} {arrow}|{label}| {ids[edge.target]}"


def _quoted(*lines: str) -> str:
    """Return lines as one quoted label, every character that Mermaid or HTML reads written as an entity."""
    shown = (_entities(line) for line in lines if line)
    return f'"{"<br/>".join(shown) or " "}"'


def _entities(text: str) -> str:
    return "".join(
        c if c.isalnum() or c in " .,:/^~-_→\N{MULTIPLICATION SIGN}" else f"#{ord(c)};" for c in text
    )
