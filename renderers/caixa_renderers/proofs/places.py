"""Where a capability token leads: hosts, as patterns, with the ports on them (substrate.md section 1.8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final
from urllib.parse import urlsplit

__all__ = ["Place", "places_of"]

_WEB: Final = frozenset({80, 443})
_DATABASES: Final = {"postgres": 5432, "postgresql": 5432, "mysql": 3306, "mongodb": 27017, "redis": 6379}
_WITH_PORT: Final = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^:/\s]+):(\d{1,5})")


@dataclass(frozen=True, slots=True)
class Place:
    """A host, as a pattern in lower case, and the ports on it."""

    host: str
    ports: frozenset[int]

    def holds(self, host: str, port: int) -> bool:
        """Whether a host at a port is meant; a host may itself be the pattern."""
        return port in self.ports and (host == self.host or fnmatchcase(host, self.host))

    @property
    def is_of_cluster(self) -> bool:
        """Whether the name is one that a service of the cluster has, so that labels say who that is."""
        return ("." not in self.host and "*" not in self.host) or ".svc" in self.host


def places_of(token: str) -> Iterator[Place]:
    """Yield the places that a token names; none for a token that names no address."""
    if token.startswith("http-out:"):
        yield _place(token.removeprefix("http-out:"), _WEB)
        return
    kind, _, scope = token.partition("@")
    if kind == "prom-query" or kind.startswith("kv-"):
        found = _WITH_PORT.fullmatch(scope)
        if found is not None:
            yield _place(found[1], frozenset({int(found[2])}))
    elif kind.startswith("oci-"):
        yield _place(scope.partition("/")[0], frozenset({443}))
    elif kind.startswith("db-connect"):
        yield from _database(scope)


def _place(host: str, ports: frozenset[int]) -> Place:
    return Place(host.strip("[]").rstrip(".").lower(), ports)


def _database(scope: str) -> Iterator[Place]:
    try:
        url = urlsplit(scope if "://" in scope else f"//{scope}")
        port = url.port
    except ValueError:
        return
    if url.hostname:
        yield _place(url.hostname, frozenset({port or _DATABASES.get(url.scheme, 5432)}))
