"""What could meet the demands on a name: the locked commit, the releases, what a demand pins, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from caixa.manifest.errors import InvalidValue
from caixa.manifest.version import Version

from .demands import Demand
from .errors import MissingPath, MissingSource, ResolverError
from .fetching import Fetcher, Release, Wish
from .obtaining import Candidate
from .origins import GitOrigin, PathOrigin, Pin, PinKind
from .preferences import Preferences

__all__ = ["Candidates", "admit"]


def admit(demands: Sequence[Demand], versao: str) -> bool:
    """Whether every requirement admits a version; a version that does not read meets none but is no crash."""
    try:
        version = Version.parse(versao)
    except InvalidValue:
        return False
    return all(each.requirement.matches(version) for each in demands)


class Candidates:
    """Asks a fetcher, and for nothing before it is needed; `absent` is what was left out, and why."""

    def __init__(self, fetcher: Fetcher, preferences: Preferences) -> None:
        """Prefer what a lock has."""
        self._fetcher = fetcher
        self._preferences = preferences
        self._extra: dict[str, list[tuple[GitOrigin, Candidate]]] = {}
        self._releases: dict[GitOrigin, tuple[Release, ...]] = {}
        self.absent: dict[str, MissingSource] = {}

    def meeting(self, demands: tuple[Demand, ...]) -> Iterator[Candidate]:
        """Yield what could meet the demands, the best first."""
        origin = demands[0].origin
        if isinstance(origin, PathOrigin):
            yield Candidate()
            return
        try:
            is_pinned = any(each.pin for each in demands)
            yield from self._pinned(origin, demands) if is_pinned else self._free(origin, demands)
        except MissingSource as missing:
            if not self.may_be_left_out(demands, missing):
                raise
            yield Candidate(is_absent=True)

    def _pinned(self, origin: GitOrigin, demands: tuple[Demand, ...]) -> Iterator[Candidate]:
        pin = next(each.pin for each in demands if each.pin)
        yield _of_pin(self.locate(demands[0].nome, origin, pin), pin)

    def _free(self, origin: GitOrigin, demands: tuple[Demand, ...]) -> Iterator[Candidate]:
        """Yield the locked commit, the releases from the highest, and what demands made later pin."""
        nome = demands[0].nome
        locked = self._preferences.unpinned(nome, origin)
        if locked is not None and admit(demands, locked.versao):
            yield Candidate(locked.rev, locked.tag)
        for release in self.releases(nome, origin):
            if all(each.requirement.matches(release.version) for each in demands):
                yield Candidate(release.rev, release.tag)
        for place, candidate in self._extra.setdefault(nome, []):  # grows while it is walked
            if place == origin:
                yield candidate

    def releases(self, nome: str, origin: GitOrigin) -> tuple[Release, ...]:
        """Return the releases of a repository."""
        if origin not in self._releases:
            self._releases[origin] = self._fetcher.releases(nome, origin)
        return self._releases[origin]

    def known_releases(self, demands: Sequence[Demand]) -> tuple[Release, ...]:
        """Return the releases that were asked for, for what is demanded."""
        origin = demands[0].origin
        return self._releases.get(origin, ()) if isinstance(origin, GitOrigin) else ()

    def locate(self, nome: str, origin: GitOrigin, pin: Pin) -> str:
        """Return the commit of a pin: the locked one, or what the source says now."""
        return self._preferences.located(nome, origin, pin) or self._fetcher.locate(nome, origin, pin)

    def offer(self, made: Demand, rev: str) -> None:
        """Let the name be tried at the commit that a later demand pins."""
        assert isinstance(made.origin, GitOrigin)
        assert made.pin is not None
        offered = (made.origin, _of_pin(rev, made.pin))
        extra = self._extra.setdefault(made.nome, [])
        if offered not in extra:
            extra.append(offered)

    def may_be_left_out(self, demands: Sequence[Demand], missing: MissingSource) -> bool:
        """Whether nobody insists on it; and a locked package is only left out when it is known to be gone."""
        is_gone = isinstance(missing, MissingPath) or not self._preferences.has(demands[0].nome)
        if is_gone and all(each.may_be_missing for each in demands):
            self.absent[demands[0].nome] = missing
            return True
        return False

    def expect(self, made: Demand) -> None:
        """Let the fetcher know what will be asked of it for a first demand; what is wrong shows later."""
        if not isinstance(made.origin, GitOrigin):
            return
        with suppress(ResolverError):
            rev, hint = self._likely(made, made.origin)
            self._fetcher.expect(Wish(made.nome, made.origin, made.requirement, made.pin, rev, hint))

    def _likely(self, made: Demand, origin: GitOrigin) -> tuple[str | None, str | None]:
        """Return the locked commit that will be tried, if there is one, and the ref that leads to it."""
        if made.pin is not None:
            return self._preferences.located(made.nome, origin, made.pin), made.pin.ref
        locked = self._preferences.unpinned(made.nome, origin)
        if locked is None or not admit((made,), locked.versao):
            return None, None
        return locked.rev, f"refs/tags/{locked.tag}" if locked.tag else None


def _of_pin(rev: str, pin: Pin) -> Candidate:
    return Candidate(rev, pin.name if pin.kind is PinKind.TAG else None, pin)
