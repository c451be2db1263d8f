"""`same`: whether two definitions mean the same, and if not, where they part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..addresses import find
from ..results import Piece, Result, Role
from ..workspace import Workspace

if TYPE_CHECKING:
    from caixa.lacre.arvore.comparison import Difference

__all__ = ["Compared", "same"]


@dataclass(frozen=True, slots=True)
class Compared(Result):
    """Two definitions with their digests, and the first difference if there is one."""

    names: tuple[str, str]
    digests: tuple[str, str]
    difference: Difference | None

    @property
    def ok(self) -> bool:
        """Whether they mean the same."""
        return self.difference is None

    def pieces(self) -> Iterator[Piece]:
        """Yield the verdict, and why."""
        left, right = self.names
        if self.difference is None:
            yield Piece(f"✓ {left} and {right} mean the same\n", Role.ADDED)
            yield Piece(f"  {self.digests[0]}\n", Role.ACCENT)
            return
        yield Piece(f"✗ {left} and {right} differ\n", Role.ERROR)
        way = " → ".join([a if a == b else f"{a} / {b}" for a, b in self.difference.through])
        yield Piece(f"  in {way}\n", Role.MUTED)
        yield Piece(f"  - {self.difference.here}\n", Role.REMOVED)
        yield Piece(f"  + {self.difference.there}\n", Role.ADDED)
        yield Piece(f"  {self.digests[0]}\n  {self.digests[1]}\n", Role.MUTED)

    def to_json(self) -> dict[str, Any]:
        """Return the verdict, the digests and the difference."""
        difference = self.difference
        why = (
            {
                "through": [list(pair) for pair in difference.through],
                "here": difference.here,
                "there": difference.there,
            }
            if difference is not None
            else None
        )
        return {"same": self.ok, "names": list(self.names), "digests": list(self.digests), "difference": why}


def same(workspace: Workspace, first: str, second: str) -> Compared:
    """Compare two definitions by their arvore digests (docs/identity.md). Raises UsageProblem, LispError."""
    from caixa.lacre.arvore.comparison import compare  # noqa: PLC0415 - brings in blake3

    left, right = find(workspace, first), find(workspace, second)
    digests = (left.addresses.of(left.name), right.addresses.of(right.name))
    return Compared((first, second), digests, compare(left.addresses, left.name, right.addresses, right.name))
