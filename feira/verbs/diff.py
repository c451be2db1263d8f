"""`diff`: what changed between two states of a package, form by form and object by object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import UsageProblem
from ..results import Piece, Result, Role
from ..states import State, states_of
from ..workspace import Workspace

if TYPE_CHECKING:
    from caixa.manifest.package import Package
    from caixa_renderers.artifact import Members
    from caixa_renderers.diff import ObjectChange, SlotChange
    from caixa_renderers.identity import Identity

    from .between import Between

__all__ = ["Difference", "diff", "difference"]

_ROLES = {"+": Role.ADDED, "-": Role.REMOVED, "~": Role.WARNING}


@dataclass(frozen=True, slots=True)
class Difference(Result):
    """The changes of a package's slots and files, and of the objects that it renders to.

    `forms` is None where only objects were compared.
    """

    nome: str
    forms: tuple[SlotChange, ...] | None
    objects: tuple[ObjectChange, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed."""
        return not self.forms and not self.objects

    def pieces(self) -> Iterator[Piece]:
        """Yield the changed slots, then the changed objects."""
        from caixa_renderers.diff import forms_text, objects_text  # noqa: PLC0415 - a difference exists only after them

        if self.forms is not None:
            yield Piece(f"# {self.nome}, form by form\n", Role.ACCENT)
            yield from _marked(forms_text(self.forms))
        yield Piece(f"# {self.nome}, object by object\n", Role.ACCENT)
        yield from _marked(objects_text(self.objects))

    def to_json(self) -> dict[str, Any]:
        """Return the changes; `old` or `new` is None where there is nothing."""
        from caixa_renderers.diff import counts_text  # noqa: PLC0415 - the same

        forms = None
        if self.forms is not None:
            forms = [{"path": path, "old": old or None, "new": new or None} for path, old, new in self.forms]
        return {
            "nome": self.nome,
            "summary": counts_text(self.objects) or "no change",
            "forms": forms,
            "objects": [_object_json(change) for change in self.objects],
        }


def diff(workspace: Workspace, subjects: Sequence[str] = (), *, rendered: bool = False) -> Difference | Between:
    """Compare the two states that `subjects` name (see feira.states), or two steps (Workspace.moments).

    With `rendered` only what a cluster would see is compared. Raises UsageProblem for more than two and for a
    word that names nothing, and what reading or rendering either raises.
    """
    if len(subjects) > 2:
        words = list(subjects)
        raise UsageProblem("diff compares two", usage="diff OLD [NEW]", fix="name one or two", subjects=words)
    moments = workspace.moments(subjects)
    if moments:
        from .between import between  # noqa: PLC0415 - only a session has steps

        return between(workspace, *moments)
    old, new = states_of(workspace, list(subjects))
    if old is not None and (old.package is None or new.package is None):
        return _of_objects(workspace, old, new)
    assert new.package is not None
    found = difference(None if old is None else old.package, new.package, workspace.members_of(new.package))
    return Difference(found.nome, None, found.objects) if rendered else found


def difference(old: Package | None, new: Package, members: Members) -> Difference:
    """Return what changed from `old` (None: there was nothing) to `new`."""
    from caixa_renderers.diff import diff_documents, diff_forms  # noqa: PLC0415 - a difference is rarely asked

    before = _documents(old, members) if old is not None else {}
    return Difference(new.nome, diff_forms(old, new), diff_documents(before, _documents(new, members)))


def _of_objects(workspace: Workspace, old: State, new: State) -> Difference:
    """Compare files of objects, or one with what a package renders to."""
    from caixa_renderers.diff import diff_documents  # noqa: PLC0415 - the same

    sides = (_objects_of(workspace, each) for each in (old, new))
    return Difference(new.nome, None, diff_documents(*sides))


def _objects_of(workspace: Workspace, state: State) -> Mapping[Identity, Mapping[str, Any]]:
    if state.package is None:
        return state.documents or {}
    return _documents(state.package, workspace.members_of(state.package))


def _documents(package: Package, members: Members) -> Mapping[Identity, Mapping[str, Any]]:
    from caixa_renderers import render  # noqa: PLC0415 - the same
    from caixa_renderers.diff import documents_of  # noqa: PLC0415 - the same

    return documents_of(render(package, "all", members))


def _marked(text: str) -> Iterator[Piece]:
    for line in text.splitlines():
        yield Piece(line + "\n", _ROLES.get(line[:1], Role.MUTED if line == "no change" else Role.PLAIN))


def _object_json(change: ObjectChange) -> dict[str, Any]:
    from caixa_renderers.diff import ABSENT  # noqa: PLC0415 - the same

    return {
        "kind": change.kind,
        "object": str(change.identity),
        "document": change.document,
        "paths": [
            {
                "path": each.path,
                "old": None if each.old is ABSENT else each.old,
                "new": None if each.new is ABSENT else each.new,
            }
            for each in change.paths
        ],
    }
