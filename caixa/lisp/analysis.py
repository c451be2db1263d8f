"""Programs expanded but not run: what tools look at that ask what code means (addresses, checks).

Macros and procedures take effect, since later forms may be written in them and expanded by them; nothing else
happens. Modules that are required are analysed in the same way. Macros reach nothing meanwhile, and do no more
work than a budget allows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from .budget import Budget
from .capabilities import Capabilities
from .core import Call, Const, Core, Define, Lambda, Support
from .data import quote
from .expander.definitions import macro_definition
from .interpreter import Interpreter
from .libraries import Loader, Resolver, no_libraries, no_modules
from .modules import Borrowed, Module, borrowed
from .namespace import Namespace
from .program import MACRO_FORMS, Programs
from .reader import read
from .source import Source
from .syntax import Form, Node

__all__ = ["Analysed", "Analyst", "TopForm", "onlooker", "top_forms"]


def onlooker(loader: Loader = no_modules, budget: Budget | None = None) -> Interpreter:
    """Return an interpreter for looking at code: its macros can reach nothing, and come to an end."""
    return Interpreter(loader=loader, capabilities=Capabilities.none(), budget=budget or Budget())


class TopForm(NamedTuple):
    """A top-level form with its code; of a macro definition, the macro's name and the code of its function."""

    node: Node
    code: Core
    macro: str | None = None


class Analysed(NamedTuple):
    """A program or module: its forms, what it provides, and which names it borrowed from which modules."""

    forms: tuple[TopForm, ...]
    provided: tuple[str, ...] = ()
    borrowed: Mapping[str, Borrowed] = {}


class Analyst:
    """Analyses modules, and whatever they require, each once; those that another requires come before it."""

    def __init__(
        self,
        loader: Loader = no_modules,
        libraries: Resolver = no_libraries,
        budget: Budget | None = None,
    ) -> None:
        """Find modules with `loader`, and what is imported with `libraries`; look at each within `budget`."""
        self._budget = budget or Budget()
        self._interpreter = onlooker(loader, self._budget)
        self._interpreter.define_libraries(libraries)
        self._interpreter.modules.run = self._take
        self.modules: dict[str, Analysed] = {}

    @property
    def namespace(self) -> Namespace:
        """The namespace in which programs are analysed, behind which the language stands."""
        return self._interpreter.main

    def define_domain(self, head: str) -> None:
        """Take each top-level form whose head is `head` for data."""
        self._interpreter.define_domain(head, lambda _form, _source: None)

    def module(self, path: str) -> Analysed:
        """Return the module at `path`. Raises LispError for what does not load, read or expand."""
        self._budget.renew()
        written = path.replace("\\", "\\\\").replace('"', '\\"')
        self._interpreter.evaluate(Source("analysis", f'(require "{written}")'))
        return self.modules[path]

    def program(self, *sources: Source) -> tuple[tuple[TopForm, ...], ...]:
        """Return the forms of each source, all in one namespace. Raises LispError."""
        programs = self.namespace.programs
        found = []
        for source in sources:
            self._budget.renew()
            with programs.reporting(source, self.namespace):
                found.append(tuple(top_forms(source, self.namespace)))
        return tuple(found)

    def borrowed(self) -> Mapping[str, Borrowed]:
        """Return which names the programs borrowed from which modules."""
        return borrowed(self.namespace, self._interpreter.modules.loaded)

    def _take(self, source: Source, module: Module) -> None:
        with module.programs.reporting(source, module):
            forms = tuple(top_forms(source, module))
        lent = borrowed(module, self._interpreter.modules.loaded)
        self.modules[module.key] = Analysed(forms, tuple(module.provided), lent)


def top_forms(source: Source, namespace: Namespace) -> Sequence[TopForm]:
    """Return the forms of `source`, expanded in `namespace`, in which its macros and procedures become known.

    `require`, `importar` and `provide` take effect and are left out: they say something about the module, not
    in it. A typed form is a call of its head on its own data. Raises LispError for what is malformed.
    """
    programs = namespace.programs
    found: list[TopForm] = []
    for node in read(source).forms:
        programs.each_top(node, namespace, _into(found, programs))
    return found


def _into(found: list[TopForm], programs: Programs) -> Callable[[Node, Namespace], None]:
    def take(form: Node, namespace: Namespace) -> None:
        head = form.head if isinstance(form, Form) else None
        if not isinstance(form, Form) or head is None:
            found.append(TopForm(form, namespace.expander.program(form)))
        elif head in MACRO_FORMS:
            name, function, _ = macro_definition(namespace.expander, form)
            programs.define_macro(form, namespace)
            found.append(TopForm(form, function, name))
        elif head in programs.top_forms:
            programs.top_forms[head](form, namespace)
        elif programs.is_typed(head, namespace):
            data = Const(form.span, quote(form))
            found.append(TopForm(form, Call(form.span, Support(form.span, head), (data,))))
        else:
            code = namespace.expander.program(form)
            _define(code, namespace)
            found.append(TopForm(form, code))

    return take


def _define(code: Core, namespace: Namespace) -> None:
    """Let what `code` defines be known: a procedure is made, which runs nothing; of a value, only its name."""
    if isinstance(code, Define) and isinstance(code.value, Lambda):
        namespace.programs.run_core(code, code.span, namespace)
    elif isinstance(code, Define):
        namespace.define(code.name, None)
