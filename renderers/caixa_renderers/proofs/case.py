"""What the proofs are about: the typed package, what it was rendered to, and what its members are.

Everything that a proof rests on is in a `Case`, and `Case.to_json` is what the checker is given beside the
certificates: it sees the manifest and the objects, never the values of this program.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from caixa.manifest.json import to_json
from caixa.manifest.model import Kind

from ..mesh.backends import Backends
from ..servico.computeunit import DEFAULT_NAMESPACE

if TYPE_CHECKING:
    from caixa.lisp.diagnostics import Diagnostic
    from caixa.manifest.model import Caixa
    from caixa.manifest.package import Package

__all__ = ["Case", "ComponentType", "Function"]

Unit = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Function:
    """A function that a component imports or exports, `interface#name`, its types in WIT words.

    `is_plain` is false for one that passes resources, streams or futures, whose types do not say what they are.
    """

    name: str
    params: tuple[tuple[str, str], ...]
    results: tuple[str, ...]
    is_plain: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return the function as plain data."""
        return {
            "name": self.name,
            "params": [list(each) for each in self.params],
            "results": list(self.results),
            "plain": self.is_plain,
        }

    @property
    def type(self) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
        """What has to be the same on both sides."""
        return self.params, self.results


@dataclass(frozen=True, slots=True)
class ComponentType:
    """What a built component asks for and offers; `sha256` says of which bytes this was read."""

    sha256: str
    imports: tuple[Function, ...]
    exports: tuple[Function, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the type as plain data."""
        return {
            "sha256": self.sha256,
            "imports": [each.to_json() for each in self.imports],
            "exports": [each.to_json() for each in self.exports],
        }


@dataclass(frozen=True)
class Case:
    """A package, its rendering, and its parts.

    `packages` and `units` are by member; a member that is not here is in neither. `components` are by member as
    well. `rendered` is what a cluster gets, by name, `findings` what the renderers said. `unrendered` says why
    nothing is rendered, where that is so. The unit of a Servico is under its own name.
    """

    package: Package
    packages: Mapping[str, Package] = field(default_factory=lambda: MappingProxyType({}))
    units: Mapping[str, Unit] = field(default_factory=lambda: MappingProxyType({}))
    rendered: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    findings: tuple[Diagnostic, ...] = ()
    components: Mapping[str, ComponentType] = field(default_factory=lambda: MappingProxyType({}))
    unrendered: str | None = None
    namespace: str = DEFAULT_NAMESPACE
    backends: Backends = field(default_factory=Backends)

    @property
    def caixa(self) -> Caixa:
        """The typed package."""
        return self.package.caixa

    @property
    def members(self) -> tuple[str, ...]:
        """The names of what runs: the members of a mesh, the children of a supervisor, a Servico itself."""
        caixa = self.caixa
        if caixa.kind is Kind.SERVICO:
            return (caixa.nome,)
        names = [membro.caixa for membro in caixa.membros] + [child.caixa for child in caixa.children]
        return tuple(dict.fromkeys(names))

    @property
    def objects(self) -> tuple[Mapping[str, Any], ...]:
        """The objects of Kubernetes among what is rendered."""
        return tuple(each for each in self.rendered.values() if isinstance(each, Mapping) and "kind" in each)

    @property
    def absent(self) -> tuple[str, ...]:
        """The members of which nothing is known."""
        return tuple(each for each in self.members if each not in self.units)

    def to_json(self) -> dict[str, Any]:
        """Return what the checker needs to judge for itself."""
        return {
            "manifest": to_json(self.caixa),
            "members": {name: to_json(package.caixa) for name, package in self.packages.items()},
            "units": {name: dict(unit) for name, unit in self.units.items()},
            "rendered": dict(self.rendered),
            "findings": [
                {"code": each.code, "message": each.message, "data": dict(each.data)} for each in self.findings
            ],
            "components": {name: each.to_json() for name, each in self.components.items()},
            "namespace": self.namespace,
            "backends": {
                name: {"namespace": each.namespace, "labels": dict(each.labels), "port": each.port}
                for name in ("nats", "kafka", "store", "dns")
                for each in (getattr(self.backends, name),)
            },
            "unrendered": self.unrendered,
        }
