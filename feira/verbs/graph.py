"""`graph` and `app graph`: a mesh, a tree, a closure or the layers of a deploy, in the form asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from caixa.lisp.diagnostics import Diagnostic
from caixa.lisp.source import Source
from caixa.manifest.errors import InvalidManifest
from caixa.manifest.model import Caixa, Kind
from caixa.manifest.package import nobody

from ..errors import NoGraph
from ..resolving import lock_of
from ..results import Piece, Result, finding_pieces
from ..workspace import Workspace
from .tree import direct_names

if TYPE_CHECKING:
    from caixa.manifest.package import Members, Package
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
    read = _read(workspace, subject)
    if read.caixa.kind is not Kind.APLICACAO:
        raise NoGraph(read.caixa.nome, read.caixa.kind, {Kind.APLICACAO: "mesh"})
    drawing = _drawing(read, "mesh", form)
    if form != "text":
        return drawing
    from caixa_renderers.graph.report import app_report  # noqa: PLC0415 - only this verb prints it

    return replace(drawing, body=app_report(read.caixa))


def graph(
    workspace: Workspace,
    subject: str | None = None,
    form: str = "text",
    kind: str | None = None,
    most: int | None = None,
) -> Drawing:
    """Draw a caixa as `kind` (mesh, tree, closure or layers), by default the mesh or the tree that it is.

    `form` is text, mermaid, dot, svg, html or json; all but text and json fold what has more than `most` nodes.
    Raises NoGraph for a kind that has no such graph, NotLocked for a closure that is not locked, and for layers
    what rendering raises.
    """
    read = _read(workspace, subject)
    own = _OWN.get(read.caixa.kind)
    kind = kind or own
    if kind is None or (kind in _OWN.values() and kind != own):
        missing = {each: name for each, name in _OWN.items() if kind in (None, name)}
        raise NoGraph(read.caixa.nome, read.caixa.kind, missing)
    return _drawing(read, kind, form, most)


_OWN = {Kind.APLICACAO: "mesh", Kind.SUPERVISOR: "tree"}


@dataclass(frozen=True, slots=True)
class _Read:
    """A caixa as it was read, refused or not: that is when a picture helps."""

    workspace: Workspace
    subject: str | None
    caixa: Caixa
    reading: Reading

    def package(self) -> Package:
        """Return the package. Raises InvalidManifest for a refused one."""
        return self.workspace.package(self.subject)

    def members(self) -> Members:
        """Return what finds the members; of a refused caixa, nobody."""
        return self.workspace.members_of(self.package()) if self.reading.is_valid else nobody


def _read(workspace: Workspace, subject: str | None) -> _Read:
    try:
        package = workspace.package(subject)
    except InvalidManifest as error:
        if error.reading.caixa is None:
            raise
        return _Read(workspace, subject, error.reading.caixa, error.reading)
    return _Read(workspace, subject, package.caixa, package.reading)


def _drawing(read: _Read, kind: str, form: str, most: int | None = None) -> Drawing:
    model = _MODELS[kind](read)
    data = _mesh_json(read.caixa) if kind == "mesh" else model.to_json()
    body = _body(read.workspace, model, form, most)
    return Drawing(read.caixa.nome, form, body, model, data, read.reading.errors, read.workspace.sources)


def _mesh_json(caixa: Caixa) -> Mapping[str, Any]:
    from caixa_renderers.graph.report import app_json  # noqa: PLC0415 - most verbs draw nothing

    return app_json(caixa)


def _mesh(read: _Read) -> Graph:
    from caixa_renderers.graph.mesh import mesh_graph  # noqa: PLC0415 - the same

    return mesh_graph(read.caixa, read.reading.diagnostics, read.reading.span_of, read.members())


def _tree(read: _Read) -> Graph:
    from caixa_renderers.graph.supervision import supervision_graph  # noqa: PLC0415 - the same

    return supervision_graph(read.caixa, read.members())


def _closure(read: _Read) -> Graph:
    from caixa_renderers.graph.closure import closure_graph  # noqa: PLC0415 - the same

    package = read.package()
    lock, (required, optional) = lock_of(package), direct_names(package)
    known = {entry.nome for entry in lock.entradas}
    return closure_graph(package.caixa, required | (optional & known), lock)


def _layers(read: _Read) -> Graph:
    from caixa_renderers import render  # noqa: PLC0415 - the same
    from caixa_renderers.graph.layers import layers_graph  # noqa: PLC0415 - the same

    package = read.package()
    rendering = render(package, "all", read.members())
    return layers_graph(f"{package.nome} {package.caixa.versao}, one deploy", rendering)


_MODELS: Mapping[str, Callable[[_Read], Graph]] = {
    "mesh": _mesh,
    "tree": _tree,
    "closure": _closure,
    "layers": _layers,
}


def _body(workspace: Workspace, model: Graph, form: str, most: int | None) -> str:
    from caixa_renderers import graph as pictures  # noqa: PLC0415 - the same
    from caixa_renderers.graph.folding import MOST_NODES  # noqa: PLC0415 - the same

    limit = MOST_NODES if most is None else most
    match form:
        case "text":
            return pictures.to_text(model)
        case "json":
            return json.dumps(model.to_json(), indent=2, ensure_ascii=False)
        case "html":
            return pictures.to_html(model, workspace.engine().svg, limit)
    overview = pictures.fold(model, limit).overview
    if form == "svg":
        return pictures.to_svg(overview, workspace.engine().svg)
    return pictures.to_dot(overview) if form == "dot" else pictures.to_mermaid(overview)
