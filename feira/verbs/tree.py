"""`tree`: what a package needs, as its lock has it, drawn as a tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import NotLocked
from ..resolving import lock_of
from ..results import Piece, Result, Role, aside, plural
from ..workspace import Workspace

if TYPE_CHECKING:
    from caixa.lacre.lock import Lock
    from caixa.manifest.package import Package

__all__ = ["Branch", "Dependencies", "dependencies", "direct_names", "tree"]


@dataclass(frozen=True, slots=True)
class Branch:
    """A locked package: its version, where it is from, and the names of what it needs."""

    nome: str
    versao: str
    source: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dependencies(Result):
    """A locked graph; `direct` are the names that the root asks for."""

    nome: str
    versao: str
    direct: tuple[str, ...]
    packages: dict[str, Branch]

    def pieces(self) -> Iterator[Piece]:
        """Yield the tree; what was drawn before is named and marked, not drawn again."""
        yield Piece(f"{self.nome} {self.versao}\n", Role.ACCENT)
        yield from self._lines()
        yield aside(f"{plural(len(self.packages), 'package')} locked", Role.MUTED)

    def _lines(self) -> Iterator[Piece]:
        drawn: set[str] = set()
        waiting = [(nome, "", index == 0) for index, nome in enumerate(reversed(self.direct))]
        while waiting:
            nome, indent, is_last = waiting.pop()
            branch = self.packages[nome]
            is_again = nome in drawn and bool(branch.needs)
            yield Piece(f"{indent}{'└── ' if is_last else '├── '}", Role.MUTED)
            yield Piece(f"{nome} {branch.versao}")
            yield Piece(f"  {branch.source}{' (as above)' if is_again else ''}\n", Role.MUTED)
            if nome not in drawn:
                drawn.add(nome)
                deeper = indent + ("    " if is_last else "│   ")
                waiting += [(each, deeper, index == 0) for index, each in enumerate(reversed(branch.needs))]

    def to_json(self) -> dict[str, Any]:
        """Return the graph by name."""
        return {
            "nome": self.nome,
            "versao": self.versao,
            "deps": list(self.direct),
            "packages": {
                each.nome: {"versao": each.versao, "source": each.source, "deps": list(each.needs)}
                for each in self.packages.values()
            },
        }


def tree(workspace: Workspace, subject: str | None = None) -> Dependencies:
    """Return what a package needs, as locked. Raises NotLocked, InvalidLock."""
    return dependencies(workspace.package(subject))


def dependencies(package: Package) -> Dependencies:
    """Return the locked graph of `package`. Raises NotLocked where the manifest asks for more, InvalidLock."""
    lock = lock_of(package)
    known = {entry.nome for entry in lock.entradas}
    required, optional = direct_names(package)
    missing = sorted((required | {name for each in lock.entradas for name in each.deps_diretas}) - known)
    if missing:
        raise NotLocked(package.nome, missing)
    direct = tuple(sorted((required | optional) & known))
    return Dependencies(package.nome, package.caixa.versao, direct, _branches(lock))


def direct_names(package: Package) -> tuple[set[str], set[str]]:
    """Return the names that a package cannot do without, and those that it may do without."""
    from caixa.lacre.demands import needs_of  # noqa: PLC0415 - a terminal starts without locks

    wanted = list(needs_of(package, is_root=True, with_dev=False, features=set()))
    required = {each.dep.nome for each in wanted if not each.may_be_missing}
    optional = {each.dep.nome for each in wanted} | {dep.nome for dep in package.caixa.deps_dev}
    return required, optional - required


def _branches(lock: Lock) -> dict[str, Branch]:
    from caixa.manifest.model import PathFonte  # noqa: PLC0415 - a terminal starts without manifests

    found = {}
    for entry in lock.entradas:
        fonte = entry.fonte
        if isinstance(fonte, PathFonte):
            source = fonte.caminho
        else:
            ref = fonte.tag or fonte.branch or ""
            commit = f"@{fonte.rev[:12]}" if fonte.rev else ""
            source = " ".join(part for part in (fonte.repo, ref + commit) if part)
        found[entry.nome] = Branch(entry.nome, entry.versao, source, tuple(sorted(entry.deps_diretas)))
    return found
