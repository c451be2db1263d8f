"""Parameter lists and the patterns that take a list apart (language-decisions, "no-optional-params").

(a b)  (a &optional (b 1))  (a &rest r)  (a . r)  (a &key k (l 2))  args  [a (b c)]
"""

from __future__ import annotations

from collections.abc import Sequence

from ..core import Bind, Call, Const, Core, If, Local, LocalRef, Optional, SetLocal, Support
from ..errors import BadSpecialForm
from ..source import Span
from ..syntax import Atom, Form, Node, symbol_name
from ..values import Keyword
from .expander import Expander
from .scope import Scope

__all__ = ["Parameters", "destructure", "parse_parameters"]


class Parameters:
    """A parameter list, and the bindings that come before the body."""

    __slots__ = ("optional", "prologue", "required", "rest")

    def __init__(self, rest: Local | None = None) -> None:
        """Take nothing, or everything as `rest`."""
        self.required: list[Local] = []
        self.optional: list[Optional] = []
        self.rest = rest
        self.prologue: list[Core] = []


def parse_parameters(expander: Expander, node: Node, scope: Scope, form: str = "lambda") -> Parameters:
    """Read a parameter list and bind its names in `scope`.

    Raises BadSpecialForm under the name `form` for what is not a parameter list.
    """
    name = symbol_name(node)
    if name is not None:
        return Parameters(rest=scope.bind(name, node.span))
    if not isinstance(node, Form) or not node.bracket.is_sequence:
        raise BadSpecialForm(form, "params must be a list", node.span)
    return _Reader(expander, scope, form).read(node)


class _Reader:
    """Goes through a parameter list, with the marker that the parameters now belong to."""

    def __init__(self, expander: Expander, scope: Scope, form: str) -> None:
        self.expander, self.scope, self.form = expander, scope, form
        self.parameters = Parameters()
        self.keys: list[tuple[Local, Core | None]] = []
        self.marker: str | None = None

    def read(self, params: Form) -> Parameters:
        items = list(params.items)
        while items:
            item = items.pop(0)
            name = symbol_name(item)
            if name in ("&rest", "."):
                self._rest(item, items, params.span)
                break
            if name in ("&optional", "&key"):
                self._switch(name, item)
            else:
                self._parameter(item)
        if self.keys:
            self._take_keys(params.span)
        return self.parameters

    def _bad(self, reason: str, span: Span) -> BadSpecialForm:
        return BadSpecialForm(self.form, reason, span)

    def _switch(self, name: str, item: Node) -> None:
        if self.marker in {name, "&key"}:
            raise self._bad(f"{name} stands once, &optional before &key", item.span)
        self.marker = name

    def _rest(self, marker: Node, following: list[Node], span: Span) -> None:
        name = symbol_name(marker)
        if not following:
            raise self._bad(f"{name} needs a name", span)
        if len(following) > 1:
            raise self._bad(f"{name} must be the last param", span)
        rest_name = symbol_name(following[0])
        if rest_name is None:
            raise self._bad("param must be a symbol", following[0].span)
        if self.marker == "&key":
            raise self._bad("&key and &rest cannot stand together", marker.span)
        self.parameters.rest = self.scope.bind(rest_name, following[0].span)

    def _parameter(self, item: Node) -> None:
        if self.marker is not None:
            local, default = self._with_default(item)
            if self.marker == "&key":
                self.keys.append((local, default))
            else:
                self.parameters.optional.append(Optional(local, default))
        elif isinstance(item, Form) and item.bracket.is_sequence:
            local = Local("argument")
            self.parameters.required.append(local)
            value = LocalRef(item.span, local)
            self.parameters.prologue += destructure(self.expander, item, value, self.scope, self.form)
        else:
            self.parameters.required.append(self.scope.bind(self._name(item), item.span))

    def _name(self, item: Node) -> str:
        name = symbol_name(item)
        if name is None:
            raise self._bad("param must be a symbol", item.span)
        return name

    def _with_default(self, item: Node) -> tuple[Local, Core | None]:
        if not isinstance(item, Form):
            return self.scope.bind(self._name(item), item.span), None
        if len(item) != 2:
            raise self._bad("a param with a default is written (name default)", item.span)
        default = self.expander.expand(item.items[1], self.scope)
        return self.scope.bind(self._name(item.items[0]), item.items[0].span), default

    def _take_keys(self, span: Span) -> None:
        rest = self.parameters.rest = Local("keys")
        names = tuple(local.name for local, _ in self.keys)
        call = self.expander.call_support
        prologue = self.parameters.prologue
        prologue.append(call("check_keys", span, LocalRef(span, rest), Const(span, names)))
        for local, default in self.keys:
            keyword = Const(span, Keyword(local.name))
            prologue.append(Bind(span, local, call("key_value", span, LocalRef(span, rest), keyword)))
            if default is not None:
                local.is_assigned = True
                prologue.append(_default_key(span, rest, keyword, local, default))


def _default_key(span: Span, rest: Local, keyword: Const, local: Local, default: Core) -> Core:
    given = Call(span, Support(span, "has_key"), (LocalRef(span, rest), keyword))
    return If(span, given, Const(span, None), SetLocal(span, local, default))


def destructure(expander: Expander, pattern: Node, value: Core, scope: Scope, form: str) -> list[Core]:
    """Return the bindings that take `value` apart as `pattern` says: a symbol, or a list of patterns."""
    name = symbol_name(pattern)
    if name is not None:
        return [Bind(pattern.span, scope.bind(name, pattern.span), value)]
    if not isinstance(pattern, Form) or not pattern.bracket.is_sequence:
        raise BadSpecialForm(form, "binding name must be a symbol", pattern.span)
    parts, rest = _split_rest(pattern, form)
    span, items = pattern.span, Local("items")
    taken = expander.call_support(
        "destructure", span, value, Const(span, len(parts)), Const(span, rest is not None)
    )
    bindings: list[Core] = [Bind(span, items, taken)]
    for index, part in enumerate([*parts, *([rest] if rest is not None else [])]):
        item = expander.call_support("item", part.span, LocalRef(span, items), Const(span, index))
        bindings += destructure(expander, part, item, scope, form)
    return bindings


def _split_rest(pattern: Form, form: str) -> tuple[Sequence[Node], Node | None]:
    for index, item in enumerate(pattern.items):
        if symbol_name(item) in ("&rest", "."):
            following = pattern.items[index + 1 :]
            if len(following) != 1:
                raise BadSpecialForm(form, "one name stands after the rest marker", item.span)
            return pattern.items[:index], following[0]
        if isinstance(item, Atom) and symbol_name(item) is None:
            raise BadSpecialForm(form, "binding name must be a symbol", item.span)
    return pattern.items, None
