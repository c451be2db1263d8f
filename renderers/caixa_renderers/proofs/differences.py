"""Where two renderings differ, and where a place of one is in another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["changed", "located"]

Path = tuple[str | int, ...]


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, Path, Any]]:
    """Yield the places of `before` that `after` has not, or otherwise.

    Each is the object's name, the path in it, and what `after` has there (None where it has nothing).
    """
    for name, old in before.items():
        if name not in after:
            yield name, (), None
        elif after[name] != old:
            yield from ((name, path, new) for path, new in _differing(old, after[name], ()))


def _differing(old: Any, new: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key, value in old.items():
            if key not in new:
                yield (*path, key), None
            elif new[key] != value:
                yield from _differing(value, new[key], (*path, key))
        if set(new) - set(old):
            yield path, new
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for at, (one, other) in enumerate(zip(old, new, strict=True)):
            if one != other:
                yield from _differing(one, other, (*path, at))
    else:
        yield path, new


def located(whole: Any, part: Any, path: Path) -> tuple[str, Any] | None:
    """Return the JSON pointer in `whole` of the place `path` of `part`, and the value that both have there.

    An item of a list is looked up by its value, since the lists of a part are shorter. None if it is not there.
    """
    pointer = ""
    for step in path:
        if isinstance(step, int):
            if not isinstance(whole, list) or part[step] not in whole:
                return None
            at = step if step < len(whole) and whole[step] == part[step] else whole.index(part[step])
            whole, part, pointer = whole[at], part[step], f"{pointer}/{at}"
        else:
            if not isinstance(whole, Mapping) or step not in whole:
                return None
            escaped = step.replace("~", "~0").replace("/", "~1")
            whole, part, pointer = whole[step], part[step], f"{pointer}/{escaped}"
    if not path:
        return pointer, None
    return (pointer, whole) if whole == part else None
