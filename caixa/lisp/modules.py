"""Modules: `require` loads one, once, and binds what the module says it provides (language.md 4.8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from .errors import BadSpecialForm, LispError, Thrown
from .namespace import Language, Namespace
from .program import Programs, quoted_symbols
from .source import Source
from .syntax import Atom, Form, Node, keyword_name, symbol_name
from .values import ErrorValue, Keyword

__all__ = ["Loader", "Modules", "no_modules"]

Loader = Callable[[str], Source | None]
"""Returns the source of a module by its path, or None if there is no such module."""


def no_modules(path: str) -> Source | None:  # noqa: ARG001  # the signature of a loader
    """Know no modules."""
    return None


@dataclass(slots=True)
class _Request:
    """A `require` form, read."""

    path: str
    alias: str
    refer: list[tuple[str, Node]] = field(default_factory=list)
    reload: bool = False


class Modules:
    """The modules that one interpreter has loaded."""

    def __init__(self, loader: Loader, language: Language, programs: Programs) -> None:
        """Load sources with `loader`."""
        self.loaded: dict[str, Namespace] = {}
        self._loader, self._language, self._programs = loader, language, programs
        self._loading: dict[str, Namespace] = {}  # outermost first
        programs.top_forms["require"] = self.require
        programs.top_forms["provide"] = self.provide

    def provide(self, form: Form, namespace: Namespace) -> None:
        """Evaluate a `provide` form."""
        if namespace not in self._loading.values():
            raise BadSpecialForm("provide", "only a module provides names", form.span)
        for item in form.items[1:]:
            name = symbol_name(item)
            if name is None:
                raise BadSpecialForm("provide", "expected symbol: every arg names a binding", item.span)
            if name not in namespace.provided:
                namespace.provided.append(name)

    def require(self, form: Form, namespace: Namespace) -> None:
        """Evaluate a `require` form: bind what is provided under the alias, and what is referred to bare."""
        request = _read_request(form)
        if request.reload:
            self.loaded.pop(request.path, None)
        module = self.loaded.get(request.path) or self._load(request.path, form)
        for name, node in request.refer:
            self._check_referred(module, request.path, name, node)
        for name in module.provided:
            _lend(module, name, namespace, f"{request.alias}/{name}")
        for name, _ in request.refer:
            _lend(module, name, namespace, name)

    # -- loading --------------------------------------------------------------------------------------------

    def _load(self, path: str, form: Form) -> Namespace:
        if path in self._loading:
            chain = " → ".join(self._loading)
            raise _thrown("circular-require", f"circular require: {path} (load stack: {chain})", form)
        source = self._loader(path)
        if source is None:
            raise _thrown("module-not-found", f"module not found: {path}", form)
        module = Namespace(self._language, self._programs)
        self._programs.add_namespace(module)
        self._loading[path] = module
        try:
            self._programs.run(source, module)
        finally:
            del self._loading[path]
        for name in module.provided:
            if not module.has(name):
                raise _thrown("not-defined", f"{path} does not define {name}", form)
        self.loaded[path] = module
        return module

    def _check_referred(self, module: Namespace, path: str, name: str, node: Node) -> None:
        if name in module.provided:
            return
        if module.has(name):
            raise _thrown("not-exported", f"{path} does not export {name}", node)
        raise _thrown("not-defined", f"{path} does not define {name}", node)


def _lend(module: Namespace, name: str, namespace: Namespace, as_name: str) -> None:
    macro = module.find_macro(name)
    if macro is not None:
        namespace.macros[as_name] = macro
    else:
        namespace.define(as_name, module.lookup(name))


def _thrown(tag: str, message: str, node: Node) -> LispError:
    return Thrown(ErrorValue(Keyword(tag), message), node.span)


# -- reading the form -------------------------------------------------------------------------------------


def _bad(reason: str, node: Node) -> BadSpecialForm:
    return BadSpecialForm("require", reason, node.span)


def _read_request(form: Form) -> _Request:
    if len(form) < 2:
        raise _bad('expected (require "path" [:as alias] [:refer (names...)] [:reload])', form)
    first = form.items[1]
    if not isinstance(first, Atom) or not isinstance(first.value, str):
        raise _bad("first arg must be a string path", first)
    request = _Request(first.value, first.value)
    options = list(form.items[2:])
    while options:
        option = options.pop(0)
        keyword = keyword_name(option)
        if keyword is None:
            raise _bad("expected keyword (:as / :refer) after path", option)
        if keyword == "reload":
            request.reload = True
            continue
        if not options:
            raise _bad("keyword without value", option)
        _take_option(request, keyword, option, options.pop(0))
    return request


def _take_option(request: _Request, keyword: str, option: Node, value: Node) -> None:
    if keyword == "as":
        alias = symbol_name(value)
        if alias is None:
            raise _bad(":as needs a symbol alias", value)
        request.alias = alias
    elif keyword == "refer":
        if not isinstance(value, Form):
            raise _bad(":refer needs a parenthesized list of symbols", value)
        names = quoted_symbols(value)
        if names is None:
            raise _bad(":refer list must contain symbols only", value)
        request.refer = list(zip(names, value.items, strict=True))
    else:
        raise _bad(f"unknown require option :{keyword}", option)
