"""Running programs on the machine: each top-level form in turn is expanded here, compiled, loaded and run.

Macros run here, in the Python back end, where they see macros, procedures and literals that the program has
defined, and no other variable: what else a macro would read is reported as missing, never guessed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import FunctionType
from typing import Protocol

from ..compiler.arithmetic import OPERATORS
from ..compiler.compilation import fill_constants
from ..compiler.naming import python_name
from ..compiler.shortcuts import SHORTCUTS
from ..core import Const, Core, Define, Lambda
from ..errors import LispError, Thrown, UnboundSymbol
from ..interpreter import Interpreter
from ..namespace import Namespace
from ..objects import ErrorValue
from ..program import MACRO_FORMS
from ..reader import read
from ..source import Source, Span
from ..syntax import Form, Node
from .compiler import Code, compile_function, compile_top
from .decoding import Memory, decode, read_raised
from .errors import MachineError, MachineExhausted, NotInMachine
from .library import PRELUDE, library_definitions
from .tables import Native, natives
from .unit import Unit

__all__ = ["DEFAULT_STEPS", "Engine", "Program"]

DEFAULT_STEPS = 1 << 50
_INLINED = frozenset({*OPERATORS, *SHORTCUTS})  # what the Python back end computes in line, whatever is defined
_DONE, _RAISED, _OUT_OF_STEPS = range(3)


class Engine(Memory, Protocol):
    """A machine, instantiated somewhere. A call raises MachineExhausted when its memory is at an end."""

    def write(self, address: int, data: bytes) -> None:
        """Put `data` at `address`."""

    def call(self, name: str, *arguments: int) -> int:
        """Call an export."""


class Program:
    """A program whose forms run on one machine."""

    def __init__(self, engine: Engine, args: Sequence[str] = ()) -> None:
        """Run on `engine`, a machine that nothing has run on."""
        self._engine = engine
        self._interpreter = Interpreter(args=args)
        self._globals = 0
        self._constants: dict[tuple[object, ...], int] = {}
        self._variables: dict[str, int] = {}
        self._defined: set[str] = set()
        self._mirrored: set[str] = set()
        self._library: dict[str, int] = {}
        self._used: set[str] = set()  # natives and library functions that compiled code of the program names
        self._codes: list[list[tuple[int, Span]]] = []
        self._unit = Unit()
        self._in_library = False
        self._defining: str | None = None  # by the form at the top
        self.steps_used = 0

    # -- running ---------------------------------------------------------------------------------------------

    def run(self, source: Source, steps: int = DEFAULT_STEPS) -> object:
        """Run every form of `source` within `steps` and return the value of the last.

        Raises LispError; NotInMachine, one of them, for a form that was not started; MachineExhausted.
        """
        bits: int | None = None
        interpreter, namespace = self._interpreter, self._interpreter.main
        programs = namespace.programs

        def act(form: Node, _namespace: Namespace) -> object:
            nonlocal bits
            bits = self._form(form, namespace, steps - self.steps_used)
            return None

        programs.add_source(source)
        self.steps_used = 0
        with interpreter.calling():
            for node in read(source).forms:
                try:
                    programs.each_top(node, namespace, act)
                except UnboundSymbol as error:
                    raise self._told(error) from error
        return None if bits is None else decode(self._engine, bits)

    def _told(self, error: UnboundSymbol) -> LispError:
        """Return what an unbound symbol during expansion means: perhaps only the machine has its value."""
        return (
            NotInMachine(f"{error.symbol} during expansion", error.span)
            if error.symbol in self._defined
            else error
        )

    def _form(self, form: Node, namespace: Namespace, steps: int) -> int | None:
        head = form.head if isinstance(form, Form) else None
        if isinstance(form, Form) and head in MACRO_FORMS:
            namespace.programs.define_macro(form, namespace)
            return None
        if head is not None and (
            head in namespace.programs.top_forms or namespace.programs.is_typed(head, namespace)
        ):
            raise NotInMachine(head, form.span)
        core = self._expanded(form, namespace)
        self._defining = core.name if isinstance(core, Define) else None
        bits = self._run_core(core, steps)
        if isinstance(core, Define):
            self._mirror(core, namespace)
        return bits

    @staticmethod
    def _expanded(form: Node, namespace: Namespace) -> Core:
        try:
            return namespace.expander.program(form)
        except LispError:
            raise
        except Exception as error:
            raise namespace.as_lisp_error(error) from error

    def _mirror(self, core: Define, namespace: Namespace) -> None:
        """Let macros see what was defined: a procedure or a literal as it is, anything else not at all."""
        identifier = python_name(core.name)
        if isinstance(core.value, (Lambda, Const)):
            self._mirrored.add(core.name)
            namespace.names.pop(identifier, None)
            code, constants = namespace.programs.compile(core, core.span, namespace)
            FunctionType(fill_constants(code, constants), namespace.names)()
            return
        namespace.names.pop(identifier, None)
        namespace.announced.add(core.name)
        if namespace.is_native(core.name):
            namespace.names[identifier] = _OnlyThere(core.name)

    def _run_core(self, core: Core, steps: int) -> int:
        _, index = compile_top(core, self)
        self._load()
        engine = self._engine
        (address,) = [int.from_bytes(engine.read(engine.constant(index), 4), "little")]
        engine.call("begin", engine.call("closure_of", address))
        status = engine.call("run", steps)
        self.steps_used += steps - engine.call("steps_left")
        self._flush()
        if status == _OUT_OF_STEPS:
            raise MachineExhausted("steps")
        bits = engine.call("result") & 0xFFFFFFFFFFFFFFFF
        if status == _RAISED:
            raise self._error(bits)
        return bits

    def _flush(self) -> None:
        """Write what the program has written."""
        count = self._engine.call("output_count")
        if count:
            address = self._engine.call("output_bytes")
            sys.stdout.write(self._engine.read(address, count).decode("utf-8", "surrogatepass"))
            self._engine.call("output_clear")

    def _error(self, bits: int) -> LispError:
        raised = read_raised(self._engine, bits)
        span = dict(self._codes[raised.code]).get(raised.word) if raised.code < len(self._codes) else None
        if raised.kind is None:
            return Thrown(raised.value, span)
        assert isinstance(raised.value, ErrorValue)
        error = MachineError(raised.kind, raised.value.message, span)
        error.value = raised.value
        return error

    # -- what the compiler asks ------------------------------------------------------------------------------

    def constant(self, value: object) -> int:
        """See Linker."""
        key = (type(value), value) if type(value) in {int, str} or value is None else (id(value), value)
        index = self._constants.get(key) if not isinstance(value, float) else None
        if index is None:
            index = self._new_global()
            if not isinstance(value, float):
                self._constants[key] = index
            self._unit.store(value, index)
        return index

    def native(self, name: str) -> Native | None:
        """See Linker."""
        if not self._in_library:
            if name in self._defined or not self._interpreter.main.is_native(name):
                return None
            self._used.add(name)
        return natives().get(name)

    def function(self, name: str) -> int | None:
        """See Linker: natives are values as well, and so is each definition of the library."""
        if not self._in_library and (name in self._defined or not self._interpreter.main.is_native(name)):
            return None
        index = self._library.get(name)
        if index is None:
            index = self._linked(name)
        if not self._in_library:
            self._used.add(name)
        return index

    def _linked(self, name: str) -> int:
        native = natives().get(name)
        if native is not None:
            index = self._library[name] = self._new_global()
            self._unit.native(native.number, index)
            return index
        core = library_definitions().get(name)
        if core is None:
            raise NotInMachine(name)
        return self._linked_definition(name, core)

    def _linked_definition(self, name: str, core: Core) -> int:
        """Compile a definition of the library; what it needs comes with it, or nothing of it is there."""
        if not isinstance(core, (Lambda, Const)):
            raise NotInMachine(name)
        known, before = set(self._library), self._in_library
        index = self._library[name] = self._new_global()
        self._in_library = True
        try:
            if isinstance(core, Const):
                self._unit.store(core.value, index)
            else:
                named = Lambda(core.span, name, core.required, core.optional, core.rest, core.body)
                self._unit.closure(compile_function(named, self, is_native=core.span.source == PRELUDE), index)
        except LispError:
            self._library = {each: at for each, at in self._library.items() if each in known}
            raise
        finally:
            self._in_library = before
        return index

    def variable(self, name: str, span: Span) -> int:
        """See Linker."""
        if self._in_library:
            raise NotInMachine(name, span)
        index = self._variables.get(name)
        if index is None:
            index = self._variables[name] = self._new_global()
        return index

    def define(self, name: str, span: Span) -> int:
        """See Linker: a function of the language can be redefined at the top, before anything has used it."""
        is_new = name not in self._defined and self._interpreter.main.is_native(name)
        if is_new and (name in self._used or name != self._defining or name in _INLINED):
            raise NotInMachine(f"redefinition of {name}", span)
        self._defined.add(name)
        return self.variable(name, span)

    def assign(self, name: str, span: Span) -> int:
        """See Linker: macros see a variable that changes no more."""
        namespace = self._interpreter.main
        if name not in self._defined and namespace.is_native(name):
            raise NotInMachine(f"redefinition of {name}", span)
        if name in self._mirrored:
            self._mirrored.discard(name)
            namespace.names.pop(python_name(name), None)
            namespace.announced.add(name)
        return self.variable(name, span)

    def code(self, made: Code) -> int:
        """See Linker."""
        index = self._new_global()
        header = made.header
        hidden = 2 if made.is_native else int(self._in_library)
        self._unit.code([*header[:5], hidden, *header[5:], len(self._codes)], made.words, index)
        self._codes.append(made.places)
        return index

    def _new_global(self) -> int:
        self._globals += 1
        return self._globals - 1

    def _load(self) -> None:
        """Hand over what was compiled since the last time."""
        unit, self._unit = self._unit, Unit()
        data = unit.finished(self._globals)
        engine = self._engine
        address = engine.call("room_for", len(data))
        engine.write(address, data)
        engine.call("load", address)
        engine.call("room_back", address, len(data))


class _OnlyThere:
    """What a macro finds in the place of a function whose value only the machine has."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *_arguments: object) -> object:
        raise NotInMachine(f"{self._name} during expansion")
