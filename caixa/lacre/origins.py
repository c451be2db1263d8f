"""Where a dependency comes from, made comparable: two spellings of one place are one origin.

Nothing here touches a disk or a network. A ref or an address that git could take for an option, or that asks
for a protocol which runs programs, is refused before anything else sees it (caixa.md R11).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from caixa.manifest.model import Dep, Fonte, GitFonte, PathFonte

from .config import ResolverConfig
from .errors import PathFromGit, UnsafeSource
from .sources import FORGES, expand_shorthand, source_of

__all__ = [
    "Addressing",
    "GitOrigin",
    "Origin",
    "PathOrigin",
    "Pin",
    "PinKind",
    "checked_ref",
    "checked_url",
    "origin_of",
    "pin_of",
]

_LONGEST = 2048  # characters of an address or a ref
_SCHEMES = ("https://", "ssh://", "file://")
_SCP_LIKE = re.compile(r"[A-Za-z0-9_][\w.-]*@[A-Za-z0-9_][\w.-]*:(?!:)\S")  # git@host:owner/name
_BAD_REF = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|\.lock$|/$|\.$")  # git check-ref-format
_REVISION = re.compile(r"[0-9a-f]{7,64}")


@dataclass(frozen=True, slots=True)
class PathOrigin:
    """A directory, relative to the package that is resolved, in its plain form."""

    path: str

    def __str__(self) -> str:
        return self.path


@dataclass(frozen=True, slots=True)
class GitOrigin:
    """A repository by its full address."""

    url: str

    def __str__(self) -> str:
        return self.url


Origin = PathOrigin | GitOrigin


class PinKind(StrEnum):
    """What a pin names."""

    TAG = "tag"
    BRANCH = "branch"
    REV = "rev"


_REFS = {PinKind.TAG: "refs/tags/{}", PinKind.BRANCH: "refs/heads/{}"}


@dataclass(frozen=True, slots=True, order=True)
class Pin:
    """One commit named by the author, in place of a choice by version."""

    kind: PinKind
    name: str

    @property
    def ref(self) -> str | None:
        """The full name of the ref, or None for a revision."""
        return _REFS[self.kind].format(self.name) if self.kind in _REFS else None

    def __str__(self) -> str:
        return f"{self.kind.value} {self.name}"


@dataclass(frozen=True, slots=True)
class Addressing:
    """How names become addresses: the configured default host, and what the shorthands stand for."""

    config: ResolverConfig = field(default_factory=ResolverConfig)
    forges: Mapping[str, str] = field(default_factory=lambda: FORGES)


def origin_of(dep: Dep, base: Origin, addressing: Addressing) -> Origin:
    """Return where `dep` comes from; `base` is the origin of the package that names it.

    Raises UnsafeSource, and PathFromGit for a path in a package that comes from a repository.
    """
    fonte = source_of(dep, addressing.config)
    if isinstance(fonte, GitFonte):
        return GitOrigin(_address(dep.nome, fonte.repo, base, addressing.forges))
    if isinstance(base, GitOrigin):
        raise PathFromGit(dep.nome, fonte.caminho, base.url)
    return PathOrigin(posixpath.normpath(posixpath.join(base.path, fonte.caminho)))


def _address(nome: str, repo: str, base: Origin, forges: Mapping[str, str]) -> str:
    """Return the full address of `repo`; a relative one is taken from the package that names it.

    A package that came over the network has no business with the repositories of this machine.
    """
    url = checked_url(nome, expand_shorthand(repo, forges)).removesuffix("/")
    if isinstance(base, GitOrigin):
        is_neighbour = url.startswith("file://") and base.url.startswith(("file://", "/", "."))
        if url.startswith(("/", ".")) or (url.startswith("file://") and not is_neighbour):
            raise UnsafeSource(nome, "repo", repo, f"It is asked for by {base.url}, which is somewhere else.")
        return url
    return "./" + posixpath.normpath(posixpath.join(base.path, url)) if url.startswith(".") else url


def pin_of(nome: str, fonte: Fonte | None) -> Pin | None:
    """Return the commit that a source names: by rev, else tag, else branch. Raises UnsafeSource."""
    if fonte is None or isinstance(fonte, PathFonte):
        return None
    named = ((PinKind.REV, fonte.rev), (PinKind.TAG, fonte.tag), (PinKind.BRANCH, fonte.branch))
    kind, name = next(((kind, name) for kind, name in named if name is not None), (PinKind.REV, None))
    if name is None:
        return None
    return Pin(kind, checked_revision(nome, name) if kind is PinKind.REV else checked_ref(nome, name, kind))


def checked_ref(nome: str, ref: str, slot: str = "ref") -> str:
    """Return `ref`, the name in `slot` that git takes for a tag or branch alone. Raises UnsafeSource."""
    if not ref or ref.startswith(("-", "/", "+", "@")) or len(ref) > _LONGEST or _BAD_REF.search(ref):
        raise UnsafeSource(nome, slot, ref, "Git would take it for an option, or has no such names.")
    return ref


def checked_revision(nome: str, rev: str) -> str:
    """Return `rev` in lower case, 7 to 64 hex digits. Raises UnsafeSource."""
    if not _REVISION.fullmatch(rev.lower()):
        raise UnsafeSource(nome, "rev", rev, "A commit is named by its hex digits, all 40 or at least 7.")
    return rev.lower()


def checked_url(nome: str, url: str) -> str:
    """Return `url`, an address over https, ssh or a file, or a path of this machine. Raises UnsafeSource."""
    plain = url.isprintable() and not url.startswith("-") and 0 < len(url) <= _LONGEST and "::" not in url
    place = next((url.removeprefix(scheme) for scheme in _SCHEMES if url.startswith(scheme)), None)
    is_local = url.startswith(("/", ".")) and "://" not in url
    is_remote = place is not None and place != "" and not place.startswith("-") and "@-" not in place
    if not plain or not (is_local or is_remote or _SCP_LIKE.match(url)):
        raise UnsafeSource(
            nome, "repo", url, "Sources come over https, ssh or from a file, and from nowhere else."
        )
    return url
