"""The invariants of an architecture: what must hold of its parts together (caixa.md 4.5).

All compare normalised names, so two spellings of one type are one type (G22).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from caixa.lisp.diagnostics import Diagnostic, Severity
from caixa.lisp.source import Span

from .dependencies import cycles, used_by
from .model import Infrastructure, Part, Provider, Teia
from .names import lisp_type
from .values import Reference, RefKind, strings

__all__ = ["INVARIANTS", "ArchReport", "Invariant", "Kind", "Violation", "check_architecture"]


class Kind(StrEnum):
    """How much a violation matters; only one of safety rejects."""

    SAFETY = "Safety"
    COMPLIANCE = "Compliance"
    HINT = "Hint"


_SEVERITY: Final = {
    Kind.SAFETY: Severity.ERROR,
    Kind.COMPLIANCE: Severity.WARNING,
    Kind.HINT: Severity.HINT,
}


@dataclass(frozen=True, slots=True)
class Violation:
    """One breach of an invariant, by one part."""

    invariant: str
    kind: Kind
    tipo: str
    nome: str
    message: str
    fix: str = ""
    span: Span | None = None

    @property
    def diagnostic(self) -> Diagnostic:
        """The breach as a finding."""
        data = {"kind": self.kind.value, "tipo": self.tipo, "nome": self.nome}
        return Diagnostic(
            self.invariant, _SEVERITY[self.kind], self.span, self.message, fix=self.fix, data=data
        )


Check = Callable[[Infrastructure], Iterable[tuple[Part, str, str]]]


@dataclass(frozen=True, slots=True)
class Invariant:
    """A rule on architectures: `check` yields the parts that break it, what is wrong and what to do."""

    name: str
    kind: Kind
    check: Check

    def violations(self, infrastructure: Infrastructure) -> Iterator[Violation]:
        """Yield each breach."""
        for part, message, fix in self.check(infrastructure):
            tipo, nome = _names(part)
            yield Violation(self.name, self.kind, tipo, nome, message, fix, part.span)


def _names(part: Part) -> tuple[str, str]:
    if isinstance(part, Teia):
        return part.tipo, part.nome
    return type(part).__name__.lower(), str(getattr(part, "nome", ""))


@dataclass(frozen=True, slots=True)
class ArchReport:
    """What checking an architecture found; `count` is how many resources it has."""

    count: int
    violations: tuple[Violation, ...] = ()

    @property
    def is_rejected(self) -> bool:
        """Whether a breach of safety was found."""
        return any(violation.kind is Kind.SAFETY for violation in self.violations)

    @property
    def verdict(self) -> str:
        """`Rejected` or `Proven`."""
        return "Rejected" if self.is_rejected else "Proven"

    @property
    def summary(self) -> str:
        """The counts in one line."""
        of = Counter(violation.kind for violation in self.violations)
        parts = ", ".join(f"{of[kind]} {kind.value.lower()}" for kind in Kind)
        return f"{self.count} instance(s); {len(self.violations)} violations ({parts})"


def check_architecture(infrastructure: Infrastructure, more: Sequence[Invariant] = ()) -> ArchReport:
    """Check every invariant, then those of `more`, in this order."""
    found = (violation for rule in (*INVARIANTS, *more) for violation in rule.violations(infrastructure))
    return ArchReport(len(infrastructure.teias), tuple(found))


Found = Iterator[tuple[Part, str, str]]


def _unique(infrastructure: Infrastructure) -> Found:
    first: dict[str, Part] = {}
    for part in infrastructure:
        if isinstance(part, Provider) and part.configuracao is None:
            continue  # it says where a provider comes from, and configures nothing
        before = first.setdefault(part.address, part)
        if before is not part:
            spelled = (
                f", first as {before.tipo}"
                if isinstance(before, Teia) and isinstance(part, Teia) and before.tipo != part.tipo
                else ""
            )
            yield part, f"{part.address} is declared twice{spelled}", "Give one of them another name."


def _resolved(infrastructure: Infrastructure) -> Found:
    known = {part.address for part in infrastructure}
    for part in infrastructure:
        for reference in used_by(part):
            if reference.address not in known:
                message = f"{part.address} refers to {reference.address}, which is not declared"
                yield part, message, _declare(reference, known)
    for teia in infrastructure.teias:
        if teia.provider is not None and teia.provider not in known:
            name, _, alias = teia.provider.partition(".")
            message = f"{teia.address} is of the provider {teia.provider}, which is not declared"
            yield teia, message, f"Declare it: (defprovedor :nome {name} :apelido {alias} …)."


def _declare(reference: Reference, known: Iterable[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only a wrong reference needs it

    near = get_close_matches(reference.address, sorted(known), n=1, cutoff=0.7)
    if near:
        return f"Did you mean {near[0]}?"
    heads = {RefKind.RESOURCE: "defteia", RefKind.DATA: "defdado", RefKind.VARIABLE: "defvariavel"}
    head = heads.get(reference.kind, "deflocal" if reference.kind is RefKind.LOCAL else "defmodulo")
    of_type = f" :tipo {lisp_type(reference.type)}" if reference.type else ""
    return f"Declare it: ({head}{of_type} :nome {reference.name} …)."


_PUBLIC: Final = ("0.0.0.0/0", "::/0")
_OWNERS: Final = ("owner", "team", "dono")


def _owned(infrastructure: Infrastructure) -> Found:
    for part in infrastructure.resources:
        is_open = any(net in text for text in strings(part.atributos) for net in _PUBLIC)
        if "security_group" not in part.type or not is_open:
            continue
        tags = part.atributos.get("tags")
        names = {name.lower() for name in tags} if isinstance(tags, Mapping) else set()
        if not names.intersection(_OWNERS):
            yield (
                part,
                f"{part.address} is open to everyone, and no tag says whose it is",
                "Add :tags (:owner …).",
            )


_CIDR: Final = re.compile(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})/(\d{1,2})\Z", re.ASCII)


def is_cidr(text: str) -> bool:
    """Whether `text` is four octets, a slash and a length from 0 to 32."""
    match = _CIDR.match(text)
    return match is not None and all(int(each) <= 255 for each in match.groups()[:4]) and int(match[5]) <= 32


def _valid_cidr(infrastructure: Infrastructure) -> Found:
    for part in infrastructure.teias:
        block = part.atributos.get("cidr_block")
        if isinstance(block, str) and not is_cidr(block):
            yield (
                part,
                f"the cidr-block of {part.address}, {block[:40]!r}, is no IPv4 network",
                'Write it as "10.0.0.0/16".',
            )


def _acyclic(infrastructure: Infrastructure) -> Found:
    for path in cycles(infrastructure):
        way = " → ".join(part.address for part in (*path, path[0]))
        yield path[0], f"{way}: each needs the next to be there first", "Take one of the references out."


def _one_repetition(infrastructure: Infrastructure) -> Found:
    for part in infrastructure.teias:
        if part.contagem is not None and part.para_cada is not None:
            yield part, f"{part.address} has both :contagem and :para-cada", "Keep one of them."


INVARIANTS: Final = (
    Invariant("unique-resource-names", Kind.SAFETY, _unique),
    Invariant("no-unresolved-refs", Kind.SAFETY, _resolved),
    Invariant("no-public-ingress-without-tags", Kind.COMPLIANCE, _owned),
    Invariant("cidr-block-looks-valid", Kind.HINT, _valid_cidr),
    Invariant("no-reference-cycle", Kind.SAFETY, _acyclic),
    Invariant("one-way-to-repeat", Kind.SAFETY, _one_repetition),
)
"""The invariants in the order in which they are checked."""
