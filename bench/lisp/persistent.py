"""Maps as values: ours beside libraries that keep older versions too, filled one key at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from harness import Row, Target, alternate

from caixa.lisp.maps import EMPTY_MAP

__all__ = ["measure"]

KEYS = 100_000
BRANCH = 50  # keys, after which a version is set aside, and one more made of it at the end


@dataclass(frozen=True)
class Library:
    """A library's persistent map: its empty one by name, and how many times as long as it ours may take."""

    name: str
    module: str
    empty: str
    ratio: float


LIBRARIES = (
    Library("pyrsistent (Python)", "pyrsistent", "pmap", 1.0),
    Library("immutables (C)", "immutables", "Map", 2.0),
)


def measure(*, quick: bool) -> list[Row]:
    """Return two rows a library: a map that grows, and one of whose older versions others are made."""
    fillings = (("10⁵ keys", _fill), ("10⁴ keys, with 200 branches", _fill_and_branch))
    runs = 5 if quick else 7
    return [_row(title, fill, library, runs) for library in LIBRARIES for title, fill in fillings]


def _row(title: str, fill: Callable[[Any, str], object], library: Library, runs: int) -> Row:
    measure, reach = f"map of {title}, beside {library.name}", Target(ratio=library.ratio)
    try:
        theirs = getattr(import_module(library.module), library.empty)()
    except ImportError as error:
        return Row(measure, "ms", None, None, reach, Target(ratio=1.0), str(error))
    ours, peer = alternate(runs, lambda: _timed(fill, EMPTY_MAP, "assoc"), lambda: _timed(fill, theirs, "set"))
    return Row(measure, "ms", ours, peer, reach, Target(ratio=1.0))


def _timed(fill: Callable[[Any, str], object], empty: Any, method: str) -> float:
    begun = time.perf_counter()
    fill(empty, method)
    return (time.perf_counter() - begun) * 1000


def _fill(made: Any, method: str) -> Any:
    for number in range(KEYS):
        made = getattr(made, method)(number * 7919 % 100_003, number)
    return made


def _fill_and_branch(made: Any, method: str) -> list[Any]:
    versions = []
    for number in range(KEYS // 10):
        made = getattr(made, method)(number * 7919 % 100_003, number)
        if number % BRANCH == 0:
            versions.append(made)
    return [getattr(version, method)("more", 0) for version in versions]
