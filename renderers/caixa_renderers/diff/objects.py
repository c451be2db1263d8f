"""Sets of objects compared, as a cluster has them: by version, kind, namespace and name, in no order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..identity import Identity, identity_of
from .changes import ABSENT, ObjectChange
from .comparison import compare
from .patching import patched

if TYPE_CHECKING:
    from ..artifact import Rendering

__all__ = ["diff_documents", "diff_objects", "documents_of", "patch_documents"]

Document = Mapping[str, Any]


def documents_of(rendering: Rendering) -> dict[Identity, Document]:
    """Return what is rendered by identity; what a cluster has none for (values, texts) goes by its file."""
    return dict(_documents(rendering))


def _documents(rendering: Rendering) -> Iterator[tuple[Identity, Document]]:
    for artifact in rendering.artifacts:
        if not artifact.objects:
            yield Identity("", "", "", artifact.path), {"text": artifact.text}
        for document in artifact.objects:
            identity = identity_of(document)
            yield identity if identity.kind else Identity("", "", "", artifact.path), document


def diff_objects(old: Sequence[Document], new: Sequence[Document]) -> tuple[ObjectChange, ...]:
    """Return what turns `old` into `new`, in the new order; of an object that is there twice, the last."""
    return diff_documents(*({identity_of(each): each for each in objects} for objects in (old, new)))


def diff_documents(
    old: Mapping[Identity, Document], new: Mapping[Identity, Document]
) -> tuple[ObjectChange, ...]:
    """Return what turns `old` into `new`, in the new order; what is gone comes last."""
    changes = (_change(identity, old.get(identity), each) for identity, each in new.items())
    gone = (
        ObjectChange("removed", identity, document=each)
        for identity, each in old.items()
        if identity not in new
    )
    return (*(change for change in changes if change), *gone)


def _change(identity: Identity, old: Document | None, new: Document) -> ObjectChange | None:
    if old is None:
        return ObjectChange("added", identity, document=new)
    paths = compare(identity.kind, old, new)
    return ObjectChange("changed", identity, paths) if paths else None


def patch_documents(
    old: Mapping[Identity, Document], changes: Sequence[ObjectChange]
) -> dict[Identity, Document]:
    """Return what `old` becomes by its changes: documents that mean what those of the other side do."""
    made = dict(old)
    for change in changes:
        match change.kind:
            case "removed":
                del made[change.identity]
            case "added":
                made[change.identity] = change.document or {}
            case "changed":
                document = patched(old[change.identity], change.paths)
                assert document is not ABSENT
                made[change.identity] = document
    return made
