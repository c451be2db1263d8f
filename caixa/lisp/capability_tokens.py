"""The grammar of capability tokens: one line of text says what code may do, and where.

A token is `KIND`, `KIND:SCOPE` or, for files, `fs:PATH:ro` and `fs:PATH:rw`, as the manifest writes them
(substrate.md 1.8). A kind without a scope is all of it. What the language itself asks for:

    fs:PATH:ro  fs:PATH:rw     read, or read and change, a file or all that is below a folder
    http-out:HOST              call a host; `*.example.org` is all hosts below that name, `*` every host
    http-in:ADDRESS:PORT       listen; either part may be `*`
    process:PROGRAM            start a program, named as the code names it
    env:NAME                   read a variable of the environment
    cap-time                   read the clock, or wait for it
    random                     use numbers that cannot be foreseen
    host:info|exit|python      learn about the machine; end the program; run Python
    *                          all of these
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from .errors import NativeError

__all__ = [
    "EVERYTHING",
    "Token",
    "address_and_port",
    "meet",
    "parse_token",
    "path_and_mode",
    "resolved",
    "scope_of",
    "temporary_folder",
]

HIGHEST_PORT: Final = 65535
LOOPBACK: Final = "127.0.0.1"
TEMPORARY: Final = "$TMPDIR"
_ALIASES: Final = {
    "fs:read:": "fs:{}:ro",
    "fs:write:": "fs:{}:rw",
    "net:out:": "http-out:{}",
    "net:listen": "http-in{}",
    "clock": "cap-time{}",
}
_OWN: Final = ("fs", "http-out", "http-in", "process", "env", "cap-time", "random", "host")
_OTHERS: Final = (  # what manifests grant and the language never asks for
    r"(?:kube|prom|s3|kv|db|nats|git|oci)-[a-z+-]+|cap-net-bind|event-emit|tameshi-sign"
    r"|audit-log-tail|regex-redactor|node-runtime-pull"
)
_HOST_SCOPES: Final = ("info", "exit", "python")


class Token(NamedTuple):
    """One thing that code may do: a kind, where (empty: anywhere), and for files whether to change them."""

    kind: str
    scope: str = ""
    mode: str = ""

    def __str__(self) -> str:
        return ":".join([part for part in self if part])


EVERYTHING: Final = Token("*")


def parse_token(text: str) -> Token:
    """Return what a token says. Raises NativeError if it says nothing."""
    plain = _plain(text.strip())
    kind, _, scope = plain.partition(":")
    if plain == "*" or re.fullmatch(_OTHERS, re.split("[@:]", plain)[0]):
        return Token(plain)
    if kind not in _OWN:
        raise _malformed(text, f"there is no kind `{kind}`")
    if not scope:
        return Token(kind)
    if kind == "fs":
        return _files(text, scope)
    if kind == "http-in":
        _check_place(text, scope)
    if kind == "host" and scope not in _HOST_SCOPES:
        raise _malformed(text, f"of the host there are {', '.join(_HOST_SCOPES)}")
    return Token(kind, _host_name(scope) if kind == "http-out" else scope)


def _plain(text: str) -> str:
    """Return a token with the spellings that are also read replaced by the usual ones."""
    for spelling, usual in _ALIASES.items():
        if text.startswith(spelling):
            return usual.format(text.removeprefix(spelling))
    return text


def _files(text: str, scope: str) -> Token:
    found = path_and_mode(scope)
    if found is None:
        raise _malformed(text, "files need a path and `ro` or `rw`")
    return Token("fs", *found)


def _check_place(text: str, scope: str) -> None:
    address, _, port = scope.rpartition(":")
    if not address or (port != "*" and address_and_port(scope) is None):
        raise _malformed(text, "to listen needs an address and a port")


def _malformed(text: str, reason: str) -> NativeError:
    fix = f"Known kinds: {', '.join(_OWN)}; files are written fs:PATH:ro or fs:PATH:rw."
    return NativeError("capabilities", f"`{text}` is not a capability: {reason}", fix=fix, token=text)


def _host_name(host: str) -> str:
    return host.lower().strip("[]").removesuffix(".")


def path_and_mode(scope: str) -> tuple[str, str] | None:
    """Split `PATH:ro` or `PATH:rw`; None if it is neither."""
    path, _, mode = scope.rpartition(":")
    return (path, mode) if path and mode in ("ro", "rw") else None


def address_and_port(text: str) -> tuple[str, int] | None:
    """Split at the last colon, if what follows is a port."""
    place, colon, digits = text.rpartition(":")
    if not colon or not digits.isascii() or not digits.removeprefix("+").isdigit() or len(digits) > 9:
        return None
    return (place, int(digits)) if int(digits) <= HIGHEST_PORT else None


def resolved(token: Token) -> Token:
    """Return a token with its path, if it has one, absolute and without links and `..`."""
    return token._replace(scope=scope_of(token.kind, token.scope)) if token.kind in ("fs", "process") else token


def scope_of(kind: str, value: object, part: str = "") -> str:
    """Return the scope that the argument of a native asks for; all of the kind if the argument is not sensible.

    `$TMPDIR` is the folder for temporary files. Of a path, the part `entry` is what is at it, and not what a
    link there leads to; `fixed` is the folder in which all that a pattern matches must lie.
    """
    if kind == "http-in":
        return f"{LOOPBACK}:{value}" if type(value) is int else ""
    if not isinstance(value, str) or "\0" in value:
        return ""
    if value == TEMPORARY:
        return os.path.realpath(temporary_folder())
    if kind == "fs" and value:
        return _PARTS.get(part, os.path.realpath)(value)
    if kind == "process" and "/" in value:
        return os.path.abspath(value)
    return _host_of(value) if kind == "http-out" else value


def temporary_folder() -> str:
    """Return the folder for temporary files, as the environment or the system has it."""
    return next((os.environ[name] for name in ("TMPDIR", "TEMP", "TMP") if os.environ.get(name)), "/tmp")  # noqa: S108  # POSIX


def _entry(path: str) -> str:
    folder, name = os.path.split(path.rstrip("/"))
    if name in ("", ".", ".."):
        return os.path.realpath(path)
    return os.path.join(os.path.realpath(folder), name)


def _fixed(pattern: str) -> str:
    """Return the folder before the first wildcard, or the root if the pattern climbs out again after it."""
    wildcard = re.search("[*?]", pattern)
    if wildcard is None:
        return os.path.realpath(pattern)
    if ".." in pattern[wildcard.start() :].split("/"):
        return "/"
    return os.path.realpath(os.path.dirname(pattern[: wildcard.start()]) or ".")


_PARTS: Final[Mapping[str, Callable[[str], str]]] = {"entry": _entry, "fixed": _fixed}


def _host_of(url: str) -> str:
    from urllib.parse import urlsplit  # noqa: PLC0415  # for the few that call hosts

    try:
        return _host_name(urlsplit(url).hostname or "")
    except ValueError:
        return ""


# -- what two tokens both allow ---------------------------------------------------------------------------


def meet(one: Token, other: Token) -> Token | None:
    """Return the token for what both `one` and `other` allow, None if that is nothing."""
    if EVERYTHING in (one, other):
        return other if one == EVERYTHING else one
    if one.kind != other.kind:
        return None
    mode = "ro" if "ro" in (one.mode, other.mode) else one.mode or other.mode
    if not one.scope or not other.scope:
        return Token(one.kind, one.scope or other.scope, mode)
    scope = _MEETS.get(one.kind, _same)(one.scope, other.scope)
    return None if scope is None else Token(one.kind, scope, mode)


def _same(one: str, other: str) -> str | None:
    if "*" in (one, other):
        return other if one == "*" else one
    return one if one == other else None


def _narrower(is_within: Callable[[str, str], bool]) -> Callable[[str, str], str | None]:
    """Return the meet of scopes of which either one lies in the other or they have nothing in common."""

    def narrower(one: str, other: str) -> str | None:
        if is_within(one, other):
            return one
        return other if is_within(other, one) else None

    return narrower


def _is_path_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _is_host_within(host: str, pattern: str) -> bool:
    return pattern in ("*", host) or (pattern.startswith("*.") and host.endswith(pattern[1:]))


def _meet_of_places(one: str, other: str) -> str | None:
    (address, _, port), (another, _, another_port) = one.rpartition(":"), other.rpartition(":")
    addresses = _same(*["*" if each == "0.0.0.0" else each for each in (address, another)])  # noqa: S104  # any
    ports = _same(port, another_port)
    return f"{addresses}:{ports}" if addresses and ports else None


_MEETS: Final[Mapping[str, Callable[[str, str], str | None]]] = {
    "fs": _narrower(_is_path_within),
    "http-out": _narrower(_is_host_within),
    "http-in": _meet_of_places,
}
