"""Identity: digests, closures, the lock file, and the address of a package. BLAKE3 is loaded on first use."""

from .digest import hash_bytes, label_digest, labelled
from .errors import DependencyCycle, InvalidLock, LacreError, MissingPath, UnknownDependency
from .lock import LOCK, Lock, LockEntry, read_lock, stub_lock, write_lock
from .members import locked_members
from .package_digest import package_digest

__all__ = [
    "LOCK",
    "DependencyCycle",
    "InvalidLock",
    "LacreError",
    "Lock",
    "LockEntry",
    "MissingPath",
    "UnknownDependency",
    "hash_bytes",
    "label_digest",
    "labelled",
    "locked_members",
    "package_digest",
    "read_lock",
    "stub_lock",
    "write_lock",
]
