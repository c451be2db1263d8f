"""Answers on a terminal: data on standard output, all else on standard error, colours only for a person.

Colours are the Nord theme's (caixa.md section 6.5). They are used for a stream that is a terminal, unless
`--no-color` or the variable NO_COLOR (https://no-color.org) says otherwise, and never half.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TextIO

from .results import Piece, Role, finding_pieces

if TYPE_CHECKING:
    from caixa.lisp.diagnostics import Reportable
    from caixa.lisp.source import Source

    from .results import Result

__all__ = ["Terminal"]

Paint = Callable[[Role, str], str]


class Terminal:
    """The two streams of a command line, and whether each is in colour."""

    def __init__(self, out: TextIO, err: TextIO, environment: Mapping[str, str]) -> None:
        """Write data to `out` and the rest to `err`, in the colours that `environment` allows."""
        self._streams = {False: out, True: err}
        self._may_colour = not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"

    def show(self, answer: Result, *, is_plain: bool = False) -> None:
        """Write an answer."""
        self._write(answer.pieces(), is_plain=is_plain)

    def show_error(self, error: Reportable, sources: Mapping[str, Source], *, is_plain: bool = False) -> None:
        """Write an error to standard error."""
        self._write(finding_pieces(error.diagnostics, sources), is_plain=is_plain)

    def show_error_data(self, error: Reportable) -> None:
        """Write an error as JSON to standard output, for whoever asked for `--json`."""
        data = {"ok": False, "errors": [finding.to_json() for finding in error.diagnostics]}
        self._streams[False].write(json.dumps(data, indent=2, ensure_ascii=False, default=str) + "\n")

    def _write(self, pieces: Iterable[Piece], *, is_plain: bool) -> None:
        for piece in pieces:
            stream = self._streams[piece.is_aside]
            stream.write(self._painter(stream, is_plain=is_plain)(piece.role, piece.text))
        for stream in self._streams.values():
            stream.flush()

    def _painter(self, stream: TextIO, *, is_plain: bool) -> Paint:
        return _paint if self._may_colour and not is_plain and stream.isatty() else _leave


def _leave(_role: Role, text: str) -> str:
    return text


def _paint(role: Role, text: str) -> str:
    """Paint the text but not its line ends, so that a line never ends in the middle of a colour."""
    from caixa.tools.theme import DARK, Semantic, paint  # noqa: PLC0415 - only a terminal has colours

    if role is Role.PLAIN:
        return text
    colour = DARK.color(Semantic.named(role.value.capitalize()))
    return "\n".join(paint(line, colour) if line else "" for line in text.split("\n"))
