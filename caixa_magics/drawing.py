"""From a caixa to what is shown of it: its card, and the graph of a mesh or a supervision tree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from caixa.lisp.diagnostics import Reportable
from caixa.lisp.source import Source
from caixa.manifest.model import Kind
from caixa.manifest.package import Members
from caixa.manifest.reading import Reading
from caixa.session import Definition, Session
from caixa.session.verdicts import verdicts
from caixa_renderers.graph import fold, mesh_graph, supervision_graph, to_dot, to_fragment, to_svg, to_text
from caixa_renderers.graph.model import Graph

from .view import DOT, View
from .views.card import Card

if TYPE_CHECKING:
    from caixa.runtime.engine import Engine

__all__ = ["card_of", "draw", "graph_of"]


def card_of(definition: Definition, session: Session, sources: Mapping[str, Source]) -> Card:
    """Return the card of a caixa, judged with what `session` holds."""
    package = definition.package
    has_component = session.component(package.nome) is not None
    judged = verdicts(package, session.members, has_component=has_component)
    return Card(package.caixa, definition.digest, judged, definition.diagnostics, sources)


def graph_of(reading: Reading, members: Members) -> Graph | None:
    """Return the graph of an Aplicacao or a Supervisor, what was refused marked; other kinds have none."""
    caixa = reading.caixa
    if caixa is not None and caixa.kind is Kind.APLICACAO:
        return mesh_graph(caixa, reading.diagnostics, reading.span_of, members)
    if caixa is not None and caixa.kind is Kind.SUPERVISOR:
        return supervision_graph(caixa, members)
    return None


def draw(graph: Graph, engine: Engine) -> View:
    """Return a graph as text, dot, SVG and HTML; where the engine cannot draw, the text says why.

    Of a graph that is too large to be drawn whole, dot and SVG are the overview; the HTML has all its parts.
    """
    text, overview = to_text(graph), fold(graph).overview
    others = {DOT: to_dot(overview)}
    try:
        return View(
            text, to_fragment(graph, engine.svg), others | {"image/svg+xml": to_svg(overview, engine.svg)}
        )
    except Reportable as error:
        return View(f"{text}\n\n(not drawn: {error})", others=others)
