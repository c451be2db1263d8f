"""A Lisp source read and compiled without being run: what is checked is every form, what happens is nothing.

A form is compiled as the body of a procedure that nobody calls. Only macro definitions take effect, since later
forms are written in them; `require` is left to the run, because what it loads would run.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from caixa.lisp.diagnostics import Diagnostic, Reportable
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.reader import read
from caixa.lisp.source import Source, Span
from caixa.lisp.syntax import Form, Node

__all__ = ["compile_source"]

_MACROS: Final = ("defmacro", "defpoint-template", "defcheck")
_MODULES: Final = ("require", "provide", "importar")
_OPENING: Final = "(lambda () "


class _Found(Reportable):
    """Findings about a form, at their places in the whole source."""


def compile_source(source: Source) -> int:
    """Return how many forms `source` has. Raises a Reportable for the first that does not read or compile."""
    forms = read(source).forms
    interpreter = Interpreter()
    for form in forms:
        head = form.head if isinstance(form, Form) else None
        if head in _MACROS:
            interpreter.evaluate(_alone(source, form))
        elif head not in _MODULES:
            _compile(interpreter, source, form)
    return len(forms)


def _alone(source: Source, form: Node) -> Source:
    """Return the source with nothing but `form` in it, at the place where it stands."""
    return Source(source.name, " " * form.span.start + source.slice(form.span))


def _compile(interpreter: Interpreter, source: Source, form: Node) -> None:
    try:
        interpreter.evaluate(Source(source.name, f"{_OPENING}{source.slice(form.span)})"))
    except Reportable as error:
        shift = form.span.start - len(_OPENING)
        raise _Found(*(_moved(finding, source.name, shift) for finding in error.diagnostics)) from error


def _moved(finding: Diagnostic, name: str, shift: int) -> Diagnostic:
    if finding.span is None or finding.span.source != name:
        return finding
    span = Span(finding.span.source, finding.span.start + shift, finding.span.end + shift)
    return replace(finding, span=span, edits=())
