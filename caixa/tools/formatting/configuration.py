"""The settings file `.caixa-fmt.lisp`: `(deffmt-config …)` (caixa.md section 6.2, and the layouts of ours)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from caixa.lisp.diagnostics import Diagnostic, Severity
from caixa.lisp.source import Source
from caixa.manifest.records import Record, Slot
from caixa.manifest.shapes import Boolean, Choice, Integer

from ..errors import InvalidSettings
from ..settings import read_settings
from .style import Layout, Style

__all__ = ["STYLE_FILE", "STYLE_SLOTS", "read_style"]

STYLE_FILE: Final = ".caixa-fmt.lisp"


@dataclass(frozen=True, slots=True)
class _Settings:
    line_width: int
    indent: int
    trailing_newline: bool
    preserve_comments: bool
    align_values: bool
    layout: Layout


STYLE_SLOTS: Final = (
    Slot("line-width", Integer(1, 10_000), "The width of a line, in characters.", "80", default=100),
    Slot("indent", Integer(0, 16), "The step of indentation, in characters.", "4", default=2),
    Slot("trailing-newline", Boolean(), "Whether a file ends its last line.", "#f", default=True),
    Slot("preserve-comments", Boolean(), "True: comments are always kept.", "#t", default=True),
    Slot("align-values", Boolean(), "Whether the values of keywords stand in one column.", "#t", default=False),
    Slot(
        "layout",
        Choice(Layout),
        "How a form is broken: an item a line, or what belongs to a head beside it.",
        "Lisp",
        default=Layout.PLAIN,
    ),
)
_RECORD = Record("a formatter's config", _Settings, STYLE_SLOTS)


def read_style(source: Source) -> Style:
    """Return the style that a settings file asks for. Raises InvalidSettings with every problem."""
    settings, spans = read_settings(source, "deffmt-config", _RECORD)
    assert isinstance(settings, _Settings)
    if not settings.preserve_comments:
        message = "comments cannot be left out"
        why = "What a person wrote for a person is never dropped by a tool."
        span = spans.get(("preserve_comments",))
        found = Diagnostic("comments-kept", Severity.ERROR, span, message, why, "Remove :preserve-comments.")
        raise InvalidSettings(found)
    return Style(
        settings.line_width,
        settings.indent,
        settings.trailing_newline,
        settings.align_values,
        settings.layout,
    )
