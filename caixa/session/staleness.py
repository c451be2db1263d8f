"""What a change of a caixa leaves behind: dependents that must be looked at again, and what was made of it.

Nothing is marked: what was made keeps the caixas that it was made of, and is stale while those of the session
differ. So an undo makes it fresh again, and the answer is a pure function of the state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .dependents import dependents, needs, parts
from .state import COMPONENT, IMPORT, Derivation, SessionState

if TYPE_CHECKING:
    from caixa.manifest.package import Package

__all__ = ["MADE", "Consequences", "Rechecked", "Stale", "consequences", "stale"]

RENDERED = "servicos/"  # files that a renderer proposes: a component is not built from them
GRAPH = "graph"  # a picture is drawn from forms alone


@dataclass(frozen=True, slots=True)
class Stale:
    """Something that was made of caixas which are different now: `because` names them."""

    what: str
    nome: str
    cell: str
    because: tuple[str, ...]
    is_gone: bool = False

    def __str__(self) -> str:
        where = f", {self.cell}" if self.cell else ""
        return f"{MADE.get(self.what, self.what)} of {self.nome}{where}"

    @property
    def fix(self) -> str:
        """What makes it new; nothing does if the session has no such caixa any more."""
        if self.is_gone:
            return f"{self.nome} is no longer in the session"
        if self.what == IMPORT:
            return f'(importar :caixa "{self.nome}" :reload)'
        return f"%%wasm {self.nome}" if self.what == COMPONENT else f"%caixa {self.what} {self.nome}"


MADE: Mapping[str, str] = {
    "render": "manifests",
    "chart": "chart",
    "build": "digest",
    "show": "digest",
    "lock": "lock",
    "save": "saved files",
    "deploy": "deployment",
    GRAPH: "picture",
    IMPORT: "imported names",
}


@dataclass(frozen=True, slots=True)
class Rechecked:
    """A caixa that needs a changed one, and whether what it asks for still holds."""

    nome: str
    holds: bool
    because: str


@dataclass(frozen=True, slots=True)
class Consequences:
    """What follows from a change: the caixas that changed, those that need them, and what is stale by it."""

    changed: tuple[str, ...]
    rechecked: tuple[Rechecked, ...]
    stale: tuple[Stale, ...]

    def __bool__(self) -> bool:
        return bool(self.rechecked or self.stale)

    def text(self) -> str:
        """Return a line for what changed, and one for each thing that follows."""
        lines = [f"{', '.join(self.changed) or 'a caixa'} changed:"]
        lines += [f"  {'✓' if each.holds else '✗'} {each.nome}: {each.because}" for each in self.rechecked]
        lines += [f"  stale: {each}; {each.fix}" for each in self.stale]
        return "\n".join(lines)


def stale(state: SessionState) -> tuple[Stale, ...]:
    """Return everything that was made of caixas which have changed since, in the order of its making."""
    found = ((made, _because(made, state.packages)) for made in state.derived.values())
    return tuple(
        Stale(made.what, made.nome, made.cell, because, made.nome not in state.packages)
        for made, because in found
        if because
    )


def consequences(before: SessionState, after: SessionState) -> Consequences:
    """Return what follows for the rest of the session from a cell that led from `before` to `after`."""
    names = {**before.packages, **after.packages}
    changed = tuple(nome for nome in names if after.packages.get(nome) != before.packages.get(nome))
    known = {(each.what, each.nome): each.because for each in stale(before)}
    new = tuple(each for each in stale(after) if known.get((each.what, each.nome)) != each.because)
    return Consequences(changed, tuple(_rechecked(before.packages, after.packages, changed)), new)


def _because(made: Derivation, packages: Mapping[str, Package]) -> tuple[str, ...]:
    if made.what in (COMPONENT, IMPORT):
        now = {nome: packages[nome] for nome in made.inputs if nome in packages}
    else:
        now = parts(packages, made.nome)
    names = {**made.inputs, **now}
    return tuple(sorted(nome for nome in names if not _same(made, made.inputs.get(nome), now.get(nome))))


def _same(made: Derivation, then: Package | None, now: Package | None) -> bool:
    if then is now or then == now:
        return True
    if made.what not in (COMPONENT, GRAPH) or then is None or now is None:
        return False
    return then.caixa == now.caixa and (made.what == GRAPH or _sources(then) == _sources(now))


def _sources(package: Package) -> dict[str, bytes]:
    return {path: data for path, data in package.files.items() if not path.startswith(RENDERED)}


def _rechecked(
    before: Mapping[str, Package], after: Mapping[str, Package], changed: Sequence[str]
) -> Iterator[Rechecked]:
    """Yield those to whom the change makes a difference, and those who need one that no longer holds."""
    refused = []
    for user in [user for user in after if user not in changed]:
        known = set(_direct(before, user, changed)) if user in before else set()
        found = [each for each in _direct(after, user, changed) if each not in known]
        if found:
            worst = next((each for each in found if not each.holds), found[0])
            refused += [] if worst.holds else [user]
            yield worst
    for user in refused:
        for other in dependents(after, user):
            if other not in changed and other not in refused:
                yield Rechecked(other, holds=True, because=f"needs it through {user}")


def _direct(packages: Mapping[str, Package], user: str, changed: Sequence[str]) -> Iterator[Rechecked]:
    from caixa.lacre.members import satisfies  # noqa: PLC0415  # only what needs another is looked at

    for need in needs(packages[user].caixa):
        if need.nome in changed:
            package, wanted = packages.get(need.nome), f"{need.role} {need.nome} {need.versao}"
            if package is None:
                yield Rechecked(user, holds=False, because=f"{wanted} is no longer in the session")
            elif satisfies(package, need.nome, need.versao):
                yield Rechecked(user, holds=True, because=f"{wanted} accepts {package.caixa.versao}")
            else:
                yield Rechecked(user, holds=False, because=f"{wanted} does not accept {package.caixa.versao}")
