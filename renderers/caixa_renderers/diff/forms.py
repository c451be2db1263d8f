"""What an author changed: the slots of a manifest, and the files beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .changes import ABSENT, SlotChange
from .comparison import compare
from .lists import FORM

if TYPE_CHECKING:
    from caixa.manifest.package import Package

__all__ = ["diff_forms"]


def diff_forms(old: Package | None, new: Package) -> tuple[SlotChange, ...]:
    """Return what changed between two states of a package: slots of the manifest, then files."""
    from caixa.manifest.json import to_json  # noqa: PLC0415  # keeps the object diff free of the manifest

    before = to_json(old.caixa) if old else {}
    slots = (
        SlotChange(change.path, _printed(change.old), _printed(change.new))
        for change in compare(FORM, before, to_json(new.caixa))
        if change.old not in (ABSENT, []) or change.new not in (ABSENT, [])
    )
    return (*slots, *_files(dict(old.files) if old else {}, new.files))


def _files(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Iterator[SlotChange]:
    for path in sorted({*old, *new}):
        if old.get(path) != new.get(path):
            yield SlotChange(path, _size(old.get(path)), _size(new.get(path)))


def _size(data: bytes | None) -> str:
    return "" if data is None else f"{len(data)} bytes"


def _printed(value: Any) -> str:
    if value is ABSENT:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
