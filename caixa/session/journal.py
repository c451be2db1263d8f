"""What each step did to the Lisp definitions, kept so that it can be taken back.

Kept are only the values that a step replaced, so a thousand cells cost what they changed and not a thousand
copies of all names. The present leads back to any step that is still kept; the oldest are forgotten first.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from itertools import compress, islice, repeat
from operator import is_not
from typing import Any, Final, NamedTuple, Protocol

from caixa.lisp.interpreter import Snapshot

__all__ = ["Journal", "Reverse", "changed_names", "reverse"]

_ABSENT: Final = object()
Table = Mapping[str, object]


class _Saved(Protocol):
    """The contents of a namespace, as a snapshot has them."""

    @property
    def names(self) -> Table: ...
    @property
    def macros(self) -> Table: ...
    @property
    def announced(self) -> Set[str]: ...


class Reverse(NamedTuple):
    """The way back over one step: what its names and macros were, and, where a module changed, all modules."""

    names: Table
    macros: Table
    announced: frozenset[str]
    modules: Mapping[str, Any] | None
    fibers: int


def reverse(before: Snapshot, after: Snapshot) -> Reverse:
    """Return the way back from `after` to `before`."""
    return Reverse(
        _replaced(before.main.names, after.main.names),
        _replaced(before.main.macros, after.main.macros),
        before.main.announced,
        None if _same_modules(before, after) else before.modules,
        before.fibers,
    )


def changed_names(before: Snapshot, after: Snapshot) -> tuple[str, ...]:
    """Return the identifiers of the variables and macros that differ, sorted."""
    names = _replaced(before.main.names, after.main.names)
    return tuple(sorted({*names, *_replaced(before.main.macros, after.main.macros)}))


class Journal(NamedTuple):
    """The ways back over the steps of a session, of at most `keep` steps; a value, as the log is."""

    keep: int
    reverses: tuple[Reverse, ...] = ()
    steps: int = 0

    @property
    def oldest(self) -> int:
        """The earliest step that can be gone back to; 0 is the start."""
        return self.steps - len(self.reverses)

    def add(self, way_back: Reverse) -> Journal:
        """Return the journal with the way back over one step more."""
        return Journal(self.keep, (*self.reverses, way_back)[-self.keep :], self.steps + 1)

    def at(self, step: int, now: Snapshot) -> Snapshot:
        """Return the definitions after `step`, given those of now. Raises LookupError if forgotten."""
        if step < self.oldest:
            raise LookupError(step)
        names, macros = dict(now.main.names), dict(now.main.macros)
        announced, modules, fibers = now.main.announced, now.modules, now.fibers
        for back in islice(reversed(self.reverses), self.steps - step):
            _put_back(names, back.names)
            _put_back(macros, back.macros)
            announced, fibers = back.announced, back.fibers
            modules = modules if back.modules is None else back.modules
        return Snapshot(replace(now.main, names=names, macros=macros, announced=announced), modules, fibers)


def _put_back(table: dict[str, object], replaced: Table) -> None:
    for name, value in replaced.items():
        if value is _ABSENT:
            table.pop(name, None)
        else:
            table[name] = value


def _replaced(before: Table, after: Table) -> dict[str, object]:
    """Return what `before` has for each name whose value differs.

    Most cells change few of many names, and this is asked after each cell: it runs at the speed of C.
    """
    now = map(after.get, before, repeat(_ABSENT))
    gone = {name: before[name] for name in compress(before, map(is_not, before.values(), now))}
    lost = sum(name not in after for name in gone)
    if len(after) > len(before) - lost:
        gone |= dict.fromkeys(after.keys() - before.keys(), _ABSENT)
    return gone


def _same_modules(before: Snapshot, after: Snapshot) -> bool:
    return before.modules.keys() == after.modules.keys() and all(
        module is after.modules[key][0] and _same(saved, after.modules[key][1])
        for key, (module, saved) in before.modules.items()
    )


def _same(before: _Saved, after: _Saved) -> bool:
    return before.announced == after.announced and not (
        _replaced(before.names, after.names) or _replaced(before.macros, after.macros)
    )
