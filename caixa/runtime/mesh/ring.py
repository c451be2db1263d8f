"""Sharding: which cluster a key belongs to, so that few keys move when a cluster comes or goes.

Source: Karger and others, "Consistent Hashing and Random Trees", STOC 1997.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import Final

from blake3 import blake3

from .errors import NobodyThere

__all__ = ["POINTS", "Ring"]

POINTS: Final = 128  # of each cluster on the ring: the largest share is then seldom above 1.3 of the mean


class Ring:
    """An immutable ring of named clusters; the same names give the same ring, in whatever order."""

    def __init__(self, clusters: Iterable[str]) -> None:
        """Put `clusters` on the ring."""
        self.clusters = tuple(sorted(set(clusters)))
        marks = sorted((_point(f"{name}/{turn}"), name) for name in self.clusters for turn in range(POINTS))
        self._points = [point for point, _ in marks]
        self._names = [name for _, name in marks]

    def __repr__(self) -> str:
        return f"Ring of {', '.join(self.clusters) or 'nobody'}"

    def owner(self, key: str) -> str:
        """Return the cluster that `key` belongs to. Raises NobodyThere."""
        if not self._names:
            raise NobodyThere(key)
        return self._names[bisect_right(self._points, _point(key)) % len(self._names)]

    def with_cluster(self, name: str) -> Ring:
        """Return the ring with one cluster more: every key that moves, moves there."""
        return Ring((*self.clusters, name))

    def without(self, name: str) -> Ring:
        """Return the ring without a cluster: only its own keys move."""
        return Ring(each for each in self.clusters if each != name)


def _point(text: str) -> int:
    return int.from_bytes(blake3(text.encode("utf-8", "surrogatepass")).digest(length=8), "big")
