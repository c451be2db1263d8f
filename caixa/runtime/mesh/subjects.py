"""Subjects of messages, as NATS has them: which messages a subscription hears.

`*` stands for one token, `>` at the end for one or more. Source: NATS documentation, "Subject-Based Messaging".
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["matches", "overlap"]


def matches(pattern: str, subject: str) -> bool:
    """Return whether a subscription to `pattern` hears a message on `subject`."""
    return _covers(pattern.split("."), subject.split("."))


def overlap(first: str, second: str) -> bool:
    """Return whether there is a subject that both patterns hear."""
    return _meet(first.split("."), second.split("."))


def _covers(pattern: Sequence[str], tokens: Sequence[str]) -> bool:
    if not all(tokens) or not all(pattern):
        return False
    if pattern[-1] == ">":
        return len(tokens) >= len(pattern) and _each_fits(pattern[:-1], tokens)
    return len(tokens) == len(pattern) and _each_fits(pattern, tokens)


def _each_fits(pattern: Sequence[str], tokens: Sequence[str]) -> bool:
    return all(want in ("*", token) for want, token in zip(pattern, tokens, strict=False))


def _meet(first: Sequence[str], second: Sequence[str]) -> bool:
    if not all(first) or not all(second):
        return False
    for one, other in zip(first, second, strict=False):
        if ">" in (one, other):
            return True
        if one != other and "*" not in (one, other):
            return False
    return len(first) == len(second)
