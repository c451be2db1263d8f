"""The fetcher over the world: directories of this machine, git repositories, and the cache between."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from caixa.manifest.errors import ManifestError, MissingManifest
from caixa.manifest.package import MANIFEST, Package, manifest_text

from .ahead import Errands, Once
from .errors import GitFailed, MissingPath, NotCached, RefMissing, UnusablePackage
from .fetching import Fetched, Release, Wish, releases_of_tags
from .git_source import GitSource, Limits
from .git_tree import read_commit
from .origins import GitOrigin, Origin, PathOrigin, Pin, checked_revision
from .store import Store, Waiting

__all__ = ["SourceFetcher"]

_TAGS = "refs/tags/"
_FULL = 40  # hex digits of a whole commit name
_PATIENCE_SECONDS = 1.0


def _quietly(_text: str) -> None:
    """Report nothing."""


class SourceFetcher:
    """Fetches what is not in the cache; offline, nothing at all.

    A repository is asked for its refs once in the life of a fetcher, and a commit is read once; what is
    expected is fetched meanwhile, several at a time. Used as a context, it ends its threads with the context.
    """

    def __init__(
        self,
        root: Path,
        store: Store,
        *,
        is_offline: bool = False,
        report: Callable[[str], None] = _quietly,
        limits: Limits | None = None,
    ) -> None:
        """Take paths from `root`; `report` hears what takes time, on the thread that made this."""
        self._root = root
        self._store = store
        self._is_offline = is_offline
        self._limits = limits or Limits()
        self._errands = Errands(report, self._limits.at_once)
        self._refs: Once[str, dict[str, str]] = Once(self._errands)
        self._packages: Once[Origin | str, Package] = Once(self._errands)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._errands.end()

    def expect(self, wish: Wish) -> None:
        """Fetch ahead of time what will probably be asked for, unless it is in the cache."""
        if not self._is_offline and not (wish.rev is not None and self._store.knows(wish.rev)):
            self._errands.send(lambda: self._grant(wish))

    def _grant(self, wish: Wish) -> None:
        rev, hint = wish.rev, wish.hint
        if rev is None and wish.pin is not None:
            rev = self.locate(wish.nome, wish.origin, wish.pin)
        elif rev is None:
            best = (each for each in self.releases(wish.nome, wish.origin) if wish.admits(each))
            release = next(best, None)
            if release is None:
                return
            rev, hint = release.rev, f"refs/tags/{release.tag}"
        self.fetch(wish.nome, wish.origin, rev, hint)

    def releases(self, nome: str, origin: GitOrigin) -> tuple[Release, ...]:
        """Return the releases of a repository; offline, those whose commit is in the cache."""
        refs = self._refs_of(nome, origin)
        tags = {ref.removeprefix(_TAGS): rev for ref, rev in refs.items() if ref.startswith(_TAGS)}
        found = releases_of_tags(tags)
        return tuple(each for each in found if self._store.has(each.rev)) if self._is_offline else found

    def locate(self, nome: str, origin: GitOrigin, pin: Pin) -> str:
        """Return the commit that a pin names."""
        if pin.ref is None:
            return pin.name if len(pin.name) >= _FULL else self._lengthened(nome, origin, pin.name)
        rev = self._refs_of(nome, origin).get(pin.ref)
        if rev is None:
            fix = f"Correct :{pin.kind.value}."
            raise RefMissing(f"{origin} has no {pin}", fix=fix, nome=nome, url=origin.url, ref=pin.name)
        return rev

    def fetch(self, nome: str, origin: Origin, rev: str | None, hint: str | None = None) -> Fetched:
        """Return the package of a directory or of a commit."""
        key: Origin | str = origin if rev is None else checked_revision(nome, rev)
        package = self._packages.get(
            key,
            lambda: (
                self._read_directory(nome, origin)
                if isinstance(origin, PathOrigin)
                else self._read(nome, origin, rev, hint)
            ),
        )
        return Fetched(package, rev)

    # -- directories ------------------------------------------------------------------------------------------

    def _read_directory(self, nome: str, origin: PathOrigin) -> Package:
        try:
            return Package.from_directory(self._root / Path(origin.path).expanduser())
        except MissingManifest as error:
            raise MissingPath(nome, origin.path) from error
        except ManifestError as error:
            raise UnusablePackage(nome, origin.path, error) from error

    # -- repositories -----------------------------------------------------------------------------------------

    def _read(self, nome: str, origin: GitOrigin, rev: str | None, hint: str | None) -> Package:
        assert rev is not None, "a repository is read at a commit"
        where = f"{origin} at {rev[:12]}"
        files = self._store.files(rev)
        if files is None:
            if self._is_offline:
                raise NotCached(nome, where)
            files = self._download(nome, origin, rev, hint)
        try:
            return _package(files, f"{nome}@{rev[:12]}/{MANIFEST}")
        except ManifestError as error:
            raise UnusablePackage(nome, where, error) from error

    def _download(self, nome: str, origin: GitOrigin, rev: str, hint: str | None) -> dict[str, bytes]:
        with self._store.repository(origin.url, self._waiting(origin)) as directory:
            kept = self._store.files(rev)  # another process may have been first
            if kept is not None:
                return kept
            what = hint.rsplit("/", 1)[-1] if hint else rev[:12]
            self._errands.report(f"fetching {nome} {what} from {origin}")
            try:
                files = self._from_repository(origin, directory, rev, hint)
            except ManifestError as error:
                raise UnusablePackage(nome, f"{origin} at {rev[:12]}", error) from error
            self._store.keep(rev, files)
            return files

    def _from_repository(
        self, origin: GitOrigin, directory: Path, rev: str, hint: str | None
    ) -> dict[str, bytes]:
        """Return the files of a commit; what a git that was killed left broken is thrown away first."""
        source, was_there = self._source(origin, directory), directory.exists()
        try:
            source.fetch(rev, hint)
            return read_commit(source, rev)
        except (GitFailed, RefMissing):
            if not was_there:
                raise
        self._store.discard(directory)
        source.fetch(rev, hint)
        return read_commit(source, rev)

    def _lengthened(self, nome: str, origin: GitOrigin, rev: str) -> str:
        """Return the full name of a shortened commit: of one that a ref names, else from the whole history."""
        named = {full for full in self._refs_of(nome, origin).values() if full.startswith(rev)}
        if len(named) == 1:
            return named.pop()
        if self._is_offline:
            raise NotCached(nome, f"{origin} at {rev}")
        with self._store.repository(origin.url, self._waiting(origin)) as directory:
            self._errands.report(f"looking for {rev} in {origin}")
            source = self._source(origin, directory)
            source.fetch(rev, None)
            return source.full(rev)

    def _waiting(self, origin: GitOrigin) -> Waiting:
        """Return what is done while another has a repository of the cache: its first second needs no words."""
        told_at = time.monotonic() + _PATIENCE_SECONDS

        def wait() -> None:
            nonlocal told_at
            self._errands.still_wanted()
            if time.monotonic() > told_at:
                told_at = math.inf
                self._errands.report(f"waiting for another that fetches from {origin}")

        return wait

    def _source(self, origin: GitOrigin, directory: Path) -> GitSource:
        is_relative = origin.url.startswith(".")
        url = str((self._root / origin.url).resolve()) if is_relative else origin.url
        return GitSource(url, directory, self._limits, still_wanted=self._errands.still_wanted)

    def _refs_of(self, nome: str, origin: GitOrigin) -> dict[str, str]:
        find = self._cached_refs if self._is_offline else self._ask
        return self._refs.get(origin.url, lambda: find(nome, origin))

    def _cached_refs(self, nome: str, origin: GitOrigin) -> dict[str, str]:
        refs = self._store.refs(origin.url)
        if refs is None:
            raise NotCached(nome, str(origin))
        return refs

    def _ask(self, nome: str, origin: GitOrigin) -> dict[str, str]:
        self._errands.report(f"asking {origin} for the versions of {nome}")
        refs = self._source(origin, self._store.root / "git" / "none").refs()
        self._store.keep_refs(origin.url, refs)
        return refs


def _package(files: dict[str, bytes], name: str) -> Package:
    """Return the package that the files of a commit make. Raises ManifestError."""
    rest = dict(files)
    data = rest.pop(MANIFEST, None)
    if data is None:
        raise MissingManifest(f"there is no {MANIFEST} in it", why="A package has one at its top.")
    return Package.from_text(manifest_text(name, data), rest, name=name)
