"""All proofs of one package, and what the checker is given of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from caixa.manifest.package import Members, nobody

from ..artifact import DEFAULTS, Options
from ..errors import RenderError
from . import admission, capabilities, contract_types, cycles, fields, limits, locality
from .case import Case, ComponentType
from .model import Proof, Standing, not_checked
from .rendered import Renderer, renderer_of

if TYPE_CHECKING:
    from caixa.manifest.package import Package

__all__ = ["FORMAT", "Report", "prove", "prove_refused"]

FORMAT: Final = "caixa.proofs.v1"
_NOTHING: Final[Mapping[str, ComponentType]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Report:
    """What is claimed of a package, and what it rests on."""

    case: Case = field(repr=False)
    proofs: tuple[Proof, ...]

    @property
    def is_refuted(self) -> bool:
        """Whether some claim is refuted."""
        return any(each.standing is Standing.REFUTED for each in self.proofs)

    def to_json(self) -> dict[str, Any]:
        """Return the proofs with all that the checker needs."""
        return {
            "format": FORMAT,
            "case": self.case.to_json(),
            "proofs": [each.to_json() for each in self.proofs],
        }


def prove(
    package: Package,
    members: Members = nobody,
    options: Options = DEFAULTS,
    components: Mapping[str, ComponentType] = _NOTHING,
) -> Report:
    """Prove what can be proved of a package; `components` are the types of built components, by member.

    What the renderers refuse is not rendered, and the claims about objects are then not checked.
    """
    try:
        renderer = renderer_of(package, members, options)
        case = _case(package, renderer, options, components)
    except RenderError as error:
        return prove_refused(package, f"nothing is rendered: {error.diagnostic.message}", options)
    return Report(case, (*_judged(case), fields.prove(case, renderer.variant), limits.prove(case)))


def prove_refused(package: Package, because: str, options: Options = DEFAULTS) -> Report:
    """Prove what can be proved of a package of which nothing is rendered."""
    case = Case(package, unrendered=because, namespace=options.namespace, backends=options.backends)
    dark = not_checked(fields.NAME, fields.CLAIM, because)
    judged = (*_judged(case), dark, limits.prove(case))
    return Report(case, tuple(_darkened(each, because) for each in judged))


def _darkened(proof: Proof, because: str) -> Proof:
    """Return a claim that was not checked with the one reason for it, not with all that is missing so."""
    return replace(proof, because=because, evidence=()) if proof.standing is Standing.UNCHECKED else proof


def _case(
    package: Package, renderer: Renderer, options: Options, components: Mapping[str, ComponentType]
) -> Case:
    return Case(
        package,
        renderer.packages(),
        renderer.units(),
        renderer.whole(),
        renderer.findings(),
        components,
        namespace=options.namespace,
        backends=options.backends,
    )


def _judged(case: Case) -> tuple[Proof, ...]:
    return tuple(each.prove(case) for each in (cycles, capabilities, locality, contract_types, admission))
