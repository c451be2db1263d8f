"""The members of a mesh as far as they could be resolved, and what the objects have to know of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from caixa.lisp.diagnostics import Diagnostic, Severity

from ..artifact import Members
from ..errors import MalformedYaml, RenderError
from ..servico import computeunit

if TYPE_CHECKING:
    from caixa.lisp.source import Source, Span
    from caixa.manifest.model import Caixa, Membro
    from caixa.manifest.package import Package

__all__ = ["UNKNOWN", "Member", "Roster", "findings_of", "resolve", "roster", "sources_of"]

_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Member:
    """A member as far as it could be resolved: its package and unit, or None and what is wrong.

    `label` is its package digest as a label has it.
    """

    membro: Membro
    package: Package | None = None
    unit: dict[str, Any] | None = None
    label: str | None = None
    findings: tuple[Diagnostic, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """What is known of the members, by name; one that did not resolve is in none of these.

    `ports` are those on which they serve, `labels` their package digests as labels have them, `tokens` what
    they are granted, and `events` the sources of those that a message starts.
    """

    ports: Mapping[str, int] = field(default_factory=lambda: _EMPTY)
    labels: Mapping[str, str] = field(default_factory=lambda: _EMPTY)
    tokens: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _EMPTY)
    events: Mapping[str, str] = field(default_factory=lambda: _EMPTY)


UNKNOWN = Roster()


def resolve(
    caixa: Caixa, members: Members, span_of: Callable[..., Span | None] = lambda *_: None
) -> tuple[Member, ...]:
    """Return every member with its package and unit, or with an error that says why there is none."""
    return tuple(_resolve(membro, members, span_of("membros", i)) for i, membro in enumerate(caixa.membros))


def roster(found: Sequence[Member]) -> Roster:
    """Return what is known of members that were resolved."""
    units = {member.membro.caixa: member.unit for member in found if member.unit is not None}
    ports = {nome: computeunit.service_port(unit) for nome, unit in units.items()}
    events = {nome: _event_source(unit) for nome, unit in units.items()}
    return Roster(
        {nome: port for nome, port in ports.items() if port is not None},
        {member.membro.caixa: member.label for member in found if member.label is not None},
        {member.membro.caixa: _tokens(member) for member in found if member.unit is not None},
        {nome: source for nome, source in events.items() if source is not None},
    )


def findings_of(found: Sequence[Member]) -> tuple[Diagnostic, ...]:
    """Return what resolving them found."""
    return tuple(finding for member in found for finding in member.findings)


def sources_of(found: Sequence[Member]) -> tuple[Source, ...]:
    """Return the sources in which the findings lie."""
    return tuple(source for member in found for source in member.sources)


def _resolve(membro: Membro, members: Members, span: Span | None) -> Member:
    package = members(membro.caixa, membro.versao)
    if package is None:
        return Member(membro, findings=(_unresolved(membro, span),))
    try:
        unit, found = computeunit.load(package)
        computeunit.spec_of(package.caixa, unit)
    except RenderError as error:
        sources = (error.source,) if isinstance(error, MalformedYaml) else ()
        return Member(
            membro, findings=(_unrenderable(membro, error, span), *error.diagnostics), sources=sources
        )
    return Member(membro, package, unit, computeunit.package_label_of(package), found)


def _tokens(member: Member) -> tuple[str, ...]:
    """Return what a member is granted: by its unit, else by its manifest."""
    spec = member.unit["spec"] if member.unit else {}
    own = member.package.caixa.capabilities if member.package else ()
    tokens = spec.get("capabilities", own)
    return tuple(str(token).strip() for token in tokens) if isinstance(tokens, (list, tuple)) else ()


def _event_source(unit: Mapping[str, Any]) -> str | None:
    trigger = unit["spec"].get("trigger")
    event = trigger.get("event") if isinstance(trigger, dict) else None
    source = event.get("source") if isinstance(event, dict) else None
    return source if isinstance(source, str) else None


def _unresolved(membro: Membro, span: Span | None) -> Diagnostic:
    return Diagnostic(
        "member-unresolved",
        Severity.ERROR,
        span,
        f"{membro.caixa} {membro.versao} is not here, so its entry has no module and no trigger",
        why="the fleet chart fails on an entry without them",
        fix=f"say where it is with --members DIR, or define it here, at a version that {membro.versao} takes",
        data={"caixa": membro.caixa, "versao": membro.versao},
    )


def _unrenderable(membro: Membro, error: RenderError, span: Span | None) -> Diagnostic:
    return Diagnostic(
        "member-unresolved",
        Severity.ERROR,
        span,
        f"{membro.caixa} has no unit that could run in a mesh: {error.diagnostic.message}",
        why="a member is a Servico with one ComputeUnit",
        fix=error.diagnostic.fix,
        data={"caixa": membro.caixa, "versao": membro.versao, "because": error.diagnostic.code},
    )
