"""Comments that silence rules: `; lint: off RULE…` on a line, before a form, or for a file.

Beside code it holds for that line; on a line of its own for the form that follows; with the word `file` after
the rules, for the whole text. Without a rule it silences all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from caixa.lisp.diagnostics import Diagnostic
from caixa.lisp.reader import Program
from caixa.lisp.source import Source, Span
from caixa.lisp.syntax import Form, Node, Prefix, Trivia

__all__ = ["Silence", "silence_of"]

_COMMENT = re.compile(r";+\s*lint:\s*off\b\s*(?P<words>[\w\s,-]*)")
_ALL = frozenset({""})


@dataclass
class Silence:
    """Which rules are silent where; the rule `` stands for all."""

    source: Source
    file: set[str] = field(default_factory=set)
    lines: dict[int, set[str]] = field(default_factory=dict)
    forms: list[tuple[Span, frozenset[str]]] = field(default_factory=list)

    def covers(self, found: Diagnostic) -> bool:
        """Whether the finding is silenced."""
        if found.span is None or found.span.source != self.source.name:
            return bool(self.file & {"", found.code})
        rules = {"", found.code}
        if self.file & rules:
            return True
        line = self.source.position(found.span.start).line
        return bool(self.lines.get(line, set()) & rules) or any(
            span.covers(found.span) and silent & rules for span, silent in self.forms
        )

    def audible(self, findings: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """Yield the findings that are not silenced."""
        if not (self.file or self.lines or self.forms):
            return iter(findings)
        return (found for found in findings if not self.covers(found))


def silence_of(program: Program) -> Silence:
    """Return what the comments of `program` silence."""
    silence = Silence(program.source)
    if "lint:" in program.source.text:
        for trivia, node in _comments(program):
            match = _COMMENT.match(trivia.text)
            if match is not None:
                _silence(silence, trivia, node, match["words"].replace(",", " ").split())
    return silence


def _silence(silence: Silence, trivia: Trivia, node: Node | None, words: list[str]) -> None:
    is_file = words[-1:] == ["file"]
    rules = frozenset(words[:-1] if is_file else words) or _ALL
    place = silence.source.position(trivia.span.start)
    if is_file:
        silence.file |= rules
    elif silence.source.line(place.line)[: place.column - 1].strip():
        silence.lines.setdefault(place.line, set()).update(rules)
    elif node is not None:
        silence.forms.append((node.span, rules))


def _comments(program: Program) -> Iterator[tuple[Trivia, Node | None]]:
    """Yield every comment with the node that it stands before, or None where nothing follows."""
    waiting = list(program.forms)
    while waiting:
        node = waiting.pop()
        yield from ((each, node) for each in node.leading)
        if isinstance(node, Form):
            waiting += node.items
            yield from ((each, None) for each in node.trailing)
        elif isinstance(node, Prefix):
            waiting.append(node.inner)
    yield from ((each, None) for each in program.trailing)
