"""Texts that findings point into, looked up in one place after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from caixa.lisp.source import Source

__all__ = ["Chained"]


class Chained(Mapping[str, Source]):
    """The sources of `maps`; the first that has a name wins, and files are read only when asked for."""

    def __init__(self, *maps: Mapping[str, Source]) -> None:
        """Look in `maps`, in this order."""
        self._maps = maps

    def __getitem__(self, name: str) -> Source:
        for sources in self._maps:
            found = sources.get(name)
            if found is not None:
                return found
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for sources in self._maps for name in sources))

    def __len__(self) -> int:
        return len(dict.fromkeys(self))
