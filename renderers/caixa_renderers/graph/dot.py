"""A picture as DOT, in the colours of the house (caixa.md section 6.5).

Labels are plain text, since wasm Graphviz draws no HTML.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from caixa.tools.theme import NORD, WHITE

from .model import EdgeKind, Graph, Node, NodeKind

if TYPE_CHECKING:
    from graphviz import Digraph

__all__ = ["to_dot"]

_INK, _GREY, _LINE, _PAPER, _WHITE = (color.hex for color in (NORD[0], NORD[3], NORD[4], NORD[6], WHITE))
_TEAL, _BLUE, _RED, _ORANGE, _PURPLE, _GREEN = (NORD[index].hex for index in (7, 10, 11, 12, 15, 14))
_FONT = "Helvetica,Arial,sans-serif"

_FILLS = {
    NodeKind.MEMBER: (_BLUE, _WHITE),
    NodeKind.CHILD: (_BLUE, _WHITE),
    NodeKind.SUPERVISOR: (_INK, _PAPER),
    NodeKind.ENTRANCE: (_GREEN, _INK),
    NodeKind.UNKNOWN: (_PAPER, _RED),
    NodeKind.PACKAGE: (_INK, _PAPER),
    NodeKind.DEFINITION: (_BLUE, _WHITE),
    NodeKind.NATIVE: (_LINE, _INK),
}
_STROKES = {
    EdgeKind.HTTP: (_BLUE, "solid"),
    EdgeKind.PUBSUB: (_PURPLE, "dashed"),
    EdgeKind.STORE: (_ORANGE, "solid"),
    EdgeKind.CAPABILITY: (_GREY, "dotted"),
    EdgeKind.ENTRANCE: (_GREEN, "bold"),
    EdgeKind.SUPERVISION: (_GREY, "solid"),
    EdgeKind.NEED: (_GREY, "solid"),
}

_DOWNWARDS = (EdgeKind.SUPERVISION, EdgeKind.NEED)  # what is above comes first, not what is to the left


def to_dot(graph: Graph) -> str:
    """Return the DOT source of the picture, to be drawn by the engine's `svg`."""
    import graphviz  # noqa: PLC0415  # slow to import, and only needed here

    is_tree = any(edge.kind in _DOWNWARDS for edge in graph.edges)
    dot = graphviz.Digraph("caixa", graph_attr=_page(graph, is_tree=is_tree), node_attr=_BOX, edge_attr=_ARROW)
    ids = {node.id: f"n{number}" for number, node in enumerate(graph.nodes)}
    grouped = {node for group in graph.groups for node in group.nodes}
    for number, group in enumerate(graph.groups):
        with dot.subgraph(name=f"cluster_{number}", graph_attr=_frame(group.label)) as frame:
            for node in graph.nodes:
                if node.id in group.nodes:
                    _draw(frame, ids[node.id], node)
    for node in graph.nodes:
        if node.id not in grouped:
            _draw(dot, ids[node.id], node)
    for edge in graph.edges:
        colour, style = (_RED, "dashed") if edge.refused else _STROKES[edge.kind]
        label = _plain(edge.label, f"✗ {edge.refused}" if edge.refused else "")
        ink = _RED if edge.refused else _GREY
        dot.edge(ids[edge.source], ids[edge.target], label, color=colour, style=style, fontcolor=ink)
    source: str = dot.source
    return source


_BOX = {
    "shape": "box",
    "style": "rounded,filled",
    "fontname": _FONT,
    "fontsize": "12",
    "margin": "0.32,0.12",
    "penwidth": "1.2",
}
_ARROW = {"fontname": _FONT, "fontsize": "10", "arrowsize": "0.7", "penwidth": "1.4"}


def _page(graph: Graph, *, is_tree: bool) -> dict[str, str]:
    return {
        "rankdir": "TB" if is_tree else "LR",
        "bgcolor": "transparent",
        "pad": "0.2",
        "nodesep": "0.35",
        "ranksep": "0.5" if is_tree else "0.9",
        "fontname": _FONT,
        "fontsize": "13",
        "fontcolor": _GREY,
        "label": _plain(graph.title, " · ".join(graph.notes)),
        "labelloc": "t",
    }


def _frame(label: str) -> dict[str, str]:
    return {
        "label": _plain(label),
        "style": "rounded,filled",
        "color": _LINE,
        "fillcolor": _PAPER,
        "fontname": _FONT,
        "fontsize": "11",
        "fontcolor": _GREY,
        "margin": "16",
    }


def _draw(dot: Digraph, name: str, node: Node) -> None:
    fill, ink = _FILLS[node.kind]
    label = _plain(node.label, node.detail, " ".join(node.badges))
    style = {"style": "rounded,filled,dashed"} if node.refused else {}
    border = _RED if node.refused else fill
    dot.node(name, label, fillcolor=fill, color=border, fontcolor=ink, **style)


def _plain(*lines: str) -> str:
    r"""Return lines as a label that means itself: no escapes, no HTML, `\n` between the lines."""
    from graphviz import escape  # noqa: PLC0415  # as above

    shown = ("".join(c if c.isprintable() else " " for c in line) for line in lines if line)
    text: str = r"\n".join(escape(line) for line in shown)
    return text
