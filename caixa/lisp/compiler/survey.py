"""Who binds, refers to and calls what in one top-level form, found in one walk through it."""

# ruff: noqa: ARG002 -- the visitors of all kinds of node have one signature

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

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
    children,
)
from .fusing import fusible
from .plan import Fusion, Label, Plan, Region

__all__ = ["Findings", "survey"]

_Tail = tuple[Label, ...]


class Findings(NamedTuple):
    """What a survey finds: the plan so far, which region refers to what, and the procedures by name."""

    plan: Plan
    references: Iterable[tuple[Local, Region]]
    by_local: Mapping[Local, Label]


def survey(core: Core, is_native: Callable[[str], bool]) -> Findings:
    """Walk through `core`; `is_native` tells whether a global is what the language defines."""
    walk = _Walk(is_native)
    walk.run(core)
    return Findings(walk.plan, walk.references, walk.by_local)


class _Walk:
    """Goes through the code once, noting who binds, refers to and calls what."""

    def __init__(self, is_native: Callable[[str], bool]) -> None:
        self.is_native = is_native
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

    def parts(self, node: Core, region: Region, tail: _Tail) -> None:
        """Visit what a node is made of, none of which is its last act."""
        for part in children(node):
            self.walk(part, region, ())

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
        self.parts(node, region, ())

    def set_global(self, node: SetGlobal, region: Region, tail: _Tail) -> None:
        self.plan.globals.add(node.name)
        self.plan.defined.add(node.name)
        self.parts(node, region, ())

    def if_(self, node: If, region: Region, tail: _Tail) -> None:
        self.walk(node.test, region, ())
        self.walk(node.then, region, tail)
        self.walk(node.orelse, region, tail)

    def sequence(self, node: And | Or | Begin, region: Region, tail: _Tail) -> None:
        for item in node.items[:-1]:
            self.walk(item, region, ())
        self.walk(node.items[-1], region, tail)

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
        code = fusible(node, self.is_native)
        if code is not None:
            self.fuse(node, code, region)
            return
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

    def fuse(self, node: Call, code: Lambda, region: Region) -> None:
        """Note the call of a higher-order native that could be a loop around `code`."""
        assert isinstance(node.function, GlobalRef)
        label = self.make_label(code, None, region)
        label.fusion = Fusion(node.function.name)
        label.entries.append((node, region))
        self.plan.fusions[id(node)] = label
        self.walk(node.function, region, ())
        for argument in node.arguments:
            if argument is not code:
                self.walk(argument, region, ())
        self.inside(code, label.region, ())

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


def _around(region: Region) -> list[Region]:
    """Return `region` and those that it is written in."""
    found: list[Region] = []
    at: Region | None = region
    while at is not None:
        found.append(at)
        at = at.outer
    return found


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
    Not: _Walk.parts,
    Lambda: _Walk.lambda_,
    Try: _Walk.try_,
    EvalHere: _Walk.eval_here,
    Call: _Walk.call,
}
