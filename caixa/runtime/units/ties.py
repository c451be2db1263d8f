"""Who hears of whose end: links, which go both ways, and monitors, which go one way."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

__all__ = ["Ties"]


@dataclass(slots=True)
class Ties:
    """Links and monitors between units, by number."""

    links: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    monitors: dict[int, tuple[int, int]] = field(default_factory=dict)  # from monitor to watcher and watched

    def link(self, one: int, other: int) -> None:
        """Let each of two units hear of the other's end; linking twice is as linking once."""
        if one != other:
            self.links[one].add(other)
            self.links[other].add(one)

    def unlink(self, one: int, other: int) -> None:
        """Take `link` back, if it was made."""
        for a, b in ((one, other), (other, one)):
            if a in self.links:
                self.links[a].discard(b)
                if not self.links[a]:
                    del self.links[a]

    def monitor(self, number: int, watcher: int, watched: int) -> None:
        """Let `watcher` hear of the end of `watched`, by the monitor `number`."""
        self.monitors[number] = (watcher, watched)

    def demonitor(self, number: int) -> None:
        """Take `monitor` back."""
        self.monitors.pop(number, None)

    def ended(self, unit: int) -> tuple[list[int], list[tuple[int, int]]]:
        """Forget a unit; return who is linked to it, and each (monitor, watcher) that watched it."""
        linked = sorted(self.links.get(unit, ()))
        for other in linked:
            self.unlink(unit, other)
        told = sorted((n, watcher) for n, (watcher, watched) in self.monitors.items() if watched == unit)
        gone = [n for n, pair in self.monitors.items() if unit in pair]
        for number in gone:
            del self.monitors[number]
        return linked, told
