"""Hashes, encodings and identifiers (language.md section 7)."""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable

from ...errors import NativeError
from ..registry import native
from ..strings import integer_argument, string_argument
from .operating_system import utf8

__all__: list[str] = []

_BASE64 = r"[A-Za-z0-9+/]*={0,2}"
_BASE64URL = r"[A-Za-z0-9_-]*"
MAX_RANDOM_BYTES = 1 << 20


def _hash(function: str, text: object) -> str:
    import hashlib  # noqa: PLC0415  # not needed to start

    return hashlib.new(
        function, utf8(function, string_argument(function, text)), usedforsecurity=False
    ).hexdigest()


@native("sha1")
def sha1(text: object) -> str:
    """Return the SHA-1 hash of a text in UTF-8, as hexadecimal digits."""
    return _hash("sha1", text)


@native("sha256")
def sha256(text: object) -> str:
    """Return the SHA-256 hash of a text in UTF-8, as hexadecimal digits."""
    return _hash("sha256", text)


@native("sha512")
def sha512(text: object) -> str:
    """Return the SHA-512 hash of a text in UTF-8, as hexadecimal digits."""
    return _hash("sha512", text)


@native("blake3")
def blake3(text: object) -> str:
    """Return the BLAKE3 hash of a text in UTF-8, as hexadecimal digits."""
    from blake3 import blake3 as hashed  # noqa: PLC0415  # not needed to start

    return hashed(utf8("blake3", string_argument("blake3", text))).hexdigest()


@native("hmac-sha256")
def hmac_sha256(key: object, message: object) -> str:
    """Return the HMAC of a message under a key, with SHA-256, as hexadecimal digits."""
    import hmac  # noqa: PLC0415  # not needed to start

    name = "hmac-sha256"
    secret, text = (utf8(name, string_argument(name, each)) for each in (key, message))
    return hmac.new(secret, text, "sha256").hexdigest()


@native("slugify")
def slugify(name: object, kind: object) -> str:
    """Return the identifier of a DNS record of a name and a type."""
    text, suffix = string_argument("slugify", name), string_argument("slugify", kind)
    slug = "root" if text in ("", "@") else text.replace(".", "_")
    if slug.startswith("*_"):
        slug = "wildcard_" + slug[2:]
    elif slug.startswith("*"):
        slug = "wildcard" + slug[1:]
    return f"{re.sub('_+', '_', slug)}_{suffix.lower()}"


def _decoded(function: str, text: str, decode: Callable[[str], bytes]) -> str:
    try:
        return decode(text).decode()
    except (binascii.Error, ValueError) as error:
        raise NativeError(function, str(error)) from None


def _base64(function: str, text: object) -> str:
    return binascii.b2a_base64(utf8(function, string_argument(function, text)), newline=False).decode()


@native("base64-encode")
def base64_encode(text: object) -> str:
    """Return a text in UTF-8 as base 64."""
    return _base64("base64-encode", text)


@native("base64-decode")
def base64_decode(text: object) -> str:
    """Return the text of which the argument is the base 64."""
    encoded = string_argument("base64-decode", text)
    if not re.fullmatch(_BASE64, encoded):
        raise NativeError("base64-decode", "not base 64")
    return _decoded("base64-decode", encoded, binascii.a2b_base64)


@native("base64url-encode")
def base64url_encode(text: object) -> str:
    """Return a text in UTF-8 as base 64 for addresses, without padding."""
    encoded = _base64("base64url-encode", text)
    return encoded.replace("+", "-").replace("/", "_").rstrip("=")


@native("base64url-decode")
def base64url_decode(text: object) -> str:
    """Return the text of which the argument is the base 64 for addresses."""
    encoded = string_argument("base64url-decode", text)
    if not re.fullmatch(_BASE64URL, encoded):
        raise NativeError("base64url-decode", "not base 64 for addresses")
    padded = encoded.replace("-", "+").replace("_", "/") + "=" * (-len(encoded) % 4)
    return _decoded("base64url-decode", padded, binascii.a2b_base64)


@native("url-encode")
def url_encode(text: object) -> str:
    """Return a text with all but RFC 3986's unreserved characters as percent signs and digits."""
    from urllib.parse import quote  # noqa: PLC0415  # not needed to start

    return quote(utf8("url-encode", string_argument("url-encode", text)), safe="")


@native("url-decode")
def url_decode(text: object) -> str:
    """Return a text with percent signs and digits as the characters they stand for; `+` stays."""
    from urllib.parse import unquote_to_bytes  # noqa: PLC0415  # not needed to start

    return _decoded("url-decode", string_argument("url-decode", text), unquote_to_bytes)


@native("hex-encode")
def hex_encode(text: object) -> str:
    """Return a text in UTF-8 as hexadecimal digits."""
    return utf8("hex-encode", string_argument("hex-encode", text)).hex()


@native("hex-decode")
def hex_decode(text: object) -> str:
    """Return the text of which the argument is the hexadecimal digits."""
    return _decoded("hex-decode", string_argument("hex-decode", text), binascii.a2b_hex)


@native("uuid-v4", needs="random")
def uuid_v4() -> str:
    """Return a random UUID."""
    from uuid import uuid4  # noqa: PLC0415  # not needed to start

    return str(uuid4())


@native("random-hex", "random-bytes", needs="random")
def random_hex(count: object) -> str:
    """Return `count` random bytes of the operating system as hexadecimal digits."""
    from secrets import token_hex  # noqa: PLC0415  # not needed to start

    number = integer_argument("random-hex", count)
    if not 0 <= number <= MAX_RANDOM_BYTES:
        raise NativeError("random-hex", f"a count from 0 to {MAX_RANDOM_BYTES:,} is needed")
    return token_hex(number)
