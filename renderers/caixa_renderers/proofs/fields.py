"""Proof 6: every field that is set reaches an object, or is listed as lost (substrate.md section 4.5).

The method is differential: a field is changed to another value of its type, the package is rendered again, and
the places that differ are where the field goes. A renderer that drops a field cannot look as if it did not.
A field that reaches nothing has to be named by a finding of the renderers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .model import Proof, Row, not_checked, shown, standing_of
from .rendered import ECHO
from .variation import Variation

if TYPE_CHECKING:
    from caixa.lisp.diagnostics import Diagnostic

    from .case import Case
    from .fieldwise import Field
    from .variation import Render

__all__ = ["CLAIM", "NAME", "prove"]

NAME = "fields"
CLAIM = "every field reaches an object, or is listed as lost"
_LOST = frozenset({"not-enforced", "not-rendered"})


def prove(case: Case, render: Render) -> Proof:
    """Change each field, and see what follows; `render` renders a caixa that differs from the case's."""
    if case.unrendered is not None:
        return not_checked(NAME, CLAIM, case.unrendered)
    variation = Variation(case.caixa, case.rendered, render)
    rows = [_row(case, field, places) for field, places in variation.places()]
    lines = [_line(row) for row in rows if row["holds"] is not True]
    lines += [f"{row['field']} is lost: {row['because']}" for row in rows if "lost" in row]
    lines += [f"{row['field']} reaches only the Aplicacao object" for row in rows if _is_echoed(row)]
    return Proof(NAME, CLAIM, standing_of(rows), _because(rows), shown(lines), {"rows": rows})


def _row(case: Case, field: Field, places: Sequence[Row] | None) -> Row:
    row = {"field": field.pointer, "value": field.written}
    if places:
        ordered = sorted(places, key=lambda each: str(each["object"]).startswith(ECHO))
        return {**row, "reaches": ordered, "holds": True}
    listed = _listed(case, field)
    if listed is not None:
        return {**row, "lost": listed[0], "because": listed[1].message, "holds": True}
    return {**row, "holds": None if places is None else False}


def _listed(case: Case, field: Field) -> tuple[int, Diagnostic] | None:
    """Return the finding that says that the field is lost, with its index among the findings."""
    span = case.package.reading.span_of(*field.path)
    words = {field.name.replace("_", " "), str(field.written).replace("-", " ")}
    for at, finding in enumerate(case.findings):
        if finding.code not in _LOST or span is None or finding.span is None:
            continue
        inside = finding.span.start <= span.start and span.end <= finding.span.end
        said = str(finding.data.get("slot", "")).replace("-", " ")
        whole = said == str(field.path[0]).replace("_", " ")  # the finding is about all of the slot
        if inside and (whole or any(word in said for word in words)):
            return at, finding
    return None


def _is_echoed(row: Row) -> bool:
    """Whether a field reaches the object that declares the mesh, and none that enforces anything."""
    return "reaches" in row and all(each["object"].startswith(ECHO) for each in row["reaches"])


def _line(row: Row) -> str:
    if row["holds"] is None:
        return f"{row['field']}: not checked, because no other value of it could be rendered"
    return f"{row['field']} ({row['value']!r}) reaches nothing, and nothing says so"


def _because(rows: Sequence[Row]) -> str:
    for standing in (False, None):
        for row in rows:
            if row["holds"] is standing:
                return _line(row)
    lost = sum("lost" in row for row in rows)
    only = sum(map(_is_echoed, rows))
    text = f"{len(rows) - lost} of {len(rows)} fields reach an object, {lost} listed as lost"
    return text + (f"; {only} reach only the Aplicacao object, which enforces nothing" if only else "")
