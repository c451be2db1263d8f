"""What the resolver asks of the world: which versions a source has, and the package at one commit of it.

The resolver is a function over this protocol. Git and directories answer it in `fetcher`; a dictionary answers
it in the tests of the algorithm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from caixa.manifest.errors import InvalidValue
from caixa.manifest.package import Package
from caixa.manifest.version import Requirement, Version

from .origins import GitOrigin, Origin, Pin

__all__ = ["Fetched", "Fetcher", "Release", "Wish", "release_of_tag", "releases_of_tags"]


@dataclass(frozen=True, slots=True)
class Release:
    """A version that a source offers: the tag that says so, and the commit that the tag names."""

    version: Version
    tag: str
    rev: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """A package as it was found, and its commit (None for a directory)."""

    package: Package
    rev: str | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What will probably be asked for: a commit that a lock names, a pin, or the best release that will do."""

    nome: str
    origin: GitOrigin
    requirement: Requirement
    pin: Pin | None = None
    rev: str | None = None
    hint: str | None = None

    def admits(self, release: Release) -> bool:
        """Whether a release meets the requirement."""
        return self.requirement.matches(release.version)


class Fetcher(Protocol):
    """Where packages come from. Every method raises ResolverError; MissingSource where nothing is there."""

    def expect(self, wish: Wish) -> None:
        """Learn of what will probably be asked for, to have it ready; what goes wrong is said when it is."""

    def releases(self, nome: str, origin: GitOrigin) -> tuple[Release, ...]:
        """Return the releases of a repository, highest first; none where it has no version tags."""

    def locate(self, nome: str, origin: GitOrigin, pin: Pin) -> str:
        """Return the commit that a tag, a branch or a (shortened) revision names, in full."""

    def fetch(self, nome: str, origin: Origin, rev: str | None, hint: str | None = None) -> Fetched:
        """Return the package of a directory, or of a commit; a `hint` is a ref that leads to the commit."""


def release_of_tag(tag: str, rev: str) -> Release | None:
    """Return the release that a tag such as `v1.2.3` or `1.2.3` stands for, or None for any other tag."""
    try:
        return Release(Version.parse(tag.removeprefix("v")), tag, rev)
    except InvalidValue:
        return None


def releases_of_tags(tags: dict[str, str]) -> tuple[Release, ...]:
    """Return the releases among `tags` (name to commit), highest first, one for each version: `v1.2.3` wins."""
    named = [release for tag, rev in tags.items() if (release := release_of_tag(tag, rev)) is not None]
    best: dict[str, Release] = {}
    for release in sorted(named, key=lambda each: each.tag):  # digits before letters: `v1.2.3` comes last
        best[str(release.version)] = release
    return tuple(sorted(best.values(), key=lambda each: (each.version, each.version.build), reverse=True))
