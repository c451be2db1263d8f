"""The register of operations, and what several of them need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from caixa.lisp.diagnostics import Diagnostic, Reportable
from caixa.lisp.source import Source
from caixa.manifest.profile import Profile

Outcome = dict[str, Any]
Operation = Callable[[Mapping[str, Any]], Outcome]
OPERATIONS: dict[str, Operation] = {}
APRIL = Profile.APRIL
# What the older system calls the errors of its two readers; nearly all others are named as our codes are.
_READER = {
    "unmatched-open-paren": "UnmatchedOpenParen",
    "unmatched-close-paren": "UnmatchedParen",
    "unterminated-string": "UnterminatedString",
    "eof": "Eof",
}
_OTHERS = {"empty-module-url": "Empty"}
TREE_READER = _READER | {"unmatched-close-paren": "UnmatchedClose"}


class Refused(Reportable):
    """A caixa was wanted and the text has none."""


def operation(*names: str) -> Callable[[Operation], Operation]:
    """Register the function of an operation."""

    def register(function: Operation) -> Operation:
        OPERATIONS.update(dict.fromkeys(names, function))
        return function

    return register


def failure(found: Diagnostic, readers: Mapping[str, str] = _READER) -> Outcome:
    """Return the outcome of an error: its name, place and data, by name and, where it is one, as `value`."""
    data = {key: value for key, value in found.data.items() if key != "form"}
    outcome: Outcome = {"ok": False, "error": _OTHERS.get(found.code) or pascal(found.code), **data}
    outcome.setdefault("value", next(iter(data.values()), None))
    if found.code == "reader":
        outcome["error"] = readers.get(found.data["subkind"], pascal(found.data["subkind"]))
    if found.span is not None:
        outcome["pos"] = outcome["offset"] = found.span.start
    return outcome


def pascal(code: str) -> str:
    """Return a code of ours as the older system names its errors."""
    return "".join(part.capitalize() for part in code.split("-"))


def caixa_of(text: str) -> Any:
    """Return the caixa that `text` holds; raises Refused."""
    from caixa.manifest.decode import read_manifest

    reading = read_manifest(Source("case", text), profile=APRIL)
    if reading.caixa is None or reading.problems:
        raise Refused(reading.problems[0])
    return reading.caixa
