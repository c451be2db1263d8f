"""Changes as text: a sign and the object, below it each path with old and new."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from typing import Any

from .changes import ABSENT, ObjectChange, PathChange, SlotChange

__all__ = ["counts_text", "forms_text", "lines_changed", "objects_text", "shown"]

_MARKS = {"added": "+", "removed": "-", "changed": "~"}
_NOTHING = "no change"


def objects_text(changes: Sequence[ObjectChange]) -> str:
    """Return the changes as text: `+`, `-` or `~` and the object, below it each path with old and new."""
    lines: list[str] = []
    for change in changes:
        lines.append(f"{_MARKS[change.kind]} {change.identity}")
        for path in change.paths:
            lines += _path_lines(path)
    return "\n".join(lines) if lines else _NOTHING


def counts_text(changes: Sequence[ObjectChange]) -> str:
    """Return how many objects come, change and go, as `1 added, 2 changed`; of none, nothing."""
    counted: Counter[str] = Counter(change.kind for change in changes)
    return ", ".join(f"{counted[kind]} {kind}" for kind in _MARKS if counted[kind])


def forms_text(changes: Sequence[SlotChange]) -> str:
    """Return the changes as text, one line each."""
    return "\n".join(map(_form_line, changes)) if changes else _NOTHING


def shown(value: Any) -> str:
    """Return a value as JSON, which YAML reads as well; ABSENT is `nothing`."""
    return "nothing" if value is ABSENT else json.dumps(value, ensure_ascii=False)


def lines_changed(change: PathChange) -> list[str]:
    """Return the change of a text of several lines to another, as a unified diff without its head."""
    if not all(isinstance(text, str) and "\n" in text.rstrip("\n") for text in (change.old, change.new)):
        return []
    return list(unified_diff(change.old.splitlines(), change.new.splitlines(), lineterm="", n=1))[2:]


def _path_lines(change: PathChange) -> Iterator[str]:
    lines = lines_changed(change)
    if lines:
        yield f"    {change.path}:"
        yield from (f"      {line}" for line in lines)
    else:
        yield f"    {change.path}: {shown(change.old)} → {shown(change.new)}"


def _form_line(change: SlotChange) -> str:
    if not change.old:
        return f"+ {change.path}: {change.new}"
    if not change.new:
        return f"- {change.path}: {change.old}"
    return f"~ {change.path}: {change.old} → {change.new}"
