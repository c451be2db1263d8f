"""What decoding carries along: the text, the profile, the problems so far and the places of what was read."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from caixa.lisp.diagnostics import Diagnostic, Edit, Severity
from caixa.lisp.source import Source, Span
from caixa.lisp.syntax import Atom, Form, Node, Prefix

from .profile import Profile
from .reading import Path

__all__ = ["INVALID", "Decoding", "Invalid", "Place", "closest", "described"]


class Invalid:
    """The type of INVALID: what a shape returns for a node that it reported."""

    def __repr__(self) -> str:
        return "INVALID"


INVALID: Final = Invalid()


@dataclass
class Decoding:
    """The state of one decoding; only `problems`, `spans` and `keys` grow."""

    source: Source
    profile: Profile
    problems: list[Diagnostic] = field(default_factory=list)
    spans: dict[Path, Span] = field(default_factory=dict)
    keys: dict[Path, Span] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)  # slots of which a part did not decode and was left out
    form: str = "defcaixa"  # what the older system would blame: `:nome`, `deps`, `kwargs` (caixa.md 1.1)

    @property
    def is_april(self) -> bool:
        """Whether exactly the older system's manifests are to be accepted."""
        return self.profile is Profile.APRIL


@dataclass(frozen=True, slots=True)
class Place:
    """Where decoding stands: the path from the top of the form."""

    decoding: Decoding
    path: Path = ()

    @property
    def is_bridged(self) -> bool:
        """Whether the older system reads the slot by way of JSON, where symbols may stand for strings (1.1)."""
        return not self.decoding.form.startswith(":")

    @property
    def is_april(self) -> bool:
        """Whether the older system's rules hold."""
        return self.decoding.is_april

    def step(self, name: str | int, node: Node) -> Place:
        """Go one step down, to `node`, remembering where it stands."""
        path = (*self.path, name)
        self.decoding.spans[path] = node.span
        return Place(self.decoding, path)

    def blame(self, keyword: str, *, is_native: bool) -> None:
        """Note, at the top of the form, which slot the older system would name from here on."""
        if not self.path:
            self.decoding.form = f":{keyword}" if is_native else keyword

    def drop(self, name: str = "") -> None:
        """Note that a part of the top-level slot around here (or of `name`, at the top) was left out."""
        self.decoding.dropped.add(str(self.path[0]) if self.path else name)

    def text_of(self, span: Span) -> str:
        """Return what is written at `span`."""
        return self.decoding.source.slice(span)

    def refuse(  # noqa: PLR0913 - each is a part of the finding
        self,
        code: str,
        node: Node | Span,
        message: str,
        /,
        *,
        why: str = "",
        fix: str = "",
        rewrite: str | None = None,
        **data: Any,
    ) -> Invalid:
        """Report an error at `node`; `rewrite` is the text that would be right in its place."""
        span = node if isinstance(node, Span) else node.span
        edits = () if rewrite is None else (Edit(span, rewrite),)
        self.report(code, span, message, why=why, fix=fix, edits=edits, **data)
        self.drop()
        return INVALID

    def report(  # noqa: PLR0913 - each is a part of the finding
        self,
        code: str,
        span: Span,
        message: str,
        /,
        *,
        why: str = "",
        fix: str = "",
        edits: tuple[Edit, ...] = (),
        **data: Any,
    ) -> None:
        """Add a problem, with the form that the older system would name in its data.

        The rule of `code` says how grave it is, and why and what to do unless that is said here.
        """
        from .rules.table import RULES  # noqa: PLC0415 - most manifests break no rule

        rule = RULES.get(code)  # other forms than a manifest have codes of their own
        severity = rule.severity if rule else Severity.ERROR
        if rule:
            why, fix = why or rule.says, fix or rule.fix
        data.setdefault("form", self.decoding.form)
        self.decoding.problems.append(Diagnostic(code, severity, span, message, why, fix, edits, data))


def described(node: Node) -> str:
    """Say what a node is, in few words whatever its size."""
    if isinstance(node, Form):
        return "an empty list" if not node.items else f"a list of {len(node.items)}"
    if isinstance(node, Prefix):
        return "a quoted form"
    assert isinstance(node, Atom)
    value = node.value
    if isinstance(value, str):
        return f'the string "{value[:24]}"'
    word = {bool: "boolean", int: "integer", float: "number"}.get(type(value), type(value).__name__.lower())
    shown = ("#t" if value else "#f") if isinstance(value, bool) else str(getattr(value, "name", value))
    return f"the {word} `{shown[:24]}`"


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that `word` was probably meant to be."""
    found = difflib.get_close_matches(word[:64].replace("_", "-").lower(), known, 1, 0.6)
    return found[0] if found else None
