"""The cache of fetched packages: contents by their digest, and for each commit, which content it holds.

    contents/<blake3>     the files of a package as one labelled stream; its name is the digest of its bytes
    commits/<sha>         the digest of the content of a commit
    refs/<blake3 of URL>  what a repository's tags and branches named when it was last asked
    git/<blake3 of URL>   a bare repository to fetch into
    git/<…>.lock          held by the one process that works in it
    writers.lock          shared by those who write just now

Files are written beside their place, flushed and renamed, so many processes can use one cache: a reader sees a
whole file or none, and two writers of one name write the same bytes. What is damaged is not found, and fetched
again. A writer that was killed leaves a file `.new-…`; the next one that writes alone removes it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from .digest import PREFIX, framed, hash_bytes
from .errors import CacheProblem

__all__ = ["Store", "Waiting"]

Waiting = Callable[[], None]
"""Is called now and then while another process works in a repository; it may raise."""

_NEW = ".new-"
_LOOK_SECONDS = 0.05


def _patiently() -> None:
    """Wait for as long as it takes."""


class Store:
    """A cache in one directory, made when something is first kept."""

    def __init__(self, root: Path) -> None:
        """Keep things below `root`."""
        self.root = root

    # -- packages ---------------------------------------------------------------------------------------------

    def keep(self, rev: str, files: Mapping[str, bytes]) -> None:
        """Keep the files of a commit, by relative path."""
        stream = b"".join(part for path, data in sorted(files.items()) for part in framed(path, data))
        digest = hash_bytes(stream).removeprefix(PREFIX)
        self._write(self.root / "contents" / digest, stream)
        self._write(self.root / "commits" / rev, digest.encode())

    def knows(self, rev: str) -> bool:
        """Whether a commit was kept; what of it is still whole is not looked at."""
        return (self.root / "commits" / rev).is_file()

    def has(self, rev: str) -> bool:
        """Whether the files of a commit are kept."""
        return self.files(rev) is not None

    def files(self, rev: str) -> dict[str, bytes] | None:
        """Return the files of a commit, or None if they are not kept, or no longer what they were."""
        digest = _read(self.root / "commits" / rev)
        if digest is None or len(digest) != 64 or not digest.isalnum():
            return None
        stream = _read(self.root / "contents" / digest.decode())
        if stream is None or hash_bytes(stream) != PREFIX + digest.decode():
            return None
        return dict(_unframed(stream))

    # -- refs -------------------------------------------------------------------------------------------------

    def keep_refs(self, url: str, refs: Mapping[str, str]) -> None:
        """Keep what the refs of a repository name."""
        lines = "".join(f"{rev} {ref}\n" for ref, rev in sorted(refs.items()))
        self._write(self._refs(url), lines.encode())

    def refs(self, url: str) -> dict[str, str] | None:
        """Return what the refs of a repository named when it was last asked, or None if it never was."""
        data = _read(self._refs(url))
        if data is None:
            return None
        pairs = (line.partition(" ") for line in data.decode("utf-8", "replace").splitlines())
        return {ref: rev for rev, _, ref in pairs if ref}

    def _refs(self, url: str) -> Path:
        return self.root / "refs" / _name(url)

    # -- repositories -----------------------------------------------------------------------------------------

    @contextmanager
    def repository(self, url: str, waiting: Waiting = _patiently) -> Iterator[Path]:
        """Yield the directory of the bare repository for `url`, which nobody else uses meanwhile."""
        directory = self.root / "git" / _name(url)
        with self._named_problems():
            directory.parent.mkdir(parents=True, exist_ok=True)
            lock = (directory.parent / f"{directory.name}.lock").open("ab")
        with lock:  # let go when the file is closed, also by a crash
            while not _is_taken(lock.fileno()):
                waiting()
                time.sleep(_LOOK_SECONDS)
            yield directory

    def discard(self, directory: Path) -> None:
        """Throw away a bare repository that git cannot work with; it is held by the caller."""
        shutil.rmtree(directory, ignore_errors=True)

    # -- files ------------------------------------------------------------------------------------------------

    def _write(self, path: Path, data: bytes) -> None:
        with self._named_problems():
            path.parent.mkdir(parents=True, exist_ok=True)
            with (self.root / "writers.lock").open("ab") as writers:
                if _is_taken(writers.fileno()):
                    _sweep(self.root)
                fcntl.flock(writers, fcntl.LOCK_SH)
                _replace(path, data)

    @contextmanager
    def _named_problems(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise CacheProblem(f"the cache at {self.root}", error.strerror or str(error)) from error


def _is_taken(descriptor: int) -> bool:
    """Take a lock, unless another process has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sweep(root: Path) -> None:
    """Remove the unfinished files of writers that are gone."""
    for path in root.glob(f"*/{_NEW}*"):
        path.unlink(missing_ok=True)


def _replace(path: Path, data: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=_NEW, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise


def _name(url: str) -> str:
    return hash_bytes(url.encode()).removeprefix(PREFIX)[:32]


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None
    except OSError as error:
        raise CacheProblem(f"the cache at {path}", error.strerror or str(error)) from error


def _unframed(stream: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the pairs of a labelled stream that is known to be whole."""
    at = 0
    while at < len(stream):
        end = stream.index(b"\0", at)
        start = end + 9
        size = int.from_bytes(stream[end + 1 : start], "little")
        yield stream[at:end].decode(), stream[start : start + size]
        at = start + size
