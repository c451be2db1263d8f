"""A digest explained: what it is made of, down to the natives, as a tree in which each thing is told once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from caixa.lacre.digest import PREFIX, hash_bytes
from caixa.lacre.package_digest import package_digest
from caixa.manifest.canonical import to_lisp
from caixa.manifest.package import Package

from .addresses import Addresses

__all__ = ["Merkle", "definition_tree", "package_tree"]

_SHORT: Final = 12  # hex digits that people compare by eye
_DEEPEST: Final = 64  # definitions that call each other deeper than this are not drawn


@dataclass(frozen=True, slots=True)
class Merkle:
    """A part with its digest: a package, a file, a definition or what one needs.

    `is_repeated` says that it was told before, with all that it needs.
    """

    label: str
    kind: str
    digest: str
    children: tuple[Merkle, ...] = ()
    is_repeated: bool = False

    @property
    def short(self) -> str:
        """The beginning of the digest, for people."""
        return self.digest.removeprefix(PREFIX)[:_SHORT]

    def lines(self) -> Iterator[tuple[str, Merkle]]:
        """Yield each part in the order of reading, with the branches that stand before it."""
        yield "", self
        yield from _below(self, "")

    def to_json(self) -> dict[str, Any]:
        """Return the tree as plain data."""
        below = {"needs": [child.to_json() for child in self.children]} if self.children else {}
        repeated = {"repeated": True} if self.is_repeated else {}
        return {"label": self.label, "kind": self.kind, "digest": self.digest, **repeated, **below}


def _below(tree: Merkle, indent: str) -> Iterator[tuple[str, Merkle]]:
    for number, child in enumerate(tree.children, 1):
        is_last = number == len(tree.children)
        yield indent + ("└─ " if is_last else "├─ "), child
        yield from _below(child, indent + ("   " if is_last else "│  "))


def definition_tree(addresses: Addresses, name: str, told: set[str] | None = None) -> Merkle:
    """Return what the digest of the global `name` is made of: the definitions and natives that it needs.

    `told` are definitions that need not be explained again; those that are explained here are added.
    """
    return _definition(addresses, name, set() if told is None else told, _DEEPEST)


def _definition(addresses: Addresses, name: str, told: set[str], depth: int) -> Merkle:
    definition = addresses.program.definitions.get(name)
    digest = addresses.of(name)
    if definition is None:
        return Merkle(name, addresses.kind_of(name), digest)
    if name in told or depth == 0:
        return Merkle(name, definition.kind, digest, is_repeated=True)
    told.add(name)
    needs = dict.fromkeys(each for each in definition.tree.globals() if each != name)
    children = tuple(_definition(addresses, each, told, depth - 1) for each in needs)
    return Merkle(name, definition.kind, digest, children)


def package_tree(package: Package, addresses: Mapping[str, Addresses]) -> Merkle:
    """Return what the digest of `package` is made of; `addresses` are those of its Lisp files, by path."""
    caixa = package.caixa
    manifest = Merkle("caixa.lisp", "manifest", hash_bytes(to_lisp(caixa).encode()))
    files = [_file(path, data, addresses.get(path)) for path, data in sorted(package.files.items())]
    return Merkle(f"{caixa.nome} {caixa.versao}", caixa.kind.value, package_digest(package), (manifest, *files))


def _file(path: str, data: bytes, addresses: Addresses | None) -> Merkle:
    told: set[str] = set()
    names = sorted(addresses.program.definitions) if addresses is not None else ()
    children = tuple(definition_tree(addresses, name, told) for name in names) if addresses is not None else ()
    return Merkle(path, "file", hash_bytes(data), children)
