"""Running programs: each top-level form in turn is expanded, compiled and run."""

from __future__ import annotations

import linecache
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from types import CodeType, FunctionType
from typing import Any

from .budget import Budget
from .compiler.compilation import compile_core, fill_constants
from .compiler.fusions import Deferred
from .compiler.placing import Placer
from .conditions import dynamic_state
from .core import Core, Local
from .data import quote, unquote
from .diagnostics import Reportable
from .errors import BadSpecialForm, LispError, RecursionLimit, UnboundSymbol
from .expander import Macro, Scope
from .expander.definitions import macro_definition
from .namespace import Namespace
from .reader import read
from .source import Source, Span
from .syntax import Form, Node, symbol_name
from .traceback import as_lisp_error, finish
from .tracing import TRACED, trace_again

__all__ = ["DEPTH_LIMIT", "MACRO_FORMS", "Programs"]

DEPTH_LIMIT = (
    240_000  # Python frames: more than 100,000 calls from Lisp to Lisp, with room for those through natives
)

MAX_EVALUATIONS = 500  # `eval` inside `eval`
MACRO_FORMS = ("defmacro", "defpoint-template", "defcheck")
Handler = Callable[[Form, Source], object]
TopForm = Callable[[Form, Namespace], object]


class _Depth:
    """Raises Python's limit on recursion while any program runs."""

    running = 0
    before = 1000
    lock = threading.Lock()  # programs run on several threads at once

    @classmethod
    @contextmanager
    def raised(cls) -> Iterator[None]:
        with cls.lock:
            if cls.running == 0:
                cls.before = sys.getrecursionlimit()
                sys.setrecursionlimit(max(cls.before, DEPTH_LIMIT))
            cls.running += 1
        try:
            yield
        finally:
            with cls.lock:
                cls.running -= 1
                if cls.running == 0:
                    sys.setrecursionlimit(cls.before)


class Programs:
    """Compiles and runs the forms of one interpreter, in whichever namespace."""

    def __init__(self, *, optimized: bool = True, budget: Budget | None = None) -> None:
        """Know no sources and no typed domains yet; without `optimized`, compile as plainly as can be.

        With a `budget`, what is compiled counts its work against it.
        """
        self._optimized = optimized
        self.budget = budget
        self.sources: dict[str, Source] = {}
        self.domains: dict[str, Handler] = {}
        self.top_forms: dict[str, TopForm] = {}
        self.namespaces: dict[int, Namespace] = {}  # by id of the dict of names
        self._evaluations = ContextVar("evaluations", default=0)  # fibers may wait in many at once
        self._placers: dict[str, tuple[Source, Placer]] = {}

    def add_namespace(self, namespace: Namespace) -> None:
        """Know which namespace the globals of running code belong to."""
        self.namespaces[id(namespace.names)] = namespace

    def add_source(self, source: Source) -> None:
        """Keep `source` for errors and for Python's own tracebacks."""
        self.sources[source.name] = source
        lines = source.text.splitlines(keepends=True)
        linecache.cache[source.name] = (len(source.text), None, lines, source.name)

    def run(self, source: Source, namespace: Namespace) -> object:
        """Run every form of `source` in `namespace` and return the value of the last. Raises LispError."""
        value: object = None
        with self.reporting(source, namespace):
            for node in read(source).forms:
                value = self.run_top(node, namespace)
                if TRACED in namespace.names:
                    trace_again(namespace.names)
        return value

    @contextmanager
    def reporting(self, source: Source, namespace: Namespace) -> Iterator[None]:
        """Be ready to run `source`, and let what goes wrong be a located error of the language."""
        self.add_source(source)
        with _Depth.raised(), dynamic_state():
            try:
                yield
            except Exception as error:
                if isinstance(error, Reportable) and not isinstance(error, LispError):
                    raise  # a typed domain refuses its form in words of its own
                raise self._finished(error, namespace) from error.__cause__

    def calling(self) -> AbstractContextManager[None]:
        """Let procedures be called from Python, inside the context, as deeply as from a program."""
        return _Depth.raised()

    def _finished(self, error: Exception, namespace: Namespace) -> LispError:
        lisp_error = finish(error, self.sources)
        if isinstance(lisp_error, UnboundSymbol):
            lisp_error.suggest(self._known_names(namespace))
        return lisp_error

    def _known_names(self, namespace: Namespace) -> list[str]:
        language = namespace.language
        return [*namespace.names, *namespace.macros, *language.functions(), *language.macros]

    def as_lisp_error(self, error: Exception) -> LispError:
        """Return `error` as an error of the language, located where it happened."""
        return as_lisp_error(error, self.sources)

    # -- top-level forms ------------------------------------------------------------------------------------

    def run_top(self, node: Node, namespace: Namespace) -> object:
        """Run one top-level form; those inside a top-level `begin` count as such."""
        return self.each_top(node, namespace, self._run_form)

    def each_top(self, node: Node, namespace: Namespace, act: Callable[[Node, Namespace], object]) -> object:
        """Let `act` have `node`, its macros expanded at the head, or what a `begin` is made of, one by one."""
        pending, value = [node], None
        if self.budget is not None:
            self.budget.next_form()
        while pending:
            form = namespace.expander.program_head(pending.pop())
            if isinstance(form, Form) and form.head == "begin" and len(form) > 1:
                pending.extend([_not_module_form(item) for item in reversed(form.items[1:])])
            else:
                value = act(form, namespace)
        return value

    def _run_form(self, form: Node, namespace: Namespace) -> object:
        head = form.head if isinstance(form, Form) else None
        if head is None or not isinstance(form, Form):
            return self.run_node(form, namespace)
        if head in MACRO_FORMS:
            self.define_macro(form, namespace)
            return None
        if head in self.top_forms:
            return self.top_forms[head](form, namespace)
        if self.is_typed(head, namespace):
            return self.domains[head](form, namespace.source_named(form.span.source))
        return self.run_node(form, namespace)

    def is_typed(self, head: str, namespace: Namespace) -> bool:
        """Return whether a top-level form with this head belongs to a typed domain."""
        return head in self.domains and not namespace.is_variable(head)

    def define_macro(self, form: Form, namespace: Namespace) -> None:
        """Evaluate a macro definition."""
        name, code, params = macro_definition(namespace.expander, form)
        function = namespace.make_function(code)
        namespace.add_macro(Macro(name, function, params, code.doc, form.span))

    def run_node(self, node: Node, namespace: Namespace) -> object:
        """Expand, compile and run one form."""
        core = namespace.expander.program(node)
        return self.run_core(core, node.span, namespace)

    def run_core(self, core: Core, span: Span, namespace: Namespace) -> object:
        """Compile and run code that stands at `span`."""
        code, constants = self.compile(core, span, namespace)
        return FunctionType(fill_constants(code, constants), namespace.names)()

    def compile(
        self, core: Core, span: Span, namespace: Namespace, visible: Sequence[Local] = ()
    ) -> tuple[CodeType, list[object]]:
        """Return the code of `core` without its constants, and these."""
        placer, optimized = self._placer(span), self._optimized or namespace.is_fixed
        metered = self.budget is not None
        return compile_core(core, span, placer, namespace, visible, optimized=optimized, is_metered=metered)

    def closure(self, deferred: Deferred, *values: object) -> object:
        """Return a function that was to be part of a loop, which closes over `values`."""
        namespace = self.namespaces[id(sys._getframe(1).f_globals)]
        close = self.run_core(deferred.closing(), deferred.code.span, namespace)
        assert isinstance(close, FunctionType)
        return close(*values)

    def _placer(self, span: Span) -> Placer:
        source = self.sources.get(span.source) or Source(span.source, "")
        known = self._placers.get(span.source)
        if known is None or known[0] is not source:
            known = self._placers[span.source] = source, Placer(source)
        return known[1]

    # -- evaluation by programs -----------------------------------------------------------------------------

    def eval_global(self, value: object) -> object:
        """Evaluate `value` as code in the namespace of the caller; what `eval` at the top level does."""
        frame = sys._getframe(1)
        namespace = self.namespaces[id(frame.f_globals)]
        with self._nested():
            return self.run_top(unquote(value, self._caller_span(frame)), namespace)

    @contextmanager
    def _nested(self) -> Iterator[None]:
        """Refuse evaluation inside evaluation without end, each of which takes many frames."""
        depth = self._evaluations.get()
        if depth >= MAX_EVALUATIONS:
            raise RecursionLimit(f"more than {MAX_EVALUATIONS} evaluations are inside each other")
        token = self._evaluations.set(depth + 1)
        try:
            yield
        finally:
            self._evaluations.reset(token)

    def eval_local(self, value: object, scope: Scope, cells: FunctionType) -> object:
        """Evaluate `value` where the local variables in `scope` are visible; `cells` closes over them."""
        frame = sys._getframe(1)
        namespace = self.namespaces[id(frame.f_globals)]
        with self._nested():
            return self._eval_inside(unquote(value, self._caller_span(frame)), scope, cells, namespace)

    def _eval_inside(self, node: Node, scope: Scope, cells: FunctionType, namespace: Namespace) -> object:
        core = namespace.expander.program_inside(node, scope)
        visible = scope.visible()
        code, constants = self.compile(core, node.span, namespace, [each for each in visible if each.python])
        code = fill_constants(code, constants)
        found = dict(zip(cells.__code__.co_freevars, cells.__closure__ or (), strict=True))
        closure = tuple([found[name] for name in code.co_freevars])
        return FunctionType(code, namespace.names, None, None, closure)()

    def _caller_span(self, frame: Any) -> Span:
        error = as_lisp_error(_at(frame), self.sources)
        return error.span or Span(frame.f_code.co_filename, 0, 0)

    def macroexpand(self, value: object, steps: int | None) -> object:
        """Return `value` as code, expanded by `steps` macro calls at its head, or wholly if that is None."""
        frame = sys._getframe(1)
        namespace = self.namespaces[id(frame.f_globals)]
        node = unquote(value, self._caller_span(frame))
        return quote(expanded(namespace, node, steps))


def _not_module_form(node: Node) -> Node:
    """Refuse `require` and `provide` inside `begin`."""
    if isinstance(node, Form) and node.head in ("require", "provide", "importar"):
        raise BadSpecialForm(node.head or "", "module forms are only valid at top level", node.span)
    return node


def _at(frame: Any) -> Exception:
    from types import TracebackType  # noqa: PLC0415  # for `eval` alone

    return LispError("").with_traceback(TracebackType(None, frame, frame.f_lasti, frame.f_lineno))


def expanded(namespace: Namespace, node: Node, steps: int | None) -> Node:
    """Return `node` after `steps` expansions at its head, or with every macro call in it expanded."""
    expander = namespace.expander
    if steps is None:
        return _expanded_inside(namespace, node)
    for _ in range(steps):
        macro = expander.macro_of(node, None)
        if macro is None or not isinstance(node, Form):
            break
        node = expander.expand_once(macro, node)
    return node


def _expanded_inside(namespace: Namespace, node: Node) -> Node:
    node = namespace.expander.expand_head(node, None)
    if not isinstance(node, Form) or node.head in ("quote", "quasiquote"):
        return node
    items = tuple([_expanded_inside(namespace, item) for item in node.items])
    return Form(node.span, items, node.bracket, node.leading, node.trailing)


def quoted_symbols(node: Node) -> list[str] | None:
    """Return the names in a list of symbols, or None if it is something else."""
    if not isinstance(node, Form) or not node.bracket.is_sequence:
        return None
    names = [symbol_name(item) for item in node.items]
    return [name for name in names if name is not None] if None not in names else None
