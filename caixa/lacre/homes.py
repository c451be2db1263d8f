"""Which host a dependency without a source is at: the default one, or one of the additional hosts.

The order is that of the configuration. Another host is only looked at when the one before it answers that it
has no such repository, or none that this person may read; one that does not answer is an error, lest a name be
taken from elsewhere while its home is out of reach. What a lock has is not asked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from caixa.lisp.diagnostics import Diagnostic, Severity
from caixa.manifest.model import Dep, GitFonte
from caixa.manifest.version import Requirement

from .demands import Wanted
from .errors import NoRepository
from .fetching import Fetcher, Wish
from .lock import Lock
from .origins import Addressing, GitOrigin, origin_of
from .preferences import ROOT
from .sources import source_at

__all__ = ["Homes"]


class Homes:
    """Chooses a host for each name once, by asking the hosts in order."""

    def __init__(self, fetcher: Fetcher, locked: Lock, addressing: Addressing) -> None:
        """Ask through `fetcher`; prefer what `locked` has."""
        self._fetcher = fetcher
        self._locked = locked
        self._addressing = addressing
        self._hosts = (addressing.config.default_host, *addressing.config.additional_hosts)
        self._chosen: dict[str, GitFonte] = {}

    def expect(self, needs: Iterable[Wanted]) -> None:
        """Let the fetcher ask the default host for all that has no source at once."""
        for wanted in needs if len(self._hosts) > 1 else ():
            nome = wanted.dep.nome
            if wanted.dep.fonte is None and nome not in self._chosen and self._locked_home(nome) is None:
                origin = self._origin(nome, source_at(self._hosts[0], nome))
                self._fetcher.expect(Wish(nome, origin, Requirement.parse(wanted.dep.versao)))

    def settled(self, wanted: Wanted) -> Wanted:
        """Return what is wanted with a source, where it has none and there is more than one host."""
        if wanted.dep.fonte is not None or len(self._hosts) == 1:
            return wanted
        nome = wanted.dep.nome
        if nome not in self._chosen:
            self._chosen[nome] = self._locked_home(nome) or self._found(nome)
        return replace(wanted, dep=replace(wanted.dep, fonte=self._chosen[nome]))

    def notes(self, names: Iterable[str]) -> Iterator[Diagnostic]:
        """Yield a note for each of the names that was not found at the default host."""
        for nome in names:
            home, fonte = source_at(self._hosts[0], nome).repo, self._chosen.get(nome)
            if fonte is not None and fonte.repo != home:
                message = f'"{nome}" is taken from {fonte.repo}'
                why = f"{home} is not there, or may not be read, and this is the next host that has one."
                fix = "Give it a :fonte, if it should come from one place whatever the configuration."
                data = {"nome": nome, "repo": fonte.repo}
                yield Diagnostic("additional-host", Severity.INFO, None, message, why, fix, (), data)

    def _locked_home(self, nome: str) -> GitFonte | None:
        entry = self._locked.entry(nome)
        places = (source_at(host, nome) for host in self._hosts)
        return next((each for each in places if entry and getattr(entry.fonte, "repo", "") == each.repo), None)

    def _found(self, nome: str) -> GitFonte:
        """Return the first place that has a repository, else the default one, which says what is wrong."""
        for host in self._hosts:
            fonte = source_at(host, nome)
            try:
                self._fetcher.releases(nome, self._origin(nome, fonte))
            except NoRepository:
                continue
            return fonte
        return source_at(self._hosts[0], nome)

    def _origin(self, nome: str, fonte: GitFonte) -> GitOrigin:
        origin = origin_of(Dep(nome, "*", fonte), ROOT, self._addressing)
        assert isinstance(origin, GitOrigin)
        return origin
