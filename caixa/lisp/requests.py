"""Reading the module forms: what a `require` or `importar` asks for (language.md 4.8)."""

from __future__ import annotations

from .errors import BadSpecialForm
from .syntax import Atom, Bracket, Form, Node, keyword_name, symbol_name

__all__ = ["Request", "read_import", "read_require"]

_OPTIONS = ":as / :refer / :rename / :reload"


class Request:
    """A request for the names of a module or library; `refer` None stands for all that it provides."""

    def __init__(self, target: str, alias: str) -> None:
        """Ask for what `target` provides, under `alias`, and for nothing bare."""
        self.target, self.alias = target, alias
        self.refer: list[tuple[str, Node]] | None = []
        self.rename: dict[str, str] = {}
        self.reload = False
        self.requirement = "*"

    def bare_name(self, name: str) -> str | None:
        """Return under which name, without the alias, a provided name is asked for, or None."""
        if name in self.rename:
            return self.rename[name]
        return name if self.refer is None or any(name == referred for referred, _ in self.refer) else None


def read_require(form: Form) -> Request:
    """Read `(require "path" …)`. Raises BadSpecialForm."""
    if len(form) < 2:
        raise _bad(form, 'expected (require "path" [:as alias] [:refer (names…)] [:reload])', form)
    first = form.items[1]
    if not isinstance(first, Atom) or not isinstance(first.value, str):
        raise _bad(form, "first arg must be a string path", first)
    return _read_options(form, Request(first.value, first.value.removesuffix("/").rpartition("./")[2]), 2)


def read_import(form: Form) -> Request:
    """Read `(importar :caixa "name" …)`. Raises BadSpecialForm."""
    if len(form) < 3 or keyword_name(form.items[1]) != "caixa":
        at = form.items[1] if len(form) > 1 else form
        raise _bad(form, 'expected (importar :caixa "name" [:as alias] [:refer (names…)] [:reload])', at)
    nome = _text(form, form.items[2])
    return _read_options(form, Request(nome, nome), 3)


def _bad(form: Form, reason: str, node: Node) -> BadSpecialForm:
    return BadSpecialForm(form.head or "require", reason, node.span)


def _text(form: Form, node: Node) -> str:
    if isinstance(node, Atom) and isinstance(node.value, str):
        return node.value
    raise _bad(form, "expected a string", node)


def _read_options(form: Form, request: Request, start: int) -> Request:
    options = list(form.items[start:])
    while options:
        option = options.pop(0)
        keyword = keyword_name(option)
        if keyword is None:
            raise _bad(form, f"expected keyword ({_OPTIONS}) after {'path' if start == 2 else 'name'}", option)
        if keyword == "reload":
            request.reload = True
        elif not options:
            raise _bad(form, "keyword without value", option)
        else:
            _take_option(form, request, keyword, option, options.pop(0))
    return request


def _take_option(form: Form, request: Request, keyword: str, option: Node, value: Node) -> None:
    if keyword == "as":
        alias = symbol_name(value)
        if alias is None:
            raise _bad(form, ":as needs a symbol alias", value)
        request.alias = alias
    elif keyword == "refer":
        request.refer = None if keyword_name(value) == "all" else _names(form, value)
    elif keyword == "rename":
        request.rename = _renamed(form, value)
    elif keyword == "versao" and form.head == "importar":
        request.requirement = _text(form, value)
    else:
        raise _bad(form, f"unknown {form.head} option :{keyword}", option)


def _names(form: Form, value: Node) -> list[tuple[str, Node]]:
    if not isinstance(value, Form):
        raise _bad(form, ":refer needs a parenthesized list of symbols", value)
    names = [(symbol_name(item), item) for item in value.items]
    if value.bracket is Bracket.MAP or any(name is None for name, _ in names):
        raise _bad(form, ":refer list must contain symbols only", value)
    return [(name, item) for name, item in names if name is not None]


def _renamed(form: Form, value: Node) -> dict[str, str]:
    """Read `{old new …}` or `((old new) …)`."""
    parts = list(value.items) if isinstance(value, Form) else []
    if isinstance(value, Form) and value.bracket is not Bracket.MAP:
        parts = [part for pair in value.items for part in (pair.items if isinstance(pair, Form) else ())]
        if len(parts) != 2 * len(value):
            parts = []
    names = [symbol_name(part) for part in parts]
    known = [name for name in names if name is not None]
    if not known or len(known) != len(names):
        raise _bad(form, ":rename needs pairs of symbols, {old new …}", value)
    return dict(zip(known[::2], known[1::2], strict=True))
