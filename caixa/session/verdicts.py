"""What is known of a caixa as it stands: each claim proved, refuted, or not checked and why (DESIGN 3.7).

A proof says what makes it so, in a form that can be checked again by hand: the order that rules out a deadlock,
the number of files found, the versions that satisfy the requirements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from caixa.manifest.canonical import to_lisp
from caixa.manifest.decode import read_manifest
from caixa.manifest.layout import verify
from caixa.manifest.model import Caixa, Child, Kind, Membro

if TYPE_CHECKING:
    from caixa.manifest.package import Package

__all__ = ["Members", "Standing", "Verdict", "verdicts"]

Members = Callable[[str, str], "Package | None"]


class Standing(StrEnum):
    """How far a claim has got."""

    PROVED = "proved"
    REFUTED = "refuted"
    UNCHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A claim, how it stands, and what makes it so."""

    claim: str
    standing: Standing
    because: str

    def __str__(self) -> str:
        return f"{self.claim} {self.standing.value}: {self.because}"


def verdicts(package: Package, members: Members, *, has_component: bool = False) -> tuple[Verdict, ...]:
    """Judge a package with what the session holds: its form, its files, its members, its component."""
    return tuple(_verdicts(package, members, has_component=has_component))


def _verdicts(package: Package, members: Members, *, has_component: bool) -> Iterator[Verdict]:
    caixa = package.caixa
    yield _form(caixa)
    if caixa.kind in (Kind.APLICACAO, Kind.SUPERVISOR):
        yield _members(caixa.membros or caixa.children, members)
    else:
        yield _files(package)
    if caixa.kind is Kind.APLICACAO:
        yield _deadlock(caixa)
    if caixa.kind is Kind.SERVICO:
        yield _component(caixa.nome, has_component=has_component)


def _form(caixa: Caixa) -> Verdict:
    from caixa.lisp.source import Source  # noqa: PLC0415

    again = read_manifest(Source("canonical form", to_lisp(caixa)))
    if again.caixa == caixa:
        return Verdict("form", Standing.PROVED, "its canonical form reads back as the same caixa")
    return Verdict("form", Standing.REFUTED, "its canonical form reads back as another caixa")


def _files(package: Package) -> Verdict:
    missing = [
        finding.message
        for finding in verify(package.caixa, lambda path: path == "caixa.lisp" or path in package.files)
    ]
    if missing:
        more = f", and {len(missing) - 1} more" if len(missing) > 1 else ""
        return Verdict("files", Standing.REFUTED, missing[0] + more)
    return Verdict("files", Standing.PROVED, "every file that the form names is in its tree")


def _members(wanted: Sequence[Membro | Child], members: Members) -> Verdict:
    if not wanted:
        return Verdict("members", Standing.PROVED, "there are none")
    found = [(each, members(each.caixa, each.versao)) for each in wanted]
    absent = [f"{each.caixa} {each.versao}" for each, package in found if package is None]
    if absent:
        return Verdict("members", Standing.REFUTED, f"the session has no {', no '.join(absent)}")
    versions = (f"{package.nome} {package.caixa.versao}" for _, package in found if package is not None)
    return Verdict("members", Standing.PROVED, ", ".join(versions))


def _deadlock(caixa: Caixa) -> Verdict:
    """Look for an order in which each member only waits for earlier ones: the proof that no cycle waits."""
    order = TopologicalSorter[str]({name: set() for name in sorted(membro.caixa for membro in caixa.membros)})
    for contrato in caixa.contratos:
        if contrato.shape.is_synchronous:
            order.add(contrato.de, contrato.para)
    try:
        return Verdict(
            "no deadlock", Standing.PROVED, "answering in the order " + ", ".join(order.static_order())
        )
    except CycleError as error:
        return Verdict("no deadlock", Standing.REFUTED, " waits for ".join(reversed(error.args[1])))


def _component(nome: str, *, has_component: bool) -> Verdict:
    if has_component:
        because = f"its limits are enforced at each `%caixa run {nome}`"
    else:
        because = f"it has none; `%%wasm {nome}` writes one"
    return Verdict("component", Standing.UNCHECKED, because)
