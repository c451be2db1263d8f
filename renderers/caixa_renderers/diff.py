"""What changes: between two sets of objects, path by path, and between two packages, slot by slot.

Lists whose items have a name, and the lists of which Kubernetes only asks what is in them, compare without
regard to order; so a diff shows what a cluster would do, not how a file was arranged.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from caixa.manifest.package import Package

__all__ = [
    "ABSENT",
    "Absent",
    "Identity",
    "ObjectChange",
    "PathChange",
    "SlotChange",
    "diff_forms",
    "diff_objects",
    "forms_text",
    "objects_text",
]


class Absent:
    """What a path holds where there is nothing; not None, which is YAML's null."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent()


class Identity(NamedTuple):
    """By what a cluster knows an object again."""

    api_version: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        place = f"{self.namespace}/{self.name}" if self.namespace else self.name
        return f"{self.kind} {place}" if self.kind else place or "values"


class PathChange(NamedTuple):
    """One place in an object: what stood there and what stands there, ABSENT where nothing does."""

    path: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class ObjectChange:
    """An object that comes, goes or changes; `paths` are empty unless it changes."""

    kind: Literal["added", "removed", "changed"]
    identity: Identity
    paths: tuple[PathChange, ...] = ()


class SlotChange(NamedTuple):
    """A slot of a manifest, or a part of one, with its printed values; empty text where it is not set."""

    path: str
    old: str
    new: str


def diff_objects(
    old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]
) -> tuple[ObjectChange, ...]:
    """Return what turns `old` into `new`, in the new order.

    Objects are paired by version, kind, namespace and name.
    Objects that are gone come last. An object that is there twice counts as its last.
    """
    before = {_identity(each): each for each in old}
    after = {_identity(each): each for each in new}
    changes = (_change(identity, before.get(identity), each) for identity, each in after.items())
    gone = (ObjectChange("removed", identity) for identity in before if identity not in after)
    return (*(change for change in changes if change), *gone)


def diff_forms(old: Package | None, new: Package) -> tuple[SlotChange, ...]:
    """Return what changed between two states of a package: slots of the manifest, then files."""
    from caixa.manifest.json import to_json  # noqa: PLC0415  # keeps the object diff free of the manifest

    before = to_json(old.caixa) if old else {}
    slots = (
        SlotChange(change.path, _printed(change.old), _printed(change.new))
        for change in _compare(before, to_json(new.caixa), "")
        if change.old not in (ABSENT, []) or change.new not in (ABSENT, [])
    )
    return (*slots, *_files(dict(old.files) if old else {}, new.files))


def objects_text(changes: Sequence[ObjectChange]) -> str:
    """Return the changes as text: `+`, `-` or `~` and the object, below it each path with old and new."""
    lines = []
    for change in changes:
        lines.append(f"{_MARKS[change.kind]} {change.identity}")
        lines += [f"    {path}: {_shown(old)} → {_shown(new)}" for path, old, new in change.paths]
    return "\n".join(lines) if lines else "no change"


def forms_text(changes: Sequence[SlotChange]) -> str:
    """Return the changes as text, one line each."""
    return "\n".join(map(_form_line, changes)) if changes else "no change"


# Lists of scalars are sets to Kubernetes, but these are not; and these lists of mappings are.
_ORDERED = frozenset(("args", "command"))
_UNORDERED = frozenset(("fromEndpoints", "http", "ingress", "matches", "ports", "toPorts"))
_MARKS = {"added": "+", "removed": "-", "changed": "~"}


def _form_line(change: SlotChange) -> str:
    if not change.old:
        return f"+ {change.path}: {change.new}"
    if not change.new:
        return f"- {change.path}: {change.old}"
    return f"~ {change.path}: {change.old} → {change.new}"


def _identity(document: Mapping[str, Any]) -> Identity:
    metadata = document.get("metadata")
    metadata = metadata if isinstance(metadata, Mapping) else {}
    parts = (document.get("apiVersion"), document.get("kind"), metadata.get("namespace"), metadata.get("name"))
    return Identity(*(str(part) if part is not None else "" for part in parts))


def _change(identity: Identity, old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> ObjectChange | None:
    if old is None:
        return ObjectChange("added", identity)
    paths = tuple(_compare(old, new, ""))
    return ObjectChange("changed", identity, paths) if paths else None


def _compare(old: Any, new: Any, path: str) -> Iterator[PathChange]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _compare_mappings(old, new, path)
    elif isinstance(old, list | tuple) and isinstance(new, list | tuple):
        yield from _compare_lists(old, new, path)
    elif not _same(old, new):
        yield PathChange(path or ".", old, new)


def _compare_mappings(old: Mapping[str, Any], new: Mapping[str, Any], path: str) -> Iterator[PathChange]:
    for key in (*old, *(key for key in new if key not in old)):
        here = f"{path}.{_key(key)}" if path else _key(key)
        yield from _compare(old.get(key, ABSENT), new.get(key, ABSENT), here)


def _compare_lists(old: Sequence[Any], new: Sequence[Any], path: str) -> Iterator[PathChange]:
    named = _by_name(old), _by_name(new)
    last = path.rpartition(".")[2]
    if named[0] is not None and named[1] is not None:
        yield from _compare_named(named[0], named[1], path)
    elif all(_is_scalar(item) for item in (*old, *new)) and last not in _ORDERED:
        yield from _compare_sets(old, new, path)
    else:
        kept = _common(old, new) if last in _UNORDERED else set()
        yield from _compare_each(_but(old, kept), _but(new, kept), path)


def _compare_each(old: Sequence[Any], new: Sequence[Any], path: str) -> Iterator[PathChange]:
    for index in range(max(len(old), len(new))):
        before = old[index] if index < len(old) else ABSENT
        after = new[index] if index < len(new) else ABSENT
        yield from _compare(before, after, f"{path}[{index}]")


def _common(old: Sequence[Any], new: Sequence[Any]) -> set[str]:
    return {_token(item) for item in old} & {_token(item) for item in new}


def _but(items: Sequence[Any], kept: set[str]) -> list[Any]:
    return [item for item in items if _token(item) not in kept]


def _compare_named(old: Mapping[str, Any], new: Mapping[str, Any], path: str) -> Iterator[PathChange]:
    for name in (*old, *(name for name in new if name not in old)):
        yield from _compare(old.get(name, ABSENT), new.get(name, ABSENT), f"{path}[{name}]")


def _compare_sets(old: Sequence[Any], new: Sequence[Any], path: str) -> Iterator[PathChange]:
    """Compare lists of scalars by what is in them."""
    before, after = {_token(item): item for item in old}, {_token(item): item for item in new}
    for token, item in before.items():
        if token not in after:
            yield PathChange(f"{path}[]", item, ABSENT)
    for token, item in after.items():
        if token not in before:
            yield PathChange(f"{path}[]", ABSENT, item)


def _by_name(items: Sequence[Any]) -> dict[str, Any] | None:
    """Return the items by name, or None unless each is a mapping with a name of its own; of no items, none."""
    names = [_name(item) for item in items]
    if None in names or len(set(names)) < len(names):
        return None
    return {str(name): item for name, item in zip(names, items, strict=True)}


def _name(item: Any) -> str | None:
    if not isinstance(item, Mapping):
        return None
    name = item.get("name", item.get("caixa", item.get("nome")))
    return name if isinstance(name, str) else None


def _files(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Iterator[SlotChange]:
    for path in sorted({*old, *new}):
        if old.get(path) != new.get(path):
            yield SlotChange(path, _size(old.get(path)), _size(new.get(path)))


def _size(data: bytes | None) -> str:
    return "" if data is None else f"{len(data)} bytes"


def _same(old: Any, new: Any) -> bool:
    """Whether two values are the same YAML: `1` is not `true`, though Python has them equal."""
    return old == new and isinstance(old, bool) == isinstance(new, bool)


def _is_scalar(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)


def _token(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _key(key: object) -> str:
    text = str(key)
    return f'"{text}"' if "." in text or "[" in text else text


def _shown(value: Any) -> str:
    return "nothing" if value is ABSENT else json.dumps(value, ensure_ascii=False)


def _printed(value: Any) -> str:
    if value is ABSENT:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
