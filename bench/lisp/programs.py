"""The programs that are measured: each is written once a language, in the files of `sources/`."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PROGRAMS", "Program", "program_sizes"]


@dataclass(frozen=True)
class Program:
    """A function of `family`'s files: it takes its size, or what `prepare` makes of that, and returns a number.

    `sizes` names peers for which `size` would take minutes; their times are scaled up, and the row says so.
    Only programs whose time grows with their size may have one.
    """

    title: str
    family: str
    function: str
    size: int
    small: int = 10
    prepare: str = ""
    sizes: tuple[tuple[str, int], ...] = ()
    note: str = ""


def _scheme(size: int) -> tuple[tuple[str, int], ...]:
    return (("calysto_scheme", size),)


PROGRAMS: tuple[Program, ...] = (
    Program("recursion, fib(22)", "recursion", "fib", 22),
    Program("recursion, tak(18, 12, 6)", "recursion", "tak-of", 18),
    Program("mutual recursion, 100 of 400 and more calls", "recursion", "mutual", 100, sizes=_scheme(10)),
    Program("tail loop of 10⁶ turns", "loops", "tail-loop", 1_000_000),
    Program("closures, 10⁴ counters counted to 10", "loops", "closures", 10_000, sizes=_scheme(500)),
    Program(
        "string building, 10⁴ appends",
        "strings",
        "append-strings",
        10_000,
        note="CPython extends a string in place when nobody else holds it",
    ),
    Program("string building, join of 10⁵", "strings", "join-strings", 100_000, sizes=_scheme(5_000)),
    Program(
        "map, filter, fold over 10⁵",
        "lists",
        "map-filter-fold",
        100_000,
        sizes=_scheme(2_000),
        note="the Python peer is a comprehension and functools.reduce",
    ),
    Program(
        "list chain of 10⁵ conses",
        "lists",
        "list-chain",
        100_000,
        sizes=_scheme(5_000),
        note="the Python peer conses tuples",
    ),
    Program(
        "map update, 10⁵ keys",
        "maps",
        "map-update",
        100_000,
        sizes=_scheme(5_000),
        note="ours keeps every older map; the peers change one dict in place",
    ),
    Program(
        "counting 10⁵ words",
        "maps",
        "count-words",
        100_000,
        sizes=_scheme(5_000),
        note="`frequencies` beside a loop over a dict",
    ),
    Program(
        "macro-heavy loop of 10⁵ turns", "macros", "macros", 100_000, note="Python has what they expand to"
    ),
    Program("sort 10⁵ numbers", "sorting", "sort-numbers", 100_000, prepare="numbers", sizes=_scheme(500)),
    Program(
        "sort 10⁵ numbers by a comparator",
        "sorting",
        "sort-compared",
        100_000,
        prepare="numbers",
        sizes=_scheme(500),
        note="Python's by functools.cmp_to_key",
    ),
    Program(
        "JSON transform of 10⁴ objects",
        "json",
        "json-transform",
        10_000,
        prepare="document",
        sizes=_scheme(500),
    ),
)


def program_sizes(program: Program, peer: str) -> tuple[int, float]:
    """Return the size at which `peer` runs, and by what its time is multiplied."""
    size = dict(program.sizes).get(peer, program.size)
    return size, program.size / size
