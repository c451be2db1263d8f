"""The resolver: one version for each name so that every requirement is met, or the reason why there is none.

A search over the Fetcher protocol that tries the locked version first, then the highest. Packages are decided
in an order that depends on nothing but distance from the root and name, so the order of dependencies in a
manifest does not matter. A dead end remembers which choices led to it together, and the search goes back to the
latest of these (conflict-directed backjumping, Prosser 1993): complete, without trying what cannot help.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from caixa.lisp.diagnostics import Diagnostic, Severity
from caixa.manifest.aplicacao import find_cycle
from caixa.manifest.package import Package

from .board import Board
from .candidates import Candidates, admit
from .conflicts import (
    Conflict,
    circle,
    narrowed,
    no_choice,
    no_such_feature,
    no_version,
    two_commits,
    two_sources,
)
from .demands import Asker, Demand, demand, needs_of, optional_names
from .errors import LacreError, MissingSource, TooManyChoices
from .fetching import Fetcher, Release
from .homes import Homes
from .lock import Lock
from .obtaining import Candidate, Obtainer
from .origins import Addressing, GitOrigin, PathOrigin
from .preferences import ROOT, Preferences
from .resolution import Resolution, Resolved

__all__ = ["Request", "resolve"]

MOST_STEPS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be resolved: `locked` is the lock to honour, without the entries that are to be updated."""

    root: Package
    locked: Lock = field(default_factory=lambda: Lock.of(()))
    addressing: Addressing = field(default_factory=Addressing)
    with_dev: bool = False


@dataclass(slots=True)
class _Level:
    """A name under decision: what is left to try, why it was decided at all, and what its first try died of."""

    nome: str
    mark: int
    demands: tuple[Demand, ...]
    left: Iterator[Candidate]
    causes: set[str]
    reason: LacreError | None = None
    fallback: LacreError | None = None

    def blame(self, conflict: Conflict) -> None:
        """Remember why a try died."""
        self.causes |= conflict.causes - {self.nome}
        if conflict.is_proven:
            self.reason = self.reason or conflict.error
        else:
            self.fallback = self.fallback or conflict.error


def resolve(request: Request, fetcher: Fetcher) -> Resolution:
    """Return a version for every package that the root of `request` needs.

    Raises VersionConflict, SourceConflict, UnknownFeature and DependencyCycle when there is none; WrongPackage,
    UnsafeSource and PathFromGit for what must not be; ContentChanged for what is not as it was locked; and what
    `fetcher` raises.
    """
    return _Search(request, fetcher).run()


class _Search:
    """One search: a level for each choice made on the board, the last on top."""

    def __init__(self, request: Request, fetcher: Fetcher) -> None:
        self._request = request
        self._board = Board(request.root)
        preferences = Preferences(request.locked, request.addressing)
        self._obtainer = Obtainer(fetcher, preferences, request.addressing.config)
        self._candidates = Candidates(fetcher, preferences)
        self._homes = Homes(fetcher, request.locked, request.addressing)
        self._levels: list[_Level] = []
        self._steps = 0

    def run(self) -> Resolution:
        """Search until every name is decided. Raises as `resolve` says."""
        conflict = self._ask_for_the_root()
        if conflict is not None:
            raise conflict.error
        while True:
            nome = self._board.undecided()
            if nome is not None:
                self._open(nome)
            else:
                conflict = self._cycle()
                if conflict is None:
                    return self._resolution()
                self._go_back(conflict)
            self._settle()

    # -- the search -------------------------------------------------------------------------------------------

    def _open(self, nome: str) -> None:
        """Begin to decide `nome`."""
        demands = self._board.on(nome)
        causes = {cause for each in demands for cause in each.causes}
        self._levels.append(
            _Level(nome, self._board.mark(), demands, self._candidates.meeting(demands), causes)
        )

    def _settle(self) -> None:
        """Try what the last level has left; go back as often as nothing is."""
        while True:
            level = self._levels[-1]
            for candidate in level.left:
                conflict = self._choose(level, candidate)
                if conflict is None:
                    return
                self._undo(level)
                level.blame(conflict)
            self._levels.pop()
            reason = level.reason or self._why_none(level) or level.fallback
            assert reason is not None, "a candidate that dies says why"
            self._go_back(Conflict(reason, frozenset(level.causes), is_proven=reason is not level.fallback))

    def _go_back(self, conflict: Conflict) -> None:
        """Undo choices up to the latest that the conflict names. Raises its error if it names none."""
        while self._levels and self._levels[-1].nome not in conflict.causes:
            self._undo(self._levels.pop())
        if not self._levels:
            raise conflict.error
        self._undo(self._levels[-1])
        self._levels[-1].blame(conflict)

    def _undo(self, level: _Level) -> None:
        self._board.undo(level.nome, level.mark)

    def _why_none(self, level: _Level) -> LacreError | None:
        """Return the conflict of requirements that no release meets, if that is why."""
        releases = self._candidates.known_releases(level.demands)
        wanted = narrowed(level.demands, releases)
        if any(all(each.requirement.matches(release.version) for each in wanted) for release in releases):
            return None
        return None if level.fallback else self._no_version(wanted, releases)

    def _no_version(self, demands: Sequence[Demand], releases: Sequence[Release]) -> LacreError:
        return no_version(demands, [str(each.version) for each in releases], self._board.path_to)

    # -- choosing ---------------------------------------------------------------------------------------------

    def _choose(self, level: _Level, candidate: Candidate) -> Conflict | None:
        """Make a choice and the demands that follow from it; return why it cannot be, if it cannot."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            message = f"after {MOST_STEPS} tries there is still no choice of versions"
            raise TooManyChoices(message, fix="Narrow the requirements, or pin what matters.", nome=level.nome)
        if (conflict := self._disagreement(level.demands)) is not None:
            return conflict
        found = None if candidate.is_absent else self._obtain(level.demands, candidate)
        if found is None:
            self._board.chosen[level.nome] = None
            return None
        if not admit(level.demands, found.versao):
            available = [found.versao]
            return Conflict(
                no_version(_unmet(level.demands, found.versao), available, self._board.path_to), frozenset()
            )
        self._board.chosen[level.nome] = found
        for wanted in level.demands:
            conflict = self._missing_feature(wanted, found)
            if conflict is not None:
                return conflict
        return self._ask_for(found)

    def _disagreement(self, demands: Sequence[Demand]) -> Conflict | None:
        """Return the conflict of demands for one name from two places, or at two commits."""
        first = demands[0]
        for other in demands[1:]:
            if other.origin != first.origin:
                return Conflict(two_sources(first, other, self._board.path_to), first.causes | other.causes)
        pinned = [each for each in demands if each.pin]
        for other in pinned[1:]:
            if (conflict := self._two_commits(pinned[0], other)) is not None:
                return conflict
        return None

    def _two_commits(self, one: Demand, other: Demand) -> Conflict | None:
        assert one.pin is not None
        assert other.pin is not None
        if one.pin == other.pin or not isinstance(one.origin, GitOrigin):
            return None
        if self._candidates.locate(one.nome, one.origin, one.pin) == self._candidates.locate(
            one.nome, one.origin, other.pin
        ):
            return None
        return Conflict(two_commits(one, other, self._board.path_to), one.causes | other.causes)

    def _obtain(self, demands: tuple[Demand, ...], candidate: Candidate) -> Resolved | None:
        """Return the package of a candidate; None if nobody insists on it, and it is missing."""
        try:
            return self._obtainer.obtain(demands[0], candidate)
        except MissingSource as missing:
            if self._candidates.may_be_left_out(demands, missing):
                return None
            raise

    # -- demands ----------------------------------------------------------------------------------------------

    def _ask_for_the_root(self) -> Conflict | None:
        asker = Asker(self._board.root, ROOT, 0)
        request = self._request
        needs = list(needs_of(request.root, is_root=True, with_dev=request.with_dev, features=set()))
        self._homes.expect(needs)
        for wanted in needs:
            made = demand(self._homes.settled(wanted), asker, frozenset(), request.addressing)
            if (conflict := self._add(made)) is not None:
                return conflict
        return None

    def _ask_for(self, chosen: Resolved, only: str | None = None) -> Conflict | None:
        """Make the demands of a chosen package: all, or for a feature that came late, what it turns on."""
        demands = self._board.on(chosen.nome)
        asked = {feature: each for each in reversed(demands) for feature in each.features}
        asker = Asker(chosen.nome, demands[0].origin, self._board.depth(chosen.nome))
        needs = list(needs_of(chosen.package, is_root=False, with_dev=False, features=asked.keys()))
        if only is not None:
            needs = [each for each in needs if each.dep.opcional and each.dep.nome == only]
        self._homes.expect(needs)
        for wanted in needs:
            causes = frozenset({chosen.nome})
            if wanted.dep.opcional:
                causes |= asked[wanted.dep.nome].causes
            made = demand(self._homes.settled(wanted), asker, causes, self._request.addressing)
            if (conflict := self._add(made)) is not None:
                return conflict
        return None

    def _add(self, made: Demand) -> Conflict | None:
        """Record a demand; return why a choice made before cannot meet it."""
        features = self._board.ask(made)
        if made.nome == self._board.root:
            ring = [*self._board.names_to(made.asker), self._board.root]
            return Conflict(circle(ring, self._board.shown), made.causes)
        if made.nome not in self._board.chosen:
            if len(self._board.on(made.nome)) == 1:
                self._candidates.expect(made)
            return None
        return self._late(made) or self._turn_on(features, made)

    def _turn_on(self, features: Sequence[str], made: Demand) -> Conflict | None:
        """Make the demands of features that were asked for after their package was chosen."""
        chosen = self._board.chosen[made.nome]
        for feature in features if chosen is not None else ():
            assert chosen is not None
            if (conflict := self._ask_for(chosen, feature)) is not None:
                return conflict
        return None

    def _late(self, made: Demand) -> Conflict | None:
        """Return why the package that was chosen before does not meet a demand."""
        chosen, demands = self._board.chosen[made.nome], self._board.on(made.nome)
        if chosen is None:
            return None if made.may_be_missing else Conflict(self._candidates.absent[made.nome], made.causes)
        if (conflict := self._disagreement(demands)) is not None:
            return conflict
        causes = made.causes | {made.nome}
        if not admit((made,), chosen.versao):
            return self._late_version(demands, causes)
        if made.pin is not None and isinstance(made.origin, GitOrigin):
            rev = self._candidates.locate(made.nome, made.origin, made.pin)
            if rev != chosen.rev:
                self._candidates.offer(made, rev)
                return Conflict(no_choice(demands, self._board.path_to), causes, is_proven=False)
        return self._missing_feature(made, chosen)

    def _late_version(self, demands: Sequence[Demand], causes: frozenset[str]) -> Conflict:
        """Return the conflict of a requirement with a choice: proven if no release could meet all of them."""
        origin = demands[0].origin
        if isinstance(origin, PathOrigin):
            chosen = self._board.chosen[demands[0].nome]
            assert chosen is not None
            return Conflict(
                no_version(_unmet(demands, chosen.versao), [chosen.versao], self._board.path_to), causes
            )
        releases = self._candidates.releases(demands[0].nome, origin)
        for each in demands:
            if each.pin is not None:
                self._candidates.offer(each, self._candidates.locate(each.nome, origin, each.pin))
        wanted = narrowed(demands, releases)
        can_be_met = any(all(each.requirement.matches(one.version) for each in demands) for one in releases)
        if can_be_met or any(each.pin for each in demands):
            return Conflict(no_choice(demands, self._board.path_to), causes, is_proven=False)
        return Conflict(self._no_version(wanted, releases), causes)

    def _missing_feature(self, wanted: Demand, chosen: Resolved) -> Conflict | None:
        known = optional_names(chosen.package)
        for feature in wanted.features:
            if feature not in known:
                error = no_such_feature(wanted, feature, known, self._board.path_to)
                return Conflict(error, wanted.causes | {wanted.nome})
        return None

    # -- the result -------------------------------------------------------------------------------------------

    def _cycle(self) -> Conflict | None:
        """Return the packages that need each other, if any do."""
        edges = self._board.edges()
        cycle = find_cycle({nome: {each.nome for each in demands} for nome, demands in edges.items()})
        if not cycle:
            return None
        steps = set(pairwise(cycle))
        through = [each for nome in cycle for each in edges[nome] if (nome, each.nome) in steps]
        causes = frozenset(cycle).union(*(each.causes for each in through))
        return Conflict(circle(cycle, self._board.shown), causes)

    def _resolution(self) -> Resolution:
        edges = self._board.edges()
        packages = {
            nome: replace(chosen, needs=tuple(sorted({each.nome for each in edges[nome]})))
            for nome, chosen in sorted(self._board.chosen.items())
            if chosen is not None
        }
        left_out = sorted(nome for nome, chosen in self._board.chosen.items() if chosen is None)
        absent = self._candidates.absent
        notes = (_left_out(self._board.on(nome)[0], absent[nome]) for nome in left_out)
        return Resolution(packages, (*notes, *self._homes.notes(packages)))


def _unmet(demands: Sequence[Demand], versao: str) -> Sequence[Demand]:
    return [each for each in demands if not admit((each,), versao)]


def _left_out(wanted: Demand, missing: MissingSource) -> Diagnostic:
    nome, span, is_optional = wanted.nome, wanted.span, wanted.dep.opcional
    why = missing.diagnostics[0].message
    if not is_optional:
        message, fix = f'the member "{nome}" is left out', "Publish it, or add it to :deps with its :fonte."
        return Diagnostic("member-left-out", Severity.WARNING, span, message, why, fix, data={"nome": nome})
    message = f'the optional dependency "{nome}" is left out'
    return Diagnostic("optional-left-out", Severity.INFO, span, message, why, data={"nome": nome})
