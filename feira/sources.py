"""Texts that findings point into, looked up in one place after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from caixa.lisp.source import Source

if TYPE_CHECKING:
    from caixa.manifest.package import Package

__all__ = ["Chained", "PackageSources"]


class PackageSources(Mapping[str, Source]):
    """The files of a package as the modules that they are looked at as: `NOME/PATH`."""

    def __init__(self, package: Package) -> None:
        """Take files from `package` when they are asked for."""
        self._package = package

    def __getitem__(self, name: str) -> Source:
        nome, _, path = name.partition("/")
        data = self._package.files.get(path) if nome == self._package.nome else None
        if data is None:
            raise KeyError(name)
        return Source(name, data.decode("utf-8", "replace").removeprefix("\ufeff"))

    def __iter__(self) -> Iterator[str]:
        return (f"{self._package.nome}/{path}" for path in self._package.files)

    def __len__(self) -> int:
        return len(self._package.files)


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
