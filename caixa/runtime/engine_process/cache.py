"""Compiled code between processes: files that only we could have written are loaded, all others are refused.

Compiled code is native code, so a cache file is trusted as much as the program itself. It is loaded only from a
directory and file that belong to this user and that nobody else may write or read, and only with a keyed digest
over its name and bytes that this cache made. It is read once and used from memory, so that it cannot change
between check and use. Anything else counts as absent: the module is compiled again and the file replaced.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path

__all__ = ["CodeCache", "default_directory"]

_TAG_SIZE = 32
_KEY_NAME = "key"
_SUFFIX = ".cwasm"
# A Python guest compiles to 40 MB, a small component to 25 KB.
_TOTAL_LIMIT = 512 << 20


def default_directory() -> Path:
    """Return the user's cache directory for compiled code (XDG base directories)."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".cache") / "caixa" / "code"


class CodeCache:
    """Compiled code by name, in one directory; every failure of the file system is a miss."""

    def __init__(self, directory: Path) -> None:
        """Use `directory`, made on first use with mode 0700."""
        self._directory = directory
        self._key: bytes | None = None

    def load(self, name: str) -> bytes | None:
        """Return what was stored under `name`, or None when nothing trustworthy is."""
        try:
            data = _read_own(self._directory / (name + _SUFFIX))
            genuine = hmac.compare_digest(data[:_TAG_SIZE], self._tag(name, data[_TAG_SIZE:]))
        except OSError:
            return None
        return data[_TAG_SIZE:] if genuine else None

    def store(self, name: str, data: bytes) -> None:
        """Keep `data` under `name`; silently not, when the directory cannot be used."""
        with contextlib.suppress(OSError):
            _write_own(self._directory / (name + _SUFFIX), self._tag(name, data) + data)
            self._prune()

    def _tag(self, name: str, data: bytes) -> bytes:
        if self._key is None:
            self._key = _own_key(self._directory)
        digest = hashlib.blake2b(name.encode() + b"\0", key=self._key, digest_size=_TAG_SIZE)
        digest.update(data)
        return digest.digest()

    def _prune(self) -> None:
        """Remove the files that were not written for longest, down to the limit in all."""
        found = sorted(((path.stat(), path) for path in self._directory.glob(f"*{_SUFFIX}")), key=_age)
        total = sum(status.st_size for status, _ in found)
        for status, path in found:
            if total <= _TOTAL_LIMIT:
                break
            path.unlink(missing_ok=True)
            total -= status.st_size


def _age(found: tuple[os.stat_result, Path]) -> float:
    return found[0].st_mtime


def _own_key(directory: Path) -> bytes:
    """Return the secret of this directory, made on first use."""
    _check_directory(directory)
    path = directory / _KEY_NAME
    try:
        key = _read_own(path)
    except FileNotFoundError:
        _write_own(path, secrets.token_bytes(_TAG_SIZE))
        key = _read_own(path)
    if len(key) != _TAG_SIZE:
        raise PermissionError(f"{path} is not a key of ours")
    return key


def _check_directory(directory: Path) -> None:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = directory.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o022:
        raise PermissionError(f"{directory} can be written by others")


def _read_own(path: Path) -> bytes:
    """Read a file of ours. Raises PermissionError for a link, or when others own it or may touch it."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o077:
            raise PermissionError(f"{path} is not ours alone")
        return file.read()


def _write_own(path: Path, data: bytes) -> None:
    """Write a whole file with mode 0600, or nothing."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(
            os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb"
        ) as file:
            file.write(data)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
