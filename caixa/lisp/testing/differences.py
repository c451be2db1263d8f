"""How two values differ: the first few places where they do, each with its path; without recursion."""

from __future__ import annotations

from collections.abc import Iterator

from ..equality import equal
from ..lists import List, Vector
from ..maps import Map, Set
from ..printer import write_short

__all__ = ["differences"]

SHOWN = 4  # places; what follows is likely the same mistake
_WIDTH = 60  # characters of a value
_STEPS = 8  # of a path, the innermost
_Path = tuple["_Path", object] | None  # the path to the container, and the index or key within it
_Place = tuple[_Path, object, object]


def differences(left: object, right: object) -> list[str]:
    """Return lines that say where two values differ inside; none if they are equal or have no parts."""
    lines: list[str] = []
    waiting: list[_Place] = [(None, left, right)]
    while waiting and len(lines) <= SHOWN:
        path, one, other = waiting.pop()
        inner = _inside(path, one, other)
        if inner is not None:
            said, deeper = inner
            lines += said
            waiting += reversed(deeper)
        elif path is not None and not equal(one, other):
            lines.append(f"{_at(path)}{_short(one)} ≠ {_short(other)}")
    return [*lines[:SHOWN], "…"] if len(lines) > SHOWN else lines


def _inside(path: _Path, one: object, other: object) -> tuple[list[str], list[_Place]] | None:
    """Return what is on one side only, and what to compare further; None for values without common parts."""
    if isinstance(one, (List, Vector)) and type(other) is type(one):
        return _sequences(path, list(one), list(other))
    if isinstance(one, Map) and isinstance(other, Map):
        return _maps(path, one, other)
    if isinstance(one, Set) and isinstance(other, Set):
        return [*_lone(path, "left", one, other), *_lone(path, "right", other, one)], []
    return None


def _sequences(path: _Path, one: list[object], other: list[object]) -> tuple[list[str], list[_Place]]:
    pairs = enumerate(zip(one, other, strict=False))
    deeper: list[_Place] = [((path, at), mine, theirs) for at, (mine, theirs) in pairs if mine is not theirs]
    if len(one) == len(other):
        return [], deeper
    side, longer = ("left", one) if len(one) > len(other) else ("right", other)
    common = min(len(one), len(other))
    extra = f"{len(longer) - common} more" if len(longer) - common > 1 else "one more"
    return [f"{_at(path)}{extra} on the {side}, from [{common}]: {_short(longer[common])}"], deeper


def _maps(path: _Path, one: Map, other: Map) -> tuple[list[str], list[_Place]]:
    said = [*_lone_keys(path, "left", one, other), *_lone_keys(path, "right", other, one)]
    deeper: list[_Place] = [((path, key), value, other.get(key)) for key, value in one.items() if key in other]
    return said, deeper


def _lone_keys(path: _Path, side: str, here: Map, there: Map) -> Iterator[str]:
    for key, value in here.items():
        if key not in there:
            yield f"{_at(path)}only on the {side}: {_short(key)} {_short(value)}"


def _lone(path: _Path, side: str, here: Set, there: Set) -> Iterator[str]:
    for value in here:
        if value not in there:
            yield f"{_at(path)}only on the {side}: {_short(value)}"


def _at(path: _Path) -> str:
    steps: list[str] = []
    while path is not None and len(steps) < _STEPS:
        path, step = path
        steps.append(f"[{_short(step)}]")
    if not steps:
        return ""
    return f"at {'…' if path is not None else ''}{''.join(reversed(steps))}: "


def _short(value: object) -> str:
    return write_short(value, _WIDTH)
