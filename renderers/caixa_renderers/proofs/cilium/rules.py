"""The rules of a policy object as typed values, read strictly: what is not understood is never passed over.

Semantics follow Cilium's documentation ("Policy Enforcement Modes", "Layer 3", "Layer 4", "Layer 7", "Deny
Policies") and the checks of its agent: what that refuses is `InvalidPolicy`, what is not simulated is
`UnmodelledPolicy`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .errors import InvalidPolicy, UnmodelledPolicy
from .layer7 import Layer7, read_layer7
from .peers import Peer, read_peers
from .selectors import Selector, read_selector

__all__ = ["KINDS", "Direction", "PortRange", "PortRule", "Rule", "Spec", "read_specs"]

Direction = Literal["ingress", "egress"]
KINDS = ("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy")
_PROTOCOLS = {"ANY": ("TCP", "UDP"), "TCP": ("TCP",), "UDP": ("UDP",), "SCTP": ()}
_SPEC = {
    "endpointSelector", "ingress", "ingressDeny", "egress", "egressDeny", "enableDefaultDeny", "description",
    "labels",
}  # fmt: skip
_BESIDE_PEERS = {"toPorts", "icmps", "authentication"}
_MOST_PORTS = 40  # of one `toPorts`, by the agent's sanitiser


@dataclass(frozen=True, slots=True)
class PortRange:
    """Ports from `first` to `last` of some protocols; 0 stands for every port."""

    first: int
    last: int
    protocols: tuple[str, ...]

    def holds(self, port: int, protocol: str) -> bool:
        """Whether a port is among them."""
        return protocol in self.protocols and (self.first == 0 or self.first <= port <= self.last)


@dataclass(frozen=True, slots=True)
class PortRule:
    """Ports, and what may be said on them."""

    ports: tuple[PortRange, ...]
    layer7: Layer7 | None = None

    def holds(self, port: int, protocol: str) -> bool:
        """Whether a port is among its ports."""
        return any(each.holds(port, protocol) for each in self.ports)


@dataclass(frozen=True, slots=True)
class Rule:
    """What one rule allows or denies: `peers` is None for anybody, `ports` None for every port."""

    peers: tuple[Peer, ...] | None
    ports: tuple[PortRule, ...] | None
    authentication: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it speaks of nobody: a rule without peers and ports allows nothing."""
        return self.peers is None and self.ports is None


@dataclass(frozen=True, slots=True)
class Spec:
    """The rules of one policy for the endpoints that it selects."""

    policy: str
    selector: Selector
    allow: Mapping[Direction, tuple[Rule, ...]]
    deny: Mapping[Direction, tuple[Rule, ...]]
    defaults_to_deny: Mapping[Direction, bool]


def read_specs(objects: Iterable[Mapping[str, Any]]) -> Iterator[Spec]:
    """Yield the rules of every Cilium policy among `objects`. Raises InvalidPolicy or UnmodelledPolicy."""
    for each in objects:
        kind = each.get("kind")
        if kind == "NetworkPolicy":
            raise UnmodelledPolicy(_name(each), "a NetworkPolicy of Kubernetes is not simulated")
        if kind in KINDS:
            yield from _specs(each)


def _name(document: Mapping[str, Any]) -> str:
    return str(document.get("metadata", {}).get("name", "?"))


def _specs(document: Mapping[str, Any]) -> Iterator[Spec]:
    name = _name(document)
    namespace = None
    if document["kind"] == "CiliumNetworkPolicy":
        namespace = document["metadata"].get("namespace", "default")
    found = [document["spec"]] if "spec" in document else []
    found += document.get("specs") or ()
    if not found:
        raise InvalidPolicy(name, "it has neither spec nor specs")
    for each in found:
        yield _spec(each, name, namespace)


def _spec(data: Mapping[str, Any], policy: str, namespace: str | None) -> Spec:
    if unknown := sorted(set(data) - _SPEC):
        raise UnmodelledPolicy(policy, f"`{unknown[0]}` is not simulated")
    if "endpointSelector" not in data:
        raise InvalidPolicy(policy, "it has no endpointSelector")
    selector = read_selector(data["endpointSelector"] or {}, policy)
    if namespace is not None:
        selector = selector.within(namespace)
    if not any(data.get(key) for key in ("ingress", "ingressDeny", "egress", "egressDeny")):
        raise InvalidPolicy(policy, "it has no rule in either direction")
    asked = data.get("enableDefaultDeny") or {}
    allow: dict[Direction, tuple[Rule, ...]] = {}
    deny: dict[Direction, tuple[Rule, ...]] = {}
    defaults: dict[Direction, bool] = {}
    directions: tuple[Direction, Direction] = ("ingress", "egress")
    for direction in directions:
        allowed, denied = data.get(direction) or (), data.get(f"{direction}Deny") or ()
        allow[direction] = tuple(_rule(each, direction, policy, namespace) for each in allowed)
        deny[direction] = tuple(_rule(each, direction, policy, namespace, may_speak=False) for each in denied)
        # An empty list of rules asks for nothing; `[{}]` is how Cilium writes "deny all".
        defaults[direction] = bool(asked.get(direction, bool(allowed or denied)))
    return Spec(policy, selector, allow, deny, defaults)


def _rule(
    data: Mapping[str, Any], direction: Direction, policy: str, namespace: str | None, *, may_speak: bool = True
) -> Rule:
    peers = read_peers({k: v for k, v in data.items() if k not in _BESIDE_PEERS}, direction, policy, namespace)
    ports = data.get("toPorts")
    if data.get("icmps"):
        if ports:
            raise InvalidPolicy(policy, "a rule has both toPorts and icmps")
        return Rule(peers, ())  # it speaks of ICMP alone
    mode = (data.get("authentication") or {}).get("mode")
    if not ports:
        return Rule(peers, None, mode)
    return Rule(peers, tuple(_port_rule(each, direction, policy, may_speak=may_speak) for each in ports), mode)


def _port_rule(data: Mapping[str, Any], direction: Direction, policy: str, *, may_speak: bool) -> PortRule:
    if unknown := sorted(set(data) - {"ports", "rules"}):
        raise UnmodelledPolicy(policy, f"`toPorts.{unknown[0]}` is not simulated")
    ports = data.get("ports")
    if not ports:
        raise UnmodelledPolicy(policy, "toPorts without ports is not simulated")
    if len(ports) > _MOST_PORTS:
        raise InvalidPolicy(policy, f"a toPorts has {len(ports)} ports, more than {_MOST_PORTS}")
    ranges = tuple(_range(each, policy) for each in ports)
    layer7 = read_layer7(data.get("rules") or {}, direction, policy)
    if layer7 is not None:
        _demand_proxied(ranges, layer7, policy, may_speak=may_speak)
    return PortRule(ranges, layer7)


def _demand_proxied(ranges: Sequence[PortRange], layer7: Layer7, policy: str, *, may_speak: bool) -> None:
    """Refuse rules on requests where Cilium has no proxy for them."""
    if not may_speak:
        raise InvalidPolicy(policy, "a deny rule has rules on requests")
    if layer7.dns is None and any("UDP" in each.protocols for each in ranges):
        raise InvalidPolicy(policy, "HTTP rules stand on a port that is not TCP alone")
    if any(each.first == 0 for each in ranges):
        raise InvalidPolicy(policy, "rules on requests stand on port 0")


def _range(data: Mapping[str, Any], policy: str) -> PortRange:
    if unknown := sorted(set(data) - {"port", "endPort", "protocol"}):
        raise UnmodelledPolicy(policy, f"`ports.{unknown[0]}` is not simulated")
    port, protocol = str(data.get("port", "0")), data.get("protocol") or "ANY"
    if not port.isascii() or not port.isdigit():
        raise UnmodelledPolicy(policy, f"the port {port!r} is a name, and what it stands for is not known")
    if protocol not in _PROTOCOLS:
        raise UnmodelledPolicy(policy, f"the protocol {protocol!r} is not simulated")
    first = int(port)
    last = int(data.get("endPort") or first)
    if last > 65535 or last < first:
        raise InvalidPolicy(policy, f"the ports {first} to {last} are no range of ports")
    return PortRange(first, last, _PROTOCOLS[protocol])
