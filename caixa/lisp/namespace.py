"""A global namespace: the variables and macros of a program or module, in front of those of the language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import FunctionType
from typing import TYPE_CHECKING

from .compiler.naming import MARK, lisp_name, python_name
from .compiler.support import Templates
from .compiler.tailcalls import has_tail_calls, tail_of
from .compiler.units import Globals
from .core import Lambda
from .data import Origins
from .errors import LispError
from .expander import SPECIAL_FORMS, Environment, Expander, Macro
from .procedures import is_lisp_function
from .source import Source

if TYPE_CHECKING:
    from .program import Programs

__all__ = ["Language", "LibraryNamespace", "Namespace"]


class Language:
    """What every namespace of one interpreter has behind it: natives, library, run time, library macros."""

    def __init__(self, builtins: dict[str, object], macros: dict[str, Macro], templates: Templates) -> None:
        """Share `builtins`, which becomes the `__builtins__` of all code, and `macros`."""
        self.builtins = builtins
        self.macros = macros
        self.templates = templates

    def has_function(self, name: str) -> bool:
        """Return whether `name` is a native or a function of the library."""
        return python_name(name) in self.builtins and name != "__builtins__"

    def functions(self) -> Mapping[str, object]:
        """Return natives and library by their Lisp names."""
        hidden = (MARK, "__builtins__")
        return {
            lisp_name(name): value
            for name, value in self.builtins.items()
            if not name.startswith(hidden) or name.startswith(MARK * 2)
        }


class Namespace(Environment, Globals):
    """The globals of one program or module; `names` also holds `__builtins__`, as Python's globals do."""

    def __init__(self, language: Language, programs: Programs) -> None:
        """Make an empty namespace; `programs` compiles and runs for it."""
        self.language = language
        self.programs = programs
        self.names: dict[str, object] = {"__builtins__": language.builtins}
        self.macros: dict[str, Macro] = {}
        self.provided: list[str] = []
        self.announced: set[str] = set()  # variables whose definition is being evaluated, or was
        self.expander = Expander(self)

    # -- what the expander asks -----------------------------------------------------------------------------

    def find_macro(self, name: str) -> Macro | None:
        """See Environment: a variable of the program hides a macro of the language."""
        macro = self.macros.get(name)
        if macro is not None:
            return macro
        macro = self.language.macros.get(name)
        return None if macro is not None and self.is_variable(name) else macro

    def is_variable(self, name: str) -> bool:
        """See Environment."""
        return (python_name(name) in self.names or name in self.announced) and name not in self.macros

    def announce(self, name: str) -> None:
        """See Environment."""
        self.macros.pop(name, None)
        if name in self.language.macros or name in SPECIAL_FORMS:
            self.announced.add(name)

    def is_domain(self, name: str) -> bool:
        """See Environment."""
        return name in self.programs.domains

    def make_function(self, code: Lambda) -> Callable[..., object]:
        """See Environment."""
        function = self.programs.run_core(code, code.span, self)
        assert isinstance(function, FunctionType)
        return function

    def add_macro(self, macro: Macro) -> None:
        """See Environment."""
        self.macros[macro.name] = macro
        self.announced.discard(macro.name)

    def as_lisp_error(self, error: Exception) -> LispError:
        """See Environment."""
        return self.programs.as_lisp_error(error)

    def spend(self, nodes: int) -> None:
        """See Environment."""
        if self.programs.budget is not None:
            self.programs.budget.spend_nodes(nodes)

    def begin_expansion(self, origins: Origins) -> object:
        """See Environment."""
        before, self.language.templates.origins = self.language.templates.origins, origins
        return before

    def end_expansion(self, before: object) -> None:
        """See Environment."""
        assert before is None or isinstance(before, Origins)
        self.language.templates.origins = before

    # -- what the compiler asks -----------------------------------------------------------------------------

    def is_native(self, name: str) -> bool:
        """See Globals."""
        identifier = python_name(name)
        return identifier not in self.names and identifier in self.language.builtins

    def returns_itself(self, name: str) -> bool:
        """See Globals: natives do, and what is written in Lisp if it ends in no call of something unknown."""
        if not self.is_native(name):
            return False
        value = self.language.builtins[python_name(name)]
        if tail_of(value) is not None:
            return False
        return not (is_lisp_function(value) and has_tail_calls(value.__code__))  # type: ignore[attr-defined]  # a function

    # -- changes --------------------------------------------------------------------------------------------

    def define(self, name: str, value: object) -> None:
        """Bind the global variable `name`."""
        self.macros.pop(name, None)
        self.names[python_name(name)] = value

    def lookup(self, name: str) -> object:
        """Return the value of a global or a function of the language. Raises KeyError if there is none."""
        identifier = python_name(name)
        if identifier in self.names and name != "__builtins__":
            return self.names[identifier]
        if not self.language.has_function(name):
            raise KeyError(name)
        return self.language.builtins[identifier]

    def has(self, name: str) -> bool:
        """Return whether `name` means anything here."""
        return self.is_variable(name) or self.is_native(name) or self.find_macro(name) is not None

    def source_named(self, name: str) -> Source:
        """Return the source `name`, or an empty one if nothing is known of it."""
        return self.programs.sources.get(name) or Source(name, "")


class LibraryNamespace(Namespace):
    """The namespace in which the library is defined: that of the language itself."""

    is_fixed = True

    def __init__(self, language: Language, programs: Programs) -> None:
        """Make the names of `language` the globals."""
        super().__init__(language, programs)
        language.builtins["__builtins__"] = language.builtins
        self.names = language.builtins
        self.macros = language.macros

    def is_variable(self, name: str) -> bool:  # noqa: ARG002  # the signature of the class above
        """See Environment: nothing of the language is hidden from it."""
        return False

    def announce(self, name: str) -> None:
        """See Environment: likewise."""

    def is_native(self, name: str) -> bool:
        """See Globals."""
        return python_name(name) in self.names
