"""docs/diagnostics.md: every rule, by family and one by one, from the table; pure."""

from __future__ import annotations

from collections.abc import Iterator

from caixa.lisp.reference.document import Block, Code, Heading, Link, Listing, Paragraph, Table, prose, render

from ..rules.rule import Rule, Where
from ..rules.table import FAMILIES, RULES

__all__ = ["diagnostics_page"]

_INTRODUCTION = (
    f"Each of the {len(RULES)} rules has a code that does not change. `feira explain CODE`, or `%caixa explain`"
    " in a notebook, shows a row. The profile `strict` is what every verb applies; `april` is exactly what the"
    " older system accepted."
)
_NOTICE = (
    "Do not edit: `python -m caixa.manifest.reference docs` makes this page of the rules, and the tests run the"
    " examples."
)
_INTO = "An example that is keywords and values is meant within a manifest of its kind."


def diagnostics_page() -> str:
    """Return the text of the page."""
    return render(list(_page()))


def _page() -> Iterator[Block]:
    yield Heading(1, ("Diagnostics of a manifest",))
    yield Paragraph(prose(f"{_INTRODUCTION} {_INTO}"))
    for family, rules in FAMILIES.items():
        yield Heading(2, (family,))
        yield Table(("code", "severity", "what it asks"), tuple([_row(rule) for rule in rules]))
    for family, rules in FAMILIES.items():
        yield Heading(2, (f"{family}, one by one",))
        for rule in rules:
            yield from _rule(rule)
    yield Paragraph(prose(_NOTICE))


def _row(rule: Rule) -> tuple[tuple[Code | Link | str, ...], ...]:
    return (Link(Code(rule.code), f"#{rule.code}"),), (rule.severity.value,), prose(rule.says)


def _rule(rule: Rule) -> Iterator[Block]:
    yield Heading(3, (Code(rule.code),), (rule.code,))
    yield Paragraph(prose(f"{rule.says} {_about(rule)}"))
    yield Listing(_examples(rule), "lisp" if rule.where.is_kind or rule.where is Where.MANIFEST else "text")
    mends = " An edit that does it comes with the finding." if rule.mends else ""
    yield Paragraph(prose(f"What to do: {rule.fix}{mends}"))


def _about(rule: Rule) -> str:
    article = "An" if rule.severity.value[0] in "aeiou" else "A"
    profiles = "profiles `strict` and `april`" if rule.is_april else "profile `strict`"
    return f"{article} {rule.severity.value} in the {profiles}; the examples are of {_what(rule)}."


def _what(rule: Rule) -> str:
    if not rule.where.is_kind:
        return rule.where.value
    files = f", in a package with {' and '.join(rule.files)}" if rule.files else ""
    return f"{'an' if rule.where is Where.APLICACAO else 'a'} {rule.where.value}{files}"


def _examples(rule: Rule) -> str:
    return f"{_shown(rule.accepts)}\n\n; refused\n{_shown(rule.refuses)}"


def _shown(example: str) -> str:
    """Return an example as it can be printed: half a character as its number, nothing as a comment."""
    return example.encode("utf-8", "backslashreplace").decode() or "; nothing more than the least"
