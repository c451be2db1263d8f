"""Endpoints under policies, and whether one may ask another for something.

A connection passes if the source's egress and the target's ingress let it. A direction is enforced for a pod
once a policy that selects it says so; then what no rule allows is refused, and what a deny rule names is
refused whatever else allows it. Answers always pass. Sets of endpoints are bits of an integer, so that a rule
costs the same however many endpoints it speaks of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .layer7 import Layer7
from .peers import Name, Peer
from .rules import Direction, PortRule, Rule, Spec, read_specs
from .selectors import Selector
from .traffic import Dns, Endpoint, Http, Protocol, Request

__all__ = ["Decision", "Network", "Opening", "Side"]


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a request passes, and by which policies; an empty side is one that is not enforced."""

    admitted: bool
    egress: tuple[str, ...] = ()
    ingress: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """What may be said on an open port, by the rules of its two sides; a side without rules lets all pass."""

    egress: tuple[Layer7, ...]
    ingress: tuple[Layer7, ...]

    def passes(self, says: Http | Dns | None) -> bool:
        """Whether both sides let something pass."""
        return all(not side or any(each.passes(says) for each in side) for side in (self.egress, self.ingress))

    @property
    def names_methods(self) -> bool:
        """Whether a rule tells methods apart."""
        return any("method" in rule for each in (*self.egress, *self.ingress) for rule in each.written)

    def to_json(self) -> dict[str, list[dict[str, str]]]:
        """Return the rules as the policies have them, by side."""
        sides = (("egress", self.egress), ("ingress", self.ingress))
        return {name: [dict(rule) for each in side for rule in each.written] for name, side in sides}


@dataclass(frozen=True, slots=True)
class _Bound:
    """A rule with the set of endpoints that its peers are."""

    policy: str
    rule: Rule
    peers: int


@dataclass(slots=True)
class Side:
    """One direction of one endpoint: whether it is enforced, and the rules that speak for it."""

    enforced: bool = False
    allow: list[_Bound] = field(default_factory=list)
    deny: list[_Bound] = field(default_factory=list)

    def reachable(self, everyone: int) -> int:
        """Return the endpoints that could pass on some port."""
        if not self.enforced:
            return everyone
        found = 0
        for each in self.allow:
            found |= each.peers
        return found

    def port_rules(self, peer: int) -> Iterator[tuple[str, PortRule | None, Rule]]:
        """Yield what allows the peer something: the policy, the ports (None: all of them), the rule."""
        for each in self.allow:
            if each.peers & peer:
                for ports in each.rule.ports if each.rule.ports is not None else (None,):
                    yield each.policy, ports, each.rule

    def denies(self, peer: int, port: int, protocol: str) -> bool:
        """Whether a deny rule names the peer and the port."""
        for each in self.deny:
            if each.peers & peer:
                ports = each.rule.ports
                if ports is None or any(one.holds(port, protocol) for one in ports):
                    return True
        return False


class Network:
    """A set of endpoints, and the policies that hold among them."""

    def __init__(
        self,
        endpoints: Sequence[Endpoint],
        objects: Iterable[Mapping[str, Any]] = (),
        *,
        specs: Iterable[Spec] | None = None,
    ) -> None:
        """Bind the policies among `objects`, or `specs` if they were read before, to whom they select.

        Raises PolicyProblem for an object that is not simulated.
        """
        self.endpoints = tuple(endpoints)
        self.everyone = (1 << len(self.endpoints)) - 1
        self._bits: dict[Peer, int] = {}
        self._index = _index(self.endpoints)
        self._at = {each.name: at for at, each in enumerate(self.endpoints)}
        self._sides: dict[Direction, list[Side]] = {
            "ingress": [Side() for _ in self.endpoints],
            "egress": [Side() for _ in self.endpoints],
        }
        self.specs = tuple(read_specs(objects) if specs is None else specs)
        for spec in self.specs:
            self._bind(spec)

    def side(self, name: str, direction: Direction) -> Side:
        """Return one direction of an endpoint."""
        return self._sides[direction][self._at[name]]

    def endpoint(self, name: str) -> Endpoint:
        """Return an endpoint by its name."""
        return self.endpoints[self._at[name]]

    def bit(self, name: str) -> int:
        """Return the bit of an endpoint."""
        return 1 << self._at[name]

    def members_of(self, bits: int) -> Iterator[Endpoint]:
        """Yield the endpoints of a set."""
        while bits:
            lowest = bits & -bits
            yield self.endpoints[lowest.bit_length() - 1]
            bits ^= lowest

    def decide(self, source: str, target: str, request: Request) -> Decision:
        """Return whether `source` may ask `target` for something, and what lets it."""
        egress = self._passes(source, "egress", target, request)
        ingress = None if egress is None else self._passes(target, "ingress", source, request)
        if egress is None or ingress is None:
            return Decision(admitted=False)
        return Decision(admitted=True, egress=egress, ingress=ingress)

    def opening(self, source: str, target: str, port: int, protocol: Protocol) -> Opening | None:
        """Return what may be said on a port; None if it is closed."""
        egress = self._said(source, "egress", target, port, protocol)
        ingress = None if egress is None else self._said(target, "ingress", source, port, protocol)
        return None if egress is None or ingress is None else Opening(egress, ingress)

    def _said(
        self, name: str, direction: Direction, peer: str, port: int, protocol: Protocol
    ) -> tuple[Layer7, ...] | None:
        """Return the rules on requests of one side, none where anything passes; None if nothing does."""
        side, bit = self.side(name, direction), self.bit(peer)
        if side.denies(bit, port, protocol):
            return None
        if not side.enforced:
            return ()
        found: list[Layer7] = []
        for _, ports, rule in side.port_rules(bit):
            if (ports is None or ports.holds(port, protocol)) and self._is_known(side, peer, rule):
                if ports is None or ports.layer7 is None:
                    return ()
                found.append(ports.layer7)
        return tuple(found) or None

    def ports(self) -> frozenset[int]:
        """Return every port that a policy names, the ends of ranges and the next after them among them."""
        found: set[int] = set()
        for spec in self.specs:
            for rules in (*spec.allow.values(), *spec.deny.values()):
                for rule in rules:
                    for ports in rule.ports or ():
                        for each in ports.ports:
                            found |= {each.first, each.last} | (
                                {each.last + 1} if each.last > each.first else set()
                            )
        return frozenset(port for port in found if 0 < port <= 65535)

    def _passes(self, name: str, direction: Direction, peer: str, request: Request) -> tuple[str, ...] | None:
        """Return the policies that let a request pass on one side, None if it does not."""
        side, bit = self.side(name, direction), self.bit(peer)
        if side.denies(bit, request.port, request.protocol):
            return None
        if not side.enforced:
            return ()
        found = {policy: None for policy, ports, rule in side.port_rules(bit)
                 if _speaks(ports, request) and self._is_known(side, peer, rule)}  # fmt: skip
        return tuple(found) or None

    def _is_known(self, side: Side, peer: str, rule: Rule) -> bool:
        """Whether a rule on names can hold: Cilium learns addresses from the answers its DNS proxy lets by."""
        if not rule.peers or not all(isinstance(each, Name) for each in rule.peers):
            return True
        host = self.endpoints[self._at[peer]].host
        if host is None:
            return False
        question = Dns(host)
        return any(
            ports.layer7 is not None and ports.layer7.dns is not None and ports.layer7.passes(question)
            for each in side.allow
            for ports in each.rule.ports or ()
        )

    def _bind(self, spec: Spec) -> None:
        subjects = self._subjects(spec.selector)
        directions: tuple[Direction, Direction] = ("ingress", "egress")
        for direction in directions:
            allow = [_Bound(spec.policy, each, self._peers(each)) for each in spec.allow[direction]]
            deny = [_Bound(spec.policy, each, self._peers(each)) for each in spec.deny[direction]]
            for endpoint in self.members_of(subjects):
                side = self.side(endpoint.name, direction)
                side.enforced |= spec.defaults_to_deny[direction]
                side.allow += allow
                side.deny += deny

    def _subjects(self, selector: Selector) -> int:
        found = self._of_peer(selector)
        if selector.names_reserved:
            return found
        return sum(1 << self._at[each.name] for each in self.members_of(found) if each.is_managed)

    def _peers(self, rule: Rule) -> int:
        if rule.is_empty:
            return 0
        if rule.peers is None:
            return self.everyone
        found = 0
        for each in rule.peers:
            found |= self._of_peer(each)
        return found

    def _of_peer(self, peer: Peer) -> int:
        if peer not in self._bits:
            self._bits[peer] = self._select(peer)
        return self._bits[peer]

    def _select(self, peer: Peer) -> int:
        """Return the endpoints that a peer is; a label that is asked for narrows the search first."""
        among = self.everyone
        if isinstance(peer, Selector):
            for each in peer.requirements:
                if each.operator == "In" and len(each.values) == 1:
                    (value,) = each.values
                    among &= self._index.get((each.key, value), 0)
        return sum(1 << self._at[each.name] for each in self.members_of(among) if peer.matches(each))


def _index(endpoints: Sequence[Endpoint]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for at, each in enumerate(endpoints):
        for label in each.labels.items():
            found[label] = found.get(label, 0) | 1 << at
    return found


def _speaks(ports: PortRule | None, request: Request) -> bool:
    if ports is None:
        return True
    if not ports.holds(request.port, request.protocol):
        return False
    return ports.layer7 is None or ports.layer7.passes(request.says)
