"""The ten checks of style (caixa.md section 6.3), each on one top-level form.

The STRICT profile mends what the older system's rules miss or say wrongly: a value forgotten after one pair, a
source whose `:tipo` is a string, and names such as `aws/vpc`, which are no variants of an enumeration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from caixa.lisp.diagnostics import Diagnostic, Edit
from caixa.lisp.source import Source
from caixa.lisp.syntax import Atom, Bracket, Form, Node, Prefix, PrefixKind, keyword_name, symbol_name
from caixa.manifest.names import label_of

from ..casing import is_kebab, is_pascal, to_kebab, to_pascal
from .findings import finding
from .language import positional_heads

__all__ = ["Subject", "check_style"]

_ENUM_KEYS = ("kind", "severity", "tipo", "horizon", "coordination")
_POSITIONAL_HEADS = {
    "enum", "list-of", "set-of", "case", "cond", "match", "is?", "the", "type-of", "declare",
}  # fmt: skip
_LINE = 40  # bytes that stand for one line in the size of a form
_MOST_LINES = 60


@dataclass(frozen=True)
class Subject:
    """One top-level form under examination."""

    form: Node
    source: Source
    is_strict: bool

    @cached_property
    def nodes(self) -> list[Node]:
        """Every node of the form, in the order of the text; without recursion, for forms of any depth."""
        found, waiting = [], [self.form]
        while waiting:
            node = waiting.pop()
            found.append(node)
            if isinstance(node, Form):
                waiting += reversed(node.items)
            elif isinstance(node, Prefix):
                waiting.append(node.inner)
        return found

    @cached_property
    def lists(self) -> list[Form]:
        """Every list of the form."""
        return [node for node in self.nodes if isinstance(node, Form) and node.bracket is Bracket.LIST]

    @property
    def head(self) -> str | None:
        """The head of the form, if it is a list with one."""
        return self.form.head if isinstance(self.form, Form) else None

    def value(self, key: str) -> Node | None:
        """Return the value of a keyword of the form itself."""
        return _value(self.form, key) if isinstance(self.form, Form) else None


def check_style(subject: Subject) -> Iterator[Diagnostic]:
    """Yield what the ten rules find in one form, rule by rule."""
    for check in _CHECKS:
        yield from check(subject)


def _keyword_kebab_case(subject: Subject) -> Iterator[Diagnostic]:
    for node in subject.nodes:
        name = keyword_name(node)
        if name is None or is_kebab(name):
            continue
        kebab = to_kebab(name)
        valid = is_kebab(kebab)
        yield finding(
            "keyword-kebab-case",
            node.span,
            f"the keyword :{name} is not in kebab-case",
            fix=f"Write :{kebab}." if valid else "Choose a name of lower-case letters, digits and dashes.",
            edits=(Edit(node.span, f":{kebab}"),) if valid else (),
            keyword=name,
        )


# Forms whose `:tipo` is a name of a provider's, or of Terraform's own: `string`, `terraform-data`.
_OF_INFRASTRUCTURE = frozenset(
    {"defteia", "defdado", "defvariavel", "defbackend", "defregra", "defteia-schema"}
)


def _enum_variant_pascal_case(subject: Subject) -> Iterator[Diagnostic]:
    if not isinstance(subject.form, Form) or (subject.is_strict and subject.form.head in _OF_INFRASTRUCTURE):
        return
    for key, value in _pairs(subject.form):
        name = keyword_name(key)
        word = symbol_name(value)
        text = _string(value) if word is None else word
        if name not in _ENUM_KEYS or text is None or (word is not None and is_pascal(word)):
            continue
        if subject.is_strict and not text.replace("-", "").replace("_", "").isalnum():
            continue  # `aws/vpc` is a type's path, not a variant
        variant = to_pascal(text)
        mended = is_pascal(variant) and subject.is_strict
        yield finding(
            "enum-variant-pascal-case",
            value.span,
            f"the value of :{name} is not a bare PascalCase name",
            fix=f"Write {variant}." if is_pascal(variant) else "Write a bare PascalCase name.",
            edits=(Edit(value.span, variant),) if mended else (),
            key=name,
            value=text,
        )


def _caixa_nome_kebab_case(subject: Subject) -> Iterator[Diagnostic]:
    value = subject.value("nome")
    name = _string(value) if value else None
    if value is not None and name is not None and not is_kebab(name):
        message = f'the name "{name[:60]}" is not in kebab-case'
        label = label_of(name)
        fix = f'Write "{label}".' if label else "Choose a name of a-z, 0-9 and dashes."
        yield finding("caixa-nome-kebab-case", value.span, message, fix=fix, nome=name)


def _paired_kwargs(subject: Subject) -> Iterator[Diagnostic]:
    fewest = 3 if subject.is_strict else 4
    for form in subject.lists:
        if len(form.items) < fewest:
            continue
        rest = form.items[1:] if form.head is not None else form.items
        if len(rest) < fewest or len(rest) % 2 == 0 or form.head in _POSITIONAL_HEADS:
            continue
        if keyword_name(rest[0]) is None or keyword_name(rest[2]) is None:
            continue
        if not (subject.is_strict and _is_positional(form, rest)):
            message = f"{subject.source.slice(rest[-1].span)[:40]} stands without a partner"
            why = "The form begins as keywords and values in turn."
            yield finding("paired-kwargs", rest[-1].span, message, why=why)


def _is_positional(form: Form, rest: Sequence[Node]) -> bool:
    """Whether keywords are plain values here: given to the language itself, or three in a list of data."""
    if form.head is not None:
        return form.head in positional_heads()
    return len(rest) == 3 and keyword_name(rest[1]) is not None


def _defcaixa_descricao(subject: Subject) -> Iterator[Diagnostic]:
    if subject.head == "defcaixa" and subject.value("descricao") is None:
        yield finding("defcaixa-descricao", subject.form.span, "the caixa has no :descricao")


def _no_fixme_descricao(subject: Subject) -> Iterator[Diagnostic]:
    value = subject.value("descricao") if subject.head == "defcaixa" else None
    text = _string(value) if value else None
    if value is not None and text is not None and "FIXME" in text:
        yield finding("no-fixme-descricao", value.span, "the description is still the template's")


def _git_dep_needs_pin(subject: Subject) -> Iterator[Diagnostic]:
    for form in subject.lists if any(keyword_name(node) == "tipo" for node in subject.nodes) else ():
        tipo = _value(form, "tipo")
        name = symbol_name(tipo) if tipo else None
        if name is None and tipo is not None and subject.is_strict:
            name = _string(tipo)
        if name == "git" and _value(form, "tag") is None and _value(form, "rev") is None:
            message = "a git source is pinned to neither a tag nor a commit"
            why = "A branch moves, so two builds could differ."
            yield finding("git-dep-needs-pin", form.span, message, why=why)


def _small_forms(subject: Subject) -> Iterator[Diagnostic]:
    span = subject.form.span
    lines = (span.end - span.start) // _LINE
    if subject.head is not None and subject.head.startswith("def") and lines > _MOST_LINES:
        message = f"this ({subject.head} …) is about {lines} lines long"
        yield finding("small-forms", span, message, head=subject.head, lines=lines)


def _consistent_quote_style(subject: Subject) -> Iterator[Diagnostic]:
    long = [form for form in subject.lists if len(form.items) == 2 and form.head == "quote"]
    short = long and any(isinstance(node, Prefix) and node.kind is PrefixKind.QUOTE for node in subject.nodes)
    if short:
        edits = [Edit(form.span, f"'{subject.source.slice(form.items[1].span)}") for form in long]
        message = "this form quotes both as 'x and as (quote x)"
        mended = tuple(edits) if subject.is_strict and not any(map(_is_commented, long)) else ()
        yield finding("consistent-quote-style", long[0].span, message, edits=mended)


def _is_commented(form: Form) -> bool:
    """Whether a comment stands between the brackets of a (quote x), where an edit would lose it."""
    return bool(form.trailing) or any(item.leading for item in form.items)


def _explicit_kind(subject: Subject) -> Iterator[Diagnostic]:
    if subject.head == "defcaixa" and subject.value("kind") is None:
        yield finding("explicit-kind", subject.form.span, "the caixa has no :kind")


_CHECKS: tuple[Callable[[Subject], Iterator[Diagnostic]], ...] = (
    _keyword_kebab_case,
    _enum_variant_pascal_case,
    _caixa_nome_kebab_case,
    _paired_kwargs,
    _defcaixa_descricao,
    _no_fixme_descricao,
    _git_dep_needs_pin,
    _small_forms,
    _consistent_quote_style,
    _explicit_kind,
)


def _pairs(form: Form) -> Iterator[tuple[Node, Node]]:
    items = form.items[1:] if form.head is not None else form.items
    return zip(items[::2], items[1::2], strict=False)


def _value(form: Form, key: str) -> Node | None:
    return next((value for name, value in _pairs(form) if keyword_name(name) == key), None)


def _string(node: Node) -> str | None:
    return node.value if isinstance(node, Atom) and isinstance(node.value, str) else None
