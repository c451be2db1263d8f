"""A picture as HTML: one fragment with all it needs, which reads well without script and answers to it.

The pictures are images first, each within the page, so that a front end that takes scripts away still shows
them, and the table says all that they show. With script they become parts of the page: what is pointed at or
reached by Tab lights up with its neighbours, a word is searched for, and a folded cluster opens.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from string import Template
from xml.etree import ElementTree

from caixa.tools.elements import Element, h
from caixa.tools.theme import page_colors

from .folding import MOST_NODES, Folded, Part, fold
from .model import Edge, EdgeKind, Graph, Node
from .svg import Draw, described, to_svg
from .text import to_text

__all__ = ["to_fragment", "to_html"]

_MOST_SPOKEN = 24  # edges whose text stands for the picture where it cannot be seen
_LARGE = 16  # nodes
_LOOKED_OVER = 12  # nodes that nobody needs to search
_LEGEND = {
    EdgeKind.HTTP: "waits for an answer",
    EdgeKind.PUBSUB: "does not wait",
    EdgeKind.STORE: "a store",
    EdgeKind.CAPABILITY: "a capability",
}


def to_html(graph: Graph, draw: Draw, most: int = MOST_NODES) -> str:
    """Return the picture as a whole page. Raises what `draw` raises."""
    head = h("head", h("meta", charset="utf-8"), h("title", graph.title), h("style", _asset("page.css")))
    page = h("html", head, h("body", to_fragment(graph, draw, most)), lang="en")
    return f"<!doctype html>\n{page}\n"


def to_fragment(graph: Graph, draw: Draw, most: int = MOST_NODES) -> Element:
    """Return the picture as an element to be put into a page. Raises what `draw` raises."""
    folded = fold(graph, most)
    return h(
        "section",
        h("style", _asset("graph.css")),
        _header(graph, folded.overview.notes),
        list(_refusals(graph)),
        _search() if len(graph.nodes) > _LOOKED_OVER else None,
        _figure(folded.overview, draw, _alternative(graph)),
        [_part(part, folded, draw) for part in folded.parts],
        _table(graph),
        h("script", _asset("graph.js")),
        class_="cx-graph",
        aria_label=f"graph of {graph.title}",
    )


@cache
def _asset(name: str) -> str:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    if not name.endswith(".css"):
        return text
    bare = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)).strip()
    return Template(bare).substitute(page_colors())


def _header(graph: Graph, notes: tuple[str, ...]) -> Element:
    refused = sum(edge.refused is not None for edge in graph.edges)
    counts = [_plural(len(graph.nodes), "node"), _plural(len(graph.edges), "edge")]
    kinds = dict.fromkeys(edge.kind for edge in graph.edges if edge.kind in _LEGEND)
    legend = [h("span", _LEGEND[kind], class_=f"cx-key-{kind}") for kind in kinds]
    return h(
        "header",
        h("b", graph.title),
        h("span", ", ".join(counts)),
        h("span", f"{refused} refused", class_="cx-refused") if refused else None,
        legend if len(legend) > 1 else None,
        [h("span", note) for note in notes],
    )


def _refusals(graph: Graph) -> Iterator[Element]:
    """Yield what is refused as a list: the closed paths, and each other reason with where it stands."""
    items = [h("li", h("b", "circle: "), circle) for circle in graph.circles()]
    labels = {node.id: node.label for node in graph.nodes}
    steps = graph.steps()
    others = [edge for edge in graph.edges if edge.refused and (edge.source, edge.target) not in steps]
    items += [
        h("li", h("b", f"{labels[edge.source]} → {labels[edge.target]}: "), edge.refused) for edge in others
    ]
    items += [h("li", h("b", f"{node.label}: "), node.refused) for node in graph.nodes if node.refused]
    if items:
        yield h("ul", items, class_="cx-refusals", aria_label="what is refused")


def _search() -> Element:
    """Return the field to search with; it is hidden until a script is there to answer."""
    field = h("input", type="search", placeholder="name or path", aria_label="search the graph")
    return h("p", field, " ", h("output"), class_="cx-search", hidden=True)


def _figure(graph: Graph, draw: Draw, alternative: str) -> Element:
    svg = to_svg(graph, draw, captioned=False)
    link = "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
    return h("figure", h("img", src=link, alt=alternative, width=_width(svg, graph)))


def _width(svg: str, graph: Graph) -> str | None:
    """Return the width of a picture in pixels, so that the text in a large one is about that of the page."""
    width = ElementTree.fromstring(svg).get("width", "")  # noqa: S314  # ours
    scale = 1 if len(graph.nodes) > _LARGE else 4 / 3  # Graphviz counts in points
    return str(round(float(width.removesuffix("pt")) * scale)) if width.endswith("pt") else None


def _alternative(graph: Graph) -> str:
    if len(graph.edges) <= _MOST_SPOKEN:
        return to_text(graph)
    nodes, edges = _plural(len(graph.nodes), "node"), _plural(len(graph.edges), "edge")
    return f"{graph.title}: {nodes}, {edges}; the table below has them all"


def _part(part: Part, folded: Folded, draw: Draw) -> Element:
    number = [node.id for node in folded.overview.nodes].index(part.id)
    nodes, edges = _plural(len(part.graph.nodes), "node"), _plural(len(part.graph.edges), "edge")
    summary = h("summary", h("b", part.label), f" {nodes}, {edges} within")
    return h("details", summary, _figure(part.graph, draw, _alternative(part.graph)), data_part=f"n{number}")


def _table(graph: Graph) -> Element:
    labels = {node.id: node.label for node in graph.nodes}
    out: dict[str, list[Edge]] = defaultdict(list)
    into: dict[str, list[Edge]] = defaultdict(list)
    for edge in graph.edges:
        out[edge.source].append(edge)
        into[edge.target].append(edge)
    rows = [_row(node, labels, out[node.id], into[node.id]) for node in graph.nodes]
    head = h("tr", [h("th", name, scope="col") for name in ("", "to", "from")])
    summary = h("summary", "All of it as a table")
    return h("details", summary, h("table", h("thead", head), h("tbody", rows)), class_="cx-all")


def _row(node: Node, labels: dict[str, str], out: list[Edge], into: list[Edge]) -> Element:
    there = [_ends(described(edge, labels).partition(" → ")[2], edge) for edge in out]
    back = [_ends(labels[edge.source], edge) for edge in into]
    name = h("th", described(node, labels), scope="row")
    return h("tr", name, h("td", there), h("td", back))


def _ends(text: str, edge: Edge) -> Element:
    return h("div", text, class_="cx-refused" if edge.refused else None)


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
