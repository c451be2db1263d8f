"""What a deploy would write, as a value: the files with their contents before and after, and the diff between.

Nothing here touches a disk; a plan can be shown, compared and thrown away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import unified_diff

__all__ = ["Plan", "PlannedFile", "make_plan"]

_NO_NEWLINE = "\n\\ No newline at end of file\n"


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file that would change; `before` is None where it does not exist yet."""

    path: str
    before: bytes | None
    after: bytes

    @property
    def is_new(self) -> bool:
        """Whether the file would be created."""
        return self.before is None

    @property
    def diff(self) -> str:
        """The change as a unified diff with git's a/ and b/ names."""
        old, new = _lines(self.before or b""), _lines(self.after)
        origin = "/dev/null" if self.is_new else f"a/{self.path}"
        return "".join(
            line if line.endswith("\n") else line + _NO_NEWLINE
            for line in unified_diff(old, new, origin, f"b/{self.path}")
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """The files that would change, by path; none when the repository already says what it should."""

    files: tuple[PlannedFile, ...]

    def __bool__(self) -> bool:
        return bool(self.files)

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of the files, sorted."""
        return tuple(file.path for file in self.files)

    @property
    def diff(self) -> str:
        """The whole change as one unified diff; empty when nothing changes."""
        return "".join(file.diff for file in self.files)


def make_plan(current: Mapping[str, bytes | None], changes: Mapping[str, bytes]) -> Plan:
    """Return the plan that turns `current` contents into `changes`, leaving out files that stay as they are."""
    return Plan(
        tuple(
            PlannedFile(path, current.get(path), after)
            for path, after in sorted(changes.items())
            if current.get(path) != after
        )
    )


def _lines(data: bytes) -> list[str]:
    """Split at line feeds only, as diff does."""
    return [line + "\n" for line in data.decode("utf-8", "replace").split("\n")[:-1]] + _last(data)


def _last(data: bytes) -> list[str]:
    tail = data.decode("utf-8", "replace").rsplit("\n", 1)[-1]
    return [tail] if tail else []
