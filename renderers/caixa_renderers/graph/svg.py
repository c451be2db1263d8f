"""A picture as SVG: what the engine drew, with a title on each part and without what nobody reads.

The engine's bytes depend on the DOT alone, and these on the engine's: the same picture is the same text
anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.etree import ElementTree

from .dot import ids_of, to_dot
from .model import Edge, Graph, Node

__all__ = ["Draw", "described", "to_svg"]

Draw = Callable[[str], str]
"""Lays out and draws a text in the dot language, as the engine's `svg` does."""

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_ALIKE = ("font-family",)  # the same on every text: said once, at the top
ElementTree.register_namespace("", _SVG)
ElementTree.register_namespace("xlink", _XLINK)


def to_svg(graph: Graph, draw: Draw, *, captioned: bool = True) -> str:
    """Return the picture as SVG, to be read by eye and by ear. Raises what `draw` raises."""
    root = ElementTree.fromstring(draw(to_dot(graph, captioned=captioned)))  # noqa: S314  # the engine wrote it
    _say_once(root)
    root.set("role", "img")
    root.set("aria-label", _clean(f"graph of {graph.title}"))
    titles = dict(_titles(graph))
    for group in root.iter(f"{{{_SVG}}}g"):
        title = group.find(f"{{{_SVG}}}title")
        if title is None:
            continue
        said = titles.get(group.get("id", ""))
        if said is None:  # a frame, whose label says it, or the page
            group.remove(title)
        else:
            title.text = said
    _say_ends(root, graph)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _say_once(root: ElementTree.Element) -> None:
    for name in _ALIKE:
        texts = [each for each in root.iter(f"{{{_SVG}}}text") if name in each.attrib]
        if len({each.get(name) for each in texts}) == 1:
            root.set(name, texts[0].get(name, ""))
            for each in texts:
                del each.attrib[name]


def _say_ends(root: ElementTree.Element, graph: Graph) -> None:
    """Say of each edge which nodes it joins, for what lights up neighbours."""
    ids = ids_of(graph)
    ends = {f"e{number}": (ids[edge.source], ids[edge.target]) for number, edge in enumerate(graph.edges)}
    for group in root.iter(f"{{{_SVG}}}g"):
        joined = ends.get(group.get("id", ""))
        if joined:
            group.set("data-from", joined[0])
            group.set("data-to", joined[1])


def _titles(graph: Graph) -> Iterator[tuple[str, str]]:
    ids, labels = ids_of(graph), {node.id: node.label for node in graph.nodes}
    for node in graph.nodes:
        yield ids[node.id], _clean(described(node, labels))
    for number, edge in enumerate(graph.edges):
        yield f"e{number}", _clean(described(edge, labels))


def described(part: Node | Edge, labels: dict[str, str]) -> str:
    """Return a node or an edge in one line, as a reader of the picture would say it."""
    if isinstance(part, Node):
        said = " ".join(each for each in (part.label, part.detail, *part.badges) if each)
    else:
        ends = f"{labels[part.source]} → {labels[part.target]}"
        count = f"{part.count} \N{MULTIPLICATION SIGN} " if part.count > 1 else ""
        said = f"{ends}: {count}{part.label}" if part.label else ends
    return f"{said} (refused: {part.refused})" if part.refused else said


def _clean(text: str) -> str:
    """Return `text` without the characters that XML has no way to write."""
    return "".join(character if character.isprintable() else " " for character in text)
