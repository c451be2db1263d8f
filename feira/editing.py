"""A manifest edited as text by a verb: checked before it is written, and shown as a diff."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import unified_diff
from typing import TYPE_CHECKING, Any

from caixa.lisp.source import Source
from caixa.manifest.errors import InvalidManifest

from .results import Piece, Result, Role, aside, diff_pieces
from .workspace import Workspace

if TYPE_CHECKING:
    from caixa.manifest.package import Package

__all__ = ["ManifestEdited", "edit_manifest"]


@dataclass(frozen=True, slots=True)
class ManifestEdited(Result):
    """What was changed in the manifest of a package."""

    nome: str
    what: str
    diff: str

    def pieces(self) -> Iterator[Piece]:
        """Yield the diff, and what to do next."""
        yield from diff_pieces(self.diff)
        yield aside(f"✓ {self.nome}: {self.what}; lock again to take it up", Role.ADDED)

    def to_json(self) -> dict[str, Any]:
        """Return the change and the diff."""
        return {"nome": self.nome, "change": self.what, "diff": self.diff}


def edit_manifest(
    workspace: Workspace, subject: str | None, edit: Callable[[Source], str], what: str
) -> ManifestEdited:
    """Replace the text of a manifest by what `edit` makes of it. Raises InvalidManifest and FileProblem.

    Nothing is written that does not read as a package again; lines end as those of the file do.
    """
    package = workspace.package(subject)
    source = workspace.texts(subject)[0]
    text = _with_ends_of(source.text, edit(source))
    _require_sound(package, text)
    workspace.replace_text(subject, source.name, text)
    old, new = source.text.splitlines(keepends=True), text.splitlines(keepends=True)
    return ManifestEdited(package.nome, what, "".join(unified_diff(old, new, "a/caixa.lisp", "b/caixa.lisp")))


def _require_sound(package: Package, text: str) -> None:
    """Raise InvalidManifest for a text that is none, without places: nobody has that text."""
    try:
        package.with_manifest(text)
    except InvalidManifest as error:
        error.diagnostics = tuple(found._replace(span=None) for found in error.diagnostics)
        raise


def _with_ends_of(old: str, new: str) -> str:
    """Return `new` with the line ends that the first line of `old` has."""
    first, _, _ = old.partition("\n")
    return re.sub("(?<!\r)\n", "\r\n", new) if first.endswith("\r") else new
