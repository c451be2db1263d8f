"""From the core language to the machine's code: a table over its nodes.

Each node leaves exactly one value on the stack of the machine. A call in tail position takes the place of its
frame, but for calls of natives and of the library, which the Python back end does not make tail calls either:
so an error in one of them is reported where the program calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

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
from ..errors import LispError
from ..names import Keyword
from ..source import Span
from .errors import NotInMachine
from .tables import Native, natives, opcodes
from .variables import Variables

__all__ = ["Code", "Linker", "compile_function", "compile_top"]

_SMALL = range(-(2**23), 2**23)  # what an operand holds
_MAX_ARGUMENTS = 255  # of a native called directly
_FROM_CAPTURES = 1 << 31
_BINARY = {
    "+": "ADD", "-": "SUBTRACT", "*": "MULTIPLY", "<": "LESS", "<=": "LESS_EQUAL", ">": "GREATER",
    ">=": "GREATER_EQUAL", "=": "NUM_EQUAL", "cons": "CONS",
}  # fmt: skip
_UNARY = {
    "car": "CAR", "first": "CAR", "cdr": "CDR", "rest": "CDR", "null?": "IS_NULL", "empty?": "IS_NULL",
}  # fmt: skip
_SUPPORT = {
    "list": "list", "vector": "vector", "map": "hash-map", "template_map": "hash-map", "set": "%set",
    "delay": "%promise", "spliced_list": "%spliced", "destructure": "%destructure", "item": "vector-ref",
}  # fmt: skip


class Linker(Protocol):
    """What the compiler asks of the program that it compiles for."""

    def constant(self, value: object) -> int:
        """Return the number of the global that holds a constant."""

    def native(self, name: str) -> Native | None:
        """Return the native that a global name means here, if it means one."""

    def function(self, name: str) -> int | None:
        """Return the number of the global that holds a library function, if the name means one."""

    def variable(self, name: str, span: Span) -> int:
        """Return the number of a global variable of the program. Raises NotInMachine."""

    def define(self, name: str, span: Span) -> int:
        """Return the number of a global variable that is being defined. Raises NotInMachine."""

    def assign(self, name: str, span: Span) -> int:
        """Return the number of a global variable that is being changed. Raises NotInMachine."""

    def code(self, made: Code) -> int:
        """Load code, and return the number of the global that holds its address."""


class Code:
    """The code of one procedure, as it is being written."""

    def __init__(self, linker: Linker, variables: Variables, node: Lambda | None, around: Code | None) -> None:
        """Write the code of `node`, None for the code at the top."""
        self.linker, self.variables, self.node, self.around = linker, variables, node, around
        self.is_native = False  # whether it stands for what the Python back end has as a native
        self.words: list[int] = []
        self.places: list[tuple[int, Span]] = []
        self.depth = self.deepest = 0
        parameters = [] if node is None else node.parameters()
        self.slots = {local: slot for slot, local in enumerate([*parameters, *variables.bound[node]])}
        self.captures = {} if node is None else {local: at for at, local in enumerate(variables.free[node])}

    @property
    def header(self) -> list[int]:
        """What the machine knows of the code besides its words, but for the last two entries (machine.h)."""
        node = self.node
        name, shown = "program", "#<closure>"
        required, optional, rest = 0, 0, 0
        if node is not None:
            name = node.name or "lambda"
            shown = f"#<native {name}>" if self.is_native else _shown(node)
            required, optional, rest = len(node.required), len(node.optional), int(node.rest is not None)
        locals_ = len(self.variables.bound[node])
        names = self.linker.constant(name), self.linker.constant(shown)
        return [required, optional, rest, locals_, self.deepest + 4, *names]

    # -- writing ---------------------------------------------------------------------------------------------

    def emit(self, name: str, operand: int = 0, effect: int = 0, span: Span | None = None) -> int:
        """Write an instruction that changes the depth of the stack by `effect`; return where it stands."""
        at = len(self.words)
        if span is not None:
            self.places.append((at, span))
        self.words.append(_OPCODES[name] | (operand & 0xFFFFFF) << 8)
        self.depth += effect
        self.deepest = max(self.deepest, self.depth)
        return at

    def land(self, at: int) -> None:
        """Let the jump at `at` lead here."""
        self.words[at] = (self.words[at] & 0xFF) | len(self.words) << 8

    def value(self, node: Core, *, tail: bool = False) -> None:
        """Write code that leaves the value of `node`; in `tail` position it may return instead."""
        _NODES[type(node)](self, node, tail)

    def effect(self, node: Core) -> None:
        """Write code for `node` whose value nobody wants."""
        act = _EFFECTS.get(type(node))
        if act is not None:
            act(self, node)
            return
        self.value(node)
        self.emit("POP", 0, -1)

    def constant(self, value: object) -> None:
        """Write code that leaves a constant."""
        if type(value) is int and value in _SMALL:
            self.emit("INT", value, 1)
        else:
            self.emit("CONST", self.linker.constant(value), 1)

    # -- variables -------------------------------------------------------------------------------------------

    def local_ref(self, node: LocalRef, _tail: bool) -> None:  # noqa: FBT001  # as each entry of the table
        """Write a reference to a variable."""
        self.load(node.local, node.span, checked=id(node) in self.variables.checked)

    def load(self, local: Local, span: Span, *, checked: bool) -> None:
        """Write code that leaves what a variable holds."""
        in_cell = local in self.variables.cells
        slot = self.slots.get(local)
        if slot is None:
            name, operand = "CAPTURE_GET" if in_cell else "CAPTURE", self.captures[local]
        else:
            name, operand = ("CELL_GET" if in_cell else "LOCAL_CHECK" if checked else "LOCAL"), slot
        self.emit(name, operand, 1, span)
        if name not in ("CAPTURE", "LOCAL"):
            self.words.append(self.linker.constant(local.name))

    def store(self, local: Local) -> None:
        """Write code that puts the value at the top into a variable."""
        in_cell = local in self.variables.cells
        slot = self.slots.get(local)
        if slot is None:
            self.emit("CAPTURE_SET", self.captures[local], -1)
        else:
            self.emit("CELL_SET" if in_cell else "SET_LOCAL", slot, -1)

    def bind(self, node: Bind | SetLocal) -> None:
        """Write an assignment of a local variable."""
        self.value(node.value)
        self.store(node.local)

    def define(self, node: Define) -> None:
        """Write the definition of a global."""
        index = self.linker.define(node.name, node.name_span)
        self.value(node.value)
        self.emit("DEFINE", index, -1)

    def set_global(self, node: SetGlobal) -> None:
        """Write an assignment of a global, which must be bound."""
        self.value(node.value)
        self.emit("SET_GLOBAL", self.linker.assign(node.name, node.name_span), -1, node.name_span)
        self.words.append(self.linker.constant(node.name))

    def global_ref(self, node: GlobalRef, _tail: bool) -> None:  # noqa: FBT001  # likewise
        """Write a reference to a global, which may be a native or of the library."""
        function = self.linker.function(node.name)
        if function is not None:
            self.emit("CONST", function, 1)
            return
        self.emit("GLOBAL", self.linker.variable(node.name, node.span), 1, node.span)
        self.words.append(self.linker.constant(node.name))

    def nothing(self, node: Core, _tail: bool) -> None:  # noqa: FBT001  # likewise
        """Write a node that has no value, and leave nil."""
        self.effect(node)
        self.constant(None)

    # -- control ---------------------------------------------------------------------------------------------

    def begin(self, node: Begin, tail: bool) -> None:  # noqa: FBT001  # likewise
        """Write a sequence."""
        for item in node.items[:-1]:
            self.effect(item)
        self.value(node.items[-1], tail=tail)

    def if_(self, node: If, tail: bool) -> None:  # noqa: FBT001  # likewise
        """Write a choice."""
        otherwise = self.test(node.test)
        self.value(node.then, tail=tail)
        end = self.emit("JUMP", 0, -1)
        otherwise()
        self.value(node.orelse, tail=tail)
        self.land(end)

    def test(self, node: Core) -> Callable[[], None]:
        """Write a test; return what makes the jump for false lead to where the code then is."""
        fused = self._local_and_int(node, "<")
        if fused is not None:
            slot, number = fused
            at = self.emit("LOCAL_LESS_INT", slot, 0, node.span)
            self.words += [number & 0xFFFFFFFF, 0]

            def land() -> None:
                self.words[at + 2] = len(self.words)

            return land
        self.value(node)
        jump = self.emit("JUMP_FALSE", 0, -1)
        return lambda: self.land(jump)

    def _local_and_int(self, node: Core, *names: str) -> tuple[int, int] | None:
        """Return slot and number if `node` applies one of `names` to a plain variable and an integer."""
        if not (isinstance(node, Call) and isinstance(node.function, GlobalRef) and len(node.arguments) == 2):
            return None
        if node.function.name not in names or self.linker.native(node.function.name) is None:
            return None
        left, right = node.arguments
        if not isinstance(left, LocalRef) or left.local not in self.slots or left.local in self.variables.cells:
            return None
        if id(left) in self.variables.checked or not isinstance(right, Const) or type(right.value) is not int:
            return None
        return (self.slots[left.local], right.value) if right.value in _SMALL else None

    def and_or(self, node: And | Or, tail: bool) -> None:  # noqa: FBT001  # likewise
        """Write items of which the first false one, or true one, is the value."""
        name = "AND" if isinstance(node, And) else "OR"
        jumps = []
        for item in node.items[:-1]:
            self.value(item)
            jumps.append(self.emit(name, 0, -1))
        self.value(node.items[-1], tail=tail)
        for jump in jumps:
            self.land(jump)

    def not_(self, node: Not, _tail: bool) -> None:  # noqa: FBT001  # likewise
        """Write a negation."""
        self.value(node.value)
        self.emit("NOT")

    # -- procedures and calls --------------------------------------------------------------------------------

    def lambda_(self, node: Lambda, _tail: bool) -> None:  # noqa: FBT001  # likewise
        """Write the making of a closure, and its code."""
        inner = Code(self.linker, self.variables, node, self)
        inner.procedure(node)
        index = self.linker.code(inner)
        free = self.variables.free[node]
        self.emit("CLOSURE", len(free), 1)
        self.words.append(index)
        self.words += [
            self.slots[local] if local in self.slots else self.captures[local] | _FROM_CAPTURES
            for local in free
        ]

    def procedure(self, node: Lambda) -> None:
        """Write the body of a procedure, after what completes its parameters."""
        for local in self.variables.bound[node]:
            self._cell(local)
        for local in node.required:
            self._cell(local)
        for each in node.optional:
            self.emit("GIVEN", self.slots[each.local])
            at = len(self.words)
            self.words.append(0)
            self.value(Const(node.span, None) if each.default is None else each.default)
            self.emit("SET_LOCAL", self.slots[each.local], -1)
            self.words[at] = len(self.words)
            self._cell(each.local)
        if node.rest is not None:
            self._cell(node.rest)
        self.value(node.body, tail=True)
        self.emit("RETURN", 0, -1)

    def _cell(self, local: Local) -> None:
        if local in self.variables.cells:
            self.emit("CELL_NEW", self.slots[local])

    def call(self, node: Call, tail: bool) -> None:  # noqa: FBT001  # likewise
        """Write a call."""
        function = node.function
        if isinstance(function, Support):
            self._support(node, function.name)
        elif not (isinstance(function, GlobalRef) and self._known(node, function.name, tail=tail)):
            self._general(node, tail=tail)

    def _general(self, node: Call, *, tail: bool) -> None:
        for each in (node.function, *node.arguments):
            self.value(each)
        self.emit("TAIL_CALL" if tail else "CALL", len(node.arguments), -len(node.arguments), node.span)

    def _known(self, node: Call, name: str, *, tail: bool) -> bool:
        """Write a call of a native or of the library; return False if `name` is neither."""
        count = len(node.arguments)
        if name == "%apply" and self.linker.native("%spread") is not None and count == 2:
            self._arguments(node.arguments)
            self.emit("TAIL_APPLY" if tail else "APPLY", 0, -1, node.span)
            return True
        native = self.linker.native(name)
        if native is not None and count <= _MAX_ARGUMENTS:
            self._native(node, name, native)
            return True
        if self.linker.function(name) is None:
            return False
        self._general(node, tail=tail and name == "apply")
        return True

    def _native(self, node: Call, name: str, native: Native) -> None:
        count = len(node.arguments)
        fused = self._local_and_int(node, "+", "-")
        if fused is not None:
            slot, number = fused
            self.emit("LOCAL_ADD_INT", slot, 1, node.span)
            self.words.append((number if name == "+" else -number) & 0xFFFFFFFF)
            return
        self._arguments(node.arguments)
        if count == 2 and name in _BINARY:
            self.emit(_BINARY[name], 0, -1, node.span)
        elif count == 1 and name in _UNARY:
            self.emit(_UNARY[name], 0, 0, node.span)
        elif count == 1 and name in ("inc", "dec"):
            self.emit("ADD_INT", 1 if name == "inc" else -1, 0, node.span)
        else:
            self.emit("NATIVE", native.number | count << 16, 1 - count, node.span)

    def _arguments(self, arguments: Sequence[Core]) -> None:
        for each in arguments:
            self.value(each)

    def _support(self, node: Call, name: str) -> None:
        if name == "raise":
            self._raise(node)
            return
        if name not in _SUPPORT or len(node.arguments) > _MAX_ARGUMENTS:
            raise NotInMachine(f"%{name}", node.span)
        self._arguments(node.arguments)
        count = len(node.arguments)
        self.emit("NATIVE", natives()[_SUPPORT[name]].number | count << 16, 1 - count, node.span)

    def _raise(self, node: Call) -> None:
        (argument,) = node.arguments
        error = argument.value if isinstance(argument, Const) else None
        if not isinstance(error, LispError) or error.facts:
            raise NotInMachine("%raise", node.span)
        self.emit("RAISE", self.linker.constant(error.kind), 1, error.span or node.span)
        self.words.append(self.linker.constant(error.message))

    # -- errors ----------------------------------------------------------------------------------------------

    def try_(self, node: Try, _tail: bool) -> None:  # noqa: FBT001  # likewise
        """Write a body, what handles its errors, and what is done at last."""
        if node.finally_ is None:
            self._catching(node)
            return
        start = self.emit("TRY")
        self._catching(node)
        self.emit("END_TRY")
        self.effect(node.finally_)
        end = self.emit("JUMP")
        self.land(start)
        self.effect(node.finally_)
        self.emit("RERAISE")
        self.land(end)

    def _catching(self, node: Try) -> None:
        if not node.catches:
            self.value(node.body)
            return
        start = self.emit("TRY")
        self.value(node.body)
        self.emit("END_TRY")
        ends = [self.emit("JUMP")]
        self.land(start)
        self.emit("CAUGHT", 0, 1)
        for catch in node.catches:
            other = None
            if catch.tag is not None:
                self.emit("HAS_TAG", self.linker.constant(Keyword(catch.tag)), 1)
                other = self.emit("JUMP_FALSE", 0, -1)
            self._handle(catch.local, catch.body)
            ends.append(self.emit("JUMP"))
            self.depth += 1
            if other is None:
                break
            self.land(other)
        else:
            self.emit("POP", 0, -1)
            self.emit("RERAISE")
            self.depth += 1
        self.depth -= 1
        for end in ends:
            self.land(end)

    def _handle(self, local: Local, body: Core) -> None:
        if local in self.variables.cells:  # a new one each time, as the procedures that see it are
            self.emit("SET_LOCAL", self.slots[local], -1)
            self.emit("CELL_NEW", self.slots[local])
        else:
            self.store(local)
        self.value(body)
        self.emit("HANDLED", 0, -1)

    def eval_here(self, node: EvalHere, _tail: bool) -> None:  # noqa: FBT001  # likewise
        """Refuse evaluation: the machine has no expander."""
        raise NotInMachine("eval", node.span)

    def support_ref(self, node: Support, _tail: bool) -> None:  # noqa: FBT001  # likewise
        """Refuse a function of the Python back end as a value."""
        raise NotInMachine(f"%{node.name}", node.span)

    def const(self, node: Const, _tail: bool) -> None:  # noqa: FBT001  # likewise
        """Write a constant."""
        self.constant(node.value)


def compile_top(core: Core, linker: Linker) -> tuple[Code, int]:
    """Compile code that stands at the top; return it, and the number of the global that holds its address."""
    code = Code(linker, Variables(core), None, None)
    for local in code.variables.bound[None]:
        code._cell(local)
    code.value(core)
    code.emit("RETURN", 0, -1)
    return code, linker.code(code)


def compile_function(node: Lambda, linker: Linker, *, is_native: bool) -> int:
    """Compile a procedure that captures nothing; return the number of the global with its code's address."""
    code = Code(linker, Variables(node), node, None)
    code.is_native = is_native
    code.procedure(node)
    return linker.code(code)


def _shown(node: Lambda) -> str:
    words = [local.name for local in node.required]
    if node.optional:
        words += ["&optional", *[each.local.name for each in node.optional]]
    if node.rest is not None:
        words += [".", node.rest.name]
    return f"#<closure ({' '.join(words)})>" if words and words[0] != "." else "#<closure>"


_OPCODES = opcodes()
_NODES: dict[type, Callable[[Code, Any, bool], None]] = {
    Const: Code.const,
    LocalRef: Code.local_ref,
    GlobalRef: Code.global_ref,
    Support: Code.support_ref,
    Bind: Code.nothing,
    SetLocal: Code.nothing,
    SetGlobal: Code.nothing,
    Define: Code.nothing,
    If: Code.if_,
    And: Code.and_or,
    Or: Code.and_or,
    Not: Code.not_,
    Begin: Code.begin,
    Lambda: Code.lambda_,
    Call: Code.call,
    Try: Code.try_,
    EvalHere: Code.eval_here,
}
_EFFECTS: dict[type, Callable[[Code, Any], None]] = {
    Bind: Code.bind,
    SetLocal: Code.bind,
    SetGlobal: Code.set_global,
    Define: Code.define,
}
