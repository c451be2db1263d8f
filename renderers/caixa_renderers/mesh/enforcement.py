"""What a mesh asks for and the rendered objects do not enforce, each said aloud (DESIGN section 3.7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from caixa.lisp.diagnostics import Diagnostic, Severity
from caixa.manifest.model import ContratoShape, Placement, PlacementEstrategia, Politicas

from ..artifact import DEFAULTS
from .calls import Callee, callees
from .destinations import unopened, widened
from .egress import surroundings
from .members import UNKNOWN
from .policy import edges
from .politicas import effective, traffic_of

if TYPE_CHECKING:
    from caixa.lisp.source import Span
    from caixa.manifest.model import Caixa, Contrato

    from ..artifact import Options
    from .members import Roster

SpanOf = Callable[..., "Span | None"]

__all__ = ["not_enforced"]

_IN_MEMBERS = "let the members do it themselves, or leave it out"
_SLOTS = {
    "timeout": "timeout",
    "retries": "retries",
    "circuit-breaker": "circuit_breaker",
    "rate-limit": "rate_limit",
}
_AT_ENTRANCE = {
    "circuit-breaker": "an HTTPRoute has none, and what Cilium makes of a Gateway cannot be added to",
    "rate-limit": "an HTTPRoute has none, and what Cilium makes of a Gateway cannot be added to",
}
_IN_PART = {
    "circuit-breaker": (
        "over its window",
        "Envoy counts failures in a row, for each instance of the callee and each proxy by itself; the window"
        " is how long an instance is then left out",
    ),
    "rate-limit": (
        "for all callers together",
        "the proxy of each node counts what its own callers send; with callers on N nodes up to N times as much"
        " gets through",
    ),
}


@dataclass(frozen=True, slots=True)
class _Mesh:
    """What the findings are made from, worked out once."""

    caixa: Caixa
    options: Options
    known: Roster
    span_of: SpanOf
    callees: tuple[Callee, ...]

    @property
    def asked(self) -> tuple[tuple[Politicas, tuple[str | int, ...]], ...]:
        """The policies as written, each with the path to them: the mesh's, then those of contracts."""
        own = ((each.politicas, ("contratos", at, "politicas")) for at, each in enumerate(self.caixa.contratos))
        written = chain(((self.caixa.politicas, ("politicas",)),), own)
        return tuple((politicas, path) for politicas, path in written if politicas is not None)


def not_enforced(
    caixa: Caixa,
    options: Options = DEFAULTS,
    known: Roster = UNKNOWN,
    span_of: SpanOf = lambda *_: None,
) -> Iterator[Diagnostic]:
    """Yield one finding for each slot that no rendered object enforces, or enforces only in part."""
    mesh = _Mesh(caixa, options, known, span_of, tuple(callees(caixa, known)))
    for slot, name in _SLOTS.items():
        yield from _of_slot(mesh, slot, name)
    yield from _of_channel(mesh)
    yield from _of_authentication(mesh)
    yield from _of_contratos(mesh)
    if caixa.placement is not None:
        yield from _of_placement(caixa.placement, span_of)
    yield from _of_tokens(mesh)
    if caixa.membros:
        yield _pod_labels(span_of("membros"))


# -- politicas ----------------------------------------------------------------------------------------------


def _of_slot(mesh: _Mesh, slot: str, name: str) -> Iterator[Diagnostic]:
    """Yield where a policy does not hold: nowhere, not on other protocols, not at the entrance, not exactly."""
    written = [path for politicas, path in mesh.asked if getattr(politicas, name) is not None]
    if not written:
        return
    span, what = mesh.span_of(*written[0], name), f"politicas.{slot}"
    door = mesh.caixa.entrada is not None and getattr(traffic_of(mesh.caixa.politicas), name) is not None
    proxied = [each for each in mesh.callees if not each.is_opaque]
    held = any(getattr(group.traffic, name) is not None for each in proxied for group in each.groups)
    if not held and not door:
        yield _finding(
            what, span, "anywhere", "no contract is HTTP alone, and there is no :entrada that it is for"
        )
    elif missed := _unproxied(mesh, name):
        why = "no proxy stands between them: what they speak, or another contract on the same port, is not HTTP"
        yield _finding(what, span, f"on {_listed(missed)}", why)
    if held and slot in _IN_PART:
        yield _finding(what, span, *_IN_PART[slot])
    if door and slot in _AT_ENTRANCE:
        yield _finding(what, span, "at the entrance", _AT_ENTRANCE[slot])
    if door and slot == "retries" and mesh.options.channel == "standard":
        why = "`retry` is in the Gateway API's experimental channel, and this is the standard one"
        fix = "render with --gateway-api experimental, if the cluster has it"
        yield _finding(what, span, "at the entrance", why, fix)


def _unproxied(mesh: _Mesh, name: str) -> list[str]:
    """Return the contracts, as edges, to which a policy applies and that no proxy sees."""
    opaque = {each.nome for each in mesh.callees if each.is_opaque}
    found = (
        f"{each.de} → {each.para}"
        for each in mesh.caixa.contratos
        if (each.shape is ContratoShape.PUBSUB or each.para in opaque)
        and getattr(effective(mesh.caixa, each), name) is not None
    )
    return list(dict.fromkeys(found))


def _listed(names: Sequence[str], most: int = 4) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def _of_channel(mesh: _Mesh) -> Iterator[Diagnostic]:
    """Say that retries need the experimental channel, if an HTTPRoute has them."""
    if mesh.options.channel == "standard":
        return
    at_door = mesh.caixa.entrada is not None and traffic_of(mesh.caixa.politicas).retries is not None
    between = any(
        group.traffic.retries is not None and not each.is_opaque
        for each in mesh.callees
        for group in each.groups
    )
    if at_door or between:
        path = next(path for politicas, path in mesh.asked if politicas.retries is not None)
        yield _needs_experimental(mesh.span_of(*path, "retries"))


def _of_authentication(mesh: _Mesh) -> Iterator[Diagnostic]:
    span = mesh.span_of("politicas", "mtls_required")
    politicas = mesh.caixa.politicas
    if politicas and politicas.mtls_required and mesh.caixa.entrada is not None:
        why = "Cilium does no mutual authentication for the gateway's reserved identity"
        yield _finding("politicas.mtls-required", span, "from the gateway to the entrance member", why)
    for (de, para), contratos in edges(mesh.caixa).items():
        if len({effective(mesh.caixa, each).mtls_required for each in contratos}) > 1:
            why = "Cilium authenticates two members, not their requests, so it holds for all of the pair"
            yield _finding(f"contrato {de} → {para}: mtls-required", span, "for one contract alone", why)


# -- contratos ----------------------------------------------------------------------------------------------


def _of_contratos(mesh: _Mesh) -> Iterator[Diagnostic]:
    overruled = {index for each in mesh.callees for index in each.overruled}
    opened = {
        pair
        for pair, contratos in edges(mesh.caixa).items()
        if any(each.shape is not ContratoShape.HTTP for each in contratos)
    }
    for index, contrato in enumerate(mesh.caixa.contratos):
        span = mesh.span_of("contratos", index)
        name = f"contrato {contrato.de} → {contrato.para}"
        if index in overruled:
            why = "what stands in front of a member cannot tell its callers apart, and another one of this"
            why += " endpoint has other policies; the mesh's own hold for both"
            yield _finding(f"{name}: politicas", span, "on this edge alone", why)
        yield from _of_contrato(contrato, name, span, is_opened=(contrato.de, contrato.para) in opened)


def _of_contrato(contrato: Contrato, name: str, span: Span | None, *, is_opened: bool) -> Iterator[Diagnostic]:
    if contrato.shape is ContratoShape.PUBSUB:
        why = "they speak through a broker, which both may reach; the two are not opened to each other"
        fix = "guard the subject with the broker's own permissions"
        yield _finding(f"{name}: subject {contrato.subject}", span, "by these objects", why, fix)
    elif contrato.shape is not ContratoShape.HTTP:
        detail = f"slot {contrato.slot}" if contrato.slot else contrato.wit
        why = "a network policy sees the port, not what is said on it"
        yield _finding(f"{name}: {detail}", span, "beyond who may open the port", why)
    elif is_opened:
        why = "another contract of the pair is not HTTP, so the whole port is open between the two"
        fix = "serve the two contracts by two members"
        yield _finding(f"{name}: endpoint {contrato.endpoint}", span, "as a path", why, fix)


# -- placement and tokens -----------------------------------------------------------------------------------


def _of_placement(placement: Placement, span_of: SpanOf) -> Iterator[Diagnostic]:
    if placement.estrategia is PlacementEstrategia.SINGLE_NODE and len(placement.clusters) > 1:
        rest = ", ".join(placement.clusters[1:])
        why = (
            f"the objects go to {placement.clusters[0]}; each entry names {rest} as standing by, and nothing"
            " moves the mesh there when it dies"
        )
        fix = f"when it dies, put {placement.clusters[1]} first in :clusters and deploy"
        yield _finding("placement: takeover", span_of("placement", "clusters"), "anywhere", why, fix)
    if placement.estrategia is PlacementEstrategia.SHARDED:
        why = "each program is told its shard, in its config; nothing routes a request to the right one"
        fix = "let whoever calls the mesh choose the cluster by the key"
        what = f"placement: shard key {placement.shard_key}"
        yield _finding(what, span_of("placement", "shard_key"), "on the way in", why, fix)
    if placement.affinity is not None:
        why = "it is a hint, which each entry carries and no object has a field for"
        what = f"placement: affinity {placement.affinity}"
        yield _finding(what, span_of("placement", "affinity"), "anywhere", why)


def _of_tokens(mesh: _Mesh) -> Iterator[Diagnostic]:
    around = surroundings(mesh.caixa, mesh.options)
    for index, membro in enumerate(mesh.caixa.membros):
        tokens = mesh.known.tokens.get(membro.caixa, ())
        span = mesh.span_of("membros", index) if tokens else None
        for token in unopened(tokens, around):
            why = "it names no host and port, so the default deny of the mesh stands against it"
            fix = f"grant {membro.caixa} the host too, as in http-out:HOST"
            yield _finding(f"{membro.caixa}: capability {token}", span, "by any egress rule", why, fix)
        for token in widened(tokens, around):
            why = "only the cluster knows the pods of a Service, so the port is open on all of its namespace"
            fix = "give the service a namespace of its own"
            yield _finding(f"{membro.caixa}: capability {token}", span, "for that service alone", why, fix)


def _finding(what: str, span: Span | None, where: str, why: str, fix: str = _IN_MEMBERS) -> Diagnostic:
    message = f"{what} is not enforced {where}"
    return Diagnostic("not-enforced", Severity.INFO, span, message, why=why, fix=fix, data={"slot": what})


def _needs_experimental(span: Span | None) -> Diagnostic:
    return Diagnostic(
        "needs-experimental-channel",
        Severity.INFO,
        span,
        "an HTTPRoute has `retry`, which only the experimental channel of the Gateway API knows",
        why="a cluster with the standard channel refuses the object",
        fix="for such a cluster render with --gateway-api standard; what is then not enforced is listed",
        data={"slot": "politicas.retries"},
    )


def _pod_labels(span: Span | None) -> Diagnostic:
    return Diagnostic(
        "not-checked",
        Severity.INFO,
        span,
        "that the members' pods carry the labels which the policies select",
        why="the operator makes the pods; one without pleme.pleme.io/aplicacao is under none of the policies",
        fix="kubectl get pods -l pleme.pleme.io/aplicacao, once it runs",
        data={"slot": "membros"},
    )
