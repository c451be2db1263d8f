"""What a verb answers: one value with a plain text, a coloured text and a JSON form.

A result says its text in pieces, each with the role it plays; the terminal paints roles, a notebook shows the
plain text, and both say the same words. A piece that is an aside (progress, notes) goes to standard error on a
terminal, so that what is piped on is data alone (caixa.md section 5).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from caixa.lisp.diagnostics import Diagnostic, render
from caixa.lisp.source import Source

__all__ = [
    "AsJson",
    "Piece",
    "Result",
    "Role",
    "aside",
    "diff_pieces",
    "finding_pieces",
    "plural",
    "unified",
    "written_piece",
    "written_pieces",
]


class Role(StrEnum):
    """What a piece of text is; the values are the theme's names (caixa.md section 6.5)."""

    PLAIN = "plain"
    ACCENT = "accent"
    MUTED = "muted"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    HINT = "hint"
    ADDED = "added"
    REMOVED = "removed"


class Piece(NamedTuple):
    """A piece of text with its role; `is_aside` keeps it out of the data."""

    text: str
    role: Role = Role.PLAIN
    is_aside: bool = False


class Result:
    """The answer of a verb. Subclasses are frozen dataclasses that say `pieces` and `to_json`."""

    __slots__ = ()

    @property
    def ok(self) -> bool:
        """Whether the verb found nothing that refuses; decides the exit status."""
        return True

    @property
    def exit_status(self) -> int:
        """What a command line leaves with: 0, or 1 where the verb refuses."""
        return 0 if self.ok else 1

    def pieces(self) -> Iterator[Piece]:
        """Yield the text in pieces, line ends included."""
        raise NotImplementedError

    def to_json(self) -> dict[str, Any]:
        """Return the answer as plain data that `json` takes."""
        raise NotImplementedError

    def text(self) -> str:
        """Return the whole text, asides included, without a final line end."""
        return "".join(piece.text for piece in self.pieces()).rstrip("\n")


@dataclass(frozen=True, slots=True)
class AsJson(Result):
    """An answer that was asked for as JSON."""

    answer: Result

    @property
    def ok(self) -> bool:
        """As the answer itself."""
        return self.answer.ok

    @property
    def exit_status(self) -> int:
        """As the answer itself."""
        return self.answer.exit_status

    def pieces(self) -> Iterator[Piece]:
        """Yield the JSON text."""
        yield Piece(json.dumps(self.to_json(), indent=2, ensure_ascii=False) + "\n")

    def to_json(self) -> dict[str, Any]:
        """Return the data of the answer."""
        return self.answer.to_json()


def aside(text: str, role: Role = Role.PLAIN) -> Piece:
    """Return a line that is progress or a note."""
    return Piece(text + "\n", role, is_aside=True)


def written_pieces(directory: str, files: Iterable[str], changed: Iterable[str]) -> Iterator[Piece]:
    """Yield a line for each of the `files` below `directory`: written if `changed` has it, else the same."""
    new = frozenset(changed)
    for path in files:
        yield written_piece(f"{directory}/{path}", is_new=path in new)


def written_piece(path: str, *, is_new: bool) -> Piece:
    """Return the line for one file: written, or the same as before."""
    return aside(f"✓ {path}", Role.ADDED) if is_new else aside(f"= {path}", Role.MUTED)


def plural(count: int, noun: str) -> str:
    """Return `1 error`, `2 errors`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def finding_pieces(
    findings: Iterable[Diagnostic], sources: Mapping[str, Source], *, is_aside: bool = True
) -> Iterator[Piece]:
    """Yield each finding as it is shown everywhere, with its severity in colour and a blank line after it."""
    for finding in findings:
        severity, rest = finding.severity.value, render(finding, sources).removeprefix(finding.severity.value)
        yield Piece(severity, Role(severity), is_aside)
        yield Piece(f"{rest}\n\n", Role.PLAIN, is_aside)


def unified(source: Source, new: str) -> str:
    """Return what makes `new` of a text, as a unified diff."""
    from difflib import unified_diff  # noqa: PLC0415 - most answers hold no diff

    before, after = source.text.splitlines(keepends=True), new.splitlines(keepends=True)
    return "".join(unified_diff(before, after, f"a/{source.name}", f"b/{source.name}"))


_DIFF_ROLES = {"+++": Role.ACCENT, "---": Role.ACCENT, "@@": Role.MUTED, "+": Role.ADDED, "-": Role.REMOVED}


def diff_pieces(diff: str) -> Iterator[Piece]:
    """Yield a unified diff line by line."""
    for line in diff.splitlines(keepends=True):
        role = next((role for mark, role in _DIFF_ROLES.items() if line.startswith(mark)), Role.PLAIN)
        yield Piece(line, role)
