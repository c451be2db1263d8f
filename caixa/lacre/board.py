"""The state of a search: the packages chosen so far, the demands they and the root make, and how to go back."""

from __future__ import annotations

from caixa.manifest.package import Package

from .demands import Demand
from .resolution import Resolved

__all__ = ["Board"]


class Board:
    """Choices by name (None: left out) and demands by the name they are on."""

    def __init__(self, root: Package) -> None:
        """Begin with nothing chosen."""
        self.root = root.nome
        self.chosen: dict[str, Resolved | None] = {}
        self._versao = root.caixa.versao
        self._demands: dict[str, list[Demand]] = {}
        self._trail: list[str] = []  # the name of each demand, in the order they were made

    # -- demands ----------------------------------------------------------------------------------------------

    def ask(self, made: Demand) -> list[str]:
        """Record a demand; return the features it asks for that no other demand did."""
        before = self._demands.setdefault(made.nome, [])
        known = {feature for each in before for feature in each.features}
        before.append(made)
        self._trail.append(made.nome)
        return [feature for feature in made.features if feature not in known]

    def on(self, nome: str) -> tuple[Demand, ...]:
        """Return the demands on a name, the nearest to the root first."""
        return tuple(sorted(self._demands[nome], key=lambda each: (each.depth, each.asker, each.wish)))

    def depth(self, nome: str) -> int:
        """Return how far a package is from the root."""
        return min((each.depth for each in self._demands.get(nome, ())), default=0)

    def undecided(self) -> str | None:
        """Return the name to decide next: the nearest to the root, then the first by name."""
        waiting = (nome for nome, demands in self._demands.items() if demands and nome not in self.chosen)
        return min(waiting, key=lambda nome: (self.depth(nome), nome), default=None)

    # -- going back -------------------------------------------------------------------------------------------

    def mark(self) -> int:
        """Return a mark of how many demands there are."""
        return len(self._trail)

    def undo(self, nome: str, mark: int) -> None:
        """Take back a choice, and every demand that was made since the mark."""
        self.chosen.pop(nome, None)
        while len(self._trail) > mark:
            self._demands[self._trail.pop()].pop()

    # -- the graph --------------------------------------------------------------------------------------------

    def path_to(self, nome: str) -> list[str]:
        """Return the shortest way from the root to a chosen package, as `["app 0.1.0", "cart 1.2.0"]`."""
        return [self.shown(each) for each in self.names_to(nome)]

    def names_to(self, nome: str) -> list[str]:
        """Return the names on the shortest way from the root to a chosen package."""
        steps: list[str] = []
        while nome != self.root:
            steps.append(nome)
            nome = self.on(nome)[0].asker
        return [self.root, *reversed(steps)]

    def shown(self, nome: str) -> str:
        """Return a package with its version, where it has one."""
        if nome == self.root:
            return f"{nome} {self._versao}"
        chosen = self.chosen.get(nome)
        return f"{nome} {chosen.versao}" if chosen is not None else nome

    def edges(self) -> dict[str, list[Demand]]:
        """Return the demands of each chosen package on others that are not left out."""
        edges: dict[str, list[Demand]] = {
            nome: [] for nome, chosen in self.chosen.items() if chosen is not None
        }
        for nome in edges:
            for each in self._demands[nome]:
                if each.asker in edges:
                    edges[each.asker].append(each)
        return edges
