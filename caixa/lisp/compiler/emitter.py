"""Writing one Python function: the pieces from which all kinds of code are put together.

Code is produced for a destination: to be returned, stored in a variable, or thrown away. What needs
statements becomes statements before the expression that uses it; evaluation stays left to right, so whatever
stands to the left of such statements is stored first.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ..core import Core, LocalRef
from ..errors import RecursionLimit
from ..source import Span
from .facts import UNKNOWN, kind_of, mark_kind
from .naming import MARK, native_name, python_name, support_name
from .nodes import make
from .plan import Label, Region
from .units import Unit, function_definition

__all__ = ["EFFECT", "RETURN", "Dest", "Emitter", "Loop"]

MAX_STATEMENT_NESTING = 150  # so that CPython's compiler, which is recursive, has room
MAX_EXPRESSION_NESTING = 30
_JUMP = f"{MARK}jump"
_LOAD, _STORE = ast.Load(), ast.Store()


class Loop:
    """A loop that is being emitted, with the jumps that leave it for a loop further out."""

    __slots__ = ("label", "leaving", "outer")

    def __init__(self, label: Label | None, outer: Loop | None) -> None:
        """Begin a loop inside `outer`; `label` is the procedure that it stands for, if any."""
        self.label = label
        self.outer = outer
        self.leaving: list[tuple[Loop, bool]] = []  # the loop to go to, and whether to go round again


class Dest(NamedTuple):
    """What becomes of a value: returned, stored in the variable `name`, or thrown away; then `exit` is left."""

    kind: str
    name: str = ""
    exit: Loop | None = None

    @property
    def leaves(self) -> bool:
        """Whether nothing that follows in the same block is reached."""
        return self.kind == "return" or self.exit is not None


RETURN = Dest("return")
EFFECT = Dest("effect")


class Block:
    """Statements that are collected inside a `with`, those around it being put back at its end."""

    __slots__ = ("before", "emitter", "known")

    def __init__(self, emitter: Emitter, known: dict[str, int] | None) -> None:
        """Collect what `emitter` emits; `known`, if given, is what it knows again afterwards."""
        self.emitter, self.known = emitter, known

    def __enter__(self) -> list[ast.stmt]:
        self.before = self.emitter.body
        statements: list[ast.stmt] = []
        self.emitter.body = statements
        return statements

    def __exit__(self, *error: object) -> None:
        self.emitter.body = self.before
        if self.known is not None:
            self.emitter.known = self.known


class Emitter:
    """The Python function of one region, as it is being written."""

    def __init__(self, unit: Unit, region: Region, outer: Emitter | None) -> None:
        """Begin the function of `region`, written inside that of `outer`."""
        self.unit, self.region = unit, region
        self.place: Callable[[Span], Any] = unit.placer.place  # of a span in the source
        self.body: list[ast.stmt] = []
        self.nonlocals: set[str] = set()
        self.lent: set[str] = set()  # variables of the function that this one was lifted out of
        self.globals: set[str] = set()
        self.loop: Loop | None = None
        self.blocks = 0
        self.bounces = True
        self.nesting: int = outer.nesting + 2 if outer is not None else 0  # statements inside statements
        self.depth = 0  # expressions inside expressions
        self.known: dict[str, int] = {}  # of variables, along the path that is being emitted
        self.lifted_from: Emitter | None = None

    def expression(self, node: Core) -> ast.expr:
        """Return an expression for the value of `node`; statements that must come first are emitted."""
        raise NotImplementedError

    def statement(self, node: Core, dest: Dest) -> None:
        """Emit statements that evaluate `node` and put its value where `dest` says."""
        raise NotImplementedError

    def test(self, node: Core) -> ast.expr:
        """Return a Python condition for the truth of `node`: neither nil nor false."""
        raise NotImplementedError

    # -- small pieces ---------------------------------------------------------------------------------------

    def load(self, name: str, span: Span) -> ast.Name:
        """Return a reference to a Python variable."""
        return make(ast.Name, self.place(span), id=name, ctx=_LOAD)

    def support(self, name: str, span: Span, *arguments: ast.expr) -> ast.Call:
        """Return a call of a function of the run time."""
        function = self.load(support_name(name), span)
        return make(ast.Call, self.place(span), func=function, args=list(arguments), keywords=[])

    def still_native(self, name: str, span: Span) -> ast.expr:
        """Return a test whether the global `name` is the native that it was when this was compiled."""
        if self.unit.globals.is_fixed:
            return ast.Constant(value=True, **self.place(span))
        mine, native = self.load(python_name(name), span), self.load(native_name(name), span)
        return ast.Compare(mine, [ast.Is()], [native], **self.place(span))

    def constant(self, value: object, span: Span) -> ast.expr:
        """Return a literal, or a placeholder for a value that Python has no literal for."""
        if value is None or value.__class__ in (bool, int, float, str):
            return make(ast.Constant, self.place(span), value=value)
        return make(ast.Constant, self.place(span), value=(MARK, self.unit.constant(value)))

    def store(self, name: str, value: ast.expr, span: Span) -> None:
        """Emit an assignment."""
        place = self.place(span)
        self.known[name] = kind_of(value)
        target = make(ast.Name, place, id=name, ctx=_STORE)
        self.body.append(make(ast.Assign, place, targets=[target], value=value))

    def stored(self, name: str, span: Span) -> ast.expr:
        """Return a reference to a variable that is never changed while it is known what it is."""
        return mark_kind(self.load(name, span), self.known.get(name, UNKNOWN))

    def spill(self, value: ast.expr, span: Span) -> ast.expr:
        """Store `value` in a variable of its own and return that, unless it is as good as one."""
        if isinstance(value, ast.Constant) or (isinstance(value, ast.Name) and value.id.startswith(MARK)):
            return value
        return self.stored_in(self.unit.fresh(), value, span)

    def stored_in(self, name: str, value: ast.expr, span: Span) -> ast.expr:
        """Store `value` in the variable `name` and return that."""
        self.store(name, value, span)
        return self.stored(name, span)

    def branch(self) -> Block:
        """Collect the statements of one way through the code; what is learnt on it is forgotten after it."""
        return Block(self, self.known.copy())

    def block(self) -> Block:
        """Collect the statements that are emitted meanwhile."""
        return Block(self, None)

    def is_stable(self, value: ast.expr, node: Core) -> bool:
        """Return whether evaluating `value` later would give the same."""
        if isinstance(value, ast.Constant):
            return True
        if isinstance(node, LocalRef):
            return not node.local.is_assigned
        return isinstance(value, ast.Name) and value.id.startswith(MARK)

    def deeper(self, span: Span) -> None:
        """Count one more statement inside others. Raises RecursionLimit if there are too many."""
        self.nesting += 1
        if self.nesting > MAX_STATEMENT_NESTING:
            raise RecursionLimit("forms are nested too deep to be compiled", span)

    def by_statements(self, node: Core) -> ast.expr:
        """Store the value of `node` by statements, and return the variable."""
        name = self.unit.fresh()
        self.statement(node, Dest("store", name))
        return self.stored(name, node.span)

    def check_nesting(self, inner: Emitter, span: Span) -> None:
        """Raise RecursionLimit if the function `inner`, inside this one, is nested too deep."""
        if inner.nesting > MAX_STATEMENT_NESTING:
            raise RecursionLimit("procedures are nested too deep to be compiled", span)

    # -- several values, and what becomes of one -------------------------------------------------------------

    def expressions(self, nodes: Sequence[Core]) -> list[ast.expr]:
        """Return expressions for several values, to be evaluated in order."""
        parts: list[tuple[list[ast.stmt], ast.expr]] = []
        last, before = -1, self.body
        for index, node in enumerate(nodes):
            statements: list[ast.stmt] = []
            self.body = statements  # as `block` does it, but this is where most of the time goes
            parts.append((statements, self.expression(node)))
            if statements:
                last = index
        self.body = before
        if last < 0:
            return [value for _, value in parts]
        values: list[ast.expr] = []
        for index, (statements, value) in enumerate(parts):
            self.body += statements
            if index < last and not self.is_stable(value, nodes[index]):
                value = self.spill(value, nodes[index].span)  # noqa: PLW2901  # the stored one takes its place
            values.append(value)
        return values

    def finish(self, value: ast.expr, node: Core, dest: Dest) -> None:
        """Emit what `dest` does with `value`."""
        place = self.place(node.span)
        if dest.kind == "return":
            self.body.append(ast.Return(value, **place))
            return
        if dest.kind == "store":
            self.store(dest.name, value, node.span)
        elif isinstance(node, LocalRef) or not (isinstance(value, ast.Constant) or self.is_stable(value, node)):
            self.body.append(ast.Expr(value, **place))  # a variable is read: it may have no value yet
        if dest.exit is not None:
            self.jump(dest.exit, node.span, again=False)

    def nil(self, node: Core, dest: Dest) -> None:
        """Finish a statement that has no value."""
        if dest is not EFFECT:
            self.finish(ast.Constant(None, **self.place(node.span)), node, dest)

    def jump(self, target: Loop, span: Span, *, again: bool) -> None:
        """Emit a jump to the start of `target`, or past its end."""
        loop, place = self.loop, self.place(span)
        if loop is target:
            self.body.append(ast.Continue(**place) if again else ast.Break(**place))
            return
        assert loop is not None
        if (target, again) not in loop.leaving:
            loop.leaving.append((target, again))
        index = loop.leaving.index((target, again))
        self.store(_JUMP, ast.Constant(index, **place), span)
        self.body.append(ast.Break(**place))

    def definition(self, name: str, arguments: ast.arguments, place: Any) -> ast.FunctionDef:
        """Return the finished function."""
        start: list[ast.stmt] = []
        if self.nonlocals or self.lent:
            start.append(ast.Nonlocal(sorted(self.nonlocals | self.lent), **place))
        if self.globals:
            start.append(ast.Global(sorted(self.globals), **place))
        body = self.body
        documented = bool(body) and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
        at = 1 if documented else 0
        full = [*body[:at], *start, *body[at:]] or [ast.Pass(**place)]
        return function_definition(name, arguments, full, place)
