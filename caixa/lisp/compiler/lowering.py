"""From the core language to Python's syntax tree: one Python function for each procedure.

Code is produced for a destination: to be returned, stored in a variable, or thrown away. What needs statements
becomes statements before the expression that uses it; evaluation stays left to right, so whatever stands to the
left of such statements is stored first. Deep expressions are cut into statements too, since CPython's own compiler
is recursive.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..core import (
    And,
    Begin,
    Bind,
    Call,
    Catch,
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
from ..errors import RecursionLimit
from ..source import Span
from .arithmetic import inline
from .loops import Label, Plan, Region
from .naming import MARK, python_name, support_name, variant
from .placing import Placer

__all__ = ["Globals", "Unit", "lower_unit"]

MAX_BLOCKS = 12  # nested loops and tries in one Python function, of the 20 that CPython allows
MAX_STATEMENT_NESTING = 150  # so that CPython's compiler, which is recursive, has room
MAX_EXPRESSION_NESTING = 30
MAX_CHAIN = 20  # branches of one `cond`, or items of one `and`, before they are laid out flat
TAIL_ARITY = 4  # tail calls of up to so many arguments have a function of their own

_LOAD, _STORE = ast.Load(), ast.Store()


class Globals:
    """What the compiler may assume about global names."""

    def is_native(self, name: str) -> bool:
        """Return whether `name` is what the language defines, and not redefined by the program."""
        raise NotImplementedError

    def returns_itself(self, name: str) -> bool:
        """Return whether `name` is known never to end in a call of a procedure that it is given."""
        raise NotImplementedError


@dataclass(slots=True)
class Unit:
    """What the functions of one top-level form share."""

    plan: Plan
    placer: Placer
    globals: Globals
    constants: list[object] = field(default_factory=list)
    _known: dict[int, int] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)
    _count: int = 0

    def reserve(self, visible: Sequence[Local]) -> None:
        """Keep the names of variables that are bound outside of this unit from being used again."""
        self._taken.update([local.python for local in visible])

    def enclosed(self, function: ast.stmt, visible: Sequence[Local], place: Any) -> ast.stmt:
        """Return a function around `function` that has the variables which it uses freely."""
        bindings: list[ast.stmt] = [
            ast.Assign([ast.Name(local.python, _STORE, **place)], ast.Constant(None, **place), **place)
            for local in visible
        ]
        outer = ast.FunctionDef("\x01outer", _no_arguments(), [*bindings, function], [], **place)
        outer.type_params = []  # required from 3.12 on
        return outer

    def constant(self, value: object) -> int:
        """Return the index of `value` among the constants."""
        index = self._known.get(id(value))
        if index is None:
            index = self._known[id(value)] = len(self.constants)
            self.constants.append(value)
        return index

    def name(self, local: Local) -> str:
        """Return the Python name of `local`, which no other name in the unit is equal to."""
        if not local.python:
            name = python_name(local.name)
            if name in self._taken or local.name in self.plan.globals:
                self._count += 1
                name = variant(name, self._count)
            self._taken.add(name)
            local.python = name
        return local.python

    def fresh(self) -> str:
        """Return a name for an intermediate value."""
        self._count += 1
        return f"{MARK}{self._count}"


class Loop:
    """A loop that is being emitted, with the jumps that leave it for a loop further out."""

    __slots__ = ("label", "leaving", "outer")

    def __init__(self, label: Label | None, outer: Loop | None) -> None:
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


def lower_unit(core: Core, unit: Unit, span: Span) -> ast.Module:
    """Return a module whose only statement is a function that evaluates `core`."""
    function = Function(unit, unit.plan.top, None)
    function.bounces = False
    function.statement(core, RETURN)
    place = unit.placer.place(span)
    top = function.definition("\x01top", _no_arguments(), place)
    return ast.Module([top], [])


def _no_arguments() -> ast.arguments:
    return ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])


class Function:
    """The Python function of one region, as it is being written."""

    def __init__(self, unit: Unit, region: Region, outer: Function | None) -> None:
        self.unit, self.region = unit, region
        self.body: list[ast.stmt] = []
        self.nonlocals: set[str] = set()
        self.lent: set[str] = set()  # variables of the function that this one was lifted out of
        self.globals: set[str] = set()
        self.loop: Loop | None = None
        self.blocks = 0
        self.bounces = True
        self.nesting = outer.nesting + 2 if outer is not None else 0  # statements inside statements
        self.depth = 0  # expressions inside expressions
        self.lifted_from: Function | None = None

    # -- small pieces ---------------------------------------------------------------------------------------

    def place(self, span: Span) -> Any:
        return self.unit.placer.place(span)

    def load(self, name: str, span: Span) -> ast.Name:
        return ast.Name(name, _LOAD, **self.place(span))

    def support(self, name: str, span: Span, *arguments: ast.expr) -> ast.Call:
        return ast.Call(self.load(support_name(name), span), list(arguments), [], **self.place(span))

    def constant(self, value: object, span: Span) -> ast.expr:
        if value is None or value.__class__ in (bool, int, float, str):
            return ast.Constant(value, **self.place(span))
        return ast.Constant((MARK, self.unit.constant(value)), **self.place(span))

    def store(self, name: str, value: ast.expr, span: Span) -> None:
        place = self.place(span)
        self.body.append(ast.Assign([ast.Name(name, _STORE, **place)], value, **place))

    def spill(self, value: ast.expr, span: Span) -> ast.expr:
        """Store `value` in a variable of its own and return that, unless it is as good as one."""
        if isinstance(value, ast.Constant) or (isinstance(value, ast.Name) and value.id.startswith(MARK)):
            return value
        name = self.unit.fresh()
        self.store(name, value, span)
        return self.load(name, span)

    @contextmanager
    def block(self) -> Iterator[list[ast.stmt]]:
        """Collect the statements that are emitted meanwhile."""
        before, self.body = self.body, []
        try:
            yield self.body
        finally:
            self.body = before

    def is_stable(self, value: ast.expr, node: Core) -> bool:
        """Return whether evaluating `value` later would give the same."""
        if isinstance(value, ast.Constant):
            return True
        if isinstance(node, LocalRef):
            return not node.local.is_assigned
        return isinstance(value, ast.Name) and value.id.startswith(MARK)

    # -- expressions ----------------------------------------------------------------------------------------

    def expression(self, node: Core) -> ast.expr:
        """Return an expression for the value of `node`; statements that must come first are emitted."""
        self.depth += 1
        value = _EXPRESSION[type(node)](self, node)
        self.depth -= 1
        if self.depth and self.depth % MAX_EXPRESSION_NESTING == 0:
            value = self.spill(value, node.span)
        return value

    def expressions(self, nodes: Sequence[Core]) -> list[ast.expr]:
        """Return expressions for several values, to be evaluated in order."""
        parts: list[tuple[list[ast.stmt], ast.expr]] = []
        last = -1
        for index, node in enumerate(nodes):
            with self.block() as statements:
                value = self.expression(node)
            parts.append((statements, value))
            if statements:
                last = index
        values: list[ast.expr] = []
        for index, (statements, value) in enumerate(parts):
            self.body += statements
            if index < last and not self.is_stable(value, nodes[index]):
                value = self.spill(value, nodes[index].span)  # noqa: PLW2901  # the stored one takes its place
            values.append(value)
        return values

    def const(self, node: Const) -> ast.expr:
        return self.constant(node.value, node.span)

    def local_ref(self, node: LocalRef) -> ast.expr:
        return self.load(self.unit.name(node.local), node.span)

    def global_ref(self, node: GlobalRef) -> ast.expr:
        return self.load(python_name(node.name), node.span)

    def support_ref(self, node: Support) -> ast.expr:
        return self.load(support_name(node.name), node.span)

    def by_statements(self, node: Core) -> ast.expr:
        """Store the value of `node` by statements, and return the variable."""
        name = self.unit.fresh()
        self.statement(node, Dest("store", name))
        return self.load(name, node.span)

    def for_effect(self, node: Core) -> ast.expr:
        self.statement(node, EFFECT)
        return ast.Constant(None, **self.place(node.span))

    def if_(self, node: If) -> ast.expr:
        if _chain_length(node) > MAX_CHAIN:
            return self.by_statements(node)
        self._deeper(node.span)
        value = self._conditional(node)
        self.nesting -= 1
        return value

    def _deeper(self, span: Span) -> None:
        self.nesting += 1
        if self.nesting > MAX_STATEMENT_NESTING:
            raise RecursionLimit("forms are nested too deep to be compiled", span)

    def _conditional(self, node: If) -> ast.expr:
        test = self.test(node.test)
        with self.block() as then_statements:
            then = self.expression(node.then)
        with self.block() as else_statements:
            orelse = self.expression(node.orelse)
        place = self.place(node.span)
        if not then_statements and not else_statements:
            return ast.IfExp(test, then, orelse, **place)
        name = self.unit.fresh()
        with self.block() as then_block:
            self.body += then_statements
            self.store(name, then, node.then.span)
        with self.block() as else_block:
            self.body += else_statements
            self.store(name, orelse, node.orelse.span)
        self.body.append(ast.If(test, then_block, else_block, **place))
        return self.load(name, node.span)

    def call(self, node: Call) -> ast.expr:
        label = self.unit.plan.entries.get(id(node))
        if label is not None and label.is_inline:
            return self.by_statements(node)
        if isinstance(node.function, GlobalRef) and self.unit.globals.is_native(node.function.name):
            inlined = inline(self, node, node.function.name)
            if inlined is not None:
                return inlined
        function, *arguments = self.expressions((node.function, *node.arguments))
        if isinstance(function, ast.Constant):  # CPython warns of calling a literal
            name = self.unit.fresh()
            self.store(name, function, node.span)
            function = self.load(name, node.function.span)
        return ast.Call(function, arguments, [], **self.place(node.span))

    def lambda_(self, node: Lambda) -> ast.expr:
        return self.procedure(node, None)

    def procedure(self, node: Lambda, name: str | None) -> ast.expr:
        """Emit the function of a procedure, under `name` if given, and return a reference to it."""
        inner = Function(self.unit, self.unit.plan.regions[id(node)], self)
        self._check_nesting(inner, node.span)
        arguments = inner.parameters(node)
        label = self.unit.plan.labels.get(id(node))
        if label is not None and label.is_loop:
            inner.looping(label, node.body, RETURN)
        else:
            inner.statement(node.body, RETURN)
        identifier = name or self.unit.fresh()
        if node.doc is not None:
            place = self.place(node.span)
            inner.body.insert(0, ast.Expr(ast.Constant(node.doc, **place), **place))
        definition = inner.definition(identifier, arguments, self.place(node.span))
        self.body.append(definition)
        return self.load(identifier, node.span)

    def _check_nesting(self, inner: Function, span: Span) -> None:
        if inner.nesting > MAX_STATEMENT_NESTING:
            raise RecursionLimit("procedures are nested too deep to be compiled", span)

    def parameters(self, node: Lambda) -> ast.arguments:
        """Return the Python parameters of a procedure, and emit what completes them."""
        place = self.place(node.span)
        name = self.unit.name
        names = [name(local) for local in node.required] + [name(each.local) for each in node.optional]
        defaults: list[ast.expr] = []
        for each in node.optional:
            if each.default is None:
                defaults.append(ast.Constant(None, **place))
                continue
            defaults.append(self.load(support_name("missing"), node.span))
            self._default(each.local, each.default)
        rest = None
        if node.rest is not None:
            rest = ast.arg(name(node.rest), **place)
            self.store(rest.arg, self.support("rest", node.span, self.load(rest.arg, node.span)), node.span)
        arguments = [ast.arg(each, **place) for each in names]
        return ast.arguments([], arguments, rest, [], [], None, defaults)

    def _default(self, local: Local, default: Core) -> None:
        span = default.span
        name = self.unit.name(local)
        missing = self.load(support_name("missing"), span)
        test = ast.Compare(self.load(name, span), [ast.Is()], [missing], **self.place(span))
        with self.block() as statements:
            self.statement(default, Dest("store", name))
        self.body.append(ast.If(test, statements, [], **self.place(span)))

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
        function = ast.FunctionDef(name, arguments, full, [], **place)
        function.type_params = []  # required from 3.12 on
        return function

    def eval_here(self, node: EvalHere) -> ast.expr:
        value = self.spill(self.expression(node.value), node.span)
        place = self.place(node.span)
        visible = [self.load(self.unit.name(local), node.span) for local in node.visible]
        cells = ast.Lambda(_no_arguments(), ast.Tuple(visible, _LOAD, **place), **place)
        scope = self.constant(node.scope, node.span)
        return self.support("eval_here", node.span, value, scope, cells)

    # -- truth ----------------------------------------------------------------------------------------------

    def test(self, node: Core) -> ast.expr:
        """Return a Python condition for the truth of `node`: neither nil nor false."""
        self.depth += 1
        condition = self._test(node)
        self.depth -= 1
        if self.depth and self.depth % MAX_EXPRESSION_NESTING == 0:
            condition = self._as_boolean(self.spill(condition, node.span))
        return condition

    def _as_boolean(self, value: ast.expr) -> ast.expr:
        value.is_boolean = True  # type: ignore[attr-defined]  # a mark for `is_boolean`
        return value

    def _test(self, node: Core) -> ast.expr:
        place = self.place(node.span)
        if isinstance(node, Not):
            return ast.UnaryOp(ast.Not(), self.test(node.value), **place)
        if isinstance(node, (And, Or)):
            return self._test_all(node)
        value = self.expression(node)
        if is_boolean(value):
            return value
        if isinstance(value, ast.Constant):
            return ast.Constant(value.value is not None and value.value is not False, **place)
        if isinstance(value, ast.Name):
            first: ast.expr = value
            again = self.load(value.id, node.span)
        else:
            name = self.unit.fresh()
            first = ast.NamedExpr(ast.Name(name, _STORE, **place), value, **place)
            again = self.load(name, node.span)
        return ast.BoolOp(
            ast.And(),
            [
                ast.Compare(first, [ast.IsNot()], [ast.Constant(None, **place)], **place),
                ast.Compare(again, [ast.IsNot()], [ast.Constant(False, **place)], **place),
            ],
            **place,
        )

    def _test_all(self, node: And | Or) -> ast.expr:
        place = self.place(node.span)
        tests: list[ast.expr] = []
        for index, item in enumerate(node.items):
            with self.block() as statements:
                test = self.test(item)
            if statements and index:  # they may only run if the items before did not decide
                return self._test_by_statements(node, tests, index)
            self.body += statements
            tests.append(test)
        return ast.BoolOp(ast.And() if isinstance(node, And) else ast.Or(), tests, **place)

    def _test_by_statements(self, node: And | Or, tests: list[ast.expr], index: int) -> ast.expr:
        place = self.place(node.span)
        is_and = isinstance(node, And)
        known = tests[0] if len(tests) == 1 else ast.BoolOp(ast.And() if is_and else ast.Or(), tests, **place)
        name = self.unit.fresh()
        rest = node.items[index:]
        remaining: Core = rest[0] if len(rest) == 1 else type(node)(node.span, rest)
        with self.block() as statements:
            self.store(name, self.test(remaining), node.span)
        self.store(name, known, node.span)
        self.body.append(ast.If(self._negated(name, node.span, not is_and), statements, [], **place))
        return self._as_boolean(self.load(name, node.span))

    def _negated(self, name: str, span: Span, negate: bool) -> ast.expr:  # noqa: FBT001  # which of the two
        value = self.load(name, span)
        return ast.UnaryOp(ast.Not(), value, **self.place(span)) if negate else value

    # -- statements -----------------------------------------------------------------------------------------

    def statement(self, node: Core, dest: Dest) -> None:
        """Emit statements that evaluate `node` and put its value where `dest` says."""
        self._deeper(node.span)
        depth, self.depth = self.depth, 0
        handler = _STATEMENT.get(type(node))
        if handler is not None:
            handler(self, node, dest)
        else:
            self.finish(self.expression(node), node, dest)
        self.depth = depth
        self.nesting -= 1

    def finish(self, value: ast.expr, node: Core, dest: Dest) -> None:
        """Emit what `dest` does with `value`."""
        place = self.place(node.span)
        if dest.kind == "return":
            self.body.append(ast.Return(value, **place))
            return
        if dest.kind == "store":
            self.store(dest.name, value, node.span)
        elif not isinstance(value, ast.Constant) and not self.is_stable(value, node):
            self.body.append(ast.Expr(value, **place))
        if dest.exit is not None:
            self.jump(dest.exit, node.span, again=False)

    def nil(self, node: Core, dest: Dest) -> None:
        """Finish a statement that has no value."""
        if dest is not EFFECT:
            self.finish(ast.Constant(None, **self.place(node.span)), node, dest)

    def if_statement(self, node: If, dest: Dest) -> None:
        if not dest.leaves and _chain_length(node) > MAX_CHAIN:
            self._looping_once(node, dest)
            return
        while True:  # along the else branches, since a long `cond` is many of them
            test = self.test(node.test)
            place = self.place(node.span)
            with self.block() as then:
                self.statement(node.then, dest)
            then = then or [ast.Pass(**place)]
            if not dest.leaves:
                with self.block() as orelse:
                    self.statement(node.orelse, dest)
                self.body.append(ast.If(test, then, orelse, **place))
                return
            self.body.append(ast.If(test, then, [], **place))
            if not isinstance(node.orelse, If):
                self.statement(node.orelse, dest)
                return
            node = node.orelse

    def _looping_once(self, node: If, dest: Dest) -> None:
        """Emit a long chain of tests flat: each branch breaks out of a loop that never goes round."""
        loop = self.loop = Loop(None, self.loop)
        with self.block() as statements:
            self.if_statement(node, dest._replace(exit=loop))
        self.loop = loop.outer
        place = self.place(node.span)
        self.body.append(ast.While(ast.Constant(True, **place), statements, [], **place))

    def and_or(self, node: And | Or, dest: Dest) -> None:
        """Store each item until one decides; the last has the destination to itself, so calls in it are tail calls."""
        name = dest.name if dest.kind == "store" else self.unit.fresh()
        place = self.place(node.span)
        if len(node.items) > MAX_CHAIN and not dest.leaves:
            middle = len(node.items) // 2  # in halves, so that the depth is that of a tree
            halves = node.items[:middle], node.items[middle:]
            node = type(node)(node.span, tuple([type(node)(node.span, half) for half in halves]))
        if not dest.leaves:
            self._and_or_nested(node, name, 0)
            if dest.kind != "store" and dest is not EFFECT:
                self.finish(self.load(name, node.span), node, dest)
            return
        for item in node.items[:-1]:
            self.store(name, self.expression(item), item.span)
            with self.block() as decided:
                self.finish(self.load(name, item.span), item, dest)
            self.body.append(ast.If(self._truth(name, item.span, isinstance(node, Or)), decided, [], **place))
        self.statement(node.items[-1], dest)

    def _and_or_nested(self, node: And | Or, name: str, index: int) -> None:
        item = node.items[index]
        self.statement(item, Dest("store", name))
        if index == len(node.items) - 1:
            return
        with self.block() as following:
            self._and_or_nested(node, name, index + 1)
        test = self._truth(name, item.span, isinstance(node, And))
        self.body.append(ast.If(test, following, [], **self.place(node.span)))

    def _truth(self, name: str, span: Span, wanted: bool) -> ast.expr:  # noqa: FBT001  # which of the two
        place = self.place(span)
        operator: ast.cmpop = ast.IsNot() if wanted else ast.Is()
        parts: list[ast.expr] = [
            ast.Compare(self.load(name, span), [operator], [ast.Constant(value, **place)], **place)
            for value in (None, False)
        ]
        return ast.BoolOp(ast.And() if wanted else ast.Or(), parts, **place)

    def not_(self, node: Not) -> ast.expr:
        return self.test(node)

    def begin(self, node: Begin, dest: Dest) -> None:
        for item in node.items[:-1]:
            self.statement(item, EFFECT)
        self.statement(node.items[-1], dest)

    def bind(self, node: Bind, dest: Dest) -> None:
        label = self.unit.plan.labels.get(id(node.value))
        if label is None or not label.is_inline:
            self.assign(node.local, node.value)
        self.nil(node, dest)

    def set_local(self, node: SetLocal, dest: Dest) -> None:
        self.assign(node.local, node.value)
        self.nil(node, dest)

    def assign(self, local: Local, value: Core) -> None:
        name = self.unit.name(local)
        if self.unit.plan.owner(local) is not self.region.function:
            self.nonlocals.add(name)
        elif self.lifted_from is not None:
            self.lent.add(name)
        if isinstance(value, Lambda):
            self.procedure(value, name)
        else:
            self.statement(value, Dest("store", name))

    def set_global(self, node: SetGlobal, dest: Dest) -> None:
        name = python_name(node.name)
        value = self.spill(self.expression(node.value), node.span)
        self.globals.add(name)
        self.body.append(ast.Expr(self.load(name, node.name_span), **self.place(node.name_span)))
        self.store(name, value, node.span)
        self.nil(node, dest)

    def define(self, node: Define, dest: Dest) -> None:
        name = python_name(node.name)
        self.globals.add(name)
        if isinstance(node.value, Lambda):
            self.procedure(node.value, name)
        else:
            self.statement(node.value, Dest("store", name))
        self.nil(node, dest)

    # -- calls and loops ------------------------------------------------------------------------------------

    def call_statement(self, node: Call, dest: Dest) -> None:
        plan = self.unit.plan
        jump = plan.jumps.get(id(node))
        if jump is not None and jump.is_loop:
            self.repeat(node, jump)
            return
        entry = plan.entries.get(id(node))
        if entry is not None and entry.is_inline:
            self.enter(node, entry, dest)
            return
        if dest.kind == "return" and self.bounces and not self._is_known(node):
            self.tail_call(node)
            return
        self.finish(self.call(node), node, dest)

    def _is_known(self, node: Call) -> bool:
        function = node.function
        if isinstance(function, Support):
            return True
        return isinstance(function, GlobalRef) and self.unit.globals.returns_itself(function.name)

    def tail_call(self, node: Call) -> None:
        """Emit a call that keeps the stack flat (procedures.py says how)."""
        function, *arguments = self.expressions((node.function, *node.arguments))
        count = len(arguments)
        name = f"tail{count}" if count <= TAIL_ARITY else "tail"
        value = self.support(name, node.span, function, *arguments)
        self.body.append(ast.Return(value, **self.place(node.span)))

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
        inner = dest if dest.leaves else dest._replace(exit=loop)
        self.loop = loop
        with self.block() as statements:
            self.statement(body, inner)
        self.loop = loop.outer
        place = self.place(body.span)
        self.body.append(ast.While(ast.Constant(True, **place), statements, [], **place))
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

    # -- try ------------------------------------------------------------------------------------------------

    def try_(self, node: Try, dest: Dest) -> None:
        """Emit a try statement; no jump can leave it, since nothing inside is in tail position."""
        if self.blocks >= MAX_BLOCKS:
            self.lifted(node, dest)
            return
        name = self.unit.fresh()
        place = self.place(node.span)
        store = EFFECT if dest is EFFECT else Dest("store", name)
        loop, self.loop = self.loop, None
        self.blocks += 1
        with self.block() as body:
            self.statement(node.body, store)
        handlers = [self.handler(node.catches, store, node.span)] if node.catches else []
        with self.block() as cleanup:
            if node.finally_ is not None:
                self.statement(node.finally_, EFFECT)
        self.blocks -= 1
        self.loop = loop
        if not handlers and not cleanup:
            self.body += body
        else:
            self.body.append(ast.Try(body or [ast.Pass(**place)], handlers, [], cleanup, **place))
        if dest is not EFFECT:
            self.finish(self.load(name, node.span), node, dest)

    def handler(self, catches: Sequence[Catch], store: Dest, span: Span) -> ast.ExceptHandler:
        place = self.place(span)
        error, value = self.unit.fresh(), self.unit.fresh()
        with self.block() as statements:
            self.store(value, self.support("caught", span, self.load(error, span)), span)
            self.choose(catches, value, store, span)
        return ast.ExceptHandler(self.load(support_name("Exception"), span), error, statements, **place)

    def choose(self, catches: Sequence[Catch], value: str, store: Dest, span: Span) -> None:
        """Emit the first handler whose tag fits, and raise again if there is none."""
        if not catches:
            self.body.append(ast.Raise(None, None, **self.place(span)))
            return
        catch = catches[0]
        place = self.place(catch.span)
        with self.block() as handling:
            self.store(self.unit.name(catch.local), self.load(value, catch.span), catch.span)
            self.statement(catch.body, store)
        if catch.tag is None:
            self.body += handling
            return
        with self.block() as otherwise:
            self.choose(catches[1:], value, store, span)
        tag = ast.Constant(catch.tag, **place)
        test = self.support("has_tag", catch.span, self.load(value, catch.span), tag)
        self.body.append(ast.If(test, handling, otherwise, **place))

    def lifted(self, node: Try, dest: Dest) -> None:
        """Emit `node` in a function of its own, since CPython limits how deep blocks may nest."""
        inner = Function(self.unit, self.region, self)
        inner.lifted_from = self
        inner.bounces = False
        self._check_nesting(inner, node.span)
        inner.statement(node, RETURN)
        self.nonlocals |= inner.nonlocals
        self._lend(inner.lent, node.span)
        name = self.unit.fresh()
        self.body.append(inner.definition(name, _no_arguments(), self.place(node.span)))
        self.finish(ast.Call(self.load(name, node.span), [], [], **self.place(node.span)), node, dest)

    def _lend(self, names: set[str], span: Span) -> None:
        """See that `names` are variables of this function, so that an inner one can declare them nonlocal."""
        if self.lifted_from is not None:
            self.lent |= names
            return
        place = self.place(span)
        for name in sorted(names):
            never = ast.Assign([ast.Name(name, _STORE, **place)], ast.Constant(None, **place), **place)
            self.body.append(ast.If(ast.Constant(False, **place), [never], [], **place))


_JUMP = f"{MARK}jump"


def _chain_length(node: If) -> int:
    length, at = 0, node
    while isinstance(at.orelse, If):
        length, at = length + 1, at.orelse
    return length


def is_boolean(value: ast.expr) -> bool:
    """Return whether `value` is known to be true or false."""
    if isinstance(value, ast.Compare) or getattr(value, "is_boolean", False):
        return True
    if isinstance(value, ast.UnaryOp):
        return isinstance(value.op, ast.Not)
    if isinstance(value, ast.BoolOp):
        return all([is_boolean(part) for part in value.values])
    if isinstance(value, ast.IfExp):
        return is_boolean(value.body) and is_boolean(value.orelse)
    return isinstance(value, ast.Constant) and isinstance(value.value, bool)


_EXPRESSION: dict[type, Callable[[Function, Any], ast.expr]] = {
    Const: Function.const,
    LocalRef: Function.local_ref,
    GlobalRef: Function.global_ref,
    Support: Function.support_ref,
    Bind: Function.for_effect,
    SetLocal: Function.for_effect,
    SetGlobal: Function.for_effect,
    Define: Function.for_effect,
    If: Function.if_,
    And: Function.by_statements,
    Or: Function.by_statements,
    Not: Function.not_,
    Begin: Function.by_statements,
    Lambda: Function.lambda_,
    Call: Function.call,
    Try: Function.by_statements,
    EvalHere: Function.eval_here,
}

_STATEMENT: dict[type, Callable[[Function, Any, Dest], None]] = {
    If: Function.if_statement,
    And: Function.and_or,
    Or: Function.and_or,
    Begin: Function.begin,
    Bind: Function.bind,
    SetLocal: Function.set_local,
    SetGlobal: Function.set_global,
    Define: Function.define,
    Call: Function.call_statement,
    Try: Function.try_,
}
