"""Where members may go: to whom they call, the brokers and stores of their contracts, what tokens name, DNS.

A policy for each member that goes anywhere at all, and one that lets every member ask for names; the rest is
refused by the default deny. What is said on a call is decided where it arrives, so these rules name ports only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from caixa.manifest.model import ContratoShape

from ..names import object_name
from .destinations import Surroundings, backend_rule, event_rules, token_rules
from .network import NAMESPACE, network_policy, peer, ports_of, whole_mesh

if TYPE_CHECKING:
    from caixa.manifest.model import Caixa, Contrato

    from ..artifact import Options
    from .backends import Backends
    from .members import Roster

__all__ = ["dns_policy", "egress_policies", "surroundings"]


def surroundings(caixa: Caixa, options: Options) -> Surroundings:
    """Return what tells the names in tokens apart."""
    return Surroundings(frozenset(each.caixa for each in caixa.membros), options.namespace, options.backends)


def dns_policy(caixa: Caixa, options: Options) -> dict[str, Any]:
    """Return the policy that lets every member ask the cluster's name server.

    The rule on names is what shows Cilium the answers, from which it knows the addresses behind `toFQDNs`.
    """
    dns = options.backends.dns
    asked = {"rules": {"dns": [{"matchPattern": "*"}]}}
    rule = {
        "toEndpoints": [{"matchLabels": {NAMESPACE: dns.namespace, **dict(dns.labels)}}],
        "toPorts": [ports_of(dns.port, protocols=("UDP", "TCP")) | asked],
    }
    spec = {"endpointSelector": whole_mesh(caixa.nome), "egress": [rule]}
    return network_policy(caixa.nome, object_name(caixa.nome, "dns"), options.namespace, spec)


def egress_policies(
    caixa: Caixa, ports: Sequence[int], known: Roster, options: Options
) -> Iterator[dict[str, Any]]:
    """Yield the policy of each member that goes anywhere; `ports` are those of the members, in their order."""
    around = surroundings(caixa, options)
    listening = {membro.caixa: port for membro, port in zip(caixa.membros, ports, strict=True)}
    leaving = _by_member(caixa.contratos)
    for nome in listening:
        outward, inward = leaving.get(nome, ([], []))
        rules = _unique((
            *_calls(caixa, outward, listening, known),
            *_backends(outward, inward, known.tokens.get(nome, ()), options.backends),
            *event_rules(known.events.get(nome), around),
            *token_rules(known.tokens.get(nome, ()), around),
        ))  # fmt: skip
        if rules:
            spec = {"endpointSelector": peer(nome, caixa.nome), "egress": rules}
            name = object_name(caixa.nome, f"{nome}.egress")
            yield network_policy(caixa.nome, name, options.namespace, spec)


def _by_member(contratos: Iterable[Contrato]) -> dict[str, tuple[list[Contrato], list[Contrato]]]:
    """Return the contracts that leave each member, and those that arrive there."""
    found: dict[str, tuple[list[Contrato], list[Contrato]]] = {}
    for contrato in contratos:
        found.setdefault(contrato.de, ([], []))[0].append(contrato)
        found.setdefault(contrato.para, ([], []))[1].append(contrato)
    return found


def _calls(
    caixa: Caixa, outward: Iterable[Contrato], listening: dict[str, int], known: Roster
) -> Iterator[dict[str, Any]]:
    for para in dict.fromkeys(each.para for each in outward if each.shape.is_synchronous):
        selector = peer(para, caixa.nome, known.labels.get(para))
        yield {"toEndpoints": [selector], "toPorts": [ports_of(listening[para])]}


def _backends(
    outward: Sequence[Contrato], inward: Sequence[Contrato], tokens: Sequence[str], backends: Backends
) -> Iterator[dict[str, Any]]:
    """Yield the brokers of both ends of a subject, and the store of a caller whose tokens name none."""
    for contrato in (*outward, *inward):
        if contrato.shape is ContratoShape.PUBSUB:
            yield backend_rule(backends.kafka if contrato.wit.startswith("kafka:") else backends.nats)
    has_own_store = any(token.startswith("kv-") and ":" in token for token in tokens)
    if not has_own_store and any(each.shape is ContratoShape.STORE for each in outward):
        yield backend_rule(backends.store)


def _unique(rules: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({repr(rule): rule for rule in rules}.values())
