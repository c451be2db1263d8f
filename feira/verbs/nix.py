"""`nix`: the flake.nix of a package, or what its flake.lisp asks for (caixa.md section 4.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from caixa.lisp.source import Source

from ..errors import AlreadyThere
from ..results import Piece, Result, Role, aside
from ..workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from caixa.manifest.package import Package

__all__ = ["FlakeShown", "nix"]

FLAKE: Final = "flake.nix"
FORM: Final = "flake.lisp"
_MARK: Final = b"# Generated from "


@dataclass(frozen=True, slots=True)
class FlakeShown(Result):
    """A flake, and whether it was written, was there already, or is only shown."""

    nome: str
    flake: str
    is_written: bool
    is_changed: bool

    def pieces(self) -> Iterator[Piece]:
        """Yield the text if it was not written, else one line."""
        if not self.is_written:
            yield Piece(self.flake)
        elif self.is_changed:
            yield aside(f"✓ {FLAKE} of {self.nome}", Role.ADDED)
        else:
            yield aside(f"= {FLAKE} of {self.nome}", Role.MUTED)

    def to_json(self) -> dict[str, Any]:
        """Return the flake and what was done with it."""
        return {"nome": self.nome, "text": self.flake, "written": self.is_written, "changed": self.is_changed}


def nix(workspace: Workspace, subject: str | None = None, *, stdout: bool = False) -> FlakeShown:
    """Write flake.nix of a package: what its flake.lisp asks for, else what each package gets.

    Raises what reading the package raises, MalformedFlake, and AlreadyThere for a flake.nix that was written
    by hand.
    """
    package = workspace.package(subject)
    files = workspace.files(subject)
    text = _text(package, files)
    before = files.get(FLAKE)
    if stdout:
        return FlakeShown(package.nome, text, is_written=False, is_changed=False)
    if before is not None and not before.startswith(_MARK):
        raise AlreadyThere(package.nome, [f"a {FLAKE} that was written by hand"])
    is_changed = before != text.encode()
    if is_changed:
        workspace.put_file(package, FLAKE, text.encode())
    return FlakeShown(package.nome, text, is_written=True, is_changed=is_changed)


def _text(package: Package, files: Mapping[str, bytes]) -> str:
    from caixa_renderers.nix.flake import package_flake, render_flake  # noqa: PLC0415 - most verbs render nothing

    form = files.get(FORM)
    if form is None:
        return package_flake(package.caixa)
    from caixa_renderers.nix.defflake import parse_flake  # noqa: PLC0415 - as above

    return render_flake(parse_flake(Source(FORM, form.decode("utf-8", "replace"))))
