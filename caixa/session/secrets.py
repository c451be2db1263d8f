"""The values that no output, log or file may show, and how they are taken out of text.

Secret are: the variables of the environment whose names say so, what sops decrypts, and whatever a person
declares. A value is found as it is, line by line, and as JSON, Lisp, HTML, URLs and base64 spell it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

__all__ = ["HIDDEN", "Secrets", "looks_secret"]

HIDDEN: Final = "•••"
SHORTEST: Final = 4  # characters; to hide every "1" or "ab" would hide nothing and garble everything
_LINE = 8  # characters of one line of a longer secret, as of a key, that are hidden by themselves
_NAMES: Final = r"secret|token|passw(or)?d|passphrase|credential|(api|access|private|signing|encryption)_?key"
_HARMLESS = frozenset({"true", "false", "none", "null"})


@lru_cache(maxsize=4096)
def looks_secret(name: str) -> bool:
    """Return whether the name of a variable says that its value is a secret."""
    return re.search(_NAMES, name, re.IGNORECASE) is not None


class Secrets:
    """The secrets that a session knows of, by name."""

    def __init__(self, environment: Callable[[], Mapping[str, str]] = lambda: os.environ) -> None:
        """Know those of `environment`, asked anew each time, since a program may set variables."""
        self._environment = environment
        self._added: dict[str, str] = {}
        self._known: tuple[tuple[str, str], ...] = ()
        self._pattern: re.Pattern[str] | None = None

    def add(self, name: str, value: object) -> bool:
        """Hide `value`, a text, from now on; return whether it can be: one that is too short cannot."""
        if isinstance(value, str) and _can_hide(value):
            self._added[name] = value
            return True
        return False

    def names(self) -> tuple[str, ...]:
        """Return what the secrets are called, sorted."""
        return tuple(sorted(name for name, _ in self._all()))

    def redact(self, text: str) -> str:
        """Return `text` with `•••` in the place of every secret."""
        pattern = self._current()
        return text if pattern is None else pattern.sub(HIDDEN, text)

    def redact_data(self, value: Any) -> Any:
        """Return data as JSON has it, with the secrets taken out of every text in it, keys too."""
        pattern = self._current()
        return value if pattern is None else _redacted(value, pattern)

    def found_in(self, data: bytes) -> str | None:
        """Return the name of a secret whose value stands in `data`, or None."""
        return next((name for name, value in self._all() if value.encode() in data), None)

    def _current(self) -> re.Pattern[str] | None:
        known = self._all()
        if known != self._known:
            texts = {text for _, value in known for text in _spellings(value) if len(text) >= SHORTEST}
            longest_first = sorted(texts, key=lambda text: (-len(text), text))
            self._pattern = re.compile("|".join(map(re.escape, longest_first))) if texts else None
            self._known = known
        return self._pattern

    def _all(self) -> tuple[tuple[str, str], ...]:
        try:
            environment = self._environment()
            named = {name: environment[name] for name in environment if looks_secret(name)}
        except (
            RuntimeError,
            KeyError,
        ):  # another thread sets a variable right now; what is known already stays hidden
            return self._known
        found = {name: value for name, value in named.items() if _can_hide(value)}
        return tuple((found | self._added).items())


def _can_hide(value: str) -> bool:
    return len(value.strip()) >= SHORTEST and value.strip().lower() not in _HARMLESS


def _spellings(value: str) -> Iterator[str]:
    """Yield the texts by which a secret can be read: its own, its lines, and what encoders make of them."""
    import base64  # noqa: PLC0415  # most sessions have no secrets; so are those below
    import json  # noqa: PLC0415
    from html import escape  # noqa: PLC0415
    from urllib.parse import quote, quote_plus  # noqa: PLC0415

    stripped = value.strip()
    lines = [line.strip() for line in stripped.splitlines()]
    for text in dict.fromkeys([value, stripped, *(line for line in lines if len(line) >= _LINE)]):
        data = text.encode("utf-8", "surrogateescape")
        yield text
        yield from (json.dumps(text, ensure_ascii=is_ascii)[1:-1] for is_ascii in (True, False))
        yield from (escape(text), escape(text, quote=False), repr(text)[1:-1])
        yield from (quote(data), quote(data, safe=""), quote_plus(data), data.hex())
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield from (encode(data).decode(), encode(data).decode().rstrip("="))


def _redacted(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(HIDDEN, value)
    if isinstance(value, Mapping):
        return {_redacted(key, pattern): _redacted(each, pattern) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_redacted(each, pattern) for each in value]
    return value
