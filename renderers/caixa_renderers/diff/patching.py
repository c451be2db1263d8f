"""A diff applied: the old document and its changes make the new one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from .changes import ABSENT, Item, Key, Order, PathChange, Step
from .lists import label_of

__all__ = ["patched"]

_Change = tuple[tuple[Step, ...], Any]


def patched(document: Any, changes: Sequence[PathChange]) -> Any:
    """Return what `document` becomes by its changes; ABSENT where nothing is left."""
    return _patched(document, [(change.steps, change.new) for change in changes])


def _patched(value: Any, changes: Sequence[_Change]) -> Any:
    if not changes:
        return value
    if not changes[0][0]:  # a change of this very place, the only one there is
        return changes[0][1]
    return _mapping(value, changes) if isinstance(changes[0][0][0], Key) else _list(value, changes)


def _mapping(value: Mapping[str, Any], changes: Sequence[_Change]) -> dict[str, Any]:
    by_key: dict[str, list[_Change]] = defaultdict(list)
    for (step, *rest), new in changes:
        assert isinstance(step, Key)
        by_key[step.name].append((tuple(rest), new))
    made = {str(key): item for key, item in value.items()}
    made |= {key: _patched(made.get(key, ABSENT), within) for key, within in by_key.items()}
    return {key: item for key, item in made.items() if item is not ABSENT}


def _list(value: Sequence[Any], changes: Sequence[_Change]) -> list[Any]:
    by_place: dict[int, list[_Change]] = defaultdict(list)
    come: list[Any] = []
    order: tuple[tuple[str, ...], Sequence[str]] | None = None
    for (step, *rest), new in changes:
        match step:
            case Order(keys):
                order = keys, new
            case Item(_, None):
                come.append(new)
            case Item(_, int(at)):
                by_place[at].append((tuple(rest), new))
    made = [_patched(item, by_place[at]) for at, item in enumerate(value)]
    kept = [*(item for item in made if item is not ABSENT), *come]
    return _ordered(kept, *order) if order else kept


def _ordered(items: list[Any], keys: tuple[str, ...], names: Sequence[str]) -> list[Any]:
    place = {name: at for at, name in enumerate(names)}
    return sorted(items, key=lambda item: place[label_of(item, keys)])
