"""`hash`: what a digest is made of, as a tree down to the natives, or as a picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..addresses import addresses_of, find
from ..results import Piece, Result, Role
from ..workspace import Workspace

if TYPE_CHECKING:
    from caixa.lacre.arvore.merkle import Merkle

__all__ = ["Explained", "explain_digest"]


@dataclass(frozen=True, slots=True)
class Explained(Result):
    """A digest and its parts; `picture` is the drawing in another form than text, if one was asked for."""

    tree: Merkle = field(repr=False)
    where: str
    picture: str = ""

    def pieces(self) -> Iterator[Piece]:
        """Yield the digest, then a line for each part."""
        if self.picture:
            yield Piece(self.picture.rstrip("\n") + "\n")
            return
        yield Piece(self.tree.digest + "\n", Role.ACCENT)
        width = max(len(branch) + len(part.label) for branch, part in self.tree.lines())
        for branch, part in self.tree.lines():
            yield Piece(branch, Role.MUTED)
            yield Piece(f"{part.label:<{width - len(branch)}}", Role.PLAIN)
            yield Piece(f"  {part.short}  {part.kind}{' ↑' if part.is_repeated else ''}\n", Role.MUTED)

    def to_json(self) -> dict[str, Any]:
        """Return the tree with whole digests."""
        return {"where": self.where, **self.tree.to_json()}


def explain_digest(
    workspace: Workspace, subject: str | None = None, target: str | None = None, form: str = "text"
) -> Explained:
    """Explain the digest of a package, or of the definition that `target` means.

    In a notebook a name is a caixa of the session if there is one, else a definition. Raises UsageProblem, and
    what reading and expanding the sources raises.
    """
    from caixa.lacre.arvore.merkle import definition_tree, package_tree  # noqa: PLC0415 - brings in blake3

    if target is None or target in workspace.names():
        package = workspace.package(target or subject)
        tree, where = package_tree(package, addresses_of(workspace, target or subject)), package.nome
    else:
        place = find(workspace, f"{subject}#{target}" if subject else target)
        tree, where = definition_tree(place.addresses, place.name), place.where
    return Explained(tree, where, _picture(workspace, tree, form))


def _picture(workspace: Workspace, tree: Merkle, form: str) -> str:
    if form == "text":
        return ""
    from caixa_renderers.graph.dot import to_dot  # noqa: PLC0415 - only a picture needs it
    from caixa_renderers.graph.merkle import merkle_graph  # noqa: PLC0415 - the same

    dot = to_dot(merkle_graph(tree))
    return dot if form == "dot" else workspace.engine().svg(dot)
