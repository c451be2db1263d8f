"""`remove`: a dependency taken out of caixa.lisp; comments, order and layout stay."""

from __future__ import annotations

from ..editing import ManifestEdited, edit_manifest
from ..errors import NotNeeded
from ..workspace import Workspace

__all__ = ["remove"]


def remove(workspace: Workspace, nome: str, subject: str | None = None) -> ManifestEdited:
    """Remove a dependency, of either kind, from a package. Raises NotNeeded, InvalidManifest, FileProblem."""
    from ..dependencies import without_dependency  # noqa: PLC0415 - a terminal starts without the reader

    caixa = workspace.package(subject).caixa
    named = sorted({dep.nome for dep in (*caixa.deps, *caixa.deps_dev)})
    if nome not in named:
        raise NotNeeded(nome, caixa.nome, named)
    return edit_manifest(workspace, subject, lambda source: without_dependency(source, nome)[0], f"- {nome}")
