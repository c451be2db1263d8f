"""Changes as values: where, what stood there, and what stands there now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from ..identity import Identity

__all__ = [
    "ABSENT",
    "Absent",
    "Item",
    "Key",
    "ObjectChange",
    "Order",
    "PathChange",
    "SlotChange",
    "Step",
    "printed",
]


class Absent:
    """What a path holds where there is nothing; not None, which is YAML's null."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent()


class Key(NamedTuple):
    """To the value of a key."""

    name: str


class Item(NamedTuple):
    """To an item of a list: how it is called, and where it stood; `at` is None for one that is new."""

    label: str
    at: int | None


class Order(NamedTuple):
    """To the order of a list whose items are known by `keys`: the values of a change are their names."""

    keys: tuple[str, ...]


Step = Key | Item | Order


@dataclass(frozen=True, slots=True)
class PathChange:
    """One place in an object: what stood there and what stands there, ABSENT where nothing does."""

    steps: tuple[Step, ...]
    old: Any
    new: Any

    @property
    def path(self) -> str:
        """The place as people write it: `spec.ports[http].port`."""
        return printed(self.steps)


def printed(steps: tuple[Step, ...]) -> str:
    """Return a path as people write it; of no steps, a dot."""
    text = ""
    for step in steps:
        match step:
            case Key(name):
                quoted = f'"{name}"' if not name or any(mark in name for mark in '.[" ') else name
                text += f".{quoted}" if text else quoted
            case Item(label, _):
                text += f"[{label}]"
            case Order():
                text += " (order)"
    return text or "."


@dataclass(frozen=True, slots=True)
class ObjectChange:
    """An object that comes, goes or changes.

    `paths` are empty unless it changes; `document` is the object that comes or goes.
    """

    kind: Literal["added", "removed", "changed"]
    identity: Identity
    paths: tuple[PathChange, ...] = ()
    document: Mapping[str, Any] | None = None


class SlotChange(NamedTuple):
    """A slot of a manifest, or a part of one, with its printed values; empty text where it is not set."""

    path: str
    old: str
    new: str
