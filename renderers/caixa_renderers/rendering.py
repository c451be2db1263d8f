"""The one door: a package and a target to files and findings.

| kind | computeunit | helm | flux | mesh | all |
|---|---|---|---|---|---|
| Servico | its unit | its chart | its programs entry, for a cluster the three objects | - | these and more |
| Aplicacao | its members' units | - | its members' entries | its manifests | mesh and flux |
| Supervisor | its tree and children | - | - | - | its tree and children |
| Biblioteca, Binario | - | - | - | - | flake.nix |

Of a Servico there are also `image`, the layout of its OCI image, and `workflow`, for GitHub.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from caixa.manifest.model import Kind
from caixa.manifest.package import Members, nobody

from . import supervision
from .artifact import DEFAULTS, Options, Rendering, Target
from .errors import MalformedYaml, NotAnAplicacao, NotAServico
from .mesh import rendering as mesh
from .nix import flake
from .servico import computeunit, flux, helm, oci, workflow

if TYPE_CHECKING:
    from caixa.manifest.package import Package

__all__ = ["render"]

Renderer = Callable[["Package", Members, Options], Rendering]


def render(
    package: Package, target: Target = "all", members: Members = nobody, options: Options = DEFAULTS
) -> Rendering:
    """Return what `package` becomes for `target`, deterministic to the byte.

    `members` resolves the names of a mesh or a supervisor. A file of the package that does not read is a
    finding with its place, and what it would have become is left out. Raises `WrongKind` (its `NotAServico`
    or `NotAnAplicacao`) for a target that the kind has nothing for, `InvalidAplicacao`,
    `UnsupportedServicoCount` and `MissingField`.
    """
    try:
        return _renderer(package, target)(package, members, options)
    except MalformedYaml as error:
        return Rendering((), error.diagnostics, (error.source,))


def _renderer(package: Package, target: Target) -> Renderer:
    found = _RENDERERS[target].get(package.caixa.kind)
    if found is not None:
        return found
    wrong = NotAnAplicacao if target == "mesh" else NotAServico
    raise wrong(package.caixa.nome, package.caixa.kind)


def _unit(package: Package, _: Members, options: Options) -> Rendering:
    return computeunit.render(package, usual_namespace=options.namespace)


def _chart(package: Package, _: Members, options: Options) -> Rendering:
    return helm.render(package, options)


def _release(package: Package, _: Members, options: Options) -> Rendering:
    return flux.render(package, options)


def _image(package: Package, _: Members, _options: Options) -> Rendering:
    return oci.render(package)


def _workflow(package: Package, _: Members, _options: Options) -> Rendering:
    return workflow.render(package)


def _flake(package: Package, _: Members, _options: Options) -> Rendering:
    return flake.render(package)


def _servico(package: Package, _: Members, options: Options) -> Rendering:
    """Return everything that a Servico becomes, its unit read once."""
    read = computeunit.loaded(package)
    parts = (
        computeunit.render(package, usual_namespace=options.namespace, read=read),
        helm.render(package, options, read),
        flux.render(package, options, read),
        oci.render(package, read),
        workflow.render(package, read),
    )
    return sum(parts, Rendering())


_RENDERERS: Mapping[Target, Mapping[Kind, Renderer]] = {
    "computeunit": {
        Kind.SERVICO: _unit,
        Kind.APLICACAO: mesh.render_units,
        Kind.SUPERVISOR: supervision.render,
    },
    "helm": {Kind.SERVICO: _chart},
    "flux": {Kind.SERVICO: _release, Kind.APLICACAO: mesh.render_programs},
    "mesh": {Kind.APLICACAO: mesh.render},
    "image": {Kind.SERVICO: _image},
    "workflow": {Kind.SERVICO: _workflow},
    "all": {
        Kind.SERVICO: _servico,
        Kind.APLICACAO: mesh.render_whole,
        Kind.SUPERVISOR: supervision.render,
        Kind.BIBLIOTECA: _flake,
        Kind.BINARIO: _flake,
    },
}
