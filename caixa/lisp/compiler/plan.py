"""What is found out about one top-level form before it is emitted: whose code stands where."""

from __future__ import annotations

from ..core import Call, Lambda, Local

__all__ = ["Fusion", "Label", "Plan", "Region"]


class Region:
    """The code of one procedure, or of the top level; `outer` is where it is written."""

    __slots__ = ("label", "outer")

    def __init__(self, outer: Region | None, label: Label | None = None) -> None:
        """Stand in `outer`."""
        self.outer = outer
        self.label = label

    @property
    def is_inline(self) -> bool:
        """Whether this code is emitted inside that of another region."""
        return self.label is not None and self.label.is_inline

    @property
    def emitted_in(self) -> Region | None:
        """The region around this one in the emitted code."""
        return self.label.entries[0][1] if self.label is not None and self.label.is_inline else self.outer

    @property
    def function(self) -> Region:
        """The region whose Python function this code is part of."""
        region = self
        while region.is_inline:
            outer = region.emitted_in
            assert outer is not None
            region = outer
        return region


class Fusion:
    """A call of a higher-order native whose function is written in it, so that it can be a loop."""

    __slots__ = ("free", "native")

    def __init__(self, native: str) -> None:
        """Stand for a call of `native`."""
        self.native = native
        self.free: dict[Local, None] = {}  # variables from around the function


class Label:
    """A procedure that is known where it is called."""

    def __init__(self, code: Lambda, local: Local | None, region: Region) -> None:
        """Know of no calls yet."""
        self.code, self.local, self.region = code, local, region
        self.entries: list[tuple[Call, Region]] = []
        self.jumps: list[tuple[Call, Region]] = []
        self.tail: tuple[Label, ...] = ()  # the labels that the entry stands in tail position of
        self.escapes = self.is_inline = self.is_loop = False
        self.fusion: Fusion | None = None

    @property
    def repeats(self) -> bool:
        """Whether its code runs more than once each time that it is entered in place."""
        return self.is_loop or self.fusion is not None


class Plan:
    """What `plan_loops` found out about one top-level form."""

    def __init__(self) -> None:
        """Start empty."""
        self.labels: dict[int, Label] = {}  # by id of the Lambda
        self.regions: dict[int, Region] = {}  # by id of the Lambda
        self.homes: dict[Local, Region] = {}
        self.globals: set[str] = set()
        self.defined: set[str] = set()  # globals that the form itself gives a value
        self.jumps: dict[int, Label] = {}  # by id of the Call
        self.entries: dict[int, Label] = {}  # by id of the Call
        self.fusions: dict[int, Label] = {}  # by id of the Call
        self.owned: set[int] = set()  # ids of Calls that update a map which only their variable may hold
        self.top = Region(None)

    def owner(self, local: Local) -> Region:
        """Return the region in whose Python function `local` lives."""
        return self.homes.get(local, self.top).function
