"""What a change of a caixa leaves behind: dependents that must be looked at again, and what was made of it.

Nothing is marked: what was made keeps the caixas that it was made of, and is stale while those of the session
differ. So an undo makes it fresh again, and the answer is a pure function of the state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .dependents import dependents, needs, parts
from .state import COMPONENT, IMPORT, Derivation, SessionState

if TYPE_CHECKING:
    from caixa.manifest.package import Package

__all__ = ["Consequences", "Rechecked", "Stale", "consequences", "stale"]

RENDERED = "servicos/"  # files that a renderer proposes: a component is not built from them


@dataclass(frozen=True, slots=True)
class Stale:
    """Something that was made of caixas which are different now: `because` names them."""

    what: str
    nome: str
    cell: str
    because: tuple[str, ...]

    def __str__(self) -> str:
        where = f", {self.cell}" if self.cell else ""
        return f"{_THINGS.get(self.what, self.what)} of {self.nome}{where}"

    @property
    def fix(self) -> str:
        """What makes it new."""
        if self.what == IMPORT:
            return f'(importar :caixa "{self.nome}" :reload)'
        return f"%%wasm {self.nome}" if self.what == COMPONENT else f"%caixa {self.what} {self.nome}"


_THINGS: Mapping[str, str] = {
    "render": "manifests",
    "chart": "chart",
    "build": "digest",
    "show": "digest",
    "lock": "lock",
    "save": "saved files",
    "deploy": "deployment",
    "graph": "picture",
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


def stale(state: SessionState) -> tuple[Stale, ...]:
    """Return everything that was made of caixas which have changed since, in the order of its making."""
    found = ((made, _because(made, state.packages)) for made in state.derived.values())
    return tuple(Stale(made.what, made.nome, made.cell, because) for made, because in found if because)


def consequences(before: SessionState, after: SessionState) -> Consequences:
    """Return what follows for the rest of the session from a cell that led from `before` to `after`."""
    changed = tuple(nome for nome, package in after.packages.items() if package != before.packages.get(nome))
    users = {user: None for nome in changed for user in dependents(after.packages, nome) if user not in changed}
    known = {(each.what, each.nome): each.because for each in stale(before)}
    new = tuple(each for each in stale(after) if known.get((each.what, each.nome)) != each.because)
    return Consequences(changed, tuple(_rechecked(after.packages, user, changed) for user in users), new)


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
    if made.what != COMPONENT or then is None or now is None:
        return False
    return then.caixa == now.caixa and _sources(then) == _sources(now)


def _sources(package: Package) -> dict[str, bytes]:
    return {path: data for path, data in package.files.items() if not path.startswith(RENDERED)}


def _rechecked(packages: Mapping[str, Package], user: str, changed: tuple[str, ...]) -> Rechecked:
    direct = list(_direct(packages, user, changed))
    if not direct:
        through = next(need.nome for need in needs(packages[user].caixa) if need.nome in packages)
        return Rechecked(user, holds=True, because=f"needs it through {through}")
    refusing = [each for each in direct if not each.holds]
    return refusing[0] if refusing else direct[0]


def _direct(packages: Mapping[str, Package], user: str, changed: tuple[str, ...]) -> Iterator[Rechecked]:
    from caixa.lacre.members import satisfies  # noqa: PLC0415  # only what needs another is looked at

    for need in needs(packages[user].caixa):
        if need.nome in changed:
            package = packages[need.nome]
            holds = satisfies(package, need.nome, need.versao)
            verb = "accepts" if holds else "does not accept"
            words = f"{need.role} {need.nome} {need.versao} {verb} {package.caixa.versao}"
            yield Rechecked(user, holds, words)
