"""From the core language to Python's syntax tree: one Python function for each procedure.

Deep expressions are cut into statements, since CPython's own compiler is recursive.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
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
from ..source import Span
from .conditions import Conditions
from .emitter import EFFECT, MAX_EXPRESSION_NESTING, RETURN, Dest
from .fusions import Fusions
from .inlining import inline
from .jumping import Jumps
from .naming import python_name, support_name
from .nodes import make
from .tailcalls import FLAT
from .trying import Handlers
from .units import Unit, no_arguments

__all__ = ["Function", "lower_unit"]

TAIL_ARITY = 4  # tail calls of up to so many arguments have a function of their own
_LOAD = ast.Load()


def lower_unit(core: Core, unit: Unit, span: Span) -> ast.Module:
    """Return a module whose only statement is a function that evaluates `core`."""
    function = Function(unit, unit.plan.top, None)
    function.bounces = False
    function.statement(core, RETURN)
    place = unit.placer.place(span)
    top = function.definition("\x01top", no_arguments(), place)
    return ast.Module([top], [])


class Function(Conditions, Jumps, Handlers, Fusions):
    """The Python function of one region, as it is being written."""

    def expression(self, node: Core) -> ast.expr:
        """Return an expression for the value of `node`; statements that must come first are emitted."""
        self.depth += 1
        value = _EXPRESSION[type(node)](self, node)
        self.depth -= 1
        if self.depth and self.depth % MAX_EXPRESSION_NESTING == 0:
            value = self.spill(value, node.span)
        return value

    def statement(self, node: Core, dest: Dest) -> None:
        """Emit statements that evaluate `node` and put its value where `dest` says."""
        self.deeper(node.span)
        depth, self.depth = self.depth, 0
        handler = _STATEMENT.get(type(node))
        if handler is not None:
            handler(self, node, dest)
        else:
            self.finish(self.expression(node), node, dest)
        self.depth = depth
        self.nesting -= 1

    # -- names and values ------------------------------------------------------------------------------------

    def const(self, node: Const) -> ast.expr:
        """Return a literal."""
        return self.constant(node.value, node.span)

    def local_ref(self, node: LocalRef) -> ast.expr:
        """Return a reference to a local variable."""
        name = self.unit.name(node.local)
        return self.load(name, node.span) if node.local.is_assigned else self.stored(name, node.span)

    def global_ref(self, node: GlobalRef) -> ast.expr:
        """Return a reference to a global."""
        return self.load(python_name(node.name), node.span)

    def support_ref(self, node: Support) -> ast.expr:
        """Return a reference to a function of the run time."""
        return self.load(support_name(node.name), node.span)

    def for_effect(self, node: Core) -> ast.expr:
        """Emit a statement that has no value, and return nil."""
        self.statement(node, EFFECT)
        return ast.Constant(None, **self.place(node.span))

    def eval_here(self, node: EvalHere) -> ast.expr:
        """Return a call of `eval` that hands over the variables in sight."""
        value = self.spill(self.expression(node.value), node.span)
        place = self.place(node.span)
        visible: list[ast.expr] = [self.load(self.unit.name(local), node.span) for local in node.visible]
        cells = ast.Lambda(no_arguments(), ast.Tuple(visible, _LOAD, **place), **place)
        scope = self.constant(node.scope, node.span)
        return self.support("eval_here", node.span, value, scope, cells)

    def begin(self, node: Begin, dest: Dest) -> None:
        """Emit a sequence."""
        for item in node.items[:-1]:
            self.statement(item, EFFECT)
        self.statement(node.items[-1], dest)

    def bind(self, node: Bind, dest: Dest) -> None:
        """Emit the first assignment of a variable, unless it names a loop."""
        label = self.unit.plan.labels.get(id(node.value))
        if label is None or not label.is_inline:
            self.assign(node.local, node.value)
        self.nil(node, dest)

    def set_local(self, node: SetLocal, dest: Dest) -> None:
        """Emit a later assignment of a variable."""
        self.assign(node.local, node.value)
        self.nil(node, dest)

    def assign(self, local: Local, value: Core) -> None:
        """Emit the assignment of `value` to `local`."""
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
        """Emit an assignment of a global, after a look at whether there is one."""
        name = python_name(node.name)
        value = self.spill(self.expression(node.value), node.span)
        self.globals.add(name)
        self.body.append(ast.Expr(self.load(name, node.name_span), **self.place(node.name_span)))
        self.store(name, value, node.span)
        self.nil(node, dest)

    def define(self, node: Define, dest: Dest) -> None:
        """Emit the definition of a global."""
        name = python_name(node.name)
        self.globals.add(name)
        if isinstance(node.value, Lambda):
            self.procedure(node.value, name)
        else:
            self.statement(node.value, Dest("store", name))
        self.nil(node, dest)

    # -- procedures ------------------------------------------------------------------------------------------

    def lambda_(self, node: Lambda) -> ast.expr:
        """Return a reference to a new procedure."""
        return self.procedure(node, None)

    def procedure(self, node: Lambda, name: str | None) -> ast.expr:
        """Emit the function of a procedure, under `name` if given, and return a reference to it."""
        inner = Function(self.unit, self.unit.plan.regions[id(node)], self)
        self.check_nesting(inner, node.span)
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
        with self.branch() as statements:
            self.statement(default, Dest("store", name))
        self.body.append(ast.If(test, statements, [], **self.place(span)))

    # -- calls -----------------------------------------------------------------------------------------------

    def call(self, node: Call) -> ast.expr:
        """Return a call in a position that is not the last."""
        label = self.unit.plan.entries.get(id(node))
        fusion = self.unit.plan.fusions.get(id(node))
        if (label is not None and label.is_inline) or (fusion is not None and fusion.is_inline):
            return self.by_statements(node)
        if isinstance(node.function, GlobalRef) and self.unit.is_inlined(node.function.name):
            inlined = inline(self, node, node.function.name)
            if inlined is not None:
                return inlined
        function, *arguments = self.expressions((node.function, *node.arguments))
        if isinstance(function, ast.Constant):  # CPython warns of calling a literal
            name = self.unit.fresh()
            self.store(name, function, node.span)
            function = self.load(name, node.function.span)
        return make(ast.Call, self.place(node.span), func=function, args=arguments, keywords=[])

    def call_statement(self, node: Call, dest: Dest) -> None:
        """Emit a call: as a jump, a loop, a tail call or an expression."""
        plan = self.unit.plan
        jump = plan.jumps.get(id(node))
        if jump is not None and jump.is_loop:
            self.repeat(node, jump)
            return
        entry = plan.entries.get(id(node))
        if entry is not None and entry.is_inline:
            self.enter(node, entry, dest)
            return
        fusion = plan.fusions.get(id(node))
        if fusion is not None and fusion.is_inline:
            self.fused(node, fusion, dest)
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
        """Emit a call that keeps the stack flat (tailcalls.py says how)."""
        place = self.place(node.span)
        parts = self.expressions((node.function, *node.arguments))
        count = len(node.arguments)
        call = self.support(f"tail{count}" if count <= TAIL_ARITY else "tail", node.span, *parts)
        flat = self.load(support_name(FLAT), node.span)
        twin = ast.Call(ast.Subscript(flat, parts[0], _LOAD, **place), parts[1:], [], **place)
        is_ordinary = ast.Compare(flat, [ast.Is()], [ast.Constant(None, **place)], **place)
        self.body.append(ast.Return(ast.IfExp(is_ordinary, call, twin, **place), **place))


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
