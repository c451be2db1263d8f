"""Rules of one's own: a pattern of Lisp with variables, what to say where it matches, what to write instead.

A symbol `?x` stands for any form, the same each time; `?_` for any; `?*xs` for any number of forms in a row.
All else stands for itself. Patterns see the text as it is written, before expansion.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from caixa.lisp.diagnostics import Diagnostic, Edit, Severity
from caixa.lisp.printer import write_syntax
from caixa.lisp.source import Source
from caixa.lisp.syntax import Atom, Form, Node, Prefix, symbol_name

__all__ = ["PatternRule", "matches_of"]

_Bindings = dict[str, tuple[Node, ...]]


@dataclass(frozen=True, slots=True)
class PatternRule:
    """One rule: `replacement` is a form with the pattern's variables, or None; `is_safe` lets --fix use it."""

    code: str
    severity: Severity
    message: str
    pattern: Node
    replacement: Node | None = None
    is_safe: bool = False

    @property
    def head(self) -> str | None:
        """The symbol that a form must begin with to match, or None if that varies."""
        head = self.pattern.head if isinstance(self.pattern, Form) else None
        return None if head is None or head.startswith("?") else head


def matches_of(rules: Sequence[PatternRule], nodes: Iterable[Node], source: Source) -> Iterator[Diagnostic]:
    """Yield what `rules` find among `nodes`, which are all nodes of `source`."""
    if not rules:
        return
    by_head: dict[str | None, list[PatternRule]] = {}
    for rule in rules:
        by_head.setdefault(rule.head, []).append(rule)
    anywhere = by_head.get(None, [])
    for node in nodes:
        head = node.head if isinstance(node, Form) else None
        for rule in [*(by_head.get(head, ()) if head is not None else ()), *anywhere]:
            bindings: _Bindings = {}
            if _match(rule.pattern, node, bindings):
                yield _finding(rule, node, bindings, source)


def _finding(rule: PatternRule, node: Node, bindings: _Bindings, source: Source) -> Diagnostic:
    fix = ""
    edits: tuple[Edit, ...] = ()
    if rule.replacement is not None:
        text = _filled(rule.replacement, bindings, source)
        fix, edits = f"Write {text if len(text) <= 60 else 'the shorter form'}.", (Edit(node.span, text),)
    return Diagnostic(rule.code, rule.severity, node.span, rule.message, fix=fix, edits=edits)


# -- matching: as deep as the pattern, which a person wrote --------------------------------------------------


def _match(pattern: Node, node: Node, bindings: _Bindings) -> bool:
    name = symbol_name(pattern)
    if name is not None and name.startswith("?") and not name.startswith("?*"):
        return _bind(name, (node,), bindings)
    if isinstance(pattern, Form):
        same = isinstance(node, Form) and node.bracket is pattern.bracket
        return same and isinstance(node, Form) and _match_items(pattern.items, node.items, bindings)
    if isinstance(pattern, Prefix):
        same = isinstance(node, Prefix) and node.kind is pattern.kind
        return same and isinstance(node, Prefix) and _match(pattern.inner, node.inner, bindings)
    return isinstance(node, Atom) and _same_atom(pattern, node)


def _match_items(patterns: Sequence[Node], items: Sequence[Node], bindings: _Bindings) -> bool:
    many = next((at for at, each in enumerate(patterns) if (symbol_name(each) or "").startswith("?*")), None)
    if many is None:
        if len(patterns) != len(items):
            return False
        return all(_match(each, item, bindings) for each, item in zip(patterns, items, strict=True))
    after = len(patterns) - many - 1
    if len(items) < many + after:
        return False
    end = len(items) - after
    return (
        _match_items(patterns[:many], items[:many], bindings)
        and _bind(symbol_name(patterns[many]) or "", tuple(items[many:end]), bindings)
        and _match_items(patterns[many + 1 :], items[end:], bindings)
    )


def _bind(name: str, nodes: tuple[Node, ...], bindings: _Bindings) -> bool:
    if name in ("?_", "?*_"):
        return True
    before = bindings.setdefault(name, nodes)
    return before is nodes or _written(before) == _written(nodes)


def _written(nodes: tuple[Node, ...]) -> list[str]:
    return [write_syntax(node) for node in nodes]


def _same_atom(pattern: Atom, node: Atom) -> bool:
    return type(pattern.value) is type(node.value) and pattern.value == node.value


# -- replacing ------------------------------------------------------------------------------------------------


def _filled(template: Node, bindings: Mapping[str, tuple[Node, ...]], source: Source) -> str:
    """Return the text of `template` with what the variables stand for, as its author wrote that."""
    name = symbol_name(template)
    if name in bindings:
        return " ".join(source.slice(node.span) for node in bindings[name or ""])
    if isinstance(template, Form):
        opening, closing = template.bracket.value
        parts = (_filled(item, bindings, source) for item in template.items)
        return f"{opening}{' '.join(part for part in parts if part)}{closing}"
    if isinstance(template, Prefix):
        return template.kind.text + _filled(template.inner, bindings, source)
    return write_syntax(template)
