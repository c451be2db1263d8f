"""A candidate made a package: fetched, and checked to be what its name, its tag and the lock say."""

from __future__ import annotations

from dataclasses import dataclass

from caixa.manifest.model import Fonte, GitFonte, PathFonte
from caixa.manifest.package import Package

from .config import ResolverConfig
from .demands import Demand
from .errors import ContentChanged, WrongPackage
from .fetching import Fetched, Fetcher, release_of_tag
from .origins import Pin, PinKind
from .package_digest import package_digest
from .preferences import Preferences
from .resolution import Resolved
from .sources import source_of

__all__ = ["Candidate", "Obtainer"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A way to meet the demands on a name; `rev` is None for a directory; `is_absent` leaves it out."""

    rev: str | None = None
    tag: str | None = None
    pin: Pin | None = None
    is_absent: bool = False

    @property
    def ref(self) -> str | None:
        """The ref that leads to the commit."""
        if self.pin is not None:
            return self.pin.ref
        return f"refs/tags/{self.tag}" if self.tag else None


@dataclass(frozen=True, slots=True)
class Obtainer:
    """Fetches candidates."""

    fetcher: Fetcher
    preferences: Preferences
    config: ResolverConfig

    def obtain(self, wanted: Demand, candidate: Candidate) -> Resolved:
        """Return the package of `candidate`. Raises WrongPackage, ContentChanged, ResolverError."""
        fetched = self.fetcher.fetch(wanted.nome, wanted.origin, candidate.rev, candidate.ref)
        _check_identity(wanted, fetched.package, candidate)
        digest = package_digest(fetched.package)
        seal = self.preferences.seal(wanted.nome, fetched.rev)
        if seal is not None and seal != digest:
            raise ContentChanged(wanted.nome, str(wanted.origin), seal, digest)
        fonte = _fonte(wanted, candidate, fetched, self.config)
        return Resolved(wanted.nome, fetched.package, fonte, fetched.rev, digest)


def _check_identity(wanted: Demand, package: Package, candidate: Candidate) -> None:
    """Refuse a package of another name, or of another version than its tag says. Raises WrongPackage."""
    caixa, where = package.caixa, str(wanted.origin)
    if caixa.nome != wanted.nome:
        message = f'the source of "{wanted.nome}", {where}, holds "{caixa.nome}"'
        fix = "Correct :fonte, or the name of the dependency."
        raise WrongPackage(message, fix=fix, span=wanted.span, nome=wanted.nome, found=caixa.nome)
    release = release_of_tag(candidate.tag, "") if candidate.tag and candidate.pin is None else None
    if release is not None and str(release.version) != caixa.versao:
        message = f'the tag {candidate.tag} of "{wanted.nome}" holds version {caixa.versao}'
        why = "A tag such as v1.2.3 says the version of what it names."
        fix = "Have its author publish the tag again, or pin another."
        raise WrongPackage(message, why=why, fix=fix, nome=wanted.nome, tag=candidate.tag, found=caixa.versao)


def _fonte(wanted: Demand, candidate: Candidate, fetched: Fetched, config: ResolverConfig) -> Fonte:
    """Return a source as the lock says it: as authored, with the commit; a path as seen from the root."""
    authored = source_of(wanted.dep, config)
    if isinstance(authored, PathFonte):
        return authored if wanted.depth == 1 else PathFonte(str(wanted.origin))
    repo = str(wanted.origin) if authored.repo.startswith(".") and wanted.depth > 1 else authored.repo
    branch = candidate.pin.name if candidate.pin and candidate.pin.kind is PinKind.BRANCH else None
    return GitFonte(repo, candidate.tag, fetched.rev, branch)
