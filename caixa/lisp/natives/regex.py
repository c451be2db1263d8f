"""Regular expressions, unanchored, with `$1` in replacements (language.md section 7).

`$` matches only at the very end, as in the dialect that existing programs are written for.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..errors import NativeError
from ..lists import List
from .registry import native
from .strings import string_argument

__all__ = ["pattern_of"]

_REFERENCE = r"(?a)\$(?:\$|\{(\w+)\}|(\w+))"
_DOLLAR = r"(?s)\\z|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\$"


@lru_cache(maxsize=256)
def pattern_of(text: str) -> re.Pattern[str]:
    """Return the compiled pattern; raises NativeError of `regex` if it is not one."""
    is_multiline = re.match(r"\(\?[a-z]*m", text) is not None
    translated = text if is_multiline else re.sub(_DOLLAR, _end_of_text, text)
    try:
        return re.compile(translated)
    except (re.error, RecursionError, OverflowError) as error:
        raise NativeError("regex", f"`{text}` is not a pattern: {error}") from None


def _end_of_text(match: re.Match[str]) -> str:
    return r"\Z" if match.group() in ("$", r"\z") else match.group()


def _arguments(function: str, pattern: object, text: object) -> tuple[re.Pattern[str], str]:
    return pattern_of(string_argument(function, pattern)), string_argument(function, text)


@native("re-match?")
def is_match(pattern: object, text: object) -> bool:
    """Return whether a pattern matches anywhere in a text."""
    compiled, whole = _arguments("re-match?", pattern, text)
    return compiled.search(whole) is not None


@native("re-find")
def re_find(pattern: object, text: object) -> str | None:
    """Return the first part of a text that a pattern matches, or nil."""
    compiled, whole = _arguments("re-find", pattern, text)
    match = compiled.search(whole)
    return match.group() if match else None


@native("re-find-all")
def re_find_all(pattern: object, text: object) -> List:
    """Return all the parts of a text that a pattern matches."""
    compiled, whole = _arguments("re-find-all", pattern, text)
    return List.own([match.group() for match in compiled.finditer(whole)])


@native("re-captures")
def re_captures(pattern: object, text: object) -> List | None:
    """Return what the first match and each of its groups matched (nil for one that did not), or nil."""
    compiled, whole = _arguments("re-captures", pattern, text)
    match = compiled.search(whole)
    return List((match.group(), *match.groups())) if match else None


@native("re-replace")
def re_replace(pattern: object, text: object, replacement: object) -> str:
    """Replace every match; `$1` and `${name}` stand for groups, `$$` for a dollar sign."""
    compiled, whole = _arguments("re-replace", pattern, text)
    template = string_argument("re-replace", replacement)
    return compiled.sub(lambda match: re.sub(_REFERENCE, lambda name: _referred(match, name), template), whole)


def _referred(match: re.Match[str], reference: re.Match[str]) -> str:
    name = reference.group(1) or reference.group(2)
    if name is None:
        return "$"
    group: int | str = int(name) if name.isdecimal() else name
    try:
        return match.group(group) or ""
    except IndexError:
        return ""


@native("re-split")
def re_split(pattern: object, text: object) -> List:
    """Split a text wherever a pattern matches."""
    compiled, whole = _arguments("re-split", pattern, text)
    parts, at = [], 0
    for match in compiled.finditer(whole):
        parts.append(whole[at : match.start()])
        at = match.end()
    return List((*parts, whole[at:]))
