"""What a mesh asks for and the rendered objects do not enforce, each said aloud (DESIGN section 3.7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from caixa.lisp.diagnostics import Diagnostic, Severity
from caixa.manifest.model import ContratoShape, Placement, PlacementEstrategia, Politicas

from .policy import edges

if TYPE_CHECKING:
    from caixa.lisp.source import Span
    from caixa.manifest.model import Caixa, Contrato

    from .artifact import Channel

    SpanOf = Callable[..., Span | None]

__all__ = ["not_enforced"]

_AT_ENTRANCE = "An HTTPRoute holds for what comes in through the gateway, never between members"
_IN_MEMBERS = "let the members do it themselves, or leave it out"


def not_enforced(caixa: Caixa, channel: Channel, span_of: SpanOf = lambda *_: None) -> Iterator[Diagnostic]:
    """Yield one finding for each slot that no rendered object enforces, or enforces only in part."""
    if caixa.politicas is not None:
        yield from _of_politicas(caixa, caixa.politicas, channel, span_of)
    for index, contrato in enumerate(caixa.contratos):
        yield from _of_contrato(caixa, contrato, span_of("contratos", index))
    if caixa.placement is not None:
        yield from _of_placement(caixa.placement, span_of)
    if caixa.membros:
        yield _pod_labels(span_of("membros"))


def _of_politicas(
    caixa: Caixa, politicas: Politicas, channel: Channel, span_of: SpanOf
) -> Iterator[Diagnostic]:
    door = caixa.entrada is not None
    if politicas.timeout is not None:
        where = "between members" if door else "anywhere, since there is no :entrada"
        yield _finding("politicas.timeout", span_of("politicas", "timeout"), where, _AT_ENTRANCE)
    if politicas.retries is not None:
        span = span_of("politicas", "retries")
        if door and channel == "standard":
            why = "`retry` is in the Gateway API's experimental channel, and this is the standard one"
            fix = "render with --gateway-api experimental, if the cluster has it"
            yield _finding("politicas.retries", span, "anywhere", why, fix)
        else:
            where = "between members" if door else "anywhere, since there is no :entrada"
            yield _finding("politicas.retries", span, where, _AT_ENTRANCE)
            if door:
                yield _needs_experimental(span)
    if politicas.circuit_breaker is not None:
        why = "neither Cilium's policies nor the Gateway API have a circuit breaker"
        yield _finding("politicas.circuit-breaker", span_of("politicas", "circuit_breaker"), "anywhere", why)
    if politicas.rate_limit is not None:
        why = "neither Cilium's policies nor the Gateway API have a rate limit"
        yield _finding("politicas.rate-limit", span_of("politicas", "rate_limit"), "anywhere", why)
    if politicas.mtls_required and door:
        why = "Cilium does no mutual authentication for the gateway's reserved identity"
        where = "from the gateway to the entrance member"
        yield _finding("politicas.mtls-required", span_of("politicas", "mtls_required"), where, why)


def _of_contrato(caixa: Caixa, contrato: Contrato, span: Span | None) -> Iterator[Diagnostic]:
    name = f"contrato {contrato.de} → {contrato.para}"
    if contrato.politicas is not None:
        why = "the objects that render policies hold for a whole member, or for the entrance"
        yield _finding(f"{name}: politicas", span, "on this edge alone", why)
    if contrato.shape is ContratoShape.PUBSUB:
        why = (
            "they speak through a broker, and no slot says where that is; the two are not opened to each other"
        )
        fix = "guard the subject with the broker's own permissions"
        yield _finding(f"{name}: subject {contrato.subject}", span, "by these objects", why, fix)
    elif contrato.shape is not ContratoShape.HTTP:
        detail = f"slot {contrato.slot}" if contrato.slot else contrato.wit
        why = "a network policy sees the port, not what is said on it"
        yield _finding(f"{name}: {detail}", span, "beyond who may open the port", why)
    elif any(other.shape is not ContratoShape.HTTP for other in edges(caixa)[contrato.de, contrato.para]):
        why = "another contract of the pair is not HTTP, so the whole port is open between the two"
        fix = "serve the two contracts by two members"
        yield _finding(f"{name}: endpoint {contrato.endpoint}", span, "as a path", why, fix)


def _of_placement(placement: Placement, span_of: SpanOf) -> Iterator[Diagnostic]:
    if placement.estrategia is PlacementEstrategia.SINGLE_NODE and len(placement.clusters) > 1:
        rest = ", ".join(placement.clusters[1:])
        why = (
            f"the objects go to {placement.clusters[0]}; nothing in them moves the mesh to {rest} when it dies"
        )
        yield _finding("placement: takeover", span_of("placement", "clusters"), "anywhere", why)
    if placement.estrategia is PlacementEstrategia.SHARDED:
        why = "every cluster gets the same objects; nothing in them routes by the key"
        yield _finding(
            f"placement: shard key {placement.shard_key}", span_of("placement", "shard_key"), "anywhere", why
        )
    if placement.affinity is not None:
        why = "it is a hint, for which no object has a field"
        yield _finding(
            f"placement: affinity {placement.affinity}", span_of("placement", "affinity"), "anywhere", why
        )


def _finding(what: str, span: Span | None, where: str, why: str, fix: str = _IN_MEMBERS) -> Diagnostic:
    message = f"{what} is not enforced {where}"
    return Diagnostic("not-enforced", Severity.INFO, span, message, why=why, fix=fix, data={"slot": what})


def _needs_experimental(span: Span | None) -> Diagnostic:
    return Diagnostic(
        "needs-experimental-channel",
        Severity.INFO,
        span,
        "the HTTPRoute has `retry`, which only the experimental channel of the Gateway API knows",
        why="a cluster with the standard channel refuses the object",
        fix="for such a cluster render with --gateway-api standard; retries are then not enforced",
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
