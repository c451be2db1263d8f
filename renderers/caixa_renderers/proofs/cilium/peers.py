"""Whom a rule speaks of: pods by label, reserved entities, addresses, and names outside the cluster."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Any

from .errors import InvalidPolicy, UnmodelledPolicy
from .selectors import Selector, read_selector

if TYPE_CHECKING:
    from .traffic import Endpoint

__all__ = ["Addresses", "Entity", "Name", "Peer", "name_pattern", "read_peers"]

_ENTITIES = frozenset({
    "all", "world", "world-ipv4", "world-ipv6", "cluster", "host", "remote-node", "ingress", "kube-apiserver",
    "init", "health", "unmanaged", "none",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entity:
    """Whatever a reserved name stands for."""

    name: str

    def matches(self, endpoint: Endpoint) -> bool:
        """Whether the name stands for an endpoint."""
        return self.name in endpoint.entities


@dataclass(frozen=True, slots=True)
class Addresses:
    """A block of addresses, less some; never a pod or a node, whatever its address."""

    block: IPv4Network | IPv6Network
    less: tuple[IPv4Network | IPv6Network, ...] = ()

    def matches(self, endpoint: Endpoint) -> bool:
        """Whether an end outside the cluster has an address in the block; an unknown one is in a whole one."""
        if "world" not in endpoint.entities:
            return False
        if endpoint.address is None:
            return self.block.prefixlen == 0 and not self.less
        address = ip_address(endpoint.address)
        return address in self.block and not any(address in each for each in self.less)


@dataclass(frozen=True, slots=True)
class Name:
    """Names outside the cluster, as an expression for the whole name."""

    expression: re.Pattern[str]

    def matches(self, endpoint: Endpoint) -> bool:
        """Whether an end outside the cluster has such a name."""
        return endpoint.host is not None and self.expression.fullmatch(endpoint.host.lower()) is not None


Peer = Selector | Entity | Addresses | Name


def name_pattern(data: Mapping[str, Any], policy: str) -> re.Pattern[str]:
    """Return the expression for `matchName` or `matchPattern`: a star stands for no dot, alone for any name."""
    if set(data) - {"matchName", "matchPattern"} or not data:
        raise InvalidPolicy(policy, f"{dict(data)!r} names no host")
    if "matchName" in data:
        return re.compile(re.escape(data["matchName"].lower().rstrip(".")))
    pattern = data["matchPattern"].lower().rstrip(".")
    if pattern == "*":
        return re.compile(".+")
    return re.compile("[-a-z0-9_]*".join(map(re.escape, pattern.split("*"))))


def read_peers(
    data: Mapping[str, Any], direction: str, policy: str, namespace: str | None
) -> tuple[Peer, ...] | None:
    """Return the peers of a rule, None where it has no word on them. Raises InvalidPolicy, UnmodelledPolicy."""
    word = "from" if direction == "ingress" else "to"
    given = {key: value for key, value in data.items() if value is not None}
    if len([value for value in given.values() if value]) > 1:
        raise InvalidPolicy(policy, f"combining {' and '.join(sorted(given))} is not supported by Cilium")
    peers: list[Peer] = []
    for key, values in given.items():
        match key.removeprefix(word):
            case "Endpoints":
                peers += [_selector(each, policy, namespace) for each in values]
            case "Entities":
                peers += [_entity(each, policy) for each in values]
            case "CIDR":
                peers += [Addresses(_block(each, policy)) for each in values]
            case "CIDRSet":
                peers += [_addresses(each, policy) for each in values]
            case "FQDNs" if word == "to":
                peers += [Name(name_pattern(each, policy)) for each in values]
            case _:
                raise UnmodelledPolicy(policy, f"`{key}` is not simulated")
    return tuple(peers) if given else None


def _selector(data: Any, policy: str, namespace: str | None) -> Selector:
    selector = read_selector(data, policy)
    if namespace is None or selector.names_namespace or selector.names_reserved:
        return selector
    return selector.within(namespace)


def _entity(name: str, policy: str) -> Entity:
    if name not in _ENTITIES:
        raise InvalidPolicy(policy, f"{name!r} is no entity")
    return Entity(name)


def _block(text: str, policy: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text)
    except ValueError as error:
        raise InvalidPolicy(policy, f"{text!r} is no block of addresses") from error


def _addresses(data: Mapping[str, Any], policy: str) -> Addresses:
    if set(data) - {"cidr", "except"}:
        raise UnmodelledPolicy(policy, f"{dict(data)!r} is not simulated")
    return Addresses(
        _block(data["cidr"], policy), tuple(_block(each, policy) for each in data.get("except") or ())
    )
