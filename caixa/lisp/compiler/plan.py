"""What is found out about one top-level form before it is emitted: whose code stands where."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..core import Call, Lambda, Local

__all__ = ["Fusion", "Label", "Plan", "Region"]


@dataclass(slots=True, eq=False)
class Region:
    """The code of one procedure, or of the top level; `outer` is where it is written."""

    outer: Region | None
    label: Label | None = None

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


@dataclass(slots=True, eq=False)
class Fusion:
    """A call of a higher-order native whose function is written in it, so that it can be a loop."""

    native: str
    free: dict[Local, None] = field(default_factory=dict)  # variables from around the function


@dataclass(slots=True, eq=False)
class Label:
    """A procedure that is known where it is called."""

    code: Lambda
    local: Local | None
    region: Region
    entries: list[tuple[Call, Region]] = field(default_factory=list)
    jumps: list[tuple[Call, Region]] = field(default_factory=list)
    tail: tuple[Label, ...] = ()  # the labels that the entry stands in tail position of
    escapes: bool = False
    is_inline: bool = False
    is_loop: bool = False
    fusion: Fusion | None = None

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
        self.top = Region(None)

    def owner(self, local: Local) -> Region:
        """Return the region in whose Python function `local` lives."""
        return self.homes.get(local, self.top).function
