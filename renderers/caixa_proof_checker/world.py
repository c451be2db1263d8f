"""Endpoints under Cilium's policies, as sets of names over the policies' own JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Any

from .case import Unjudged, mapping

__all__ = ["NAMESPACE", "Endpoint", "Refused", "World"]

Json = Mapping[str, Any]
NAMESPACE = "io.kubernetes.pod.namespace"
_DIRECTIONS = {"ingress": "from", "egress": "to"}
_NONE = 'Entities "none"'  # the entity that stands for nobody
_RULES = ("ingress", "ingressDeny", "egress", "egressDeny")
_KNOWN = {"endpointSelector", *_RULES, "enableDefaultDeny", "description", "labels"}


class Refused(Exception):
    """A policy that Cilium would refuse; `policy` is its name."""

    def __init__(self, policy: str) -> None:
        """Keep the name."""
        super().__init__(policy)
        self.policy = policy


@dataclass(frozen=True)
class Endpoint:
    """One end of a connection."""

    labels: Json
    entities: frozenset[str] = frozenset()
    host: str | None = None
    address: str | None = None


@dataclass
class _Side:
    """One direction of an endpoint; a rule is who (None: anybody) and the ports (None: all)."""

    enforced: bool = False
    allow: list[tuple[Json, frozenset[str] | None]] = field(default_factory=list)
    deny: list[tuple[Json, frozenset[str] | None]] = field(default_factory=list)


class World:
    """Endpoints by name, and what the policies let pass between them. Raises Refused and Unjudged."""

    def __init__(self, endpoints: Mapping[str, Endpoint], objects: Iterable[Json]) -> None:
        """Read the policies among the objects."""
        self.endpoints = dict(endpoints)
        self.ports: set[int] = set()
        self._matches: dict[str, frozenset[str]] = {}
        self._sides = {(name, way): _Side() for name in self.endpoints for way in _DIRECTIONS}
        for each in objects:
            kind = each.get("kind")
            if kind == "NetworkPolicy":
                raise Unjudged("a NetworkPolicy of Kubernetes is not understood here")
            if kind in ("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"):
                here = each["metadata"].get("namespace", "default") if kind == "CiliumNetworkPolicy" else None
                for spec in [*([each["spec"]] if "spec" in each else []), *each.get("specs", [])]:
                    self._take(each["metadata"]["name"], spec, here)

    def nobody(self) -> str | None:
        """Return a description of a peer that fits nobody: an opening to it would go unseen."""
        lonely = (key for key, names in self._matches.items() if not names)
        return next((key for key in lonely if key != _NONE and not key.startswith("True ")), None)

    def is_enforced(self, name: str, way: str) -> bool:
        """Whether a direction of an endpoint lets only by what a rule allows."""
        return self._sides[name, way].enforced

    def reachable(self, name: str, way: str) -> set[str]:
        """Return who may pass on some port, by the rules that allow."""
        found: set[str] = set()
        for rule, who in self._sides[name, way].allow:
            if who is not None:
                found |= who
            elif rule.get("toPorts"):
                found |= set(self.endpoints)
        return found

    def opening(self, source: str, target: str, port: int, protocol: str) -> dict[str, list[Json]] | None:
        """Return the rules on requests by side, none where anything passes; None if the port is closed."""
        egress = self._side(source, "egress", target, port, protocol)
        ingress = self._side(target, "ingress", source, port, protocol)
        return None if egress is None or ingress is None else {"egress": egress, "ingress": ingress}

    def _side(self, name: str, way: str, peer: str, port: int, protocol: str) -> list[Json] | None:
        side = self._sides[name, way]
        for rule, who in side.deny:
            if self._concerns(rule, who, peer) and any(True for _ in _at(rule, port, protocol)):
                return None
        if not side.enforced:
            return []
        found: list[Json] = []
        is_open = False
        for rule, who in side.allow:
            if not self._concerns(rule, who, peer) or not self._learnt(side, rule, peer):
                continue
            for said in _at(rule, port, protocol):
                if not said:
                    return []
                is_open = True
                found += said.get("http", said.get("dns", []))
        return found if is_open else None

    def _concerns(self, rule: Json, who: frozenset[str] | None, peer: str) -> bool:
        return peer in who if who is not None else bool(rule.get("toPorts"))

    def _learnt(self, side: _Side, rule: Json, peer: str) -> bool:
        """Whether the address behind a name is known: a rule on DNS has to let the question by."""
        if not rule.get("toFQDNs"):
            return True
        host = self.endpoints[peer].host
        asked = [each for allowed, _ in side.allow for ports in allowed.get("toPorts") or ()
                 for each in mapping(ports.get("rules")).get("dns", ())]  # fmt: skip
        return host is not None and any(_named(each, host) for each in asked)

    def _take(self, policy: str, spec: Json, here: str | None) -> None:
        if set(spec) - _KNOWN:
            raise Unjudged(f"{policy} has {sorted(set(spec) - _KNOWN)[0]}, which is not understood here")
        rules = {key: spec.get(key) or [] for key in _RULES}
        if not any(rules.values()):
            raise Refused(policy)
        subjects = self._selected(policy, spec["endpointSelector"], here, is_subject=True)
        for way, word in _DIRECTIONS.items():
            default = bool(rules[way] or rules[way + "Deny"])
            default = mapping(spec.get("enableDefaultDeny")).get(way, default)
            bound = {key: [(rule, self._who(policy, rule, word, here)) for rule in rules[key]]
                     for key in (way, way + "Deny")}  # fmt: skip
            for name in subjects:
                side = self._sides[name, way]
                side.enforced = side.enforced or default
                side.allow += bound[way]
                side.deny += bound[way + "Deny"]

    def _who(self, policy: str, rule: Json, word: str, here: str | None) -> frozenset[str] | None:
        self._note_ports(policy, rule, word)
        peers = {key: value for key, value in rule.items() if key not in ("toPorts", "authentication")}
        if not peers:
            return None
        if sum(bool(value) for value in peers.values()) > 1:
            raise Refused(policy)
        found: set[str] = set()
        for key, values in peers.items():
            for value in values:
                found |= self._peer(policy, key.removeprefix(word), value, here)
        return frozenset(found)

    def _peer(self, policy: str, kind: str, value: Any, here: str | None) -> frozenset[str]:
        if kind == "Endpoints":
            return self._selected(policy, value, here, is_subject=False)
        key = f"{kind} {json.dumps(value, sort_keys=True)}"
        if key not in self._matches:
            self._matches[key] = frozenset(
                name for name, each in self.endpoints.items() if _is(kind, value, each)
            )
        return self._matches[key]

    def _selected(self, policy: str, selector: Json, here: str | None, *, is_subject: bool) -> frozenset[str]:
        wanted = list(_requirements(policy, selector))
        keys = {key for key, _, _ in wanted}
        is_reserved = any(key.startswith("reserved:") for key in keys)
        names_place = NAMESPACE in keys or any(
            key.startswith("io.cilium.k8s.namespace.labels.") for key in keys
        )
        if here is not None and (is_subject or not (names_place or is_reserved)):
            wanted = [each for each in wanted if each[0] != NAMESPACE] + [(NAMESPACE, "In", (here,))]
        key = f"{is_subject} {json.dumps(sorted(wanted))}"
        if key not in self._matches:
            self._matches[key] = frozenset(
                name
                for name, each in self.endpoints.items()
                if (NAMESPACE in each.labels or not is_subject or is_reserved)
                and all(_fulfils(each.labels.get(label), how, values) for label, how, values in wanted)
            )
        return self._matches[key]

    def _note_ports(self, policy: str, rule: Json, word: str) -> None:
        for ports in rule.get("toPorts") or ():
            if set(ports) - {"ports", "rules"}:
                raise Unjudged(f"{policy} has ports with {sorted(set(ports) - {'ports', 'rules'})[0]}")
            said = mapping(ports.get("rules"))
            if word == "from" and "dns" in said:
                raise Refused(policy)
            for each in ports["ports"]:
                first = int(each["port"])
                last = int(each.get("endPort") or first)
                self.ports |= {first, last, last + 1} if last > first else {first}
                if "http" in said and each.get("protocol") != "TCP":
                    raise Refused(policy)


def _at(rule: Json, port: int, protocol: str) -> Iterator[Json]:
    """Yield the rules on requests of each entry that has a port; an empty one for a rule without ports."""
    if not rule.get("toPorts"):
        yield {}
    for ports in rule.get("toPorts") or ():
        for each in ports["ports"]:
            first = int(each["port"])
            if each.get("protocol", "ANY") in (protocol, "ANY") and (
                first == 0 or first <= port <= int(each.get("endPort") or first)
            ):
                yield mapping(ports.get("rules"))
                break


def _requirements(policy: str, selector: Json) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    if set(selector) - {"matchLabels", "matchExpressions"}:
        raise Refused(policy)
    for key, value in mapping(selector.get("matchLabels")).items():
        yield re.sub(r"^(k8s|any):", "", key), "In", (str(value),)
    for each in selector.get("matchExpressions") or ():
        yield (
            re.sub(r"^(k8s|any):", "", each["key"]),
            each["operator"],
            tuple(map(str, each.get("values") or ())),
        )


def _fulfils(found: str | None, how: str, values: tuple[str, ...]) -> bool:
    if how in ("In", "NotIn"):
        return (found in values) == (how == "In")
    return (found is not None) == (how == "Exists")


def _is(kind: str, value: Any, endpoint: Endpoint) -> bool:
    if kind == "Entities":
        return value in endpoint.entities
    if kind == "FQDNs":
        return endpoint.host is not None and _named(value, endpoint.host)
    if kind not in ("CIDR", "CIDRSet"):
        raise Unjudged(f"peers by {kind} are not understood here")
    if "world" not in endpoint.entities:
        return False
    block, less = (value, ()) if kind == "CIDR" else (value["cidr"], value.get("except") or ())
    if endpoint.address is None:
        return ip_network(block).prefixlen == 0 and not less
    address = ip_address(endpoint.address)
    return address in ip_network(block) and all(address not in ip_network(each) for each in less)


def _named(pattern: Json, host: str) -> bool:
    """Whether a host is that of `matchName`, or matches `matchPattern`, whose stars stand for no dot."""
    name = host.lower().rstrip(".")
    if "matchName" in pattern:
        return bool(name == pattern["matchName"].lower().rstrip("."))
    written = pattern["matchPattern"].lower().rstrip(".")
    if written == "*":
        return True
    return re.fullmatch(re.escape(written).replace(r"\*", "[-a-z0-9_]*"), name) is not None
