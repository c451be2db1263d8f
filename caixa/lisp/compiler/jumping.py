"""Emitting procedures that are loops: entering one, going round, and leaving several at once."""

from __future__ import annotations

import ast

from ..core import Call, Core, Local
from .emitter import Dest, Emitter, Loop
from .facts import INTEGER, UNKNOWN
from .induction import always_integers
from .naming import MARK
from .plan import Label

__all__ = ["Jumps"]

_JUMP = f"{MARK}jump"
_LOAD, _STORE = ast.Load(), ast.Store()


class Jumps(Emitter):
    """The part of a function's emission that has to do with loops."""

    def enter(self, node: Call, label: Label, dest: Dest) -> None:
        """Emit the body of a procedure in the place of the only call of it."""
        values = self.expressions(node.arguments)
        for local, value in zip(label.code.required, values, strict=True):
            self.store(self.unit.name(local), value, node.span)
        if label.is_loop:
            self.looping(label, label.code.body, dest)
        else:
            self.statement(label.code.body, dest)

    def looping(self, label: Label, body: Core, dest: Dest) -> None:
        """Emit `body` inside a loop that jumps to `label` go round."""
        loop = Loop(label, self.loop)
        integers = self.integers(label) if label.is_inline and self.unit.optimized else frozenset()
        inner = dest if dest.leaves else dest._replace(exit=loop)
        self.loop = loop
        with self.branch() as statements:
            for local in label.code.required:
                self.known[self.unit.name(local)] = INTEGER if local in integers else UNKNOWN
            self.statement(body, inner)
        self.loop = loop.outer
        place = self.place(body.span)
        self.body.append(ast.While(ast.Constant(value=True, **place), statements, [], **place))
        targets = list(dict.fromkeys(loop.leaving))
        for index, (target, again) in enumerate(targets):
            if index == len(targets) - 1:
                self.jump(target, body.span, again=again)
                break
            with self.block() as leave:
                self.jump(target, body.span, again=again)
            number = ast.Constant(index, **place)
            test = ast.Compare(self.load(_JUMP, body.span), [ast.Eq()], [number], **place)
            self.body.append(ast.If(test, leave, [], **place))

    def integers(self, label: Label) -> frozenset[Local]:
        """Return the variables of a loop that is about to be entered which only ever hold integers."""
        first = {
            local
            for local in label.code.required
            if self.known.get(self.unit.name(local)) == INTEGER and not local.is_assigned
        }
        return always_integers(label, first, self.unit.is_inlined) if first else frozenset()

    def repeat(self, node: Call, label: Label) -> None:
        """Emit a call of a loop from inside: give its variables their next values and jump."""
        place = self.place(node.span)
        values = self.expressions(node.arguments)
        pairs = [
            (self.unit.name(local), value)
            for local, value in zip(label.code.required, values, strict=True)
            if not (isinstance(value, ast.Name) and value.id == self.unit.name(local))
        ]
        if len(pairs) == 1:
            self.store(pairs[0][0], pairs[0][1], node.span)
        elif pairs:
            targets = ast.Tuple([ast.Name(name, _STORE, **place) for name, _ in pairs], _STORE, **place)
            self.body.append(
                ast.Assign([targets], ast.Tuple([value for _, value in pairs], _LOAD, **place), **place)
            )
        target = self.loop
        while target is not None and target.label is not label:
            target = target.outer
        assert target is not None
        self.jump(target, node.span, again=True)
