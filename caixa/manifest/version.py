"""Versions and requirements on them: SemVer 2.0.0 and Cargo's requirement grammar (caixa.md section 1.4.5)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering
from typing import Final

from .errors import InvalidValue

__all__ = ["Comparator", "Requirement", "Version"]

_NUMBER = r"(?:0|[1-9][0-9]*)"
_PRE_PART = rf"(?:{_NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_PRE = rf"(?:-(?P<pre>{_PRE_PART}(?:\.{_PRE_PART})*))?"
_BUILD = r"(?:\+(?P<build>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?"
_VERSION = re.compile(rf"(?P<major>{_NUMBER})\.(?P<minor>{_NUMBER})\.(?P<patch>{_NUMBER}){_PRE}{_BUILD}\Z")
_WILD = r"[*xX]"
_COMPARATOR = re.compile(
    rf"""\ *(?P<operator>[<>]=?|[=~^])?\ *
    (?P<major>{_NUMBER})
    (?:\.(?:(?P<wild>{_WILD}(?:\.{_WILD})?)
          |(?P<minor>{_NUMBER})(?:\.(?:(?P<wild_patch>{_WILD})|(?P<patch>{_NUMBER}){_PRE}{_BUILD}))?
    ))?\ *\Z""",
    re.VERBOSE,
)
_LONGEST: Final = 256  # characters; longer than any real version, short enough to match quickly
_MOST_COMPARATORS: Final = 32
_LARGEST_PART: Final = 2**64 - 1


@total_ordering
@dataclass(frozen=True, slots=True)
class Version:
    """A version `major.minor.patch[-pre][+build]`, ordered by precedence (build metadata does not count)."""

    major: int
    minor: int
    patch: int
    pre: tuple[int | str, ...] = ()
    build: str = ""

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read a version. Raises InvalidValue with the code `semver` and the data `text` and `why`."""
        match = _VERSION.match(text) if len(text) <= _LONGEST else None
        if match is None:
            raise _semver(text, _reason(text))
        parts = [int(match[name]) for name in ("major", "minor", "patch")]
        if max(parts) > _LARGEST_PART:
            raise _semver(text, "a part is larger than 2^64 - 1")
        major, minor, patch = parts
        return cls(major, minor, patch, _identifiers(match["pre"]), match["build"] or "")

    @property
    def triple(self) -> tuple[int, int, int]:
        """Major, minor and patch."""
        return self.major, self.minor, self.patch

    def __str__(self) -> str:
        pre = "-" + ".".join(map(str, self.pre)) if self.pre else ""
        return f"{self.major}.{self.minor}.{self.patch}{pre}{'+' + self.build if self.build else ''}"

    def __lt__(self, other: Version) -> bool:
        return (self.triple, _rank(self.pre)) < (other.triple, _rank(other.pre))


@dataclass(frozen=True, slots=True)
class Comparator:
    """One condition: an operator and the leading parts of a version (`>=1.2` has two parts)."""

    operator: str
    parts: tuple[int, ...]
    pre: tuple[int | str, ...] = ()

    def admits(self, version: Version) -> bool:
        """Whether `version` satisfies this one condition, as Cargo decides it."""
        parts = version.triple[: len(self.parts)]
        if len(self.parts) < 3:  # a pre-release stands beside a partial version, not below it
            equal, above = parts == self.parts and not version.pre, parts > self.parts
            below = parts < self.parts
        else:
            mine, theirs = (self.parts, _rank(self.pre)), (parts, _rank(version.pre))
            equal, above, below = mine == theirs, theirs > mine, theirs < mine
        match self.operator:
            case "=":
                return equal
            case "<" | "<=":
                return below or (equal and self.operator == "<=")
            case ">" | ">=":
                return above or (equal and self.operator == ">=")
        if parts[: self._kept] != self.parts[: self._kept]:
            return False
        return equal or above or (self.operator == "^" and len(self.parts) < 3 and parts == self.parts)

    @property
    def _kept(self) -> int:
        """How many leading parts `~` and `^` hold fixed."""
        if self.operator == "~":
            return min(2, len(self.parts))
        for index, part in enumerate(self.parts):
            if part:
                return index + 1
        return len(self.parts)

    def names_prerelease_of(self, version: Version) -> bool:
        """Whether this names a pre-release of the same major, minor and patch as `version`."""
        return bool(self.pre) and self.parts == version.triple


@dataclass(frozen=True, slots=True)
class Requirement:
    """A set of versions, as `^0.1`, `>=1.2, <2` or `*`; `comparators` is empty for `*`."""

    text: str
    comparators: tuple[Comparator, ...]

    @classmethod
    def parse(cls, text: str) -> Requirement:
        """Read a requirement. Raises InvalidValue with the code `requirement` and the data `text` and `why`."""
        if text.strip(" ") in ("*", "x", "X"):
            return cls(text, ())
        parts = text.split(",")
        if len(parts) > _MOST_COMPARATORS:
            raise _requirement(text, f"more than {_MOST_COMPARATORS} conditions")
        return cls(text, tuple(_comparator(text, part) for part in parts))

    def matches(self, version: Version) -> bool:
        """Whether `version` is in the set. A pre-release is only where a condition names one of its triple."""
        if not all(comparator.admits(version) for comparator in self.comparators):
            return False
        return not version.pre or any(each.names_prerelease_of(version) for each in self.comparators)


def _comparator(text: str, part: str) -> Comparator:
    match = _COMPARATOR.match(part) if len(part) <= _LONGEST else None
    if match is None:
        raise _requirement(text, f"`{part.strip()[:40]}` is not a condition on a version")
    numbers = tuple(int(match[name]) for name in ("major", "minor", "patch") if match[name] is not None)
    if max(numbers) > _LARGEST_PART:
        raise _requirement(text, "a part is larger than 2^64 - 1")
    wild = match["wild"] or match["wild_patch"]
    operator = match["operator"] or ("=" if wild else "^")
    return Comparator(operator, numbers, _identifiers(match["pre"]))


def _identifiers(text: str | None) -> tuple[int | str, ...]:
    return tuple(int(part) if part.isdigit() else part for part in text.split(".")) if text else ()


def _rank(pre: tuple[int | str, ...]) -> tuple[object, ...]:
    """Return a sort key: a release above its pre-releases, numbers below words (SemVer section 11)."""
    return (1,) if not pre else (0, *((0, part, "") if isinstance(part, int) else (1, 0, part) for part in pre))


def _reason(text: str) -> str:
    if not text:
        return "it is empty"
    if text[0] in "vV":
        return "a version has no `v` in front"
    return "a version is three numbers, as in 0.1.0, with an optional -pre.release and +build"


def _semver(text: str, why: str) -> InvalidValue:
    return InvalidValue(
        f'"{text[:40]}" is not a version',
        why=why,
        fix='Write it as in "0.1.0".',
        code="semver",
        text=text,
        reason=why,
    )


def _requirement(text: str, why: str) -> InvalidValue:
    fix = 'Write it as in "^0.1", "~1.2", ">=1.2, <2" or "*".'
    message = f'"{text[:40]}" is not a version requirement'
    return InvalidValue(message, why=why, fix=fix, code="requirement", text=text, reason=why)
