"""Infrastructure from Lisp sources: every form of ours at the top, all problems at once (caixa.md 4.5).

Other forms are code, and are left alone; but one whose head is nearly one of ours is reported, since a resource
that vanishes by a slip of the finger would be destroyed by the next apply.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, cast

from caixa.lisp.diagnostics import Diagnostic, Edit, Severity
from caixa.lisp.errors import ReaderError
from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.lisp.syntax import Form, Node, keyword_name
from caixa.manifest.decoding import INVALID, Decoding, Place
from caixa.manifest.profile import Profile

from .errors import InvalidTeia
from .forms import FORMS
from .model import Infrastructure, Part

__all__ = ["TeiaReading", "read_infrastructure", "require_infrastructure"]


@dataclass(frozen=True)
class TeiaReading:
    """What came of reading some sources: the parts that decode, and every finding, in reading order."""

    infrastructure: Infrastructure
    findings: tuple[Diagnostic, ...] = ()

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The findings that refuse the sources."""
        return tuple(finding for finding in self.findings if finding.is_error)


def read_infrastructure(sources: Iterable[Source]) -> TeiaReading:
    """Return the infrastructure that `sources` declare together."""
    parts: list[Part] = []
    findings: list[Diagnostic] = []
    for source in sources:
        found, problems = _read_source(source)
        parts += found
        findings += problems
    return TeiaReading(Infrastructure.of(parts), tuple(findings))


def require_infrastructure(sources: Iterable[Source]) -> TeiaReading:
    """Return the infrastructure that `sources` declare. Raises InvalidTeia with every finding."""
    reading = read_infrastructure(sources)
    if reading.errors:
        raise InvalidTeia(reading.findings)
    return reading


def _read_source(source: Source) -> tuple[list[Part], Sequence[Diagnostic]]:
    try:
        forms = read(source).forms
    except ReaderError as error:
        return [], error.diagnostics
    parts: list[Part] = []
    findings: list[Diagnostic] = []
    for form in forms:
        decoding = Decoding(source, Profile.STRICT)
        part = _read_form(form, decoding)
        if part is not None:
            parts.append(part)
        findings += decoding.problems
    return parts, findings


def _read_form(node: Node, decoding: Decoding) -> Part | None:
    """Return the part that a form declares, None if it declares none or is refused."""
    head = node.head if isinstance(node, Form) else None
    if head is None:
        return None
    form, place = cast("Form", node), Place(decoding)
    shape = FORMS.get(head)
    if shape is None:
        _suspect(form, head, decoding)
        return None
    decoding.spans[()] = form.span
    value: Any = shape.decode_pairs(shape.form_pairs(form, place), form, place)
    if value is INVALID:
        return None
    return cast("Part", replace(value, span=form.span, spans=decoding.spans, keys=decoding.keys))


def _suspect(form: Form, head: str, decoding: Decoding) -> None:
    """Report a form that was probably meant to be one of ours."""
    near = get_close_matches(head[:64], FORMS, n=1, cutoff=0.8)
    if not near or len(form.items) < 2 or keyword_name(form.items[1]) is None:
        return
    decoding.problems.append(
        Diagnostic(
            "teia-head",
            Severity.WARNING,
            form.items[0].span,
            f"`{head}` declares no infrastructure",
            why="A form of another name is code, and is left alone.",
            fix=f"Did you mean `{near[0]}`?",
            edits=(Edit(form.items[0].span, near[0]),),
        )
    )
