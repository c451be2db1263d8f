"""`lock`: lacre.lisp for the dependencies as they are named, without the network (caixa.md section 3.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..results import Piece, Result, Role, aside, plural
from ..workspace import Workspace

__all__ = ["Locked", "lock"]

LOCK = "lacre.lisp"


@dataclass(frozen=True, slots=True)
class Locked(Result):
    """The text of a lock, its root, and whether it was written."""

    nome: str
    raiz: str
    entries: int
    text_of_lock: str
    is_dry: bool
    is_changed: bool

    def pieces(self) -> Iterator[Piece]:
        """Yield the lock on a dry run, else one line."""
        if self.is_dry:
            yield Piece(self.text_of_lock)
            return
        state = "wrote" if self.is_changed else "unchanged:"
        yield aside(f"✓ {state} {LOCK} of {self.nome}, {plural(self.entries, 'package')}", Role.ADDED)
        yield Piece(self.raiz + "\n", Role.ACCENT)

    def to_json(self) -> dict[str, Any]:
        """Return the root and the text."""
        return {"nome": self.nome, "raiz": self.raiz, "text": self.text_of_lock, "written": not self.is_dry}


def lock(workspace: Workspace, subject: str | None = None, *, dry_run: bool = False) -> Locked:
    """Write the stub lock of a package: names and requirements stand for contents. Raises FileProblem."""
    from caixa.lacre.lock import stub_lock, write_lock  # noqa: PLC0415 - brings in blake3

    package = workspace.package(subject)
    locked = stub_lock(package.caixa)
    text = write_lock(locked)
    changed = package.files.get(LOCK) != text.encode()
    if changed and not dry_run:
        workspace.put_file(package, LOCK, text.encode())
    return Locked(package.nome, locked.raiz, len(locked.entradas), text, dry_run, changed)
