"""Two documents of one kind compared, path by path, with each list read as its kind reads it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .changes import ABSENT, Item, Key, Order, PathChange, Step
from .lists import ListRule, label_of, labels_of, rule_for

__all__ = ["compare", "token"]

_MOST_PAIRED = 40  # items that are tried against each other for which has become which
_Path = tuple[str, ...]


class _Place(NamedTuple):
    """Where a comparison is: the kind of the object, the steps to here, and their keys alone."""

    kind: str
    steps: tuple[Step, ...] = ()
    keys: _Path = ()

    def key(self, name: str) -> _Place:
        return _Place(self.kind, (*self.steps, Key(name)), (*self.keys, name))

    def item(self, label: str, at: int | None) -> _Place:
        return _Place(self.kind, (*self.steps, Item(label, at)), self.keys)

    def change(self, old: Any, new: Any) -> PathChange:
        return PathChange(self.steps, old, new)


def compare(kind: str, old: Any, new: Any) -> tuple[PathChange, ...]:
    """Return what turns `old` into `new`, two documents of `kind`; nothing where they mean the same."""
    return tuple(_compare(old, new, _Place(kind)))


def token(kind: str, value: Any, path: _Path = ()) -> str:
    """Return a text that two values at `path` share if and only if they mean the same."""
    return json.dumps(_canonical(kind, value, path), sort_keys=True, ensure_ascii=False)


def _canonical(kind: str, value: Any, path: _Path) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _canonical(kind, item, (*path, str(key))) for key, item in value.items()}
    if isinstance(value, list | tuple):
        items = [_canonical(kind, item, path) for item in value]
        if rule_for(kind, path, value).is_ordered:
            return items
        texts = {json.dumps(item, sort_keys=True, ensure_ascii=False): item for item in items}
        return [texts[text] for text in sorted(texts)]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _compare(old: Any, new: Any, place: _Place) -> Iterator[PathChange]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in (*old, *(key for key in new if key not in old)):
            yield from _compare(old.get(key, ABSENT), new.get(key, ABSENT), place.key(str(key)))
    elif isinstance(old, list | tuple) and isinstance(new, list | tuple):
        yield from _compare_lists(old, new, place)
    elif old is ABSENT or new is ABSENT or token(place.kind, old) != token(place.kind, new):
        yield place.change(old, new)


def _compare_lists(old: Sequence[Any], new: Sequence[Any], place: _Place) -> Iterator[PathChange]:
    rule = rule_for(place.kind, place.keys, old, new)
    if rule.keys:
        yield from _compare_keyed(old, new, place, rule)
    elif rule.is_ordered:
        for at in range(max(len(old), len(new))):
            before, after = (items[at] if at < len(items) else ABSENT for items in (old, new))
            yield from _compare(before, after, place.item(str(at), at if at < len(old) else None))
    else:
        yield from _compare_sets(old, new, place)


def _compare_keyed(
    old: Sequence[Any], new: Sequence[Any], place: _Place, rule: ListRule
) -> Iterator[PathChange]:
    """Compare items by their keys; where order means something, tell of a change in it."""
    after = {label_of(item, rule.keys): item for item in new}
    for at, item in enumerate(old):
        label = label_of(item, rule.keys)
        yield from _compare(item, after.pop(label, ABSENT), place.item(label, at))
    for label, item in after.items():
        yield from _compare(ABSENT, item, place.item(label, None))
    if rule.is_ordered:
        was, now = labels_of(old, rule.keys), labels_of(new, rule.keys)
        kept = [label for label in was if label in set(now)]
        if [*kept, *after] != now:
            yield PathChange((*place.steps, Order(rule.keys)), was, now)


def _compare_sets(old: Sequence[Any], new: Sequence[Any], place: _Place) -> Iterator[PathChange]:
    """Compare what is in two lists; of what is left, items that are alike count as changed."""
    after = {token(place.kind, item, place.keys): item for item in new}
    kept = {token(place.kind, item, place.keys) for item in old} & after.keys()
    gone = [(at, item) for at, item in enumerate(old) if token(place.kind, item, place.keys) not in kept]
    come = [item for text, item in after.items() if text not in kept]
    partners = _partners([item for _, item in gone], come)
    for number, (at, item) in enumerate(gone):
        label = str(at) if isinstance(item, Mapping | list | tuple) else ""
        partner = come[partners[number]] if number in partners else ABSENT
        yield from _compare(item, partner, place.item(label, at))
    for number, item in enumerate(come):
        if number not in partners.values():
            yield place.item("", None).change(ABSENT, item)


def _partners(gone: Sequence[Any], come: Sequence[Any]) -> dict[int, int]:
    """Return which item has become which, by their places: those most alike first, and no scalars."""
    if len(gone) * len(come) > _MOST_PAIRED**2:
        return {}
    old, new = ([frozenset(_leaves(item)) for item in items] for items in (gone, come))
    alike = [(-len(one & other), at, to) for at, one in enumerate(old) for to, other in enumerate(new)]
    found: dict[int, int] = {}
    for score, at, to in sorted(alike):
        if score and at not in found and to not in found.values():
            found[at] = to
    return found


def _leaves(value: Any, path: str = "") -> Iterator[str]:
    """Yield what an item consists of, each with where it is; a scalar consists of nothing."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield f"{path}.{key}"
            yield from _leaves(item, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item, f"{path}[]")
    elif path:
        yield f"{path}={value!r}"
