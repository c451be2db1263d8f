"""`diff`: what changed between two states of a package, form by form and object by object."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import UsageProblem
from ..results import Piece, Result, Role
from ..workspace import Workspace

if TYPE_CHECKING:
    from caixa.manifest.package import Package
    from caixa_renderers.artifact import Members
    from caixa_renderers.diff import ObjectChange, SlotChange

    from .between import Between

__all__ = ["Difference", "diff", "difference"]

_ROLES = {"+": Role.ADDED, "-": Role.REMOVED, "~": Role.WARNING}


@dataclass(frozen=True, slots=True)
class Difference(Result):
    """The changes of a package's slots and files, and of the objects that it renders to."""

    nome: str
    forms: tuple[SlotChange, ...]
    objects: tuple[ObjectChange, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed."""
        return not self.forms and not self.objects

    def pieces(self) -> Iterator[Piece]:
        """Yield the changed slots, then the changed objects."""
        from caixa_renderers.diff import forms_text, objects_text  # noqa: PLC0415 - a difference exists only after them

        yield Piece(f"# {self.nome}, form by form\n", Role.ACCENT)
        yield from _marked(forms_text(self.forms))
        yield Piece(f"# {self.nome}, object by object\n", Role.ACCENT)
        yield from _marked(objects_text(self.objects))

    def to_json(self) -> dict[str, Any]:
        """Return the changes; `old` or `new` is None where there is nothing."""
        return {
            "nome": self.nome,
            "forms": [{"path": path, "old": old or None, "new": new or None} for path, old, new in self.forms],
            "objects": [_object_json(change) for change in self.objects],
        }


def diff(workspace: Workspace, subjects: Sequence[str] = ()) -> Difference | Between:
    """Compare the two states that `subjects` name (see Workspace.states), or two steps (Workspace.moments).

    Raises UsageProblem for more than two, and what reading or rendering either raises.
    """
    if len(subjects) > 2:
        raise UsageProblem("diff compares two packages", fix="name one or two", subjects=list(subjects))
    moments = workspace.moments(subjects)
    if moments:
        from .between import between  # noqa: PLC0415 - only a session has steps

        return between(workspace, *moments)
    old, new = workspace.states(subjects)
    return difference(old, new, workspace.members_of(new))


def difference(old: Package | None, new: Package, members: Members) -> Difference:
    """Return what changed from `old` (None: there was nothing) to `new`."""
    from caixa_renderers.diff import diff_forms, diff_objects  # noqa: PLC0415 - a difference is rarely asked

    before = _objects(old, members) if old is not None else ()
    return Difference(new.nome, diff_forms(old, new), diff_objects(before, _objects(new, members)))


def _objects(package: Package, members: Members) -> tuple[dict[str, Any], ...]:
    from caixa_renderers import render  # noqa: PLC0415 - the same

    return render(package, "all", members).objects


def _marked(text: str) -> Iterator[Piece]:
    for line in text.splitlines():
        yield Piece(line + "\n", _ROLES.get(line[:1], Role.MUTED if line == "no change" else Role.PLAIN))


def _object_json(change: ObjectChange) -> dict[str, Any]:
    from caixa_renderers.diff import ABSENT  # noqa: PLC0415 - the same

    return {
        "kind": change.kind,
        "object": str(change.identity),
        "paths": [
            {"path": path, "old": None if old is ABSENT else old, "new": None if new is ABSENT else new}
            for path, old, new in change.paths
        ],
    }
