"""The example files: which topics there are, which names each explains, and with which lines of Lisp."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["Entry", "Topic", "examples_of", "parse_topic", "topics"]

_FOLDER = Path(__file__).parent / "examples"
_ORDER = (
    "special-forms", "control", "functions", "macros", "comparison", "numbers", "strings", "regex", "lists",
    "higher-order", "vectors", "maps", "sets", "lazy", "types", "records", "match", "output", "errors",
    "conditions", "fibers", "patterns", "modules", "testing", "discovery", "capabilities", "files", "processes",
    "data-formats", "encodings", "network", "python", "library-internals",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """Names that mean the same, and their examples; `line` is where these begin, counted from 1."""

    names: tuple[str, ...]
    examples: str
    line: int


@dataclass(frozen=True, slots=True)
class Topic:
    """A page of the reference; `slug` names its files."""

    slug: str
    title: str
    introduction: str
    entries: tuple[Entry, ...]


@cache
def topics() -> tuple[Topic, ...]:
    """Return every topic, in the order of reading."""
    found = {path.stem: path for path in _FOLDER.glob("*.tlisp")}
    ordered = [slug for slug in _ORDER if slug in found] + sorted(found.keys() - set(_ORDER))
    return tuple([parse_topic(slug, found[slug].read_text(encoding="utf-8")) for slug in ordered])


def parse_topic(slug: str, text: str) -> Topic:
    """Return the topic that the text of an example file describes."""
    heading: list[str] = []
    entries = tuple(_entries(text.splitlines(), heading))
    title, *introduction = heading or [slug]
    return Topic(slug, title, " ".join(introduction), entries)


def _entries(lines: list[str], heading: list[str]) -> Iterator[Entry]:
    """Yield the entries; what the lines of four semicolons say goes to `heading`."""
    names: tuple[str, ...] = ()
    begin = 0
    for number, line in enumerate([*lines, ";;;"]):
        if line.startswith(";;;;"):
            heading.append(line[4:].strip())
        elif line.startswith(";;;"):
            if names:
                yield Entry(names, "\n".join(lines[begin:number]).strip("\n"), begin + 1)
            names, begin = tuple(line[3:].split()), number + 1


@cache
def _by_name() -> dict[str, str]:
    return {name: entry.examples for topic in topics() for entry in topic.entries for name in entry.names}


def examples_of(name: str) -> str:
    """Return the examples of a name of the language as lines of Lisp, empty if there are none."""
    return _by_name().get(name, "")
