"""Modules and libraries: `require` and `importar` load them once and bind what they provide (language.md 4.8).

Each has a namespace of its own and sees the language and what it asked for itself. What a namespace has asked
for stands hidden beside its variables, so that what journals these journals the requests, and a module that is
loaded anew can be bound anew everywhere.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from .compiler.naming import support_name
from .diagnostics import Diagnostic, Severity
from .errors import BadSpecialForm, Frame, LispError, Thrown
from .lending import hidden_names, lend, lend_hidden_again, withdraw
from .libraries import Loader, ModuleRefused, Resolver, no_libraries
from .names import Keyword
from .namespace import Language, Namespace
from .objects import ErrorValue
from .program import Programs
from .source import Source, Span
from .syntax import Form, Node, symbol_name

if TYPE_CHECKING:
    from .requests import Request

__all__ = ["SUFFIXES", "Borrowed", "Module", "ModuleProblem", "Modules", "borrowed"]

SUFFIXES = (".tlisp", ".lisp")
_REQUESTS = support_name("requests")


class ModuleProblem(Thrown):
    """A module or library that cannot be had, thrown as an error value whose tag says why."""

    def __init__(self, tag: str, message: str, span: Span | None, fix: str = "") -> None:
        """Say what is wrong and what to do."""
        super().__init__(ErrorValue(Keyword(tag), message), span)
        self.diagnostics = (Diagnostic(tag, Severity.ERROR, span, message, fix=fix),)


class _Unit(NamedTuple):
    """A directory or library: what the paths of the modules in it are relative to."""

    prefix: str
    loader: Loader


class Borrowed(NamedTuple):
    """Where a name comes from: the module by its key, and what the name is there."""

    key: str
    name: str


class Module(Namespace):
    """The namespace of a module, which is at `path` in its unit."""

    def __init__(self, language: Language, programs: Programs, unit: _Unit, path: str) -> None:
        """Make an empty namespace."""
        super().__init__(language, programs)
        self.unit, self.path = unit, path

    @property
    def key(self) -> str:
        """What the module is called among all modules."""
        return self.unit.prefix + self.path


class Modules:
    """The modules that one interpreter has loaded."""

    def __init__(self, loader: Loader, language: Language, programs: Programs) -> None:
        """Load the sources of modules with `loader`; `libraries` finds libraries, and may be set."""
        self.loaded: dict[str, Module] = {}
        self.libraries: Resolver = no_libraries
        self.run: Callable[[Source, Module], object] = programs.run  # a tool that only looks sets another
        self._root, self._language, self._programs = _Unit("", loader), language, programs
        self._loading: dict[str, Module] = {}  # outermost first
        programs.top_forms.update({"require": self.require, "importar": self.import_, "provide": self.provide})

    # -- the forms ------------------------------------------------------------------------------------------

    def provide(self, form: Form, namespace: Namespace) -> None:
        """Evaluate a `provide` form."""
        if not isinstance(namespace, Module) or namespace.key not in self._loading:
            raise BadSpecialForm("provide", "only a module provides names", form.span)
        for item in form.items[1:]:
            name = symbol_name(item)
            if name is None:
                raise BadSpecialForm("provide", "expected symbol: every arg names a binding", item.span)
            if name not in namespace.provided:
                namespace.provided.append(name)

    def require(self, form: Form, namespace: Namespace) -> None:
        """Evaluate a `require` form: bind what a module provides under its alias, and some of it bare."""
        from .requests import read_require  # noqa: PLC0415  # most cells require nothing

        request = read_require(form)
        unit = namespace.unit if isinstance(namespace, Module) else self._root
        with self._whole_or_not_at_all():
            path = _resolved(request.target, namespace, form.items[1])
            before = (
                self._forget(f"{unit.prefix}{each}" for each in _candidates(path)) if request.reload else {}
            )
            modules = [self._module(unit, path, form)]
            self._bind(modules, request, namespace)
            self._rebind(before)

    def import_(self, form: Form, namespace: Namespace) -> None:
        """Evaluate an `importar` form: likewise for a library; `:reload` loads all its modules anew."""
        from .requests import read_import  # noqa: PLC0415  # most cells import nothing

        request = read_import(form)
        with self._whole_or_not_at_all():
            try:
                library = self.libraries(request.target, request.requirement)
            except ModuleRefused as error:
                raise ModuleProblem(error.tag, str(error), form.items[2].span, error.fix) from None
            unit = _Unit(f"caixa:{library.nome}/", library.loader)
            stale = [key for key in self.loaded if request.reload and key.startswith(unit.prefix)]
            before = self._forget(stale)
            modules = [self._module(unit, entry, form) for entry in library.entries]
            self._bind(modules, request, namespace)
            self._rebind(before)

    @contextmanager
    def _whole_or_not_at_all(self) -> Iterator[None]:
        """Take back what was loaded inside if that fails or is stopped."""
        before = dict(self.loaded)
        try:
            yield
        except BaseException:
            self.loaded.clear()
            self.loaded.update(before)
            raise

    def _forget(self, keys: Iterator[str] | Sequence[str]) -> dict[str, Module]:
        """Return the loaded modules among `keys`, which are no longer loaded."""
        return {key: self.loaded.pop(key) for key in keys if key in self.loaded}

    # -- loading --------------------------------------------------------------------------------------------

    def _module(self, unit: _Unit, path: str, node: Node) -> Module:
        """Return the module at `path`, loading it if need be."""
        for candidate in _candidates(path):
            key = unit.prefix + candidate
            if key in self._loading:
                message = f"circular require: {key} (load stack: {' → '.join(self._loading)})"
                fix = "Move what both need into a third module."
                raise ModuleProblem("circular-require", message, node.span, fix)
            if key in self.loaded:
                return self.loaded[key]
            try:
                source = unit.loader(candidate)
            except ModuleRefused as error:
                raise ModuleProblem(error.tag, str(error), node.span, error.fix) from None
            if source is not None:
                return self._load(Module(self._language, self._programs, unit, candidate), source, node)
        tried = ", ".join(list(_candidates(path))[-4:])
        raise ModuleProblem("module-not-found", f"module not found: {path}", node.span, f"Looked for {tried}.")

    def _load(self, module: Module, source: Source, node: Node) -> Module:
        self._programs.add_namespace(module)
        self._loading[module.key] = module
        try:
            self.run(source, module)
        except LispError as error:
            error.stack = (Frame(f"module {module.key}", None, node.span), *error.stack)
            raise
        finally:
            del self._loading[module.key]
        for name in module.provided:
            if not module.has(name):
                raise _not_defined(module, name, node)
        self.loaded[module.key] = module
        return module

    # -- binding --------------------------------------------------------------------------------------------

    def _bind(self, modules: Sequence[Module], request: Request, namespace: Namespace) -> None:
        for name, node in request.refer or ():
            if not any(name in module.provided for module in modules):
                raise _not_lent(modules, request.target, name, node)
        for module in modules:
            for name in module.provided:
                _lend_all(module, name, namespace, request)
        record = (tuple(module.key for module in modules), request)
        namespace.names[_REQUESTS] = (*_requests(namespace), record)

    def _rebind(self, before: dict[str, Module]) -> None:
        """Let everyone who borrowed from the modules `before` borrow from those loaded in their place."""
        waiting = [(old, self.loaded[key]) for key, old in before.items() if key in self.loaded]
        seen: set[tuple[int, str]] = set()
        while waiting:
            old, new = waiting.pop()
            for namespace in list(self._programs.namespaces.values()):
                if (id(namespace), new.key) in seen or not self._is_live(namespace):
                    continue
                seen.add((id(namespace), new.key))
                changed = _borrow_again(namespace, old, new)
                if isinstance(namespace, Module) and changed & set(namespace.provided):
                    waiting.append((namespace, namespace))

    def _is_live(self, namespace: Namespace) -> bool:
        return not isinstance(namespace, Module) or self.loaded.get(namespace.key) is namespace


def _requests(namespace: Namespace) -> tuple[tuple[tuple[str, ...], Request], ...]:
    return namespace.names.get(_REQUESTS, ())  # type: ignore[return-value]  # what only `_bind` writes


def _lend_all(module: Module, name: str, namespace: Namespace, request: Request) -> set[str]:
    """Lend a name under each name that is asked for; return those that now mean something else."""
    names = _borrowed(name, request)
    return {as_name for as_name in names if lend(module, name, namespace, as_name)}


def _borrowed(name: str, request: Request) -> list[str]:
    bare = request.bare_name(name)
    return [f"{request.alias}/{name}", *([bare] if bare is not None else [])]


def borrowed(namespace: Namespace, loaded: Mapping[str, Module]) -> dict[str, Borrowed]:
    """Return which names `namespace` has from which of the modules `loaded`, those of expansions too."""
    found = {
        as_name: Borrowed(key, name)
        for keys, request in _requests(namespace)
        for key in keys
        for name in loaded[key].provided
        for as_name in _borrowed(name, request)
    }
    for module in loaded.values():
        found.update({as_name: Borrowed(module.key, name) for as_name, name in hidden_names(module, namespace)})
    return found


def _borrow_again(namespace: Namespace, old: Module, new: Module) -> set[str]:
    """Borrow anew what `namespace` borrowed from `old`; return the names that mean something else now."""
    changed: set[str] = set()
    for keys, request in _requests(namespace):
        if new.key not in keys:
            continue
        for name in [name for name in old.provided if name not in new.provided]:
            for as_name in _borrowed(name, request):
                withdraw(namespace, as_name)
        for name in new.provided:
            changed |= _lend_all(new, name, namespace, request)
    lend_hidden_again(new, namespace)
    return changed


def _not_lent(modules: Sequence[Module], target: str, name: str, node: Node) -> ModuleProblem:
    from difflib import get_close_matches  # noqa: PLC0415  # needed only once something is wrong

    provided = [each for module in modules for each in module.provided]
    close = get_close_matches(name, provided, n=1)
    fix = f"Did you mean `{close[0]}`?" if close else f"It provides {', '.join(provided) or 'nothing'}."
    if any(module.has(name) for module in modules):
        return ModuleProblem("not-exported", f"{target} does not export {name}", node.span, fix)
    return ModuleProblem("not-defined", f"{target} does not define {name}", node.span, fix)


def _not_defined(module: Module, name: str, node: Node) -> ModuleProblem:
    fix = f"Define `{name}` there, or take it out of `provide`."
    return ModuleProblem("not-defined", f"{module.key} does not define {name}", node.span, fix)


# -- paths ------------------------------------------------------------------------------------------------


def _candidates(path: str) -> Iterator[str]:
    """Yield where a module may be: at its very path, which may have a suffix, as a file, as a folder."""
    yield path
    if not path.endswith(SUFFIXES):
        yield from (f"{path}{suffix}" for suffix in SUFFIXES)
        yield from (f"{path}/init{suffix}" for suffix in SUFFIXES)


def _resolved(target: str, namespace: Namespace, node: Node) -> str:
    """Return the path in the unit that `target` means in `namespace`; `./x` is beside the module itself."""
    base = posixpath.dirname(namespace.path) if isinstance(namespace, Module) else ""
    is_relative = target.startswith(("./", "../"))
    path = posixpath.normpath(posixpath.join(base, target) if is_relative else target)
    if path.startswith(("../", "/")) or path in ("..", "."):
        fix = "A path stays inside the directory or library of the program; `./x` is beside the module itself."
        raise ModuleProblem("module-not-found", f"{target} leads out of where modules are", node.span, fix)
    return path
