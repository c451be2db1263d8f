"""What is open in the editor, in which version, and what it has been told: the only state of the server."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from .checking import Finding, check
from .index import Index
from .project import SETTINGS, Project
from .text import Encoding, Place, Range, Text

__all__ = ["Change", "Debouncer", "Published", "Session", "Told"]

QUIET: Final = 0.02  # seconds without a change, after which a document is checked
_LONGEST: Final = 0.2  # seconds after which it is checked although changes go on

Clock = Callable[[], float]


class Change(NamedTuple):
    """A new text for what is between two places; for the whole document where there are none."""

    text: str
    start: Place | None = None
    end: Place | None = None


class Published(NamedTuple):
    """What is wrong with a version of a document; nothing, once it is closed."""

    path: str
    version: int | None
    text: Text
    findings: Sequence[Finding]


@dataclass(slots=True)
class _Open:
    text: Text
    version: int
    published: tuple[Finding, ...] | None = None
    told_version: int | None = None


@dataclass(slots=True)
class Debouncer:
    """Lets a burst of changes be answered once: when it is quiet, or has gone on for long."""

    clock: Clock
    _due: dict[str, tuple[float, float]] = field(default_factory=dict)

    def note(self, key: str, *, at_once: bool = False) -> None:
        """Note a change."""
        now = self.clock()
        latest = self._due[key][1] if key in self._due else now + _LONGEST
        self._due[key] = (now if at_once else min(now + QUIET, latest), latest)

    def forget(self, key: str) -> None:
        """Let what was noted be answered no more."""
        self._due.pop(key, None)

    def ready(self) -> list[str]:
        """Return what is to be answered now, each once."""
        now = self.clock()
        found = [key for key, (due, _) in self._due.items() if due <= now]
        for key in found:
            del self._due[key]
        return found

    def wait(self) -> float | None:
        """Return in how many seconds there will be something to answer; None for never."""
        if not self._due:
            return None
        return max(0.0, min(due for due, _ in self._due.values()) - self.clock())


class Told:
    """The numbers that an editor was sent for each document, so that the next time only a change is sent."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._kept: dict[str, tuple[str, list[int]]] = {}
        self._count = 0

    def keep(self, path: str, data: list[int]) -> str:
        """Keep what is sent now, and return the name of it."""
        self._count += 1
        self._kept[path] = str(self._count), data
        return str(self._count)

    def known(self, path: str, name: str) -> list[int] | None:
        """Return what was sent under a name, if that was the last."""
        kept = self._kept.get(path)
        return kept[1] if kept is not None and kept[0] == name else None

    def forget(self, path: str) -> None:
        """Let go of a document."""
        self._kept.pop(path, None)


class Session:
    """The open documents of one editor; nothing is sent here, `poll` returns what to send."""

    def __init__(self, project: Project, clock: Clock) -> None:
        """Keep the documents of `project`."""
        self.project = project
        self.encoding = Encoding.UTF16
        self.debouncer = Debouncer(clock)
        self.tokens = Told()
        self._open: dict[str, _Open] = {}

    def open(self, path: str, version: int, text: str) -> None:
        """Take in a document that the editor shows."""
        self._put(path, _Open(Text(text), version))
        self.debouncer.note(path, at_once=True)

    def change(self, path: str, version: int, changes: Sequence[Change]) -> None:
        """Change an open document; what is not open, or is of a version that was seen, is left alone."""
        known = self._open.get(path)
        if known is None or version <= known.version:
            return
        text = known.text
        for change in changes:
            text = _changed(text, change, self.encoding)
        self._put(path, _Open(text, version, known.published, known.told_version))
        self.debouncer.note(path)

    def _put(self, path: str, document: _Open) -> None:
        self._open[path] = document
        self.project.open[path] = document.text
        if posixpath.basename(path) in SETTINGS:
            self.files_changed()

    def close(self, path: str) -> Published | None:
        """Let go of a document, and return that nothing is wrong with it any more."""
        document = self._open.pop(path, None)
        self.project.open.pop(path, None)
        self.debouncer.forget(path)
        self.tokens.forget(path)
        if posixpath.basename(path) in SETTINGS:
            self.files_changed()
        self._others(path)
        return None if document is None else Published(path, None, document.text, ())

    def files_changed(self) -> None:
        """Look again at everything that is open: other files may have changed what names mean."""
        for path in self._open:
            self.debouncer.note(path)

    def index(self, path: str) -> Index | None:
        """Return the index of a document as it is now."""
        return self.project.index(path)

    def version(self, path: str) -> int | None:
        """Return the version of an open document."""
        document = self._open.get(path)
        return document.version if document is not None else None

    def poll(self) -> list[Published]:
        """Return what is due to be told; what was told of the same version before is not told again."""
        return [found for path in self.debouncer.ready() if (found := self._checked(path)) is not None]

    def _checked(self, path: str) -> Published | None:
        document, index = self._open.get(path), self.project.index(path)
        if document is None or index is None:
            return None
        findings = tuple(check(self.project, index))
        is_known = document.told_version == document.version and document.published == findings
        if document.told_version != document.version:
            self._others(path)
        document.published, document.told_version = findings, document.version
        return None if is_known else Published(path, document.version, document.text, findings)

    def _others(self, path: str) -> None:
        """Look again at the open documents that require modules, which a change elsewhere may concern."""
        for other in self._open:
            index = self.project.index(other) if other != path else None
            if index is not None and index.needs:
                self.debouncer.note(other)


def _changed(text: Text, change: Change, encoding: Encoding) -> Text:
    if change.start is None or change.end is None:
        return Text(change.text)
    start, end = text.index(change.start, encoding), text.index(change.end, encoding)
    return text.replaced(Range(start, max(start, end)), change.text)
