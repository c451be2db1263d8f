"""The ComputeUnit that a Servico lacks, proposed from its form, and the words that accept it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .results import Piece, Role, aside

if TYPE_CHECKING:
    from caixa.manifest.package import Package

__all__ = ["Proposal", "proposal_for"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A file that could be accepted into the package; `words` are those of the verb that does."""

    path: str
    text: str
    words: str

    def pieces(self) -> Iterator[Piece]:
        """Yield what is proposed and how to accept it."""
        yield aside(f"proposed {self.path}:", Role.ACCENT)
        for line in self.text.splitlines():
            yield aside(f"  {line}", Role.MUTED)
        yield Piece("accept it with  ", Role.PLAIN, is_aside=True)
        yield aside(self.words, Role.ACCENT)

    def to_json(self) -> dict[str, Any]:
        """Return path, text and words."""
        return {"path": self.path, "text": self.text, "accept": self.words}


def proposal_for(package: Package, subject: str | None) -> Proposal | None:
    """Return the ComputeUnit that a Servico names and lacks, or None; `subject` is how it was named."""
    from caixa.manifest.model import Kind  # noqa: PLC0415 - no package, no proposal

    path = package.computeunit_path
    if package.caixa.kind is not Kind.SERVICO or path is None or path in package.files:
        return None
    from caixa_renderers import yaml  # noqa: PLC0415 - most packages have their ComputeUnit
    from caixa_renderers.servico import computeunit  # noqa: PLC0415 - most packages have their ComputeUnit

    return Proposal(path, yaml.dump(computeunit.propose(package.caixa)), _accepting(subject))


def _accepting(subject: str | None) -> str:
    """Return the words that accept, on the face that is asking."""
    from .declaration import Face, current_face  # noqa: PLC0415 - only a proposal speaks of commands

    face = current_face()
    if face is Face.MAGIC:
        return (
            f"%caixa render {subject} --as computeunit --accept"
            if subject
            else "%caixa render --as computeunit --accept"
        )
    where = f" --path {subject}" if subject else ""
    return f"feira render{where} --as computeunit --accept"
