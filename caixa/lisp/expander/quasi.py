"""Templates: quasi-quote, unquote and splice, nested as in Scheme, and symbols that are made fresh (`x#`)."""

from __future__ import annotations

from ..core import Begin, Bind, Const, Core, Local, LocalRef
from ..data import quote
from ..errors import BadSpecialForm
from ..source import Span
from ..syntax import Atom, Bracket, Form, Node, Prefix, PrefixKind, symbol_name
from ..values import List, Symbol
from .expander import Expander
from .scope import Scope

__all__ = ["template"]

_LONG_FORMS = {kind.value: kind for kind in PrefixKind} | {"unquote-splicing": PrefixKind.UNQUOTE_SPLICE}


def template(expander: Expander, node: Node, scope: Scope | None, span: Span) -> Core:
    """Return the code that builds the value of the template `node`; `span` is that of the whole quasi-quote."""
    builder = _Template(expander, scope)
    code = builder.build(node, 1)
    bindings = [
        Bind(span, local, expander.call_support("fresh_symbol", span, Const(span, name)))
        for name, local in builder.fresh.items()
    ]
    return Begin(span, (*bindings, code)) if bindings else code


def _prefixed(node: Node) -> tuple[PrefixKind, Node] | None:
    """Return the kind and the inside of a prefix form, short or long."""
    if isinstance(node, Prefix):
        return node.kind, node.inner
    if isinstance(node, Form) and len(node) == 2 and node.head in _LONG_FORMS:
        return _LONG_FORMS[node.head], node.items[1]
    return None


class _Template:
    """Builds the code of one template; `fresh` are the symbols of it that end in `#`."""

    def __init__(self, expander: Expander, scope: Scope | None) -> None:
        self.expander, self.scope = expander, scope
        self.fresh: dict[str, Local] = {}

    def build(self, node: Node, level: int) -> Core:
        prefixed = _prefixed(node)
        if prefixed is not None:
            return self._prefix(node, *prefixed, level)
        if isinstance(node, Form):
            return self._form(node, level)
        name = symbol_name(node)
        if name is not None and len(name) > 1 and name.endswith("#"):
            local = self.fresh.setdefault(name[:-1], Local(name))
            return LocalRef(node.span, local)
        return Const(node.span, quote(node))

    def _prefix(self, node: Node, kind: PrefixKind, inner: Node, level: int) -> Core:
        if kind is PrefixKind.UNQUOTE_SPLICE and level == 1:
            reason = "a splice stands directly inside a list"
            raise BadSpecialForm("unquote-splice", reason, node.span)
        if kind is PrefixKind.UNQUOTE and level == 1:
            return self.expander.expand(inner, self.scope)
        step = {PrefixKind.QUASIQUOTE: 1, PrefixKind.QUOTE: 0}.get(kind, -1)
        return self._list("list", [Atom(node.span, Symbol(kind.value)), inner], node.span, level, step)

    def _form(self, form: Form, level: int) -> Core:
        kind = "template_map" if form.bracket is Bracket.MAP else form.bracket.name.lower()
        if not form.items:
            return Const(form.span, None) if kind == "list" else Const(form.span, quote(form))
        return self._list(kind, list(form.items), form.span, level, 0)

    def _list(self, kind: str, items: list[Node], span: Span, level: int, step: int) -> Core:
        """Return code for a list of `items`, of which the last is `step` levels deeper in quasi-quotes."""
        parts: list[tuple[bool, Core]] = []
        for index, item in enumerate(items):
            inside = level + step if step and index == len(items) - 1 else level
            parts.append(self._item(item, inside))
        known = [part.value for is_spliced, part in parts if isinstance(part, Const) and not is_spliced]
        if kind == "list" and len(known) == len(parts):
            return Const(span, List(known))
        return self._call(kind, span, parts)

    def _item(self, node: Node, level: int) -> tuple[bool, Core]:
        """Return the code of one item, and whether its value is spliced in."""
        prefixed = _prefixed(node)
        if prefixed is not None and prefixed[0] is PrefixKind.UNQUOTE_SPLICE and level == 1:
            return True, self.expander.expand(prefixed[1], self.scope)
        return False, self.build(node, level)

    def _call(self, kind: str, span: Span, parts: list[tuple[bool, Core]]) -> Core:
        call = self.expander.call_support
        if not any(is_spliced for is_spliced, _ in parts):
            return call(kind, span, *[part for _, part in parts])
        segments: list[Core] = []
        run: list[Core] = []
        for is_spliced, part in parts:
            if not is_spliced:
                run.append(part)
                continue
            if run:
                segments.append(call("list", span, *run))
            segments.append(part)
            run = []
        if run:
            segments.append(call("list", span, *run))
        return call(f"spliced_{kind}", span, *segments)
