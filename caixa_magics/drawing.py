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
from caixa_renderers.graph.dot import to_dot
from caixa_renderers.graph.mesh import mesh_graph
from caixa_renderers.graph.model import Graph
from caixa_renderers.graph.supervision import supervision_graph
from caixa_renderers.graph.text import to_text

from .view import DOT, View
from .views.card import Card
from .views.picture import picture

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
        return mesh_graph(caixa, reading.diagnostics, reading.span_of)
    if caixa is not None and caixa.kind is Kind.SUPERVISOR:
        return supervision_graph(caixa, members)
    return None


def draw(graph: Graph, engine: Engine) -> View:
    """Return a graph as text, dot and SVG; where the engine cannot draw, the text says why."""
    text, dot = to_text(graph), to_dot(graph)
    try:
        svg = engine.svg(dot)
    except Reportable as error:
        return View(f"{text}\n\n(not drawn: {error})", others={DOT: dot})
    name = graph.title.partition(" ")[0]
    return View(text, picture(svg, text, name), {DOT: dot, "image/svg+xml": svg})
