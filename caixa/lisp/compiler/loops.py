"""Which procedures need not be procedures: what calls itself last is a loop, in place if entered once.

A `Region` is the code of one procedure. A procedure that is bound to a name for good has a `Label`; a call of
it in tail position within its own region can be a jump. If it is called from one place outside, and escapes
nowhere, its region is emitted at that place. Neither is possible where a variable of the region is captured
by a closure, since then each round needs a variable of its own. The plan starts from what would be best, and
gives up what does not hold.
"""

# ruff: noqa: ARG002 -- the visitors of all kinds of node have one signature

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..core import (
    And,
    Begin,
    Bind,
    Call,
    Const,
    Core,
    Define,
    EvalHere,
    GlobalRef,
    If,
    Lambda,
    Local,
    LocalRef,
    Not,
    Or,
    SetGlobal,
    SetLocal,
    Support,
    Try,
)

__all__ = ["Label", "Plan", "Region", "plan_loops"]

MAX_INLINE = 8  # loops inside loops; CPython allows 20 nested blocks in all


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
        self.top = Region(None)

    def owner(self, local: Local) -> Region:
        """Return the region in whose Python function `local` lives."""
        return self.homes.get(local, self.top).function


def plan_loops(core: Core) -> Plan:
    """Return the plan for one top-level form."""
    walk = _Walk()
    walk.run(core)
    return walk.decide()


_Tail = tuple[Label, ...]


class _Walk:
    """Goes through the code once, noting who binds, refers to and calls what."""

    def __init__(self) -> None:
        self.plan = Plan()
        self.by_local: dict[Local, Label] = {}
        self.by_global: dict[str, Label] = {}
        self.references: dict[tuple[Local, Region], None] = {}
        self.waiting: list[Label] = []

    def run(self, core: Core) -> None:
        self.walk(core, self.plan.top, ())
        while self.waiting:
            label = next((label for label in self.waiting if label.entries), self.waiting[0])
            self.waiting.remove(label)
            outer = label.tail if len(label.entries) == 1 else ()
            self.inside(label.code, label.region, (label, *outer))

    def walk(self, node: Core, region: Region, tail: _Tail) -> None:
        _VISIT[type(node)](self, node, region, tail)

    def inside(self, code: Lambda, region: Region, tail: _Tail) -> None:
        """Visit the parameters and the body of a procedure."""
        for local in code.required:
            self.plan.homes[local] = region
        for optional in code.optional:
            self.plan.homes[optional.local] = region
            if optional.default is not None:
                self.walk(optional.default, region, ())
        if code.rest is not None:
            self.plan.homes[code.rest] = region
        self.walk(code.body, region, tail)

    # -- one method a kind of node --------------------------------------------------------------------------

    def nothing(self, node: Core, region: Region, tail: _Tail) -> None:
        pass

    def global_ref(self, node: GlobalRef, region: Region, tail: _Tail) -> None:
        self.plan.globals.add(node.name)

    def local_ref(self, node: LocalRef, region: Region, tail: _Tail) -> None:
        self.references[node.local, region] = None
        label = self.by_local.get(node.local)
        if label is not None:
            label.escapes = True

    def bind(self, node: Bind, region: Region, tail: _Tail) -> None:
        self.plan.homes[node.local] = region
        if isinstance(node.value, Lambda) and not node.local.is_assigned:
            label = self.make_label(node.value, node.local, region)
            self.by_local[node.local] = label
            self.waiting.append(label)
        else:
            self.walk(node.value, region, ())

    def define(self, node: Define, region: Region, tail: _Tail) -> None:
        self.plan.globals.add(node.name)
        self.plan.defined.add(node.name)
        if isinstance(node.value, Lambda):
            label = self.make_label(node.value, None, region)
            self.by_global[node.name] = label
            self.inside(node.value, label.region, (label,))
        else:
            self.walk(node.value, region, ())

    def make_label(self, code: Lambda, local: Local | None, region: Region) -> Label:
        label = Label(code, local, Region(region))
        label.region.label = label
        self.plan.labels[id(code)] = label
        self.plan.regions[id(code)] = label.region
        return label

    def set_local(self, node: SetLocal, region: Region, tail: _Tail) -> None:
        self.references[node.local, region] = None
        self.walk(node.value, region, ())

    def set_global(self, node: SetGlobal, region: Region, tail: _Tail) -> None:
        self.plan.globals.add(node.name)
        self.plan.defined.add(node.name)
        self.walk(node.value, region, ())

    def if_(self, node: If, region: Region, tail: _Tail) -> None:
        self.walk(node.test, region, ())
        self.walk(node.then, region, tail)
        self.walk(node.orelse, region, tail)

    def sequence(self, node: And | Or | Begin, region: Region, tail: _Tail) -> None:
        for item in node.items[:-1]:
            self.walk(item, region, ())
        self.walk(node.items[-1], region, tail)

    def not_(self, node: Not, region: Region, tail: _Tail) -> None:
        self.walk(node.value, region, ())

    def lambda_(self, node: Lambda, region: Region, tail: _Tail) -> None:
        inner = self.plan.regions[id(node)] = Region(region)
        self.inside(node, inner, ())

    def try_(self, node: Try, region: Region, tail: _Tail) -> None:
        self.walk(node.body, region, ())
        for catch in node.catches:
            self.plan.homes[catch.local] = region
            self.walk(catch.body, region, ())
        if node.finally_ is not None:
            self.walk(node.finally_, region, ())

    def eval_here(self, node: EvalHere, region: Region, tail: _Tail) -> None:
        self.walk(node.value, region, ())
        inner = Region(region)
        for local in node.visible:
            local.is_assigned = True
            self.local_ref(LocalRef(node.span, local), inner, ())

    def call(self, node: Call, region: Region, tail: _Tail) -> None:
        label = self.called(node, tail)
        if label is None:
            self.walk(node.function, region, ())
        elif label in tail:
            label.jumps.append((node, region))
            if label.local is not None:
                self.references[label.local, region] = None
        elif label.local is None or label.region in _around(region):
            self.walk(node.function, region, ())  # it calls itself, but not as its last act
        else:
            self.references[label.local, region] = None
            label.entries.append((node, region))
            label.tail = tail
        for argument in node.arguments:
            self.walk(argument, region, ())

    def called(self, node: Call, tail: _Tail) -> Label | None:
        """Return the label that a call goes to, if the call fits its parameters."""
        function = node.function
        label = None
        if isinstance(function, LocalRef):
            label = self.by_local.get(function.local)
        elif isinstance(function, GlobalRef):
            label = self.by_global.get(function.name)
            label = label if label in tail else None
        if label is None or label.code.optional or label.code.rest:
            return None
        return label if len(label.code.required) == len(node.arguments) else None

    # -- deciding -------------------------------------------------------------------------------------------

    def decide(self) -> Plan:
        labels = list(self.plan.labels.values())
        for label in labels:
            label.is_loop = bool(label.jumps)
            simple = label.local is not None and not label.escapes and len(label.entries) == 1
            label.is_inline = simple and not label.code.optional and label.code.rest is None
        while sum([self.gives_up(label) for label in labels]) or self.capture_spoils():
            pass
        for label in labels:
            if label.is_inline:
                self.plan.entries[id(label.entries[0][0])] = label
            if label.is_loop:
                self.plan.jumps.update((id(call), label) for call, _ in label.jumps)
        return self.plan

    def gives_up(self, label: Label) -> bool:
        """Take back what cannot be for `label`; return whether anything changed."""
        if label.is_inline and not _reaches_home(label):
            label.is_inline = False
            return True
        reachable = [(call, region) for call, region in label.jumps if _jumps_to(region, label)]
        if len(reachable) == len(label.jumps):
            return False
        label.jumps = reachable
        label.is_loop = bool(reachable)
        label.is_inline = False  # it is called from another function
        return True

    def capture_spoils(self) -> bool:
        """Find variables captured from a loop, and make the innermost such loop a procedure again."""
        changed = False
        for local, region in self.references:
            home = self.plan.homes.get(local)
            named = self.by_local.get(local)
            if named is not None and named.is_inline:
                continue  # there is no such variable
            if home is None or home.label is None or home.function is region.function:
                continue
            label = home.label
            if (label.is_inline and label.is_loop) or (label.is_inline and self.is_looped(label)):
                label.is_inline = False
                changed = True
            elif label.is_loop and not label.is_inline:
                label.is_loop = False
                changed = True
        return changed

    def is_looped(self, label: Label) -> bool:
        """Return whether `label`, emitted inline, stands inside a loop."""
        region: Region | None = label.region
        while region is not None and region.is_inline:
            assert region.label is not None
            if region.label.is_loop:
                return True
            region = region.emitted_in
        return region is not None and region.label is not None and region.label.is_loop


def _around(region: Region) -> list[Region]:
    """Return `region` and those that it is written in."""
    found: list[Region] = []
    at: Region | None = region
    while at is not None:
        found.append(at)
        at = at.outer
    return found


def _jumps_to(region: Region, label: Label) -> bool:
    """Return whether code in `region` is emitted in the same function as the region of `label`, inside it."""
    at: Region | None = region
    while at is not label.region:
        if at is None or not at.is_inline:
            return False
        at = at.emitted_in
    return True


def _reaches_home(label: Label) -> bool:
    """Return whether following entries outwards ends (not so for procedures that only call each other)."""
    region, depth = label.region, 0
    while region.is_inline:
        depth += 1
        outer = region.emitted_in
        if depth > MAX_INLINE or outer is None:
            return False
        region = outer
    return True


_VISIT: dict[type, Callable[[_Walk, Any, Region, _Tail], None]] = {
    Const: _Walk.nothing,
    Support: _Walk.nothing,
    GlobalRef: _Walk.global_ref,
    LocalRef: _Walk.local_ref,
    Bind: _Walk.bind,
    Define: _Walk.define,
    SetLocal: _Walk.set_local,
    SetGlobal: _Walk.set_global,
    If: _Walk.if_,
    And: _Walk.sequence,
    Or: _Walk.sequence,
    Begin: _Walk.sequence,
    Not: _Walk.not_,
    Lambda: _Walk.lambda_,
    Try: _Walk.try_,
    EvalHere: _Walk.eval_here,
    Call: _Walk.call,
}
