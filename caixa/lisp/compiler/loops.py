"""Which procedures need not be procedures: what calls itself last is a loop, in place if entered once.

A `Region` is the code of one procedure. A procedure that is bound to a name for good has a `Label`; a call of
it in tail position within its own region can be a jump. If it is called from one place outside, and escapes
nowhere, its region is emitted at that place; so is a function that only a higher-order native is given.
Neither is possible where a variable of the region is captured by a closure, since then each round needs a
variable of its own. The plan starts from what would be best, and gives up what does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..core import Core
from .owning import owned_updates
from .plan import Label, Plan, Region
from .survey import Findings, survey

__all__ = ["plan_loops"]

MAX_INLINE = 8  # loops inside loops; CPython allows 20 nested blocks in all


def plan_loops(core: Core, is_native: Callable[[str], bool], *, optimized: bool = True) -> Plan:
    """Return the plan for one top-level form; `is_native` tells whether a global is what the language defines.

    Without `optimized`, every procedure stays one.
    """
    found = survey(core, is_native if optimized else lambda _: False)
    if optimized:
        _Decision(found).decide()
        for label in found.plan.labels.values():
            found.plan.owned.update(map(id, owned_updates(label, is_native)))
    return found.plan


class _Decision:
    """Settles for each label of a survey what becomes of it."""

    def __init__(self, found: Findings) -> None:
        self.plan, self.references, self.by_local = found

    def decide(self) -> None:
        labels = list(self.plan.labels.values())
        self.keep_for_functions(labels)
        for label in labels:
            label.is_loop = bool(label.jumps)
            is_known = label.fusion is not None or (label.local is not None and not label.escapes)
            simple = is_known and len(label.entries) == 1
            label.is_inline = simple and not label.code.optional and label.code.rest is None
        self.find_free_variables()
        while sum([self.gives_up(label) for label in labels]) or self.capture_spoils():
            pass
        for label in labels:
            if label.is_inline and label.fusion is None:
                self.plan.entries[id(label.entries[0][0])] = label
            if label.is_loop:
                self.plan.jumps.update((id(call), label) for call, _ in label.jumps)

    def keep_for_functions(self, labels: list[Label]) -> None:
        """See that what a fused function calls stays a procedure: the function may yet have to be made."""
        for label in labels:
            for _, region in label.entries if label.fusion is None else ():
                if [each for each in _up_to(region, label.region.outer) if each.label and each.label.fusion]:
                    label.escapes = True

    def find_free_variables(self) -> None:
        """Note which variables, constant ones, the function of each fusion takes from around it."""
        for label in self.plan.fusions.values():
            redefined = label.fusion is None or label.fusion.native in self.plan.defined
            if redefined or any([local.is_assigned for local in label.code.required]):  # noqa: C419  # as in facts.py
                label.is_inline = False
        for local, region in self.references:
            for each in _up_to(region, self.plan.homes.get(local, self.plan.top)):
                if each.label is None or each.label.fusion is None:
                    continue
                each.label.fusion.free[local] = None
                if local.is_assigned:
                    each.label.is_inline = False

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
            if (label.is_inline and label.repeats) or (label.is_inline and self.is_looped(label)):
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
            if region.label.repeats:
                return True
            region = region.emitted_in
        return region is not None and region.label is not None and region.label.is_loop


def _up_to(region: Region, home: Region | None) -> Iterator[Region]:
    """Return `region` and those that it is written in, as far as inside `home`."""
    at: Region | None = region
    while at is not None and at is not home:
        yield at
        at = at.outer


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
