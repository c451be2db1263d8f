"""The cells that were run, for `history_request`: kept in memory, as long as the kernel lives."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

__all__ = ["History"]

SESSION = 1  # a kernel has one session; messages number sessions from 1, and 0 means the current one


@dataclass(slots=True)
class Entry:
    """One cell: its number, its text, and its result as plain text if it had one."""

    line: int
    source: str
    output: str | None = None


class History:
    """The cells in the order in which they ran."""

    def __init__(self) -> None:
        """Begin with nothing run."""
        self._entries: list[Entry] = []

    def add(self, line: int, source: str) -> Entry:
        """Note that the cell `line` ran `source`; the caller may set the entry's output later."""
        entry = Entry(line, source)
        self._entries.append(entry)
        return entry

    def answer(self, request: dict[str, Any]) -> list[tuple[int, int, Any]]:
        """Return the entries that a history_request's content asks for: (session, line, source or pair)."""
        chosen = self._choose(request)
        if request.get("output"):
            return [(SESSION, entry.line, (entry.source, entry.output)) for entry in chosen]
        return [(SESSION, entry.line, entry.source) for entry in chosen]

    def _choose(self, request: dict[str, Any]) -> list[Entry]:
        match request.get("hist_access_type"):
            case "range":
                return self._range(request.get("session") or 0, request.get("start") or 0, request.get("stop"))
            case "search":
                found = self._search(request.get("pattern") or "*")
                return _last(_unique(found) if request.get("unique") else found, request.get("n"))
            case _:
                return _last(self._entries, request.get("n"))

    def _range(self, session: int, start: int, stop: int | None) -> list[Entry]:
        if session not in {0, SESSION}:
            return []
        return [entry for entry in self._entries if entry.line >= start and (stop is None or entry.line < stop)]

    def _search(self, pattern: str) -> list[Entry]:
        return [entry for entry in self._entries if fnmatchcase(entry.source, pattern)]


def _unique(entries: Iterable[Entry]) -> list[Entry]:
    """Keep the last of each text, in order."""
    last = {entry.source: entry for entry in entries}
    return sorted(last.values(), key=lambda entry: entry.line)


def _last(entries: list[Entry], count: int | None) -> list[Entry]:
    return entries if count is None else entries[-count:] if count > 0 else []
