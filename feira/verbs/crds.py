"""`crds`: the CustomResourceDefinitions of our kinds, for `kubectl apply -f -` (caixa.md section 7.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from ..errors import UsageProblem
from ..results import Piece, Result
from ..workspace import Workspace

if TYPE_CHECKING:
    from caixa_renderers.artifact import Artifact

__all__ = ["Definitions", "crds", "kinds"]


@dataclass(frozen=True, slots=True)
class Definitions(Result):
    """Definitions, a file each."""

    artifacts: tuple[Artifact, ...]

    def pieces(self) -> Iterator[Piece]:
        """Yield them as one stream of YAML, the documents parted by `---`."""
        for number, artifact in enumerate(self.artifacts):
            yield Piece(("---\n" if number else "") + artifact.text)

    def to_json(self) -> dict[str, Any]:
        """Return them as the list that Kubernetes calls a List."""
        items = [each for artifact in self.artifacts for each in artifact.objects]
        return {"apiVersion": "v1", "kind": "List", "items": items}


def crds(workspace: Workspace, kind: str | None = None) -> Definitions:  # noqa: ARG001 - every verb takes one
    """Return the definitions of every kind of ours, or of one. Raises UsageProblem for a kind that is none."""
    from caixa_renderers.crds import render  # noqa: PLC0415 - only this verb needs the schemas

    artifacts = render().artifacts
    if kind is None:
        return Definitions(artifacts)
    known = {artifact.objects[0]["spec"]["names"]["kind"].lower(): artifact for artifact in artifacts}
    found = known.get(kind.lower())
    if found is None:
        near = get_close_matches(kind.lower(), known, n=1)
        listing = ", ".join(kinds())
        fix = (
            f"did you mean {known[near[0]].objects[0]['spec']['names']['kind']}?"
            if near
            else f"kinds: {listing}"
        )
        raise UsageProblem(f"there is no kind {kind!r}", fix=fix, word=kind)
    return Definitions((found,))


def kinds() -> list[str]:
    """Return the kinds, for completion."""
    from caixa_renderers.crds import DEFINITIONS  # noqa: PLC0415 - as above

    return [definition.kind for definition in DEFINITIONS]
