"""From a piece of text to its facts: expanded as a program would be, but for what it evaluates."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from caixa.lisp.core import Core, Define, Lambda
from caixa.lisp.diagnostics import Diagnostic
from caixa.lisp.errors import LispError
from caixa.lisp.expander.definitions import macro_definition
from caixa.lisp.namespace import Namespace
from caixa.lisp.printer import write_syntax
from caixa.lisp.requests import read_import, read_require
from caixa.lisp.source import Span
from caixa.lisp.syntax import Atom, Bracket, Form, Node, PrefixKind, keyword_name, symbol_name
from caixa.tools.linter import not_expandable

from .facts import Binding, Definition, Facts, Kind, Lent, Mention, Need, Role
from .observing import Observer, Seen, walk
from .pieces import Parsed
from .text import Range

__all__ = ["MACRO_FORMS", "MODULE_FORMS", "Analysis"]

MACRO_FORMS = ("defmacro", "defpoint-template", "defcheck")
MODULE_FORMS = ("require", "importar", "provide")


class Analysis:
    """The analysis of one piece in a namespace, whose macros and announced variables it changes."""

    def __init__(self, parsed: Parsed, namespace: Namespace) -> None:
        """Analyse `parsed`; call `facts` once."""
        self.parsed, self.namespace = parsed, namespace
        self.observer = Observer(namespace)
        self.seen = Seen()
        self.definitions: list[Definition] = []
        self.mentions: list[Mention] = []
        self.needs: list[Need] = []
        self.provided: list[Lent] = []
        self.codes: list[Core] = []

    def facts(self) -> Facts:
        """Return what there is to know; what does not expand is among the problems."""
        for node in self.parsed.forms:
            self._noting(node, self._top)
        self._gather()
        bindings = tuple(self._bindings())
        return Facts(
            tuple(self.definitions),
            bindings,
            tuple(self._completed(bindings)),
            tuple(sorted({place for span in self.observer.specials if (place := self._place(span))})),
            tuple(self.needs),
            tuple(self.provided),
            tuple(self._problems()),
            tuple(self.codes),
        )

    # -- forms ----------------------------------------------------------------------------------------------

    def _noting(self, node: Node, act: Callable[[Node], None]) -> None:
        try:
            act(node)
        except LispError as error:
            self.observer.errors.append(error)

    def _top(self, node: Node) -> None:
        pending = [node]
        while pending:
            form = self.observer.program_head(pending.pop())
            head = form.head if isinstance(form, Form) else None
            if not isinstance(form, Form) or head is None:
                self._expand(form)
            elif head == "begin" and len(form) > 1:
                self._head(form)
                pending.extend(reversed(form.items[1:]))
            elif head in MACRO_FORMS:
                self._macro(form)
            elif head in MODULE_FORMS:
                self._head(form)
                self._module_form(form, head)
            elif not (self.namespace.is_domain(head) and not self.namespace.is_variable(head)):
                self._expand(form)

    def _expand(self, form: Node) -> None:
        core = self.observer.program(form)
        self.codes.append(core)
        walk(core, form.span, self.seen)
        if isinstance(form, Form) and form.head == "deftest":
            self._test(form)

    def _head(self, form: Form) -> None:
        self.observer.specials.add(form.items[0].span)

    def _test(self, form: Form) -> None:
        place = self._place(form.items[1].span) if len(form) > 1 else None
        name = symbol_name(form.items[1]) if place else None
        if place is not None and name is not None:
            self.definitions.append(Definition(name, Kind.TEST, place, self._range(form.span)))

    def _macro(self, form: Form) -> None:
        self._head(form)
        name, code, params = macro_definition(self.observer, form)
        self.codes.append(code)
        walk(code, form.span, self.seen)
        place = self._place(form.items[1].span)
        if place is not None:
            made = Definition(name, Kind.MACRO, place, self._range(form.span), params, code.doc or "")
            self.definitions.append(made)
            self.mentions.append(Mention(name, place, Role.DEFINE))

    def _module_form(self, form: Form, head: str) -> None:
        if head == "provide":
            for item in form.items[1:]:
                name = symbol_name(item)
                if name is not None:
                    place = self._range(item.span)
                    self.provided.append(Lent(name, place))
                    self.mentions.append(Mention(name, place, Role.PROVIDE))
            return
        request = read_require(form) if head == "require" else read_import(form)
        target = form.items[1 if head == "require" else 2]
        number = len(self.needs)
        self.needs.append(Need(request, self._range(target.span), head == "importar"))
        for name, node in request.refer or ():
            self.mentions.append(Mention(name, self._range(node.span), Role.REFER, number))
        for node in _renamed(form):
            self.mentions.append(Mention(symbol_name(node) or "", self._range(node.span), Role.REFER, number))

    # -- places ---------------------------------------------------------------------------------------------

    def _range(self, span: Span) -> Range:
        return self.parsed.range(span.start, span.end)

    def _place(self, span: Span | None, name: str | None = None) -> Range | None:
        """Return where a name is written, or None for one that the text does not have there."""
        if span is None or span.source != self.parsed.source.name:
            return None
        place = self._range(span)
        text = self.parsed.text[place.start : place.end]
        if name is None:
            return place if text and not text.startswith("(") else None
        return place if text in (name, f"|{name}|") else None

    # -- gathering ------------------------------------------------------------------------------------------

    def _gather(self) -> None:
        for define in self.seen.definitions:
            place = self._place(define.name_span, define.name)
            if place is not None:
                self.definitions.append(self._definition(define, place))
                self.mentions.append(Mention(define.name, place, Role.DEFINE))
        groups = (
            (self.seen.reads, Role.READ),
            (self.seen.writes, Role.WRITE),
            (self.observer.macros, Role.MACRO),
        )
        for names, role in groups:
            for name, span in names:
                place = self._place(span, name)
                if place is not None:
                    self.mentions.append(Mention(name, place, role))

    def _definition(self, define: Define, place: Range) -> Definition:
        code, whole = define.value, self._range(define.span)
        if not isinstance(code, Lambda):
            return Definition(define.name, Kind.VARIABLE, place, whole)
        form = next((form for form in self.parsed.forms if form.span == define.span), None)
        params = _written_params(form) or _params(code)
        return Definition(define.name, Kind.FUNCTION, place, whole, params, code.doc or "")

    def _bindings(self) -> Iterator[Binding]:
        known: dict[Range, Binding] = {}
        for bound in self.seen.bound.values():
            name = bound.local.name
            place = self._place(bound.local.span, name)
            if place is None:
                continue
            found = {written for span in bound.mentions if (written := self._place(span, name))}
            before = known.get(place)  # a macro may bind one name twice, as in two branches
            found |= set(before.mentions) if before else set()
            extent = self._range(bound.extent)
            known[place] = Binding(
                name, place, extent, tuple(sorted(found)), bound.is_parameter, bound.is_function
            )
        others = self._rewritten(known.values())
        return (
            Binding(
                b.name,
                b.place,
                b.extent,
                tuple(sorted({*b.mentions, *others.get(b.place, ())})),
                b.is_parameter,
                b.is_function,
            )
            for b in known.values()
        )

    def _rewritten(self, bindings: Collection[Binding]) -> dict[Range, list[Range]]:
        """Return further mentions of local variables in calls of macros, by the place of the variable.

        What a macro takes apart and puts together again has lost all places of a name but the first. Where
        every known mention of the name inside the call means one variable, the others mean it too.
        """
        found: dict[Range, list[Range]] = {}
        taken = {place for binding in bindings for place in binding.places()} | {m.place for m in self.mentions}
        for name, place, call in self._atoms_of_calls(taken):
            meant = [b for b in bindings if b.name == name and any(call.covers(at) for at in b.places())]
            if len(meant) == 1 and not any(m.name == name and call.covers(m.place) for m in self.mentions):
                found.setdefault(meant[0].place, []).append(place)
        return found

    def _completed(self, bindings: tuple[Binding, ...]) -> Iterator[Mention]:
        """Yield the mentions in order, with those of global names that a macro took apart, likewise."""
        unique = {(mention.place, mention.name): mention for mention in reversed(self.mentions)}
        taken = {mention.place for mention in unique.values()}
        local = {(place, binding.name) for binding in bindings for place in binding.places()}
        taken |= {place for place, _ in local}
        for name, place, call in self._atoms_of_calls(taken):
            is_global = any(m.name == name and call.covers(m.place) for m in self.mentions)
            if is_global and not any(of == name and call.covers(at) for at, of in local):
                unique[place, name] = Mention(name, place)
        return iter(sorted(unique.values(), key=lambda mention: mention.place))

    def _atoms_of_calls(self, taken: set[Range]) -> Iterator[tuple[str, Range, Range]]:
        """Yield the symbols in calls of macros that nothing is known of, each with the range of the call."""
        for call in self.observer.calls:
            if call.span.source != self.parsed.source.name:
                continue
            around = self._range(call.span)
            for atom in _evaluated_symbols(call):
                name = symbol_name(atom) or ""
                place = self._place(atom.span, name)
                if place is not None and place not in taken:
                    yield name, place, around

    def _problems(self) -> Iterator[Diagnostic]:
        seen: set[tuple[str, Span | None, str]] = set()
        for error in self.observer.errors:
            for found in not_expandable(error):
                if (found.code, found.span, found.message) not in seen:
                    seen.add((found.code, found.span, found.message))
                    yield found


def _renamed(form: Form) -> Iterator[Node]:
    """Yield the names before `:rename` gives them others, in `{old new …}` or `((old new) …)`."""
    for key, value in zip(form.items, form.items[1:], strict=False):
        if keyword_name(key) == "rename" and isinstance(value, Form):
            pairs = value.items[::2] if value.bracket is Bracket.MAP else value.items
            olds = [pair.items[0] if isinstance(pair, Form) and pair.items else pair for pair in pairs]
            yield from (old for old in olds if symbol_name(old) is not None)


def _evaluated_symbols(call: Form) -> Iterator[Atom]:
    """Yield the symbols of a call that are not quoted."""
    pending: list[Node] = list(reversed(call.items[1:]))
    while pending:
        node = pending.pop()
        if isinstance(node, Atom):
            if symbol_name(node) is not None:
                yield node
        elif isinstance(node, Form):
            pending += reversed(node.items if node.head != "quote" else ())
        elif node.kind is not PrefixKind.QUOTE:
            pending.append(node.inner)


def _written_params(form: Node | None) -> str:
    """Return the parameters of a defining form as they are written, or nothing."""
    if not isinstance(form, Form) or len(form) < 3:
        return ""
    target, found = form.items[1], form.items[2]
    if isinstance(target, Form):
        found = Form(target.span, target.items[1:], target.bracket)
    elif form.head == "defn" and not isinstance(found, Form) and len(form) > 3:
        found = form.items[3]
    elif isinstance(found, Form) and found.head in ("lambda", "fn") and len(found) > 2:
        found = found.items[1]
    elif form.head != "defn":
        return ""
    return write_syntax(found) if isinstance(found, Form) else ""


def _params(code: Lambda) -> str:
    """Return the parameters of a procedure that a macro defines."""
    words = [each.name for each in code.required]
    words += ["&optional", *[each.local.name for each in code.optional]] if code.optional else []
    words += ["&rest", code.rest.name] if code.rest is not None else []
    return f"({' '.join(words)})"
