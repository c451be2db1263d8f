"""Lisp functions that need a front end: asking for a line, speaking on standard error, showing rich output."""

import sys
from typing import TYPE_CHECKING

from caixa.lisp.natives.registry import Native, mark_native
from caixa.lisp.printer import display

if TYPE_CHECKING:
    from caixa_magics.display import Display

    from .kernel import CaixaKernel

__all__ = ["frontend_functions"]


def frontend_functions(kernel: "CaixaKernel", shown: "Display") -> dict[str, Native]:
    """Return the functions for one kernel, by Lisp name; `shown` is where its notebook shows things."""

    def read_line(prompt: object = "") -> str:
        return kernel.raw_input(display(prompt))

    def eprintln(*values: object) -> None:
        sys.stderr.write(" ".join(map(display, values)) + "\n")

    def show(mime: str, text: str, name: str | None = None) -> None:
        shown.show(_bundle(mime, text), display_id=name)

    def show_again(mime: str, text: str, name: str) -> None:
        shown.show(_bundle(mime, text), display_id=name, update=True)

    def clear_output() -> None:
        shown.clear(wait=True)

    table = [
        mark_native(read_line, "read-line", "(&optional prompt)", "Ask for a line of text and return it."),
        mark_native(eprintln, "eprintln", "(&rest values)", "Print the values to standard error, on one line."),
        mark_native(
            show, "show", "(mime text &optional name)", "Show text of a MIME type, as text/html, under a name."
        ),
        mark_native(
            show_again,
            "show-again",
            "(mime text name)",
            "Show it in the place of what was shown under the name.",
        ),
        mark_native(clear_output, "clear-output", "()", "Take away the cell's output when the next one comes."),
    ]
    return {native.__lisp_name__: native for native in table}


def _bundle(mime: str, text: str) -> dict[str, object]:
    """Make a bundle that a terminal can show, too."""
    return {"text/plain": text, mime: text}
