"""Git as a source of packages: what a repository's refs name, and the files of one commit of it.

A repository may be hostile. Nothing of it is checked out or run: files are read from the object database, so
that hooks, filters, submodules and links have no effect; objects are read level by level and counted, so that
a tree that unfolds without end is refused; and a fetch has a limit in bytes and in seconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from caixa.git import Ended, GitProcess, TooMuchOutput

from .errors import (
    CacheProblem,
    FetchTimedOut,
    FetchTooLarge,
    GitFailed,
    GitMissing,
    GitProblem,
    NoRepository,
    RefMissing,
    SourceUnreachable,
)

__all__ = ["GitSource", "Limits", "read_refs"]

_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "file:https:ssh",  # none that runs a program, and none in the clear
    "GIT_ASKPASS": "true",  # an empty answer in place of a window that asks
    "GCM_INTERACTIVE": "never",  # the same for the credential manager
    "GIT_NO_REPLACE_OBJECTS": "1",  # an object is what its name says
}
_SETTINGS: Final = (
    "core.hooksPath=/dev/null",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "fetch.unpackLimit=1",  # keep what comes in one file, whose growth can be watched
    "core.bigFileThreshold=16m",  # larger objects are streamed, not held in memory
    "http.lowSpeedLimit=1000",
    "http.lowSpeedTime=30",
    "gc.auto=0",
    "maintenance.auto=false",
    "advice.detachedHead=false",
)
_EVERYTHING: Final = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
_WHOLE_HISTORY: Final = "--depth=2147483647"  # git's word for "no limit", also where less was fetched before


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one repository may cost: seconds of a command, bytes of a fetch and of a list of refs.

    `at_once` is how many are asked at a time.
    """

    seconds: float = 180.0
    fetched_bytes: int = 512 * 2**20
    listed_bytes: int = 32 * 2**20  # some 400,000 refs
    at_once: int = 8


def _never_stopped() -> None:
    """Let git run on."""


class GitSource:
    """One repository by its address; `directory` is a bare repository to fetch into, made when it is needed."""

    def __init__(
        self,
        url: str,
        directory: Path,
        limits: Limits,
        *,
        program: str = "git",
        still_wanted: Callable[[], None] = _never_stopped,
    ) -> None:
        """Ask `url`, which has passed `checked_url`; `still_wanted` is called while git runs, and may raise."""
        self.url = url
        self._directory = directory
        self._limits = limits
        self._program = program
        self._still_wanted = still_wanted

    def refs(self) -> dict[str, str]:
        """Return what tags and branches name, by full ref; an annotated tag counts as its commit.

        Raises GitProblem.
        """
        _make(self._directory.parent)
        words = ("ls-remote", "--tags", "--heads", "--", self.url)
        ended = self._start(self._directory.parent, words, most=self._limits.listed_bytes)
        return read_refs(self._check(ended).output.decode("utf-8", "replace"))

    def fetch(self, rev: str, hint: str | None) -> None:
        """Have the commit `rev` in the repository; `hint` is a ref that leads there. Raises GitProblem."""
        self._prepare()
        if self.knows(rev):
            return
        first = [[rev]] if len(rev) >= 40 else []
        for refspecs in [*first, *([[f"+{hint}:refs/caixa/hint"]] if hint else [])]:
            ended = self._fetch("--depth=1", *refspecs)
            if ended.status == 0 and self.knows(rev):
                return
            if ended.status != 0 and not isinstance(problem := _meaning(ended, self.url), RefMissing):
                raise problem
        self._check(self._fetch(_WHOLE_HISTORY, *_EVERYTHING))
        if not self.knows(rev):
            raise RefMissing(
                f"{_redacted(self.url)} has no commit {rev}", fix="Correct :rev, or resolve again."
            )

    def knows(self, rev: str) -> bool:
        """Whether the commit is in the repository."""
        return self._git("rev-parse", "--quiet", "--verify", f"{rev}^{{commit}}").status == 0

    def full(self, rev: str) -> str:
        """Return the full name of a commit that is in the repository."""
        ended = self._git("rev-parse", "--verify", f"{rev}^{{commit}}")
        return self._check(ended).output.decode().strip()

    def objects(self, names: Sequence[str], *, most: int) -> Iterator[bytes]:
        """Yield the contents of objects, in order. Raises FetchTooLarge for more than `most` bytes."""
        asked = "".join(f"{name}\n" for name in names).encode()
        listing = self._check(self._git("cat-file", "--batch-check=%(objectsize)", given=asked)).output
        sizes = [int(line) if line.isdigit() else -1 for line in listing.splitlines()]
        if -1 in sizes:
            raise GitFailed(
                f"{_redacted(self.url)} lacks an object that it names", fix="Ask its owner to repair it."
            )
        if sum(sizes) > most:
            raise _too_large(self.url, most)
        data, at = self._check(self._git("cat-file", "--batch", given=asked)).output, 0
        for size in sizes:
            start = data.index(b"\n", at) + 1
            yield data[start : start + size]
            at = start + size + 1

    # -- processes --------------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        if not (self._directory / "HEAD").is_file():
            _make(self._directory)
            ended = self._git("init", "--quiet", "--bare", "--template=", str(self._directory))
            if ended.status != 0:  # nothing was asked of anybody yet: it is this disk
                raise CacheProblem(f"the cache at {self._directory}", ended.said.strip())

    def _fetch(self, depth: str, *refspecs: str) -> Ended:
        options = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--no-auto-gc")
        watch = self._watch(_size(self._directory))
        words = ("fetch", *options, depth, "--", self.url, *refspecs)
        return self._start(self._directory, words, watch=watch, most=self._limits.listed_bytes)

    def _watch(self, before: int) -> Callable[[], None]:
        def look() -> None:
            self._still_wanted()
            if _size(self._directory) - before > self._limits.fetched_bytes:
                raise _too_large(self.url, self._limits.fetched_bytes)

        return look

    def _git(self, *words: str, given: bytes = b"") -> Ended:
        return self._start(self._directory, words, given)

    def _start(
        self,
        directory: Path,
        words: Sequence[str],
        given: bytes = b"",
        watch: Callable[[], None] | None = None,
        most: int | None = None,
    ) -> Ended:
        git = GitProcess(directory, program=self._program, environment=_ENVIRONMENT)
        try:
            return git.execute(
                *words,
                settings=_SETTINGS,
                given=given,
                within=self._limits.seconds,
                watch=watch or self._still_wanted,
                most=most,
            )
        except FileNotFoundError as error:
            fix = "Install git (https://git-scm.com), or work --offline."
            raise GitMissing("git is not installed, or not on PATH", fix=fix) from error
        except TooMuchOutput as error:
            message = f"{_redacted(self.url)} has too many refs, or too much to say"
            why = "A list of versions is short; this may be made to fill a disk."
            raise FetchTooLarge(message, why=why, fix="Take another source.") from error
        except TimeoutError as error:
            message = f"git took longer than {self._limits.seconds:g} seconds with {_redacted(self.url)}"
            raise FetchTimedOut(message, fix="Try again, or from another place.") from error

    def _check(self, ended: Ended) -> Ended:
        if ended.status != 0:
            raise _meaning(ended, self.url)
        return ended


def _make(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CacheProblem(f"the cache at {directory}", error.strerror or str(error)) from error


def read_refs(listing: str) -> dict[str, str]:
    """Return what the lines of `git ls-remote` say; a peeled tag (`v1^{}`) takes the place of the tag."""
    refs: dict[str, str] = {}
    for line in listing.splitlines():
        rev, tab, ref = line.partition("\t")
        if tab and re.fullmatch(r"[0-9a-f]{40,64}", rev) and ref.startswith(("refs/tags/", "refs/heads/")):
            name, is_peeled = ref.removesuffix("^{}"), ref.endswith("^{}")
            if is_peeled or name not in refs:
                refs[name] = rev
    return refs


def _size(directory: Path) -> int:
    """Return how many bytes a repository's packs have, also those that are being written."""
    total = 0
    for path in (directory / "objects" / "pack").glob("*"):
        try:
            total += path.stat().st_size
        except FileNotFoundError:  # git renames what is complete
            continue
    return total


# -- what git says --------------------------------------------------------------------------------------------

_MEANINGS: tuple[tuple[type[GitProblem], str, str, re.Pattern[str]], ...] = tuple(
    (error, headline, fix, re.compile(pattern, re.IGNORECASE))
    for error, headline, fix, pattern in (
        (
            RefMissing,
            "{url} has no such ref",
            "Correct the tag, branch or rev.",
            r"couldn't find remote ref|not our ref|unadvertised object|no such remote ref|bad object",
        ),
        (
            NoRepository,
            "{url} is not there, or not for you",
            "Check the address, and that you may read it; nothing asks for a password here.",
            r"does not appear to be a git repository|repository .* not found|authentication failed"
            r"|terminal prompts disabled|could not read (user|pass)|returned error: 40[134]",
        ),
        (
            SourceUnreachable,
            "{url} cannot be reached",
            "Check the address, and that you may read it; nothing asks for a password here.",
            r"could not read from remote|could not resolve host|unable to access|permission denied"
            r"|connection (refused|timed out|reset)|dubious ownership|host key verification",
        ),
    )
)


_NO_ROOM = re.compile(r"no space left on device|disk quota exceeded|read-only file system", re.IGNORECASE)


def _meaning(ended: Ended, url: str) -> GitProblem | CacheProblem:
    """Return the error that a failed command stands for."""
    said = _redacted(" ".join(line.strip() for line in ended.said.splitlines() if not line.startswith("hint:")))
    said = said[:500] or f"it ended with status {ended.status} and said nothing"
    if _NO_ROOM.search(said):
        return CacheProblem("the place that git fetches into", said)
    for error, headline, fix, pattern in _MEANINGS:
        if pattern.search(said):
            return error(headline.format(url=_redacted(url)), why=said, fix=fix, url=_redacted(url))
    fix = "Run the same with git itself to see it fail, and put right what it names."
    return GitFailed(f"git failed with {_redacted(url)}", why=said, fix=fix, url=_redacted(url))


def _too_large(url: str, most: int) -> FetchTooLarge:
    message = f"{_redacted(url)} has more than {most // 2**20} MiB"
    return FetchTooLarge(message, why="A package is sources.", fix="Take a smaller package, or split this one.")


def _redacted(text: str) -> str:
    """Return `text` without the user names and passwords of its addresses."""
    return re.sub(r"(\w+://)[^/@\s]+@", r"\1…@", text)
