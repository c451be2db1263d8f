"""From a caixa to what is shown of it: its card, and the graph of a mesh or a supervision tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from caixa_renderers.graph.dot import to_dot
from caixa_renderers.graph.mesh import mesh_graph
from caixa_renderers.graph.model import Graph
from caixa_renderers.graph.supervision import supervision_graph
from caixa_renderers.graph.text import to_text

from caixa.lisp.diagnostics import Diagnostic, Reportable
from caixa.lisp.source import Source
from caixa.manifest.model import Caixa, Kind
from caixa.session import Definition, Session
from caixa.session.verdicts import verdicts

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


def graph_of(caixa: Caixa, diagnostics: Sequence[Diagnostic]) -> Graph | None:
    """Return the graph of an Aplicacao or a Supervisor with its findings marked; other kinds have none."""
    if caixa.kind is Kind.APLICACAO:
        return mesh_graph(caixa, diagnostics)
    if caixa.kind is Kind.SUPERVISOR:
        return supervision_graph(caixa, diagnostics)
    return None


def draw(graph: Graph, engine: Engine) -> View:
    """Return a graph as text, dot and SVG; where the engine cannot draw, the text says why."""
    text, dot = to_text(graph), to_dot(graph)
    try:
        svg = engine.svg(dot)
    except Reportable as error:
        return View(f"{text}\n\n(not drawn: {error})", others={DOT: dot})
    return View(text, others={DOT: dot, "image/svg+xml": svg})
