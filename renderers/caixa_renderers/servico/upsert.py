"""A programs entry put into the text of a release, and no other line of it changed (caixa.md section 4.2).

The list is found by parsing, then only the lines of that entry are replaced or added; within them, comments
stay at the keys that stay. So a GitOps diff shows what changed and nothing else. Where there is no list in
lines yet, the document makes a round trip that keeps its comments.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from caixa.lisp.source import Source

from .. import yaml as house
from ..errors import MalformedYaml
from . import flux

if TYPE_CHECKING:
    from yaml import Node, SequenceNode

__all__ = ["end_of", "find_list", "upsert_all", "upsert_text"]

_SPACES = re.compile(r" *")


def upsert_text(text: str, entry: Mapping[str, Any], *, name: str = "release.yaml") -> str:
    """Return `text` with `entry` among its programs; a second time changes nothing.

    `text` is a HelmRelease (`spec.values.programs`) or the chart's values (`programs`), and `name` is what
    errors call it. The entry of the same `name` is replaced where it stands, else the entry goes last. Raises
    `MissingField` if the text is of another shape, and `MalformedYaml` with the place if it does not read.
    """
    return upsert_all(text, [entry], name=name)


def upsert_all(text: str, entries: Sequence[Mapping[str, Any]], *, name: str = "release.yaml") -> str:
    """Return `text` with each of `entries` among its programs, as `upsert_text` does for one; read once."""
    source = Source(name, text)
    document = house.load(source) if text.strip() else {}
    is_release = "spec" in document or document.get("kind") == "HelmRelease"
    changed = document
    for entry in entries:
        changed, _ = (flux.upsert_helm_release if is_release else flux.upsert_values)(changed, entry)
    if changed == document:
        return text
    path = ("spec", "values", "programs") if is_release else ("programs",)
    spliced = _spliced(text, find_list(text, path), _values_at(document, path), entries)
    if spliced is not None and _means(spliced, changed):
        return spliced
    again = _round_trip(text, changed)
    return again if _means(again, changed) else house.dump(changed)


def _values_at(document: Any, path: tuple[str, ...]) -> list[Any]:
    for key in path:
        document = document.get(key) if isinstance(document, dict) else None
    return document if isinstance(document, list) else []


def _means(text: str, wanted: dict[str, Any]) -> bool:
    """Whether a text is right: YAML has corners (kept line ends, anchors) at which editing it goes wrong."""
    try:
        return house.load(Source("release.yaml", text)) == wanted
    except MalformedYaml:
        return False


def find_list(text: str, path: tuple[str, ...]) -> SequenceNode | None:
    """Return the list at `path` with its marks, or None if there is none yet."""
    import yaml  # noqa: PLC0415  # slow to import

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # it marks places as the slow one does
    node: Node | None = yaml.compose(text, Loader=loader)
    for key in path:
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        node = next((value for name, value in pairs if name.value == key), None)
    return node if isinstance(node, yaml.SequenceNode) else None


def _spliced(
    text: str, programs: SequenceNode | None, before: Sequence[Any], entries: Sequence[Mapping[str, Any]]
) -> str | None:
    """Return the text with the lines of the entries in it; None without a list in lines to put them into."""
    if programs is None or programs.flow_style or not programs.value:
        return None
    wanted = {entry["name"]: dict(entry) for entry in entries}
    edits: list[tuple[int, int, str]] = []
    for item, value in zip(programs.value, before, strict=True):
        entry = wanted.pop(_name_of(item), None)
        if entry is not None and entry != value:
            edits.append(_replacement(text, item, entry))
    end, column = end_of(text, programs.value[-1]), programs.start_mark.column
    blocks = "".join(f"\n{' ' * column}{_indented(house.dump([entry]), column)}" for entry in wanted.values())
    if blocks:
        edits.append((end, end, blocks if text[end:] else f"{blocks}\n"))
    for start, stop, new in reversed(edits):
        text = text[:start] + new + text[stop:]
    return text


def _replacement(text: str, item: Any, entry: dict[str, Any]) -> tuple[int, int, str]:
    """Return the place of an entry and what is to stand there."""
    start, column = item.start_mark.index, item.start_mark.column
    if item.flow_style:
        return start, item.end_mark.index, _indented(house.dump(entry), column)
    end = end_of(text, item)
    return start, end, _merged(text[start:end], column, entry)


def _merged(old: str, indent: int, entry: dict[str, Any]) -> str:
    """Return the lines of an entry with new values in them, comments kept at the keys that stay."""
    first, *rest = old.split("\n")
    flush = "\n".join((first, *(line[min(indent, _margin(line)) :] for line in rest)))
    return _indented(_round_trip(flush, entry), indent)


def _round_trip(text: str, wanted: dict[str, Any]) -> str:
    """Return `text` changed to mean `wanted`, its comments, quotes and order kept."""
    from ruamel.yaml import YAML  # noqa: PLC0415  # slow to import
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415  # as above

    parser = YAML()
    parser.preserve_quotes = True
    parser.width = 2**31 - 1
    try:
        document = parser.load(text)
    except YAMLError:  # it is stricter than what read the text before: about keys said twice, for one
        return house.dump(wanted)
    if document is None:
        return text + house.dump(wanted)
    _turn(document, wanted)
    out = io.StringIO()
    parser.dump(document, out)
    return out.getvalue()


def _turn(old: Any, new: Mapping[str, Any]) -> None:
    """Change the mapping `old` into `new` in place, touching only what differs."""
    for key in [key for key in old if key not in new]:
        del old[key]
    for key, value in new.items():
        if key in old and isinstance(old[key], dict) and isinstance(value, dict):
            _turn(old[key], value)
        elif key not in old or old[key] != value:
            old[key] = _unshared(value)


def _unshared(value: Any) -> Any:
    """Return plain data in which nothing is the same object twice: that would be written as an anchor."""
    if isinstance(value, Mapping):
        return {key: _unshared(each) for key, each in value.items()}
    return [_unshared(each) for each in value] if isinstance(value, list | tuple) else value


def _indented(text: str, indent: int) -> str:
    """Return the lines with all but the first moved right, and no line end at the end."""
    first, *rest = text.removesuffix("\n").split("\n")
    return "\n".join((first, *(" " * indent + line if line else line for line in rest)))


def _margin(line: str) -> int:
    found = _SPACES.match(line)
    return found.end() if found else 0


def _name_of(item: Any) -> str | None:
    pairs = item.value if isinstance(item.value, list) else ()
    return next((value.value for name, value in pairs if name.value == "name"), None)


def end_of(text: str, node: Any) -> int:
    """Return where the last line of a block node ends: its mark lies behind comments and blank lines."""
    last = node
    while not getattr(last, "flow_style", True) and last.value:
        last = last.value[-1][1] if last.id == "mapping" else last.value[-1]
    end = last.start_mark.index + len(text[last.start_mark.index : last.end_mark.index].rstrip())
    line_end = text.find("\n", end)
    return len(text) if line_end < 0 else line_end
