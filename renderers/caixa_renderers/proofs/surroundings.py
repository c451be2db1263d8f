"""Who there is beside the members: what a policy set has to keep out, and what it may have to let in.

Beside each member stand two that look like it: the same labels in another namespace, and the same program
in another mesh. What the policies themselves name and nobody here is (a host, say) is added by its description,
so that no opening is overlooked for want of somebody to use it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from ..names import APLICACAO
from .cilium import Endpoint, Spec, gateway, outside, pod
from .cilium.peers import Addresses
from .cilium.selectors import Selector
from .cilium.traffic import NAMESPACE

if TYPE_CHECKING:
    from .case import Case

__all__ = ["BACKENDS", "GATEWAY", "WORLD", "described", "endpoints", "member_pods"]

GATEWAY = "gateway"
WORLD = "the world"
BACKENDS = ("nats", "kafka", "store", "dns")


def member_pods(case: Case) -> dict[str, Endpoint]:
    """Return the pods of the members, with the labels that their units give them."""
    return {
        name: pod(name, case.namespace, _labels(case.units[name]))
        for name in case.members
        if name in case.units
    }


def endpoints(case: Case) -> tuple[Endpoint, ...]:
    """Return the members, those that look like them, and the reserved ones."""
    members = member_pods(case)
    return (*members.values(), *_lookalikes(case, members.values()), *_reserved(case))


def _labels(unit: Mapping[str, Any]) -> dict[str, str]:
    metadata = unit.get("metadata")
    labels = metadata.get("labels") if isinstance(metadata, Mapping) else None
    return {str(key): str(value) for key, value in (labels or {}).items()}


def _lookalikes(case: Case, members: Iterable[Endpoint]) -> Iterator[Endpoint]:
    for each in members:
        labels = {key: value for key, value in each.labels.items() if key != NAMESPACE}
        yield pod(f"{each.name} in another namespace", f"{case.namespace}-elsewhere", labels)
        other = {APLICACAO: f"{labels.get(APLICACAO, '')}-other"}
        yield pod(f"{each.name} of another mesh", case.namespace, labels | other)


def _reserved(case: Case) -> Iterator[Endpoint]:
    yield pod("another pod", case.namespace, {"app": "another"})
    for name in BACKENDS:
        backend = getattr(case.backends, name)
        yield pod(name, backend.namespace, dict(backend.labels))
    yield gateway()
    yield outside(WORLD)
    for name in ("remote-node", "kube-apiserver"):
        yield Endpoint(name, {f"reserved:{name}": ""}, frozenset({name, "cluster", "all"}))


def described(specs: Iterable[Spec], known: Iterable[Endpoint]) -> tuple[Endpoint, ...]:
    """Return somebody for each description in the policies that nobody known fits."""
    return tuple(_described(specs, known))


def _described(specs: Iterable[Spec], known: Iterable[Endpoint]) -> Iterator[Endpoint]:
    there = list(known)
    seen: set[object] = set()
    for spec in specs:
        for rules in (*spec.allow.values(), *spec.deny.values()):
            for peer in (peer for rule in rules for peer in rule.peers or ()):
                if peer in seen:
                    continue
                seen.add(peer)
                if not any(peer.matches(each) for each in there):
                    found = _somebody(peer)
                    if found is not None:
                        there.append(found)
                        yield found


def _somebody(peer: object) -> Endpoint | None:
    if isinstance(peer, Selector):
        return _pod_of(peer)
    if isinstance(peer, Addresses):
        address = str(ip_network(peer.block).network_address)
        return outside(address, address=address)
    expression = getattr(peer, "expression", None)
    if expression is None:
        return None
    host = expression.pattern.replace("[-a-z0-9_]*", "any").replace("\\", "")
    return outside(host, host=host)


def _pod_of(selector: Selector) -> Endpoint | None:
    """Return a pod that fits a selector by its equalities, None if that is not enough."""
    labels = {
        each.key: min(each.values) for each in selector.requirements if each.operator == "In" and each.values
    }
    labels |= {each.key: "any" for each in selector.requirements if each.operator == "Exists"}
    namespace = labels.pop(NAMESPACE, "anywhere")
    name = "pods " + ",".join(f"{key}={value}" for key, value in labels.items()) + f" in {namespace}"
    found = pod(name, namespace, labels)
    return found if selector.matches(found) else None
