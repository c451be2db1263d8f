"""Subjects of NATS with their wildcards: `*` stands for one token, a last `>` for one or more."""

from __future__ import annotations

__all__ = ["covers"]


def covers(wide: str, narrow: str) -> bool:
    """Whether every subject that `narrow` stands for is one that `wide` stands for."""
    outer, inner = wide.split("."), narrow.split(".")
    for at, part in enumerate(outer):
        if part == ">":
            return len(inner) > at
        if at >= len(inner) or inner[at] == ">" or (part not in ("*", inner[at])):
            return False
    return len(outer) == len(inner)
