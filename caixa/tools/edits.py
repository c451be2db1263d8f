"""Applying edits to a text: from the end, so that none moves another (caixa.md section 6.3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from caixa.lisp.diagnostics import Diagnostic, Edit
from caixa.lisp.source import Source

__all__ = ["Edited", "apply_edits", "fix_safely"]


class Edited(NamedTuple):
    """The text after the edits, how many were made, and how many overlapped one that was."""

    text: str
    applied: int
    skipped: int


def apply_edits(text: str, edits: Iterable[Edit]) -> Edited:
    """Return `text` with the edits made; of two that overlap, the later in the text wins."""
    data = text.encode("utf-8", "surrogatepass")
    applied = skipped = 0
    pieces: list[bytes] = []
    limit = len(data)
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end), reverse=True):
        if edit.span.end > limit:
            skipped += 1
            continue
        pieces += [data[edit.span.end : limit], edit.text.encode("utf-8", "surrogatepass")]
        limit = edit.span.start
        applied += 1
    pieces.append(data[:limit])
    return Edited(b"".join(reversed(pieces)).decode("utf-8", "surrogatepass"), applied, skipped)


def fix_safely(source: Source, diagnostics: Iterable[Diagnostic]) -> Edited:
    """Return the text of `source` with every edit that the diagnostics carry."""
    return apply_edits(source.text, (edit for diagnostic in diagnostics for edit in diagnostic.edits))
