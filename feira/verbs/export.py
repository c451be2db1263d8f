"""`export`: the log of a session as a text that another process replays; `replay`: that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..files import write_files
from ..results import Piece, Result, Role, aside, plural
from ..workspace import Workspace, read_text
from .at import CaixaThen, caixas_of

if TYPE_CHECKING:
    from caixa.session.reenactment import Reenactment

__all__ = ["Exported", "Replayed", "export", "replay"]


@dataclass(frozen=True, slots=True)
class Exported(Result):
    """A log in a file; `original` is its digest in the session, which differs where secrets were taken out."""

    file: str
    entries: int
    digest: str
    original: str

    def pieces(self) -> Iterator[Piece]:
        """Yield a line or two."""
        yield aside(f"✓ {self.file}: {plural(self.entries, 'entry').replace('entrys', 'entries')}", Role.ADDED)
        yield Piece(f"{self.digest}\n", Role.ACCENT)
        if self.digest != self.original:
            yield aside("Secrets were taken out of it, so its digest is not that of the session.", Role.WARNING)

    def to_json(self) -> dict[str, Any]:
        """Return the file, how much is in it, and both digests."""
        return {
            "file": self.file,
            "entries": self.entries,
            "digest": self.digest,
            "sessionDigest": self.original,
        }


@dataclass(frozen=True, slots=True)
class Replayed(Result):
    """A log that was read and verified: what its session was at the end, and how running it again compares."""

    file: str
    entries: int
    steps: int
    digest: str
    caixas: tuple[CaixaThen, ...]
    again: Reenactment | None = None

    @property
    def ok(self) -> bool:
        """Whether running the cells again, if that was asked, led to the same session."""
        return self.again is None or not self.again.differences

    def pieces(self) -> Iterator[Piece]:
        """Yield the caixas, the digest, and every difference."""
        for each in self.caixas:
            yield Piece(f"{each.nome} {each.versao}  {each.kind}  {each.digest}\n")
        yield Piece(f"{self.digest}\n", Role.ACCENT)
        steps = plural(self.steps, "step")
        yield aside(f"✓ {self.file}: each of {self.entries} entries follows from the one before", Role.ADDED)
        if self.again is None:
            return
        for difference in self.again.differences:
            yield aside(f"✗ {difference}", Role.ERROR)
        if self.again.skipped:
            yield aside(f"- {plural(self.again.skipped, 'cell')} in other languages not run again", Role.MUTED)
        if self.ok:
            yield aside(f"✓ run again, {steps} lead to the same caixas and names", Role.ADDED)

    def to_json(self) -> dict[str, Any]:
        """Return the digests of the log and of each caixa, and what running it again gave."""
        return {
            "file": self.file,
            "entries": self.entries,
            "steps": self.steps,
            "digest": self.digest,
            "caixas": [
                {"nome": each.nome, "versao": each.versao, "digest": each.digest} for each in self.caixas
            ],
            "differences": None if self.again is None else list(self.again.differences),
        }


def export(workspace: Workspace, file: str) -> Exported:
    """Write the log of the session to `file`, without the values of secrets, whole or not at all.

    Raises FileProblem, and SecretInPackage for a caixa that was put together before its secret was known.
    """
    from caixa.session.archive import dump, without_secrets  # noqa: PLC0415 - a terminal has no session

    session = workspace.session
    log = without_secrets(session.log, session.secrets)
    target = workspace.locate(file)
    write_files(target.parent, {target.name: dump(log).encode("utf-8", "surrogatepass")})
    return Exported(file, len(log), log.digest, session.log.digest)


def replay(workspace: Workspace, file: str, *, run: bool = False) -> Replayed:
    """Read a log that `export` wrote, verify it, and say what its session was; `run` runs its Lisp cells again.

    Nothing of it comes into the workspace. Raises FileProblem, BadArchive, BrokenLog.
    """
    from caixa.session.archive import load  # noqa: PLC0415 - as above
    from caixa.session.reenactment import reenact  # noqa: PLC0415 - as above

    log = load(read_text(workspace.locate(file)).text)
    again = reenact(log) if run else None
    return Replayed(file, len(log), log.last_step, log.digest, caixas_of(log.replay()), again)
