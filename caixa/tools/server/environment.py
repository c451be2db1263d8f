"""What the macros of a document are when its forms are expanded: the part of a program that runs in the editor.

Only what macros are made of is evaluated: their definitions, and those that they mention, directly or not. It
runs without any capability, and does no more work than a keystroke can wait for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from caixa.lisp.analysis import onlooker
from caixa.lisp.budget import Budget, Exhausted
from caixa.lisp.diagnostics import Reportable
from caixa.lisp.errors import LispError
from caixa.lisp.expander import SPECIAL_FORMS, Macro
from caixa.lisp.namespace import Namespace
from caixa.lisp.syntax import Atom, Form, Node, Prefix, symbol_name
from caixa.tools.linter import not_expandable

from .analysis import MACRO_FORMS, MODULE_FORMS, Analysis
from .facts import Facts
from .pieces import Parsed

__all__ = ["Environment", "Expansions", "Outline", "outline"]

_STEPS: Final = 200_000  # that the macros of a piece may take: a tenth of a second
_MOST_FACTS: Final = 20_000  # pieces remembered
_VARIABLE_FORMS: Final = ("define", "defn")


@dataclass(frozen=True, slots=True)
class Outline:
    """What is seen of a piece without expanding it: the symbols in it, and the names that its forms define."""

    symbols: frozenset[str]
    defined: tuple[str, ...]
    macros: tuple[str, ...]
    has_needs: bool


@lru_cache(maxsize=20_000)
def outline(parsed: Parsed) -> Outline:
    """Return the outline of a piece."""
    symbols: set[str] = set()
    pending: list[Node] = list(parsed.forms)
    while pending:
        node = pending.pop()
        if isinstance(node, Atom):
            name = symbol_name(node)
            symbols |= {name} if name is not None else set()
        else:
            pending += [node.inner] if isinstance(node, Prefix) else node.items
    names = [(form.head, _defined_name(form)) for form in parsed.forms if isinstance(form, Form)]
    return Outline(
        frozenset(symbols),
        tuple([name for head, name in names if head in _VARIABLE_FORMS and name]),
        tuple([name for head, name in names if head in MACRO_FORMS and name]),
        any(head in MODULE_FORMS for head, _ in names),
    )


def _defined_name(form: Form) -> str | None:
    target = form.items[1] if len(form) > 1 else None
    if isinstance(target, Form):
        target = target.items[0] if target.items else None
    return symbol_name(target) if target is not None else None


@dataclass(frozen=True, slots=True)
class Environment:
    """The macros of one document; `key` says what they were made of, `borrowed` are those of its modules."""

    key: object
    namespace: Namespace
    macros: Mapping[str, Macro]
    borrowed: Mapping[str, Macro]


class Expansions:
    """The language, as documents expand in it; what was found is remembered by what it depends on."""

    def __init__(self, budget: Budget | None = None) -> None:
        """Let the macros of a document do no more work than `budget` allows, each time that it is looked at."""
        self.budget = budget or Budget(_STEPS)
        self.interpreter = onlooker(budget=self.budget)
        self.interpreter.define_domain("defcaixa", lambda form, _source: form)
        self.language = self.interpreter.main.language
        self._programs = self.interpreter.main.programs
        self._facts: dict[object, Facts] = {}
        self._shadowable = frozenset(self.language.macros) | frozenset(SPECIAL_FORMS)

    def shadowed(self, outline: Outline) -> frozenset[str]:
        """Return the macros and special forms that variables defined in a piece hide from then on."""
        return self._shadowable.intersection(outline.defined)

    # -- what macros are made of ----------------------------------------------------------------------------

    def environment(
        self,
        parts: Sequence[tuple[Parsed, Outline]],
        borrowed: Mapping[str, Macro],
        before: Environment | None = None,
    ) -> Environment:
        """Return the environment of a document, `before` itself if nothing of it changed."""
        needed = _needed(parts)
        chosen = [parsed for parsed, seen in parts if _is_needed(seen, needed)]
        key = (tuple(parsed.text for parsed in chosen), tuple((name, id(m)) for name, m in borrowed.items()))
        if before is not None and before.key == key:
            return before
        namespace = Namespace(self.language, self._programs)
        self._programs.add_namespace(namespace)
        namespace.macros.update(borrowed)
        for parsed in chosen:
            with suppress(
                Exhausted
            ):  # the value of a variable that takes too long is missing, as one that fails
                self._define(parsed, namespace)
        own = {name: macro for name, macro in namespace.macros.items() if borrowed.get(name) is not macro}
        if before is not None:
            self._programs.namespaces.pop(id(before.namespace.names), None)
        return Environment(key, namespace, own, borrowed)

    def _define(self, parsed: Parsed, namespace: Namespace) -> None:
        """Evaluate the definitions in a piece; one that fails is missing, which those who need it will say."""

        def act(form: Node, namespace: Namespace) -> None:
            head = form.head if isinstance(form, Form) else None
            if isinstance(form, Form) and head in MACRO_FORMS:
                self._programs.define_macro(form, namespace)
            elif head in _VARIABLE_FORMS:
                self._programs.run_node(form, namespace)

        for form in parsed.forms:
            with suppress(Reportable), self._programs.reporting(parsed.source, namespace):
                self._programs.each_top(form, namespace, act)

    # -- facts ----------------------------------------------------------------------------------------------

    def facts(
        self, parsed: Parsed, seen: Outline, environment: Environment, known: Set[str], hidden: Set[str]
    ) -> Facts:
        """Return the facts of a piece, before which the macros `known` are defined and the names `hidden`."""
        macros = (known | environment.borrowed.keys()) & seen.symbols
        key = (
            parsed.text,
            environment.key if macros else None,
            frozenset(macros),
            frozenset(hidden & seen.symbols),
        )
        found = self._facts.get(key)
        if found is None:
            if len(self._facts) >= _MOST_FACTS:
                self._facts.clear()
            found = self._analysed(parsed, environment, macros, hidden & seen.symbols)
            if not self.budget.is_spent:  # else it may be known next time
                self._facts[key] = found
        return found

    def _analysed(self, parsed: Parsed, environment: Environment, macros: Set[str], hidden: Set[str]) -> Facts:
        with self._prepared(parsed, environment, macros, hidden) as namespace:
            self.budget.next_form()
            try:
                return Analysis(parsed, namespace).facts()
            except LispError as error:
                return Facts(problems=tuple(not_expandable(error)))

    def visible(
        self, parsed: Parsed, environment: Environment, known: Set[str], hidden: Set[str]
    ) -> tuple[str, ...]:
        """Return the local names that are visible at the name CURSOR, which stands in `parsed`."""
        with self._prepared(parsed, environment, known | environment.borrowed.keys(), hidden) as namespace:
            analysis = Analysis(parsed, namespace)
            self.budget.renew()
            with suppress(LispError):
                analysis.facts()
            return analysis.observer.visible or ()

    @contextmanager
    def _prepared(
        self, parsed: Parsed, environment: Environment, macros: Set[str], hidden: Set[str]
    ) -> Iterator[Namespace]:
        """Let the namespace be as it is before a piece, and put it back."""
        namespace = environment.namespace
        before = namespace.macros
        everything = {**environment.borrowed, **environment.macros}
        namespace.macros = {name: everything[name] for name in macros if name in everything}
        namespace.announced = set(hidden)
        try:
            with self._programs.reporting(parsed.source, namespace):
                yield namespace
        finally:
            namespace.macros = before
            namespace.announced = set()


def _needed(parts: Sequence[tuple[Parsed, Outline]]) -> frozenset[str]:
    """Return the names that macros of a document mention, and the definitions of these, and so on."""
    by_name: dict[str, list[Outline]] = {}
    for _, seen in parts:
        for name in (*seen.defined, *seen.macros):
            by_name.setdefault(name, []).append(seen)
    pending = [name for _, seen in parts for name in seen.macros]
    found: set[str] = set()
    while pending:
        name = pending.pop()
        if name in found or name not in by_name:
            continue
        found.add(name)
        pending += [symbol for seen in by_name[name] for symbol in seen.symbols]
    return frozenset(found)


def _is_needed(seen: Outline, names: Set[str]) -> bool:
    return not names.isdisjoint((*seen.defined, *seen.macros))
