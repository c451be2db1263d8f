"""`(defcaixa …)` to a typed value: leniently read, all problems at once (caixa.md 1.1, DESIGN 3.2, 3.3)."""

from __future__ import annotations

from types import MappingProxyType

from caixa.lisp.diagnostics import Edit
from caixa.lisp.errors import ReaderError
from caixa.lisp.reader import read
from caixa.lisp.source import Source, Span
from caixa.lisp.syntax import Form, Node, keyword_name

from .decoding import INVALID, Decoding, Place, closest, described
from .model import Caixa
from .plists import Pair, paired
from .profile import Profile
from .reading import Reading
from .records import Record
from .slots import CAIXA
from .validate import validate

__all__ = ["decode_form", "decode_top", "read_manifest"]


def read_manifest(source: Source, *, profile: Profile = Profile.STRICT) -> Reading:
    """Read the first form of `source` as a manifest; a text that is not Lisp is a problem like any other."""
    try:
        forms = read(source).forms
    except ReaderError as error:
        return Reading(None, error.diagnostics)
    place = Place(Decoding(source, profile))
    if not forms:
        end = source.span(len(source.text), len(source.text))
        place.refuse("manifest-empty", end, "there is no form here", fix="Write (defcaixa …).")
        return Reading(None, tuple(place.decoding.problems))
    form = forms[0]
    if not isinstance(form, Form):
        _refuse_head(form, "defcaixa", place)
        return Reading(None, tuple(place.decoding.problems))
    return _reading(form, forms[1:], place)


def decode_form(form: Form, source: Source, *, profile: Profile = Profile.STRICT) -> Reading:
    """Read one form that was already parsed from `source`."""
    return _reading(form, (), Place(Decoding(source, profile)))


def _reading(form: Form, others: tuple[Node, ...], place: Place) -> Reading:
    caixa = decode_top(CAIXA, "defcaixa", form, place)
    decoding = place.decoding
    if others and not place.is_april:
        message = "a manifest is one form; what follows it is ignored"
        place.report("form-ignored", others[0].span, message)
    if not isinstance(caixa, Caixa):
        return Reading(None, tuple(decoding.problems), (), form, MappingProxyType(decoding.spans))
    findings = tuple(validate(caixa, decoding.spans, decoding.profile, decoding.dropped, decoding.keys))
    return Reading(caixa, tuple(decoding.problems), findings, form, MappingProxyType(decoding.spans))


def decode_top(record: Record, head: str, form: Form, place: Place) -> object:
    """Return what `(head :key value …)` means, or INVALID; shared by every top-level form of ours."""
    place.decoding.spans[()] = form.span
    if form.head != head:
        return _refuse_head(form, head, place)
    items = form.items[1:]
    pairs = _april_pairs(items, place) if place.is_april else paired(items, place)
    return record.decode_pairs(pairs, form.items[0], place)


def _april_pairs(items: tuple[Node, ...], place: Place) -> list[Pair]:
    """Pair the items as the older system does: it stops at the first that is out of place; last wins."""
    pairs: dict[str, Pair] = {}
    for at in range(0, len(items), 2):
        name = keyword_name(items[at])
        if name is None or at + 1 == len(items):
            paired(items[at : at + 1], place)
            break
        pairs[name] = Pair(name, items[at], items[at + 1])
    return list(pairs.values())


def _refuse_head(node: Node, head: str, place: Place) -> object:
    found = node.head if isinstance(node, Form) else None
    span: Span = node.items[0].span if found and isinstance(node, Form) else node.span
    edits = (Edit(span, head),) if found and closest(found, [head]) else ()
    message = (
        f"this form is `{found[:40]}`, not `{head}`" if found else f"{described(node)} is not a ({head} …) form"
    )
    place.report(
        "not-" + head, span, message, fix=f"Write ({head} …).", edits=edits, expected=head, found=found
    )
    return INVALID
