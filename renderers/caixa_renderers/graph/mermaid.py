"""A picture as Mermaid, which GitHub and JupyterLab draw in Markdown."""

from __future__ import annotations

from caixa.tools.theme import DARK, Semantic

from .model import EdgeKind, Graph, NodeKind

__all__ = ["to_mermaid"]

_ARROWS = {EdgeKind.PUBSUB: "-.->", EdgeKind.CAPABILITY: "-.->", EdgeKind.ENTRANCE: "==>"}


def to_mermaid(graph: Graph) -> str:
    """Return the picture as a Mermaid flowchart."""
    ids = {node.id: f"n{number}" for number, node in enumerate(graph.nodes)}
    is_tree = any(node.kind is NodeKind.SUPERVISOR for node in graph.nodes)
    lines = ["flowchart TB" if is_tree else "flowchart LR"]
    for node in graph.nodes:
        mark = ":::refused" if node.refused else ""
        lines.append(f"  {ids[node.id]}({_quoted(node.label, node.detail)}){mark}")
    for edge in graph.edges:
        arrow = "-.-x" if edge.refused else _ARROWS.get(edge.kind, "-->")
        label = _quoted(edge.label, edge.refused or "")
        lines.append(f"  {ids[edge.source]} {arrow}|{label}| {ids[edge.target]}")
    if graph.refusals:
        lines.append(f"  classDef refused stroke:{DARK.color(Semantic.ERROR).hex},stroke-dasharray:4")
    return "\n".join(lines) + "\n"


def _quoted(*lines: str) -> str:
    """Return lines as one quoted label, every character that Mermaid or HTML reads written as an entity."""
    shown = (_entities(line) for line in lines if line)
    return f'"{"<br/>".join(shown) or " "}"'


def _entities(text: str) -> str:
    return "".join(c if c.isalnum() or c in " .,:/^~-_" else f"#{ord(c)};" for c in text)
