"""Packages in a dictionary: the fetcher that the tests of the algorithm use instead of git."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache

from caixa.lacre.errors import MissingPath, MissingSource, RefMissing
from caixa.lacre.fetching import Fetched, releases_of_tags
from caixa.lacre.origins import PinKind
from caixa.lacre.resolver import Request, resolve
from caixa.manifest.package import Package


def dep(nome: str, versao: str = "*", fonte: str = "", rest: str = "") -> str:
    return (
        f'(:nome "{nome}" :versao "{versao}"{" :fonte " + fonte if fonte else ""}{" " + rest if rest else ""})'
    )


def manifest(nome: str, versao: str = "0.1.0", deps: tuple[str, ...] = (), rest: str = "") -> str:
    return f'(defcaixa :nome "{nome}" :versao "{versao}" :kind Biblioteca :deps ({" ".join(deps)}) {rest})'


@cache
def package(nome: str, versao: str = "0.1.0", *deps: str, rest: str = "") -> Package:
    return Package.from_text(manifest(nome, versao, deps, rest), {f"lib/{nome}.lisp": versao.encode()})


def url(nome: str) -> str:
    return f"https://github.com/pleme-io/{nome}.git"


def rev_of(text: str) -> str:
    return hashlib.sha1(text.encode()).hexdigest()


class Universe:
    """Repositories by URL, each with tags and branches that name packages; directories by path."""

    def __init__(self):
        self.commits: dict[tuple[str, str], Package] = {}
        self.refs: dict[str, dict[str, str]] = {}
        self.directories: dict[str, Package] = {}
        self.asked: list[str] = []

    def commit(self, at: str, ref: str, package: Package) -> str:
        """Make `ref` (`refs/tags/v1`) of the repository `at` name a commit that holds `package`."""
        rev = rev_of(at + package.manifest_text() + repr(sorted(package.files.items())))
        self.commits[at, rev] = package
        self.refs.setdefault(at, {})[ref] = rev
        return rev

    def publish(self, *packages: Package) -> None:
        """Tag each package with its version, in the repository that has its name."""
        for each in packages:
            self.commit(url(each.nome), f"refs/tags/v{each.caixa.versao}", each)

    def expect(self, wish):
        """Have everything at hand."""

    def releases(self, nome, origin):
        self.asked.append(nome)
        refs = self._refs(nome, origin)
        tags = {
            ref.removeprefix("refs/tags/"): rev for ref, rev in refs.items() if ref.startswith("refs/tags/")
        }
        return releases_of_tags(tags)

    def locate(self, nome, origin, pin):
        self.asked.append(nome)
        refs: Mapping[str, str] = self._refs(nome, origin)
        if pin.kind is PinKind.REV:
            found = [rev for at, rev in self.commits if at == origin.url and rev.startswith(pin.name)]
            return found[0]
        if pin.ref not in refs:
            raise RefMissing(f"no {pin} in {origin}")
        return refs[pin.ref]

    def fetch(self, nome, origin, rev, hint=None):
        if rev is None:
            if origin.path not in self.directories:
                raise MissingPath(nome, origin.path)
            return Fetched(self.directories[origin.path])
        return Fetched(self.commits[origin.url, rev], rev)

    def _refs(self, nome, origin):
        if origin.url not in self.refs:
            raise MissingSource(f"{nome} is not at {origin}")
        return self.refs[origin.url]

    def resolve(self, root: Package, **rest):
        return resolve(Request(root, **rest), self)

    def versions(self, root: Package, **rest) -> dict[str, str]:
        found = self.resolve(root, **rest)
        return {nome: each.versao for nome, each in found.packages.items()}
