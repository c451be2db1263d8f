"""BLAKE3 digests of bytes and of labelled streams (caixa.md section 3.1)."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Final

__all__ = ["PREFIX", "framed", "hash_bytes", "label_digest", "labelled"]

PREFIX: Final = "blake3:"


def hash_bytes(data: bytes) -> str:
    """Return the BLAKE3-256 of `data` as `blake3:` and 64 hex digits."""
    return _hash_parts([data])


def labelled(pairs: Iterable[tuple[str, str | bytes]]) -> str:
    """Return the digest of a labelled stream.

    Each pair adds its label, a zero byte, the length of its value in 8 bytes little-endian, and the value; so
    no two lists of pairs make the same stream, as long as no label holds a zero byte.
    """
    return _hash_parts(part for label, value in pairs for part in framed(label, value))


def _hash_parts(parts: Iterable[bytes]) -> str:
    """Return the digest of bytes that come in parts."""
    from blake3 import blake3  # noqa: PLC0415 - native code, loaded when a digest is first asked for

    hasher = blake3()
    for part in parts:
        hasher.update(part)
    return PREFIX + hasher.hexdigest()


def framed(label: str, value: str | bytes) -> tuple[bytes, bytes]:
    """Return a pair as it stands in a labelled stream: its label and length, then its value."""
    data = value.encode() if isinstance(value, str) else value
    return label.encode() + b"\0" + len(data).to_bytes(8, "little"), data


def label_digest(digest: str) -> str:
    """Return a digest as 52 lower-case base32 characters, which fit a Kubernetes label (DESIGN section 6)."""
    raw = bytes.fromhex(digest.removeprefix(PREFIX))
    return base64.b32encode(raw).decode().rstrip("=").lower()
