"""The grammars of names: DNS labels, host names, NATS subjects, WIT worlds, paths within a package."""

from __future__ import annotations

import posixpath
import re

__all__ = ["is_host", "is_inside", "is_label", "is_subject", "is_wit", "is_word", "label_of"]

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
_WIT_WORD = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_WIT = re.compile(rf"{_WIT_WORD}:{_WIT_WORD}(?:/{_WIT_WORD})?(?:@[0-9A-Za-z.+-]+)?\Z")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,62}\Z")
_NOT_LABEL = re.compile(r"[^a-z0-9]+")
_NOT_WORD = re.compile(r"[\s*>]")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def is_label(text: str) -> bool:
    """Whether `text` is a DNS label of RFC 1123, as Kubernetes asks of names: 1 to 63 of a-z, 0-9 and `-`."""
    return _LABEL.match(text) is not None


def label_of(text: str) -> str | None:
    """Return the label that `text` was probably meant to be: `myCaixa` as `my-caixa`; None if none is left."""
    label = _NOT_LABEL.sub("-", _CAMEL.sub("-", text[:64]).lower()).strip("-")
    return label if is_label(label) else None


def is_word(text: str) -> bool:
    """Whether `text` can name a field: a letter, then at most 62 letters, digits, `-` and `_`."""
    return _WORD.match(text) is not None


def is_host(text: str) -> bool:
    """Whether `text` is a host name as the Gateway API takes it: labels, the first may be `*`, at most 253."""
    labels = text.removeprefix("*.").split(".")
    return len(text) <= 253 and all(map(is_label, labels))


def is_subject(text: str) -> bool:
    """Whether `text` is a NATS subject: words between dots, `*` for one, `>` for the rest."""
    words = text.split(".")
    plain = all(word == "*" or (word and not _NOT_WORD.search(word)) for word in words[:-1])
    last = words[-1]
    return plain and (last in ("*", ">") or (bool(last) and not _NOT_WORD.search(last)))


def is_wit(text: str) -> bool:
    """Whether `text` names a WIT world: `namespace:package`, then perhaps `/interface` and `@version`."""
    return _WIT.match(text) is not None


def is_inside(path: str) -> bool:
    """Whether a path stays within the package once `.` and `..` are taken out."""
    if not path or path.startswith("/") or "\\" in path or "\0" in path:
        return False
    return posixpath.normpath(path).split("/")[0] not in ("..", ".")
