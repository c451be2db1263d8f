"""A source expanded form by form, and what stands in it: the ground on which the rules on code work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from caixa.lisp.analysis import onlooker, top_forms
from caixa.lisp.budget import Budget
from caixa.lisp.core import Core, Define, Lambda
from caixa.lisp.errors import LispError
from caixa.lisp.expander import SPECIAL_FORMS
from caixa.lisp.expander.definitions import macro_definition
from caixa.lisp.libraries import Loader, no_modules
from caixa.lisp.namespace import Namespace
from caixa.lisp.program import MACRO_FORMS
from caixa.lisp.requests import Request, read_import, read_require
from caixa.lisp.source import Source, Span
from caixa.lisp.syntax import Form, Node, Prefix, symbol_name

from .survey import Survey

__all__ = ["READERS", "Code", "Import", "expand_source"]

READERS: Mapping[str, Callable[[Form], Request]] = {"require": read_require, "importar": read_import}


@dataclass(frozen=True, slots=True)
class Import:
    """A `require` or `importar`, and whether what it asks for was found, so that its names are known."""

    form: Form
    request: Request
    is_known: bool

    def lends(self, name: str) -> bool:
        """Whether `name` could be one that this import lends."""
        bare = self.request.refer is None or any(name == each for each, _ in self.request.refer)
        return bare or name.startswith(f"{self.request.alias}/") or name in self.request.rename.values()


@dataclass
class Code:
    """What expansion made of a source."""

    source: Source
    namespace: Namespace
    nodes: tuple[Node, ...]
    forms: list[Core] = field(default_factory=list)
    failures: list[LispError] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    macros: set[str] = field(default_factory=set)
    is_whole: bool = True  # whether all of it was looked at
    program: Mapping[str, Sequence[Define]] | None = None  # what all of it defines, if this is a part of more
    changed: Set[str] = frozenset()  # the globals that other parts of it assign

    @cached_property
    def survey(self) -> Survey:
        """What the code mentions, binds and calls, found in one walk."""
        unknown = [each for each in self.imports if not each.is_known]
        return Survey.of(self.forms, lambda name: any(each.lends(name) for each in unknown))

    @cached_property
    def own(self) -> Mapping[str, Sequence[Define]]:
        """The definitions here of each global name, in order."""
        found: dict[str, list[Define]] = {}
        for define in self.survey.definitions:
            found.setdefault(define.name, []).append(define)
        return found

    @property
    def definitions(self) -> Mapping[str, Sequence[Define]]:
        """The definitions of each global name in the whole program, in order."""
        return self.own if self.program is None else self.program

    def is_changed(self, name: str) -> bool:
        """Whether a global is assigned anywhere."""
        return name in self.survey.changed or name in self.changed

    @cached_property
    def is_open(self) -> bool:
        """Whether any name may be lent: something unknown is asked for with all its names."""
        return any(not each.is_known and each.request.refer is None for each in self.imports)

    def is_lent(self, name: str) -> bool:
        """Whether an import could lend `name`."""
        return any(each.lends(name) for each in self.imports)

    def function(self, name: str) -> Lambda | None:
        """Return the procedure that a global always is: defined once, never changed."""
        defined = self.definitions.get(name, [])
        if len(defined) != 1 or self.is_changed(name):
            return None
        value = defined[0].value
        return value if isinstance(value, Lambda) else None

    # -- places ---------------------------------------------------------------------------------------------

    @cached_property
    def _index(self) -> Mapping[Span, Node]:
        found: dict[Span, Node] = {}
        waiting = list(self.nodes)
        while waiting:
            node = waiting.pop()
            found[node.span] = node
            if isinstance(node, Form):
                waiting += node.items
            elif isinstance(node, Prefix):
                waiting.append(node.inner)
        return found

    def node_at(self, span: Span) -> Node | None:
        """Return the node that is written at `span`, or None for code that a macro made."""
        return self._index.get(span)

    def place(self, name: str, span: Span) -> Span | None:
        """Return where `name` is written in the node at `span`: its first mention, or None."""
        waiting = [node] if (node := self.node_at(span)) is not None else []
        while waiting:
            node = waiting.pop()
            if symbol_name(node) == name:
                return node.span
            if isinstance(node, Form):
                waiting += reversed(node.items)
            elif isinstance(node, Prefix):
                waiting.append(node.inner)
        return None


def expand_source(
    source: Source, nodes: tuple[Node, ...], loader: Loader = no_modules, budget: Budget | None = None
) -> Code:
    """Return the code of `source`, whose forms are `nodes`; a form that fails is a failure and stops no other.

    Macros take effect, and in a source with macros procedures do, since macros may call them. What is required
    is looked up with `loader`. Typed forms (a head `def…` that the language does not know) are left out. Where
    macros have done all the work that `budget` allows, what follows is not looked at.
    """
    budget = budget or Budget()
    interpreter = onlooker(loader, budget)
    interpreter.modules.run = top_forms
    expansion = _Expansion(Code(source, interpreter.main, nodes), "defmacro" in source.text)
    with interpreter.main.programs.reporting(source, interpreter.main):
        for at, node in enumerate(nodes, 1):
            expansion.take(node)
            if budget.is_spent and at < len(nodes):
                expansion.code.is_whole = False
                break
    return expansion.code


class _Expansion:
    """Goes through the top-level forms in order."""

    def __init__(self, code: Code, has_macros: bool) -> None:  # noqa: FBT001 - made in one place
        self.code = code
        self.namespace = code.namespace
        self.has_macros = has_macros

    def take(self, node: Node) -> None:
        try:
            self.namespace.programs.each_top(node, self.namespace, self._take)
        except Exception as error:  # a macro may do anything
            self.code.failures.append(self.namespace.as_lisp_error(error))

    def _take(self, form: Node, namespace: Namespace) -> None:
        head = form.head if isinstance(form, Form) else None
        if head is not None and isinstance(form, Form):
            if head in MACRO_FORMS:
                name, function, _ = macro_definition(namespace.expander, form)
                namespace.programs.define_macro(form, namespace)
                self.code.macros.add(name)
                self.code.forms.append(function)
                return
            if head in READERS:
                self._import(form, READERS[head](form))
                return
            if head == "provide" or self._is_typed(head):
                return
        core = namespace.expander.program(form)
        self.code.forms.append(core)
        self._define(core)

    def _import(self, form: Form, request: Request) -> None:
        try:
            self.namespace.programs.top_forms[form.head or ""](form, self.namespace)
            is_known = True
        except Exception:  # what is not there, or fails, is not this source's fault
            is_known = False
        self.code.imports.append(Import(form, request, is_known))

    def _is_typed(self, head: str) -> bool:
        known = head in SPECIAL_FORMS or self.namespace.has(head)
        return head.startswith("def") and not known and not self.code.is_lent(head)

    def _define(self, core: Core) -> None:
        if not isinstance(core, Define):
            return
        if self.has_macros and isinstance(core.value, Lambda):
            self.namespace.programs.run_core(core, core.span, self.namespace)
        else:
            self.namespace.define(core.name, None)
