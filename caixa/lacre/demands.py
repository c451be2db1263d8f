"""What a package asks for: its dependencies, members and children, each as a demand that says who asks."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass

from caixa.lisp.source import Span
from caixa.manifest.model import Caixa, Dep
from caixa.manifest.package import Package
from caixa.manifest.version import Requirement

from .origins import Addressing, Origin, Pin, origin_of, pin_of

__all__ = ["Asker", "Demand", "Wanted", "demand", "needs_of", "optional_names"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A dependency as a manifest has it, and where it stands there."""

    dep: Dep
    span: Span | None = None
    may_be_missing: bool = False


@dataclass(frozen=True, slots=True)
class Asker:
    """A package that asks, where it comes from, and how far it is from the root, which is at 0."""

    nome: str
    origin: Origin
    depth: int


@dataclass(frozen=True, slots=True)
class Demand:
    """One package wants another: from where, which versions, with which features.

    `causes` are the chosen packages without which there would be no such demand; `depth` is how far the root
    is; `span` is where the root's manifest says it, for a demand of the root itself.
    """

    nome: str
    asker: str
    depth: int
    origin: Origin
    pin: Pin | None
    requirement: Requirement
    features: tuple[str, ...]
    causes: frozenset[str]
    may_be_missing: bool
    dep: Dep
    span: Span | None

    @property
    def wish(self) -> str:
        """The requirement, and the pin if there is one, as a person reads it."""
        return f"{self.requirement.text} at {self.pin}" if self.pin else self.requirement.text


def needs_of(package: Package, *, is_root: bool, with_dev: bool, features: Set[str]) -> Iterator[Wanted]:
    """Yield what `package` needs: its dependencies, then the members or children that no dependency names.

    An optional dependency of the root is wanted if it can be had, and so is a member for which it gives no
    source: that may be beside it, still unpublished. An optional dependency of another package is wanted only
    when its name is among the `features` that are asked for. Development dependencies are the root's own.
    """
    caixa, seen = package.caixa, set[str]()
    for slot, deps in (("deps", caixa.deps), ("deps_dev", caixa.deps_dev if is_root and with_dev else ())):
        for index, dep in enumerate(deps):
            seen.add(dep.nome)
            is_asked_for = not dep.opcional or dep.nome in features
            if is_asked_for or is_root:
                yield Wanted(dep, package.reading.span_of(slot, index), not is_asked_for)
    for slot, index, dep in _parts(caixa):
        given = _given(dep.nome, caixa) if dep.nome in seen else None
        part = Dep(dep.nome, dep.versao, given.fonte if given else None)
        yield Wanted(part, package.reading.span_of(slot, index), is_root and given is None)


def _parts(caixa: Caixa) -> Iterator[tuple[str, int, Dep]]:
    """Yield the members of a mesh and the children of a supervisor as dependencies."""
    for index, membro in enumerate(caixa.membros):
        yield "membros", index, Dep(membro.caixa, membro.versao)
    for index, child in enumerate(caixa.children):
        yield "children", index, Dep(child.caixa, child.versao)


def _given(nome: str, caixa: Caixa) -> Dep | None:
    return next((dep for dep in (*caixa.deps, *caixa.deps_dev) if dep.nome == nome), None)


def optional_names(package: Package) -> list[str]:
    """Return the names of the optional dependencies: these are the features that can be asked for."""
    return sorted(dep.nome for dep in package.caixa.deps if dep.opcional)


def demand(wanted: Wanted, asker: Asker, causes: frozenset[str], addressing: Addressing) -> Demand:
    """Return the demand of `asker` for what it wants. Raises UnsafeSource, PathFromGit and InvalidValue."""
    dep = wanted.dep
    return Demand(
        dep.nome,
        asker.nome,
        asker.depth + 1,
        origin_of(dep, asker.origin, addressing),
        pin_of(dep.nome, dep.fonte),
        Requirement.parse(dep.versao),
        dep.caracteristicas,
        causes,
        wanted.may_be_missing,
        dep,
        wanted.span if asker.depth == 0 else None,
    )
