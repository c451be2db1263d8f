"""Names that `eval` defines in a procedure while it runs, and what later mentions of them mean.

A body with an `eval` in it keeps a table, its frame, of what evaluated code defined. A name that is mentioned
after the `eval`, and is no local variable, is looked up there before it is taken for a global.
"""

from __future__ import annotations

from ..core import Begin, Bind, Call, Const, Core, GlobalRef, If, Local, LocalRef, Support
from ..source import Span
from .scope import Scope

__all__ = ["EvalScope", "enclosing_frame", "exporting", "late_reference", "with_frame"]


class EvalScope(Scope):
    """What evaluated code defines itself, inside the scope of the place where `eval` stands."""

    __slots__ = ()

    def define(self, name: str, span: Span) -> tuple[Local, bool]:
        """See Scope: what the place itself has bound already is changed, not hidden."""
        assert self.parent is not None
        if name in self.parent.names:
            self.names.pop(name, None)
            self.declared.discard(name)
            return self.parent.names[name], False
        return super().define(name, span)


def enclosing_frame(scope: Scope) -> Local | None:
    """Return the variable that holds the frame of the body around `scope`; from now on it has one."""
    at: Scope | None = scope
    while at is not None and not at.has_body:
        at = at.parent
    if at is not None and at.frame is None:
        at.frame = Local("frame")
    return at.frame if at is not None else None


def with_frame(items: tuple[Core, ...], scope: Scope, span: Span) -> tuple[Core, ...]:
    """Return the code of a body, which begins by making the frame if it has one."""
    if scope.frame is None:
        return items
    return (Bind(span, scope.frame, Call(span, Support(span, "frame"), ())), *items)


def late_reference(name: str, span: Span, scope: Scope | None) -> Core:
    """Return what a name that is not bound in `scope` means: what `eval` may have made of it, or a global."""
    code: Core = GlobalRef(span, name)
    if scope is None:
        return code
    for frame in reversed(scope.frames()):
        key = (LocalRef(span, frame), Const(span, name))
        known = Call(span, Support(span, "frame_has"), key)
        code = If(span, known, Call(span, Support(span, "frame_get"), key), code)
    return code


def exporting(core: Core, scope: EvalScope, span: Span) -> Core:
    """Return evaluated code that leaves what it defined in the frame around it."""
    frames = scope.frames()
    if not scope.names or not frames:
        return core
    value, frame = Local("value"), LocalRef(span, frames[0])
    left = [
        Call(span, Support(span, "frame_set"), (frame, Const(span, name), LocalRef(span, local)))
        for name, local in scope.names.items()
    ]
    return Begin(span, (Bind(span, value, core), *left, LocalRef(span, value)))
