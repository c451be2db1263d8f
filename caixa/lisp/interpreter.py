"""The interpreter: the public face of the language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, cast

from . import introspection
from .budget import Budget
from .capabilities import Capabilities, confined
from .checking import check_program
from .compiler.metering import STEP
from .compiler.naming import python_name, support_name
from .compiler.support import Templates, support_table
from .compiler_natives import compiler_natives
from .conditions import Choose, Conditions
from .data import quote
from .errors import LispError
from .fibers.around import Around
from .fibers.clock import Clock
from .fibers.scheduler import Scheduler
from .fibers.waiting import Operations
from .introspection import Completion, Description
from .libraries import Loader, Resolver, no_modules
from .library_loader import load_library
from .modules import Module, Modules
from .namespace import Language, LibraryNamespace, Namespace
from .natives import NATIVES, Host, Native, bound_natives
from .natives.conditions import condition_natives
from .natives.fibers import fiber_natives
from .natives.python import python_natives
from .natives.registry import needs_of, watched
from .natives.testing import check_functions
from .natives.tracing import tracing_natives
from .program import Programs, expanded
from .source import Source
from .syntax import Form, Node
from .traceback import caught_value

if TYPE_CHECKING:
    from .python.shared import SharedNames
    from .stepping import Step

__all__ = ["Completion", "Description", "Interpreter", "Snapshot"]


@dataclass(frozen=True, slots=True)
class _Saved:
    """The contents of one namespace at a moment."""

    names: Mapping[str, object]
    macros: Mapping[str, object]
    announced: frozenset[str]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An interpreter at a moment: its definitions, those of the modules it had loaded, and how many fibers."""

    main: _Saved
    modules: Mapping[str, tuple[Module, _Saved]]
    fibers: int


class Interpreter:
    """A global environment and everything that evaluating in it needs.

    `names` holds the program's variables by Lisp name, and `__builtins__` as the globals of Python code do;
    natives and library stand behind it. `sources` are the texts that were evaluated or loaded, by name.
    """

    def __init__(  # noqa: PLR0913  # what a host may inject, all by keyword
        self,
        *,
        loader: Loader = no_modules,
        args: Sequence[str] = (),
        capabilities: Capabilities = Capabilities.all(),  # noqa: B008  # immutable
        clock: Clock | None = None,
        choose: Choose | None = None,
        optimized: bool = True,
        budget: Budget | None = None,
    ) -> None:
        """Make an environment with natives and library; modules come from `loader`, `argv` returns `args`.

        What runs in it can do no more than `capabilities` grant, and waits by `clock`, the machine's by
        default. `choose` says which restart to take of an error that nothing handles; without it, the scripted
        default of `default-restart` does, if there is one. Programs mean the same without `optimized`, where
        they are compiled as plainly as can be. With a `budget`, which is for looking at code, no macro does
        more work than it allows.
        """
        self._capabilities = capabilities
        self._programs = Programs(optimized=optimized, budget=budget)
        templates = Templates(NATIVES["gensym"])
        around = Around(self.sources, self.as_lisp_error, lambda: templates.origins is not None)
        self._scheduler = Scheduler(around, clock)
        natives = self._bound({**NATIVES, **compiler_natives()})
        language = Language({**natives, **support_table()}, {}, templates)
        self.conditions = Conditions(self._programs.sources, self._evaluate_answer, choose)
        self._add_own(language, templates, args)
        library = LibraryNamespace(language, self._programs)
        self._programs.add_namespace(library)
        load_library(library)
        self._main = Namespace(language, self._programs)
        self._programs.add_namespace(self._main)
        self._modules = Modules(loader, language, self._programs)

    def _add_own(self, language: Language, templates: Templates, args: Sequence[str]) -> None:
        """Add the functions that belong to this interpreter."""
        programs = self._programs
        operations = Operations(self._scheduler)
        names = lambda: introspection.names(self._main)  # noqa: E731  # one expression
        host = Host(args, programs.as_lisp_error, self.describe, names, wait=operations.sleep)
        fibers = fiber_natives(self._scheduler, operations, programs.sources)
        language.builtins.update(self._bound({**bound_natives(host), **fibers}))
        language.builtins.update(self._bound(condition_natives(self.conditions)))
        language.builtins.update(self._bound(python_natives(lambda: self.python)))
        language.builtins.update(self._bound(tracing_natives(programs.sources, self._scheduler.clock.now)))
        caught = caught_value(programs.sources)
        own = {
            "eval": programs.eval_global,
            "eval_here": programs.eval_local,
            "macroexpand": programs.macroexpand,
            "closure": programs.closure,
            **self.conditions.support(),
            **check_functions(programs.as_lisp_error, caught, programs.sources),
            "template_map": templates.map,
            "spliced_template_map": templates.spliced_map,
            "fresh_symbol": templates.fresh_symbol,
            **({} if programs.budget is None else {STEP: programs.budget.step}),
        }
        language.builtins.update({support_name(name): function for name, function in own.items()})

    def _bound(self, natives: Mapping[str, Native]) -> dict[str, object]:
        """Return natives by the names that code has for them, those that need capabilities within ours."""
        granted = self._capabilities
        return {
            python_name(name): native
            if granted.is_all or needs_of(native) is None
            else confined(native, granted)
            for name, native in natives.items()
        }

    @property
    def names(self) -> dict[str, object]:
        """The program's global variables."""
        return self._main.names

    @property
    def main(self) -> Namespace:
        """The namespace of the program itself."""
        return self._main

    @property
    def modules(self) -> Modules:
        """The modules that have been loaded, and how others are."""
        return self._modules

    @cached_property
    def python(self) -> SharedNames:
        """The names that Python code shares with the program."""
        from .python.shared import SharedNames  # noqa: PLC0415  # most programs run no Python

        return SharedNames(lambda: self._main.names)

    @property
    def sources(self) -> dict[str, Source]:
        """Every source that was evaluated or loaded."""
        return self._programs.sources

    def evaluate(self, source: Source) -> object:
        """Evaluate every form of `source` and return the value of the last, nil if there is none.

        All of it is read before any of it is evaluated. Raises LispError, which knows its place.
        """
        try:
            return self._programs.run(source, self._main)
        finally:
            self._scheduler.report_failures()

    def _evaluate_answer(self, text: str) -> object:
        """Evaluate what a person typed as the argument of a restart."""
        return self.evaluate(Source("answer", text))

    def calling(self) -> AbstractContextManager[None]:
        """Let procedures be called from Python, inside the context, as deeply as from a program."""
        return self._programs.calling()

    def compile(self, source: Source) -> int:
        """Read, expand and compile every form of `source` without running it; return how many there are.

        Macros and procedures defined in it are there for the expansion of what follows, and gone afterwards.
        What is required is not loaded, and typed forms are not looked into. Raises LispError.
        """
        before = self.snapshot()
        try:
            return check_program(self._programs, source, self._main)
        finally:
            self.restore(before)

    def as_lisp_error(self, error: Exception) -> LispError:
        """Return `error` as an error of the language, located where it happened."""
        return self._programs.as_lisp_error(error)

    def define_domain(self, head: str, handler: Callable[[Form, Source], object]) -> None:
        """Let `handler` have each top-level form whose head is `head`; what it returns is the form's value."""
        self._programs.domains[head] = handler

    def define_libraries(self, resolver: Resolver) -> None:
        """Let `resolver` find what `(importar :caixa "name")` asks for."""
        self._modules.libraries = resolver

    def watch(self, name: str, seen: Callable[[object], object]) -> None:
        """Let `seen` have each value that the native `name` returns, before the program has it."""
        builtins, identifier = self._main.language.builtins, python_name(name)
        builtins[identifier] = watched(cast("Native", builtins[identifier]), seen)

    def expand(self, form: Node, steps: int | None = None) -> object:
        """Return `form` as data after `steps` expansions at its head; None expands everything in it."""
        return quote(expanded(self._main, form, steps))

    def expansion(self, form: Node) -> list[Step]:
        """Return each expansion of a macro that compiling `form` makes, in order, and define nothing.

        Raises LispError for what cannot be expanded.
        """
        from .stepping import expansion_steps  # noqa: PLC0415  # for people who look, not for programs

        before = self.snapshot()
        try:
            return expansion_steps(self._main, form)
        except Exception as error:
            raise self.as_lisp_error(error) from error.__cause__
        finally:
            self.restore(before)

    # -- definitions as a value -----------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """Return the definitions as they are now."""
        modules = {path: (module, _save(module)) for path, module in self._modules.loaded.items()}
        return Snapshot(_save(self._main), modules, self._scheduler.mark)

    def restore(self, snapshot: Snapshot) -> None:
        """Make the definitions what they were when `snapshot` was taken, and cancel the fibers made since.

        Their `finally` clauses run before that, and still see what was defined.
        """
        try:
            self._scheduler.cancel_since(snapshot.fibers)
            self._scheduler.report_failures()
        finally:
            self._restore_definitions(snapshot)

    def _restore_definitions(self, snapshot: Snapshot) -> None:
        _restore(self._main, snapshot.main)
        self._modules.loaded.clear()
        for path, (module, saved) in snapshot.modules.items():
            _restore(module, saved)
            self._modules.loaded[path] = module

    # -- questions ------------------------------------------------------------------------------------------

    def completions(self, prefix: str) -> list[Completion]:
        """Return the names that begin with `prefix`."""
        return introspection.completions(self._main, prefix)

    def describe(self, name: str) -> Description | None:
        """Return what `name` means, or None."""
        return introspection.describe(self._main, name)


def _save(namespace: Namespace) -> _Saved:
    return _Saved(dict(namespace.names), dict(namespace.macros), frozenset(namespace.announced))


def _restore(namespace: Namespace, saved: _Saved) -> None:
    for table, before in ((namespace.names, saved.names), (namespace.macros, saved.macros)):
        for name in [name for name in table if name not in before]:
            del table[name]
        table.update(before)  # type: ignore[arg-type]  # each table gets back what was in it
    namespace.announced = set(saved.announced)
