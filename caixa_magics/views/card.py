"""The card that answers a `(defcaixa …)`: what it is, its digest, what is known of it, and every finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from caixa.lisp.diagnostics import Diagnostic, render
from caixa.lisp.source import Source
from caixa.manifest.codecs import print_bytes, print_duration, print_millicores
from caixa.manifest.model import Caixa, Kind, Limits
from caixa.session.verdicts import Standing, Verdict

from ..elements import Element, h
from ..view import View
from .findings import findings
from .registry import view

__all__ = ["Card", "short_digest"]

SIGNS = {Standing.PROVED: "✓", Standing.REFUTED: "✗", Standing.UNCHECKED: "-"}
_CLASSES = {Standing.PROVED: "cx-proved", Standing.REFUTED: "cx-refuted", Standing.UNCHECKED: "cx-unchecked"}


@dataclass(frozen=True, slots=True)
class Card:
    """A caixa with its package digest, its verdicts and its findings, whose places are in `sources`."""

    caixa: Caixa
    digest: str
    verdicts: tuple[Verdict, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)

    def text(self) -> str:
        """Return the card as lines."""
        caixa = self.caixa
        lines = [f"{caixa.nome} {caixa.versao} · {caixa.kind.value} · {short_digest(self.digest)}"]
        lines += [f"  {fact}" for fact in facts(caixa)]
        lines += [f"  {SIGNS[verdict.standing]} {verdict}" for verdict in self.verdicts]
        for diagnostic in self.findings:
            lines += ["", render(diagnostic, self.sources)]
        return "\n".join(lines)

    def html(self) -> Element:
        """Return the card as an element."""
        caixa = self.caixa
        header = h(
            "header",
            h("b", caixa.nome),
            h("span", caixa.versao),
            h("span", caixa.kind.value, class_="cx-tag"),
            h("code", short_digest(self.digest), class_="cx-dim", title=self.digest),
        )
        return h(
            "section",
            header,
            [h("div", fact) for fact in facts(caixa)],
            h("ul", [_verdict(verdict) for verdict in self.verdicts], class_="cx-verdicts")
            if self.verdicts
            else None,
            findings(self.findings, self.sources),
            class_="cx-card",
            aria_label=f"caixa {caixa.nome} {caixa.versao}",
        )


@view.register
def _(value: Card) -> View:
    return View(value.text(), value.html())


def _verdict(verdict: Verdict) -> Element:
    sign = h("span", SIGNS[verdict.standing], class_="cx-sign", aria_hidden="true")
    return h(
        "li",
        sign,
        h("b", verdict.claim),
        f" {verdict.standing.value}: {verdict.because}",
        class_=_CLASSES[verdict.standing],
    )


def short_digest(digest: str) -> str:
    """Return a digest as people compare it: its algorithm and twelve digits."""
    algorithm, _, digits = digest.partition(":")
    return f"{algorithm}:{digits[:12]}"


def facts(caixa: Caixa) -> Iterator[str]:
    """Yield what a reader wants to know of a caixa first, a line each."""
    if caixa.descricao:
        yield caixa.descricao
    if caixa.limits is not None and not caixa.limits.is_empty:
        yield "limits: " + ", ".join(_limits(caixa.limits))
    if caixa.behavior is not None and caixa.behavior.declared:
        yield "behavior: " + ", ".join(
            f"{name.replace('_', '-')} {path}" for name, path in caixa.behavior.declared
        )
    yield from _shape(caixa)


def _limits(limits: Limits) -> Iterator[str]:
    if limits.memory is not None:
        yield f"memory {print_bytes(limits.memory)}"
    if limits.fuel is not None:
        yield f"fuel {limits.fuel:,}"
    if limits.wall_clock is not None:
        yield f"wall clock {print_duration(limits.wall_clock)}"
    if limits.cpu is not None:
        yield f"cpu {print_millicores(limits.cpu)}"


def _shape(caixa: Caixa) -> Iterator[str]:
    if caixa.kind is Kind.SUPERVISOR:
        estrategia = caixa.estrategia.value if caixa.estrategia else "OneForOne"
        children = ", ".join(f"{child.caixa} ({child.restart.value})" for child in caixa.children)
        yield f"{estrategia}: {children or 'children are added while it runs'}"
    if caixa.kind is Kind.APLICACAO:
        yield f"{_count(len(caixa.membros), 'membro')}, {_count(len(caixa.contratos), 'contrato')}"
    if caixa.entrada is not None:
        yield f"entrada: {caixa.entrada.host} → {caixa.entrada.para}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
