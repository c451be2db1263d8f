"""A picture as DOT, in the colours of the house (caixa.md section 6.5).

Labels are plain text, since wasm Graphviz draws no HTML. Ids and classes are those of the SVG that it becomes.
"""

from __future__ import annotations

import textwrap
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from caixa.tools.theme import NORD, WHITE

from .clusters import depths
from .model import Edge, EdgeKind, Graph, Node, NodeKind

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from graphviz import Digraph

__all__ = ["ids_of", "to_dot"]

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
    NodeKind.DEPENDENCY: (_BLUE, _WHITE),
    NodeKind.OBJECT: (_WHITE, _INK),
    NodeKind.CLUSTER: (_TEAL, _INK),
}
_BORDERS = {NodeKind.OBJECT: _BLUE, NodeKind.CLUSTER: _INK}
_STROKES = {
    EdgeKind.HTTP: (_BLUE, "solid"),
    EdgeKind.PUBSUB: (_PURPLE, "dashed"),
    EdgeKind.STORE: (_ORANGE, "solid"),
    EdgeKind.CAPABILITY: (_GREY, "dotted"),
    EdgeKind.ENTRANCE: (_GREEN, "bold"),
    EdgeKind.SUPERVISION: (_GREY, "solid"),
    EdgeKind.NEED: (_GREY, "solid"),
    EdgeKind.THEN: (_GREY, "solid"),
}
_SHORT = (NodeKind.MEMBER, NodeKind.CHILD)  # without their version where many are drawn
_WRAPPED = 34  # characters of a reason in one line
_DEEPEST = 7  # nodes one after another that are drawn from left to right; what is deeper goes downwards


class _Drawn(NamedTuple):
    """What the attributes of a node or an edge depend on beside itself."""

    ids: Mapping[str, str]
    steps: Mapping[tuple[str, str], tuple[int, int]]
    is_dense: bool
    is_folded: bool


def ids_of(graph: Graph) -> dict[str, str]:
    """Return the ids of the nodes in DOT and SVG, by their own, which may hold any character."""
    return {node.id: f"n{number}" for number, node in enumerate(graph.nodes)}


def to_dot(graph: Graph, *, captioned: bool = True) -> str:
    """Return the DOT source of the picture, with its title unless told not, for the engine's `svg` to draw."""
    import graphviz  # noqa: PLC0415  # slow to import, and only needed here

    is_folded = any(node.kind is NodeKind.CLUSTER for node in graph.nodes)
    drawn = _Drawn(ids_of(graph), graph.steps(), _is_dense(graph), is_folded)
    box = _BOX | (_DENSE_BOX if drawn.is_dense else {})
    dot = graphviz.Digraph(
        "caixa", graph_attr=_page(graph, drawn) | _caption(graph, captioned), node_attr=box, edge_attr=_ARROW
    )
    nodes = {node.id: node for node in graph.nodes}
    grouped = {node for group in graph.groups for node in group.nodes}
    for number, group in enumerate(graph.groups):
        with dot.subgraph(name=f"cluster_{number}", graph_attr=_frame(group.label)) as frame:
            for member in group.nodes:
                _draw(frame, nodes[member], drawn)
    for node in graph.nodes:
        if node.id not in grouped:
            _draw(dot, node, drawn)
    for one, other in _rows(graph, grouped):
        dot.edge(drawn.ids[one], drawn.ids[other], style="invis")
    for number, edge in enumerate(graph.edges):
        _join(dot, f"e{number}", edge, drawn)
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
_DENSE_BOX = {"margin": "0.32,0.06", "height": "0.35"}
_STRAIGHT = {"splines": "line", "nslimit": "0.5", "mclimit": "0.2"}  # curves round 200 edges take seconds
_ARROW = {"fontname": _FONT, "fontsize": "10", "arrowsize": "0.7", "penwidth": "1.4"}


def _rows(graph: Graph, grouped: Container[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of nodes without edges that are put one after another: a block instead of one long line."""
    touched = {end for edge in graph.edges for end in (edge.source, edge.target)}
    for inside in (True, False):
        alone = [node.id for node in graph.nodes if node.id not in touched and (node.id in grouped) is inside]
        width = round(len(alone) ** 0.5)
        if width > 1 and len(graph.groups) < 2:
            yield from (pair for at, pair in enumerate(pairwise(alone), 1) if at % width)


def _is_dense(graph: Graph) -> bool:
    return len(graph.nodes) > 16 or len(graph.edges) > 24


def _page(graph: Graph, drawn: _Drawn) -> dict[str, str]:
    is_down = graph.is_tree or _is_deep(graph)
    return {
        "rankdir": "TB" if is_down else "LR",
        "bgcolor": "transparent",
        "pad": "0.2",
        "nodesep": "0.22" if drawn.is_dense else "0.35",
        "ranksep": "0.5" if is_down else "0.9",
        **(_STRAIGHT if graph.is_crowded else {}),
        "fontname": _FONT,
        "fontsize": "13",
    }


def _caption(graph: Graph, captioned: bool) -> dict[str, str]:  # noqa: FBT001  # of to_dot, where it is named
    if not captioned:
        return {}
    circles = [f"✗ circle: {circle}" for circle in graph.circles()]
    label = _plain(graph.title, " · ".join(graph.notes), *circles)
    return {"label": label, "labelloc": "t", "fontcolor": _RED if circles else _GREY}


def _is_deep(graph: Graph) -> bool:
    """Whether the picture would be too wide for a page with its layers beside each other."""
    found = depths([node.id for node in graph.nodes], ((edge.source, edge.target) for edge in graph.edges))
    return max(found.values(), default=0) >= _DEEPEST


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


def _draw(dot: Digraph, node: Node, drawn: _Drawn) -> None:
    fill, ink = _FILLS[node.kind]
    is_short = node.kind is NodeKind.OBJECT or (drawn.is_dense and node.kind in _SHORT)
    named = node.label.split(" ", 1) if node.kind is NodeKind.OBJECT else [node.label]  # its kind, its name
    label = _plain(*named, "" if is_short else node.detail, " ".join(node.badges))
    style = {"style": "rounded,filled,dashed"} if node.refused else {}
    if node.kind is NodeKind.CLUSTER:
        style = {"peripheries": "2"}
    border = _RED if node.refused else _BORDERS.get(node.kind, fill)
    name = drawn.ids[node.id]
    mark = " refused" if node.refused else ""
    attributes = {"fillcolor": fill, "color": border, "fontcolor": ink, "id": name, "class": node.kind + mark}
    dot.node(name, label, **attributes, **style)


def _join(dot: Digraph, name: str, edge: Edge, drawn: _Drawn) -> None:
    colour, style = _STROKES[edge.kind]
    attributes = {"color": colour, "style": style, "fontcolor": _GREY, "id": name, "class": str(edge.kind)}
    label = (
        f"\N{MULTIPLICATION SIGN}{edge.count}"
        if edge.count > 1
        else ""
        if drawn.is_dense
        else _plain(edge.label)
    )
    if edge.refused:
        step = drawn.steps.get((edge.source, edge.target))
        reason = f"✗ step {step[0]} of {step[1]}" if step else f"✗ {edge.refused}"
        label = _plain(edge.label, *textwrap.wrap(reason, _WRAPPED))
        shape = {"style": "solid", "penwidth": "2.8"} if step else {"style": "dashed"}
        mark = " refused circle" if step else " refused"
        attributes |= {"color": _RED, "fontcolor": _RED, "class": edge.kind + mark, **shape}
    if edge.count > 1:
        attributes["penwidth"] = "2.2"
    if edge.is_mutual:
        attributes["dir"] = "both"
    if drawn.is_folded and edge.kind is EdgeKind.PUBSUB:
        attributes["constraint"] = "false"  # calls make the layers, or the picture would have none
    dot.edge(drawn.ids[edge.source], drawn.ids[edge.target], label, **attributes)


def _plain(*lines: str) -> str:
    r"""Return lines as a label that means itself: no escapes, no HTML, `\n` between the lines."""
    from graphviz import escape, nohtml  # noqa: PLC0415  # as above

    shown = ("".join(c if c.isprintable() else " " for c in line) for line in lines if line)
    text: str = nohtml(r"\n".join(escape(line) for line in shown))
    return text
