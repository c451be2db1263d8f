"""Which caixas of a session need which: members of a mesh, children of a supervisor, dependencies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from caixa.manifest.model import Caixa
    from caixa.manifest.package import Package

__all__ = ["Need", "dependents", "needs", "parts"]


class Need(NamedTuple):
    """One caixa that another names: as what (membro, child, dep), its name, and the versions that will do."""

    role: str
    nome: str
    versao: str


def needs(caixa: Caixa) -> Iterator[Need]:
    """Yield what `caixa` names, in the order of its form."""
    for membro in caixa.membros:
        yield Need("membro", membro.caixa, membro.versao)
    for child in caixa.children:
        yield Need("child", child.caixa, child.versao)
    for dep in (*caixa.deps, *caixa.deps_dev):
        yield Need("dep", dep.nome, dep.versao)


def parts(packages: Mapping[str, Package], nome: str) -> dict[str, Package]:
    """Return `nome` and every caixa of the session that it needs, directly or not."""
    found: dict[str, Package] = {}
    waiting = [nome]
    while waiting:
        name = waiting.pop()
        package = packages.get(name)
        if package is not None and name not in found:
            found[name] = package
            waiting += [need.nome for need in needs(package.caixa)]
    return found


def dependents(packages: Mapping[str, Package], nome: str) -> tuple[str, ...]:
    """Return the caixas that need `nome`, directly or not, in the order of the session; not `nome` itself."""
    users: dict[str, list[str]] = {}
    for user, package in packages.items():
        for need in needs(package.caixa):
            users.setdefault(need.nome, []).append(user)
    found: set[str] = set()
    waiting = [nome]
    while waiting:
        for user in users.get(waiting.pop(), ()):
            if user not in found:
                found.add(user)
                waiting.append(user)
    return tuple(each for each in packages if each in found and each != nome)
