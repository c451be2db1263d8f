"""Capability tokens: what a component may do, as typed values (caixa.md section 8.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from caixa.lisp.capability_tokens import address_and_port, path_and_mode

from .profile import Profile

__all__ = [
    "Capability",
    "Fs",
    "HttpIn",
    "HttpOut",
    "KubeBuiltin",
    "KubeCrWatch",
    "KubeResourceList",
    "KubeResourcePatch",
    "KubeSecretRead",
    "Other",
    "PromQuery",
    "parse_capabilities",
    "parse_capability",
]


@dataclass(frozen=True, slots=True)
class HttpIn:
    """Listen on an address."""

    addr: str
    port: int


@dataclass(frozen=True, slots=True)
class HttpOut:
    """Call a host, which may be a pattern."""

    host: str


@dataclass(frozen=True, slots=True)
class KubeSecretRead:
    """Read one secret."""

    namespace: str
    name: str


@dataclass(frozen=True, slots=True)
class KubeCrWatch:
    """Watch resources of a kind."""

    group: str
    kind: str


@dataclass(frozen=True, slots=True)
class KubeResourceList:
    """List resources of a kind."""

    group: str
    kind: str


@dataclass(frozen=True, slots=True)
class KubeResourcePatch:
    """Patch resources of a kind."""

    group: str
    kind: str


@dataclass(frozen=True, slots=True)
class KubeBuiltin:
    """Any other token about Kubernetes."""

    token: str


@dataclass(frozen=True, slots=True)
class PromQuery:
    """Query a Prometheus."""

    service: str
    port: int


@dataclass(frozen=True, slots=True)
class Fs:
    """See a part of the file system."""

    path: str
    is_writable: bool


@dataclass(frozen=True, slots=True)
class Other:
    """A token without a rule of its own."""

    token: str


Capability = (
    HttpIn
    | HttpOut
    | KubeSecretRead
    | KubeCrWatch
    | KubeResourceList
    | KubeResourcePatch
    | KubeBuiltin
    | PromQuery
    | Fs
    | Other
)
_KUBE_PAIRS: Final[Mapping[str, Callable[[str, str], Capability]]] = {
    "kube-secret-read": KubeSecretRead,
    "kube-cr-watch": KubeCrWatch,
    "kube-resource-list": KubeResourceList,
    "kube-resource-patch": KubeResourcePatch,
}


def parse_capability(token: str, profile: Profile = Profile.STRICT) -> Capability:
    """Return what a token grants; one that is malformed is `Other`, or `KubeBuiltin` if it begins with `kube-`.

    STRICT also reads `fs:<path>:<ro|rw>`, for which the older system has a type but no rule.
    """
    if token.startswith("http-in:"):
        place = address_and_port(token.removeprefix("http-in:"))
        return HttpIn(*place) if place else Other(token)
    if token.startswith("http-out:"):
        return HttpOut(token.removeprefix("http-out:"))
    if token.startswith("kube-"):
        return _kube(token)
    if token.startswith("prom-query@"):
        place = address_and_port(token.removeprefix("prom-query@"))
        return PromQuery(*place) if place else Other(token)
    if token.startswith("fs:") and profile is not Profile.APRIL:
        found = path_and_mode(token.removeprefix("fs:"))
        if found is not None:
            return Fs(found[0], found[1] == "rw")
    return Other(token)


def parse_capabilities(tokens: Iterable[str], profile: Profile = Profile.STRICT) -> frozenset[Capability]:
    """Return the set of what the tokens grant; blank ones are skipped."""
    return frozenset(parse_capability(token.strip(), profile) for token in tokens if token.strip())


def _kube(token: str) -> Capability:
    verb, at, scope = token.partition("@")
    first, slash, second = scope.partition("/")
    typed = _KUBE_PAIRS.get(verb)
    return typed(first, second) if typed and at and slash else KubeBuiltin(token)
