"""What a call of a component gave, and what it used of what it may use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from caixa.manifest.codecs import print_bytes, print_duration
from caixa.manifest.model import Limits
from feira.verbs.run import Ran

from ..elements import Element, h
from ..view import View
from .registry import view

__all__ = ["Measured"]


@dataclass(frozen=True, slots=True)
class Measured:
    """A run with the limits it ran under."""

    ran: Ran
    limits: Limits

    def text(self) -> str:
        """Return the words of the verb."""
        return self.ran.text()


@view.register
def _(value: Measured) -> View:
    ran, result = value.ran, value.ran.result
    call = " ".join((ran.function, *ran.arguments))
    # The last line of the words says what was used; here the bars do.
    words = [piece.text for piece in ran.pieces()][:-1]
    body = h(
        "section",
        h("header", h("code", call, class_="cx-dim"), h("b", "".join(words).rstrip("\n"), class_="cx-value")),
        h("table", h("tbody", list(_rows(value)))),
        class_="cx-card",
        aria_label=f"{call} in {ran.nome}, {result.elapsed * 1000:.1f} milliseconds",
    )
    return View(value.text(), body)


def _rows(value: Measured) -> Iterator[Element]:
    result, limits = value.ran.result, value.limits
    if result.fuel_used is not None:
        yield _row("fuel", f"{result.fuel_used:,}", result.fuel_used, limits.fuel, f"{limits.fuel or 0:,}")
    yield _row(
        "memory",
        print_bytes(result.memory_bytes),
        result.memory_bytes,
        limits.memory,
        print_bytes(limits.memory or 0),
    )
    nanoseconds, limit = int(result.elapsed * 1e9), limits.wall_clock
    yield _row("wall clock", f"{result.elapsed * 1000:.1f} ms", nanoseconds, limit, print_duration(limit or 0))


def _row(name: str, used: str, amount: int, limit: int | None, limit_text: str) -> Element:
    if not limit:
        return h("tr", h("th", name, scope="row"), h("td", used), h("td", "no limit", class_="cx-dim"))
    bar = h("meter", f"{amount / limit:.0%}", value=str(amount), max=str(limit), high=str(limit * 0.9))
    return h("tr", h("th", name, scope="row"), h("td", used), h("td", bar, f" of {limit_text}"))
