"""What the language tells of itself: documentation, definitions and names (language-decisions, "Added")."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

from ..errors import NativeError, TypeMismatch
from ..kinds import is_procedure
from ..lists import List
from ..names import Symbol
from ..procedures import procedure_doc, procedure_name, procedure_params
from .checks import string_of
from .registry import Native, mark_native

if TYPE_CHECKING:
    import re

__all__ = ["Describe", "Described", "discovery_natives"]


class Described(Protocol):
    """What an interpreter knows of a name."""

    @property
    def signature(self) -> str:
        """How it is called."""

    @property
    def doc(self) -> str:
        """What it does."""

    @property
    def examples(self) -> str:
        """Lines of Lisp that show it."""

    @property
    def subject(self) -> object:
        """The procedure or macro itself, if it is one."""


Describe = Callable[[str], Described | None]


def discovery_natives(of_name: Describe, names: Callable[[], Iterable[str]]) -> dict[str, Native]:
    """Return the natives that look names up with `of_name` among all `names`."""

    def describe(subject: object) -> str:
        """Return signature, documentation and examples of a procedure, or of what a symbol or string names."""
        name = _name_of(subject)
        known = of_name(name) if name else None
        if is_procedure(subject) and (known is None or known.subject is not subject):
            params = procedure_params(subject) or "(…)"
            return _entry(f"({name} {params[1:]}".replace(" )", ")"), procedure_doc(subject) or "")
        if known is None:
            raise _unknown("describe", name)
        return _entry(known.signature or name, known.doc, known.examples)

    def show_doc(subject: object) -> None:
        """Write what `describe` returns to standard output."""
        sys.stdout.write(describe(subject) + "\n")

    def source_of(subject: object) -> object:
        """Return the text that defines a procedure, or what a symbol or string names; nil for a native."""
        from ..definition import definition_of  # noqa: PLC0415  # needs the reader, when somebody asks

        if is_procedure(subject):
            return definition_of(subject)
        name = _name_of(subject)
        known = of_name(name)
        if known is None:
            raise _unknown("source-of", name)
        return definition_of(known.subject)

    def show_source(subject: object) -> None:
        """Write what `source-of` returns to standard output."""
        text = source_of(subject)
        sys.stdout.write(f"{'; written in Python' if text is None else text}\n")

    def apropos(pattern: object) -> List:
        """Return the known names that a regular expression matches, as symbols in order."""
        from .regex import pattern_of  # noqa: PLC0415  # not needed to start

        compiled: re.Pattern[str] = pattern_of(string_of(pattern))
        return List([Symbol(name) for name in sorted(set(names())) if compiled.search(name)])

    named = {"describe": describe, "show-doc": show_doc, "source-of": source_of, "show-source": show_source}
    return {name: mark_native(function, name) for name, function in {**named, "apropos": apropos}.items()}


def _unknown(function: str, name: str) -> NativeError:
    return NativeError(function, f"nothing is known of `{name}`", fix='Search with (apropos "…").')


def _name_of(subject: object) -> str:
    if isinstance(subject, Symbol):
        return subject.name
    name = subject if isinstance(subject, str) else procedure_name(subject) if is_procedure(subject) else ""
    if name or is_procedure(subject):
        return str(name)
    raise TypeMismatch("procedure, symbol or string", subject)


def _entry(signature: str, doc: str, examples: str = "") -> str:
    lines = [signature, *([f"  {doc}"] if doc else [])]
    lines += ["", *[f"  {line}".rstrip() for line in examples.splitlines()]] if examples else []
    return "\n".join(lines)
