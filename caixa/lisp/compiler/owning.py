"""Maps that a loop builds in a variable: `(fill (- n 1) (hash-map-set entries key value))`, and in a fold.

The value that such an update takes the place of is not looked at again: no closure has the variable, or the
procedure would not be a loop, and no other argument of the jump mentions it. If at run time nothing else holds
the map either, it may be changed where it is (`Map.assoc_owned` looks).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..core import Begin, Call, Core, EvalHere, GlobalRef, If, Local, LocalRef, SetLocal, children
from .plan import Label

__all__ = ["OWNED", "owned_updates"]

OWNED = {"hash-map-set": "x.assoc_owned(key, item)"}
"""By the native's name, the value of its shortcut (shortcuts.py) where its first argument is not used again."""

_FOLDS = ("foldl", "fold-left", "reduce")
IsNative = Callable[[str], bool]


def owned_updates(label: Label, is_native: IsNative) -> Iterator[Call]:
    """Return the calls in the loop of `label` that update a variable whose next value they are."""
    if label.fusion is not None and label.is_inline and label.fusion.native in _FOLDS:
        yield from _updates(label.code.body, label.code.required[0], is_native)
    for jump, _ in label.jumps if label.is_loop else ():
        for local, step in zip(label.code.required, jump.arguments, strict=True):
            updates = list(_updates(step, local, is_native))
            if updates and not [
                other for other in jump.arguments if other is not step and _mentions(other, local)
            ]:
                yield from updates


def _updates(node: Core, local: Local, is_native: IsNative) -> Iterator[Call]:
    """Return the updates of `local` that a value may come from."""
    waiting = [node]
    while waiting:
        at = waiting.pop()
        if isinstance(at, If):
            waiting += (at.then, at.orelse)
        elif isinstance(at, Begin):
            waiting.append(at.items[-1])
        elif isinstance(at, Call) and _is_update(at, local, is_native):
            yield at


def _is_update(call: Call, local: Local, is_native: IsNative) -> bool:
    """Return whether `call` updates `local`, which is only ever what the loop makes it."""
    function, first = call.function, call.arguments[0] if call.arguments else None
    if not isinstance(function, GlobalRef) or function.name not in OWNED or not is_native(function.name):
        return False
    return isinstance(first, LocalRef) and first.local is local and not local.is_assigned


def _mentions(node: Core, local: Local) -> bool:
    """Return whether `local` is used anywhere in `node`."""
    waiting = [node]
    while waiting:
        at = waiting.pop()
        if isinstance(at, EvalHere) or (isinstance(at, (LocalRef, SetLocal)) and at.local is local):
            return True
        waiting += children(at)
    return False
