"""`graph` and `app graph`: a mesh or a tree of supervision, as text, as dot or as a picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from caixa.lisp.diagnostics import Diagnostic
from caixa.lisp.source import Source
from caixa.manifest.errors import InvalidManifest
from caixa.manifest.model import Caixa, Kind

from ..errors import NoGraph
from ..results import Piece, Result, finding_pieces
from ..workspace import Workspace

if TYPE_CHECKING:
    from caixa.manifest.reading import Reading
    from caixa_renderers.graph.model import Graph

__all__ = ["Drawing", "app_graph", "graph"]


@dataclass(frozen=True, slots=True)
class Drawing(Result):
    """A graph in the form that was asked for; `model` is what every form is made from."""

    nome: str
    form: str
    body: str
    model: Graph = field(repr=False)
    data: Mapping[str, Any] = field(repr=False)
    findings: tuple[Diagnostic, ...] = ()
    sources: Mapping[str, Source] = field(repr=False, default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether nothing refuses what is drawn."""
        return not any(finding.is_error for finding in self.findings)

    def pieces(self) -> Iterator[Piece]:
        """Yield the graph, then what is wrong with it."""
        yield Piece(self.body.rstrip("\n") + "\n")
        yield from finding_pieces(self.findings, self.sources)

    def to_json(self) -> dict[str, Any]:
        """Return the mesh as plain data (caixa.md section 5), or for a tree its nodes and edges."""
        return dict(self.data)


def app_graph(workspace: Workspace, subject: str | None = None, form: str = "text") -> Drawing:
    """Draw the mesh of an Aplicacao; the text is the report of caixa.md 4.9.

    A refused mesh is drawn with its refused edges, and its errors follow. Raises NoGraph for any other kind.
    """
    caixa, reading = _read(workspace, subject)
    if caixa.kind is not Kind.APLICACAO:
        raise NoGraph(caixa.nome, caixa.kind.value, Kind.APLICACAO.value)
    from caixa_renderers.graph.report import app_report  # noqa: PLC0415 - only this verb prints it

    drawing = _mesh(workspace, caixa, reading, form)
    if form != "text":
        return drawing
    return replace(drawing, body=app_report(caixa))


def graph(workspace: Workspace, subject: str | None = None, form: str = "text") -> Drawing:
    """Draw the mesh of an Aplicacao or the tree of a Supervisor as text, dot or svg.

    Raises NoGraph for a kind that has neither.
    """
    caixa, reading = _read(workspace, subject)
    if caixa.kind is Kind.APLICACAO:
        return _mesh(workspace, caixa, reading, form)
    if caixa.kind is Kind.SUPERVISOR:
        return _tree(workspace, subject, caixa, reading, form)
    raise NoGraph(caixa.nome, caixa.kind.value, f"{Kind.APLICACAO.value} or {Kind.SUPERVISOR.value}")


def _read(workspace: Workspace, subject: str | None) -> tuple[Caixa, Reading]:
    """Return the caixa even if it is refused: that is when a picture helps."""
    try:
        package = workspace.package(subject)
    except InvalidManifest as error:
        if error.reading.caixa is None:
            raise
        return error.reading.caixa, error.reading
    return package.caixa, package.reading


def _mesh(workspace: Workspace, caixa: Caixa, reading: Reading, form: str) -> Drawing:
    from caixa_renderers.graph.mesh import mesh_graph  # noqa: PLC0415 - most verbs draw nothing
    from caixa_renderers.graph.report import app_json  # noqa: PLC0415 - the same

    model = mesh_graph(caixa, reading.diagnostics, reading.span_of)
    body = _body(workspace, model, form)
    return Drawing(caixa.nome, form, body, model, app_json(caixa), reading.errors, workspace.sources)


def _tree(workspace: Workspace, subject: str | None, caixa: Caixa, reading: Reading, form: str) -> Drawing:
    from caixa_renderers.graph.supervision import supervision_graph  # noqa: PLC0415 - the same

    if reading.is_valid:
        model = supervision_graph(caixa, workspace.members_of(workspace.package(subject)))
    else:
        model = supervision_graph(caixa)
    body = _body(workspace, model, form)
    return Drawing(caixa.nome, form, body, model, model.to_json(), reading.errors, workspace.sources)


def _body(workspace: Workspace, model: Graph, form: str) -> str:
    from caixa_renderers.graph.dot import to_dot  # noqa: PLC0415 - the same
    from caixa_renderers.graph.text import to_text  # noqa: PLC0415 - the same

    if form == "text":
        return to_text(model)
    dot = to_dot(model)
    return dot if form == "dot" else workspace.engine().svg(dot)
