"""Settings files: one form such as `(deffmt-config …)`, declared slot by slot as the manifest is."""

from __future__ import annotations

from caixa.lisp.diagnostics import Diagnostic, Severity
from caixa.lisp.errors import ReaderError
from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.lisp.syntax import Form
from caixa.manifest.decode import decode_top
from caixa.manifest.decoding import INVALID, Decoding, Place
from caixa.manifest.profile import Profile
from caixa.manifest.reading import Spans
from caixa.manifest.records import Record

from .errors import InvalidSettings

__all__ = ["read_settings"]


def read_settings(source: Source, head: str, record: Record) -> tuple[object, Spans]:
    """Return the value of the form `(head …)` in `source`, and where its parts stand.

    Raises InvalidSettings with every problem.
    """
    try:
        forms = read(source).forms
    except ReaderError as error:
        raise InvalidSettings(*error.diagnostics) from error
    if len(forms) != 1 or not isinstance(forms[0], Form):
        span = forms[0].span if forms else source.span(0, 0)
        message = f"{source.name} does not hold one ({head} …) form"
        raise InvalidSettings(
            Diagnostic("not-settings", Severity.ERROR, span, message, fix=f"Write ({head} …).")
        )
    place = Place(Decoding(source, Profile.STRICT))
    settings = decode_top(record, head, forms[0], place)
    if settings is INVALID or place.decoding.problems:
        raise InvalidSettings(*place.decoding.problems)
    return settings, place.decoding.spans
