"""A mesh as a picture: members, contracts, entrance, placement, policies, and what was refused, where it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from caixa.manifest.aplicacao import check_aplicacao
from caixa.manifest.codecs import print_duration, print_rate
from caixa.manifest.ground import Ground
from caixa.manifest.model import Caixa, Contrato, ContratoShape, Politicas
from caixa.manifest.package import Members, nobody

from .calls import callees
from .model import Edge, EdgeKind, Graph, Group, Node, NodeKind

if TYPE_CHECKING:
    from caixa.lisp.diagnostics import Diagnostic
    from caixa.lisp.source import Span

__all__ = ["mesh_graph"]

_ENTRANCE = "entrada:"  # no member's id, since a name holds no colon
_KINDS = {
    ContratoShape.HTTP: EdgeKind.HTTP,
    ContratoShape.PUBSUB: EdgeKind.PUBSUB,
    ContratoShape.STORE: EdgeKind.STORE,
    ContratoShape.CAPABILITY: EdgeKind.CAPABILITY,
}


def mesh_graph(
    caixa: Caixa,
    diagnostics: Sequence[Diagnostic] | None = None,
    span_of: Callable[..., Span | None] | None = None,
    members: Members = nobody,
) -> Graph:
    """Return the picture of an Aplicacao, a refused one too: that is when it is needed.

    `diagnostics` are the reading's, by default found here; `span_of` is the reading's, and places those
    findings whose data name no edge. A member that is not declared is drawn, as unknown. Where `members` finds
    one that may call another (`http-out:NAME`) and has no contract for it, that edge is drawn as refused: the
    network policies let it through nowhere.
    """
    found = tuple(check_aplicacao(caixa, Ground())) if diagnostics is None else tuple(diagnostics)
    errors = [diagnostic for diagnostic in found if diagnostic.is_error]
    edges = tuple(_contracts(caixa, errors, span_of))
    nodes = (*_entrance(caixa), *_members(caixa), *_unknown(caixa))
    door = () if caixa.entrada is None else (_door(caixa, errors),)
    title = f"{caixa.nome} {caixa.versao}"
    everything = (*door, *edges, *_undeclared(caixa, members))
    notes = tuple(_policies(caixa.politicas))
    return Graph(title, nodes, everything, _placement(caixa), notes, tuple(_cycles(errors)))


def _members(caixa: Caixa) -> Iterator[Node]:
    for membro in {membro.caixa: membro for membro in caixa.membros}.values():
        yield Node(membro.caixa, membro.caixa, NodeKind.MEMBER, membro.versao)


def _entrance(caixa: Caixa) -> Iterator[Node]:
    if caixa.entrada is not None:
        paths = ", ".join(caixa.entrada.paths) or "/"
        yield Node(_ENTRANCE, caixa.entrada.host or "(no host)", NodeKind.ENTRANCE, paths)


def _unknown(caixa: Caixa) -> Iterator[Node]:
    """Yield a node for each name that an edge uses and :membros does not."""
    declared = {membro.caixa for membro in caixa.membros}
    named = [name for contrato in caixa.contratos for name in (contrato.de, contrato.para)]
    named += [caixa.entrada.para] if caixa.entrada else []
    for name in dict.fromkeys(named):
        if name not in declared:
            yield Node(name, name or "(no name)", NodeKind.UNKNOWN, refused=f"{name} is not a member")


def _door(caixa: Caixa, errors: Sequence[Diagnostic]) -> Edge:
    assert caixa.entrada is not None
    refused = next((error.message for error in errors if error.code.startswith("entrada-")), None)
    return Edge(_ENTRANCE, caixa.entrada.para, EdgeKind.ENTRANCE, f":{caixa.entrada.port}", refused)


def _contracts(
    caixa: Caixa, errors: Sequence[Diagnostic], span_of: Callable[..., Span | None] | None
) -> Iterator[Edge]:
    declared = {membro.caixa for membro in caixa.membros}
    for index, contrato in enumerate(caixa.contratos):
        span = span_of("contratos", index) if span_of else None
        refused = next((error.message for error in errors if _concerns(error, contrato, span)), None)
        missing = [name for name in (contrato.de, contrato.para) if name not in declared]
        if missing and refused is None:
            refused = f"{missing[0]} is not a member"
        yield Edge(contrato.de, contrato.para, _KINDS[contrato.shape], _label(contrato), refused)


def _concerns(error: Diagnostic, contrato: Contrato, span: Span | None) -> bool:
    """Whether an error is about a contract: it lies in it, names its two ends, or is a cycle that it closes."""
    if span is not None and error.span is not None and span.covers(error.span):
        return True
    cycle = error.data.get("cycle")
    if cycle:
        return contrato.shape.is_synchronous and (contrato.de, contrato.para) in set(pairwise(cycle))
    same = ("de", "para", "wit")
    given = [name for name in same if name in error.data]
    return len(given) >= 2 and all(error.data[name] == getattr(contrato, name) for name in given)


def _cycles(errors: Sequence[Diagnostic]) -> Iterator[tuple[str, ...]]:
    yield from dict.fromkeys(tuple(error.data["cycle"]) for error in errors if error.data.get("cycle"))


def _undeclared(caixa: Caixa, members: Members) -> Iterator[Edge]:
    """Yield an edge for each call that a member has the capability for and the mesh has no contract for."""
    names = {membro.caixa for membro in caixa.membros}
    declared = {(each.de, each.para) for each in caixa.contratos if each.shape is not ContratoShape.PUBSUB}
    for membro in caixa.membros:
        package = members(membro.caixa, membro.versao)
        for host in dict.fromkeys(callees(package)) if package is not None else ():
            pair = (membro.caixa, host)
            if host in names and pair not in declared:
                reason = f"no contract lets {membro.caixa} call {host}: the policies refuse it"
                yield Edge(*pair, EdgeKind.HTTP, f"http-out:{host}", reason)


def _label(contrato: Contrato) -> str:
    return " ".join(filter(None, (contrato.wit, contrato.method, contrato.payload)))


def _placement(caixa: Caixa) -> tuple[Group, ...]:
    placement = caixa.placement
    if placement is None:
        return ()
    where = ", ".join(placement.clusters) or "no cluster"
    key = f" by {placement.shard_key}" if placement.shard_key else ""
    affinity = f", {placement.affinity}" if placement.affinity else ""
    label = f"{placement.estrategia}{key} on {where}{affinity}"
    return (Group(label, tuple(dict.fromkeys(membro.caixa for membro in caixa.membros))),)


def _policies(politicas: Politicas | None) -> Iterator[str]:
    if politicas is None:
        return
    if politicas.timeout is not None:
        yield f"timeout {print_duration(politicas.timeout)}"
    if politicas.retries is not None:
        yield f"{politicas.retries} retries"
    if politicas.circuit_breaker is not None:
        breaker = politicas.circuit_breaker
        yield f"breaker at {breaker.max_failures} failures in {print_duration(breaker.window)}"
    if politicas.rate_limit is not None:
        yield f"at most {print_rate(politicas.rate_limit)}"
    if politicas.mtls_required is not None:
        yield "mTLS" if politicas.mtls_required else "no mTLS"
