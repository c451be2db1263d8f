"""What a package is rendered to, object by object, and the same for a package that differs in one field.

Every rendering here is a mapping from a name (`Kind/namespace/name`, or a file's path) to plain data. Where
renderings are compared the package's digest is left out: it changes with every field and says nothing of any.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from caixa.manifest.model import Kind

from ..mesh import rendering as mesh
from ..mesh.aplicacao import aplicacao
from ..mesh.enforcement import not_enforced
from ..mesh.members import Member, findings_of, resolve, roster
from ..mesh.placement import clusters_of, groups_of
from ..names import PACKAGE
from ..rendering import render
from ..servico import computeunit
from ..unrendered import unrendered
from .fieldwise import OTHER_UNIT

if TYPE_CHECKING:
    from caixa.lisp.diagnostics import Diagnostic
    from caixa.manifest.model import Caixa, Membro, Placement
    from caixa.manifest.package import Members, Package

    from ..artifact import Options

__all__ = ["ECHO", "WHERE", "Rendered", "Renderer", "renderer_of"]

Rendered = Mapping[str, Any]
WHERE = "clusters"
_ANOTHER = b"spec: {module: {source: ./another.wasm}, trigger: {oneShot: {}}}"
ECHO = "Aplicacao/"  # the object that declares the mesh holds its slots as they are, and enforces none


class Renderer:
    """What renders a package, and any that differs from it in some fields, to names and plain data."""

    def __init__(self, package: Package, members: Members, options: Options) -> None:
        """Resolve the members once."""
        self._package, self._members, self._options = package, members, options

    def whole(self) -> dict[str, Any]:
        """Return all that the package is rendered to, digests and all."""
        return self._of(self._package)

    def units(self) -> dict[str, dict[str, Any]]:
        """Return the ComputeUnit of each part that is here, by the name of the part."""
        found = self.whole().values()
        units = [each for each in found if isinstance(each, dict) and each.get("kind") == "ComputeUnit"]
        return {each["metadata"]["name"]: each for each in units}

    def findings(self) -> tuple[Diagnostic, ...]:
        """Return what the renderers say about the package."""
        found = render(self._package, "all", self._members, self._options).findings
        return (*found, *unrendered(self._package.caixa, self._package.reading.span_of))

    def packages(self) -> dict[str, Package]:
        """Return the packages of the parts that are here, by name."""
        caixa = self._package.caixa
        if caixa.kind is Kind.SERVICO:
            return {caixa.nome: self._package}
        parts = [(child.caixa, child.versao) for child in caixa.children]
        found = {nome: self._members(nome, versao) for nome, versao in parts}
        return {nome: package for nome, package in found.items() if package is not None}

    def variant(self, caixa: Caixa) -> Rendered:
        """Return what another caixa is rendered to, with no digest in it. Raises as the renderers do."""
        package = dataclasses.replace(self._package, caixa=caixa).with_file(OTHER_UNIT, _ANOTHER)
        return dict(_without_digests(self._of(package), computeunit.package_label_of(package)))

    def _of(self, package: Package) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for artifact in render(package, "all", self._members, self._options).artifacts:
            if artifact.objects:
                found |= dict(_named(artifact.objects, artifact.path))
            else:
                found[artifact.path] = artifact.text
        return found


class MeshRenderer(Renderer):
    """What renders a mesh: its objects without their text, which costs the most and says the same."""

    def __init__(self, package: Package, members: Members, options: Options) -> None:
        """Resolve the members once."""
        super().__init__(package, members, options)
        self._found = resolve(package.caixa, members)
        self._known = roster(self._found)
        self._entries: dict[tuple[Membro, str, Placement | None], dict[str, Any]] = {}
        self._by_name = {member.membro.caixa: member for member in self._found}

    def whole(self) -> dict[str, Any]:
        """Return the objects of the mesh, and the units of its members."""
        label = computeunit.package_label_of(self._package)
        units = dict(_named(self.units().values()))
        return dict(self._objects(self._package.caixa, label)) | units

    def units(self) -> dict[str, dict[str, Any]]:
        """Return the ComputeUnit of each member that is here."""
        return {
            member.membro.caixa: computeunit.complete(
                member.package.caixa,
                member.unit,
                aplicacao=self._package.caixa.nome,
                namespace=self._options.namespace,
                package_label=member.label,
            )
            for member in self._found
            if member.package is not None and member.unit is not None
        }

    def packages(self) -> dict[str, Package]:
        """Return the packages of the members that are here."""
        return {member.membro.caixa: member.package for member in self._found if member.package is not None}

    def findings(self) -> tuple[Diagnostic, ...]:
        """Return what the renderers say about the mesh."""
        package = self._package
        lost = not_enforced(package.caixa, self._options, self._known, package.reading.span_of)
        return (*findings_of(self._found), *lost, *unrendered(package.caixa, package.reading.span_of))

    def variant(self, caixa: Caixa) -> Rendered:
        """Return what another mesh is rendered to. Its members' digests are theirs, not its own."""
        return self._objects(caixa, None)

    def _objects(self, caixa: Caixa, label: str | None) -> Rendered:
        namespace, group = self._options.namespace, groups_of(caixa)[0]
        entries = {f"programs/{each.caixa}": self._entry(caixa, each, group) for each in caixa.membros}
        objects = (aplicacao(caixa, namespace, label), *mesh.manifests(caixa, self._options, self._known))
        return dict(_named(objects)) | entries | {WHERE: list(clusters_of(caixa))}

    def _entry(self, caixa: Caixa, membro: Membro, group: tuple[str, ...]) -> dict[str, Any]:
        """Return the fleet entry of a member, made once for each name, version, mesh and placement."""
        key = membro, caixa.nome, caixa.placement
        if key not in self._entries:
            self._entries[key] = mesh.program(caixa, self._as(membro), self._options.namespace, group)
        return self._entries[key]

    def _as(self, membro: Membro) -> Member:
        """Return a member under what a changed mesh says of it; its package is what it was."""
        known = self._by_name.get(membro.caixa)
        return Member(membro) if known is None else dataclasses.replace(known, membro=membro)


def renderer_of(package: Package, members: Members, options: Options) -> Renderer:
    """Return what renders a package of its kind. Raises as the renderers do."""
    is_mesh = package.caixa.kind is Kind.APLICACAO
    return (MeshRenderer if is_mesh else Renderer)(package, members, options)


def _named(objects: Iterable[Mapping[str, Any]], path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield objects with the names by which a cluster knows them; those without a kind by the file's path."""
    for at, each in enumerate(objects):
        metadata, kind = each.get("metadata"), each.get("kind")
        if kind is None or not isinstance(metadata, Mapping):
            yield f"{path}#{at}", each
        else:
            yield f"{kind}/{metadata.get('namespace', '-')}/{metadata.get('name')}", each


def _without_digests(value: Any, digest: str) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_digests(each, digest) for key, each in value.items() if key != PACKAGE}
    if isinstance(value, list | tuple):
        return [_without_digests(each, digest) for each in value]
    return value.replace(digest, "") if isinstance(value, str) else value
