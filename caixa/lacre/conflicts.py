"""Why the dependencies cannot all be met, said with the paths that lead to both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from caixa.lisp.source import Span

from .demands import Demand
from .errors import DependencyCycle, LacreError, SourceConflict, UnknownFeature, VersionConflict
from .fetching import Release

__all__ = [
    "Conflict",
    "PathTo",
    "circle",
    "narrowed",
    "no_choice",
    "no_such_feature",
    "no_version",
    "two_commits",
    "two_sources",
]

PathTo = Callable[[str], list[str]]
"""Returns the way from the root to a chosen package, as `["app 0.1.0", "cart 1.2.0"]`."""

_SHOWN = 8  # versions listed before "and N more"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A dead end: what to say, and the chosen packages that lead to it together.

    `is_proven` says that the error holds whatever else is chosen; otherwise only an earlier choice is refuted.
    """

    error: LacreError
    causes: frozenset[str]
    is_proven: bool = True


def no_version(demands: Sequence[Demand], available: Sequence[str], path_to: PathTo) -> LacreError:
    """Return the conflict of requirements that no available version meets."""
    nome = demands[0].nome
    listed = ", ".join(available[:_SHOWN]) or "none"
    more = f" and {len(available) - _SHOWN} more" if len(available) > _SHOWN else ""
    paths = _paths(demands, path_to)
    one = len(demands) == 1
    wishes = " and ".join(dict.fromkeys(each.wish for each in demands))
    message = f'no version of "{nome}" is {wishes}' if one else f'no version of "{nome}" is both {wishes}'
    why = "; ".join([*paths, f"there is: {listed}{more}"])
    fix = (
        f'Require a version that there is, or have the author publish a tag such as "v{_example(demands[0])}".'
        if one
        else "Loosen one of the requirements, or take versions of the packages on the way that agree."
    )
    return VersionConflict(
        message, why=why, fix=fix, span=_span(demands), nome=nome, paths=paths, available=list(available)
    )


def no_choice(demands: Sequence[Demand], path_to: PathTo) -> LacreError:
    """Return what is said when each requirement can be met, but no choice of versions meets them all."""
    nome, paths = demands[0].nome, _paths(demands, path_to)
    message = f'no choice of versions meets every requirement on "{nome}"'
    fix = "Loosen one of the requirements on the way."
    return VersionConflict(message, why="; ".join(paths), fix=fix, span=_span(demands), nome=nome, paths=paths)


def _example(wanted: Demand) -> str:
    parts = wanted.requirement.comparators[0].parts if wanted.requirement.comparators else (0, 1, 0)
    return ".".join(map(str, (*parts, 0, 0)[:3]))


def two_sources(one: Demand, other: Demand, path_to: PathTo) -> LacreError:
    """Return the conflict of two demands for one name from two places."""
    paths = [
        f"{path} from {each.origin}"
        for each, path in zip((one, other), _paths((one, other), path_to), strict=True)
    ]
    message = f'"{one.nome}" is asked for from {one.origin} and from {other.origin}'
    why = "; ".join([*paths, "one name is one package in a lock"])
    fix = "Give both the same :fonte, or rename one of the two packages."
    return SourceConflict(message, why=why, fix=fix, span=_span((one, other)), nome=one.nome, paths=paths)


def two_commits(one: Demand, other: Demand, path_to: PathTo) -> LacreError:
    """Return the conflict of two demands that pin one repository to two commits."""
    paths = _paths((one, other), path_to)
    message = f'"{one.nome}" is pinned to {one.pin} and to {other.pin}, which are two commits'
    fix = "Give both the same pin, or a requirement in place of one."
    return SourceConflict(
        message, why="; ".join(paths), fix=fix, span=_span((one, other)), nome=one.nome, paths=paths
    )


def no_such_feature(wanted: Demand, feature: str, known: Sequence[str], path_to: PathTo) -> LacreError:
    """Return the refusal of a feature that the package does not have."""
    there = ", ".join(known) or "none"
    paths = _paths((wanted,), path_to)
    why = f"{paths[0]}; its optional dependencies are its features, and there is: {there}"
    message = f'"{wanted.nome}" has no feature "{feature}"'
    fix = "Take it out of :caracteristicas, or ask for one that there is."
    return UnknownFeature(
        message, why=why, fix=fix, span=wanted.span, nome=wanted.nome, feature=feature, known=list(known)
    )


def circle(names: Sequence[str], shown: Callable[[str], str]) -> LacreError:
    """Return the refusal of packages that need each other; `names` is `[x, …, x]`, begun at the least name."""
    ring = list(names[:-1])
    start = ring.index(min(ring))
    turned = [*ring[start:], *ring[:start], ring[start]]
    return DependencyCycle([shown(name) for name in turned])


def _paths(demands: Iterable[Demand], path_to: PathTo) -> list[str]:
    return [" → ".join([*path_to(each.asker), f"{each.nome} {each.wish}"]) for each in demands]


def _span(demands: Iterable[Demand]) -> Span | None:
    return next((each.span for each in demands if each.span is not None), None)


def narrowed(demands: Sequence[Demand], releases: Sequence[Release]) -> Sequence[Demand]:
    """Return one demand that no release meets, else two that no release meets together, else all of them."""
    met = [
        {str(each.version) for each in releases if wanted.requirement.matches(each.version)}
        for wanted in demands
    ]
    for wanted, versions in zip(demands, met, strict=True):
        if not versions:
            return (wanted,)
    for index, versions in enumerate(met):
        for other in range(index + 1, len(met)):
            if not versions & met[other]:
                return demands[index], demands[other]
    return demands
