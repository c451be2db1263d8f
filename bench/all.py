"""Run every benchmark and print the table of the README: `python bench/all.py [--json] [--quick]`."""

from __future__ import annotations

import sys
import traceback

import authoring
import cold_start
import completion
import drawing
import footprint
import machine
import manifest_size
import printing
import proving
import rendering
import resolving
import round_trip
import server
import stop
import supervising
import units
from harness import Row, Target, options, report
from lisp import compiling, fibers, language, persistent

BENCHMARKS = (
    cold_start,
    footprint,
    round_trip,
    completion,
    stop,
    printing,
    language,
    persistent,
    fibers,
    compiling,
    machine,
    rendering,
    proving,
    drawing,
    supervising,
    units,
    server,
    resolving,
    authoring,
    manifest_size,
)


def measure(*, quick: bool) -> list[Row]:
    """All rows; a benchmark that fails is a row that says so, and the others are still measured."""
    rows: list[Row] = []
    for benchmark in BENCHMARKS:
        sys.stderr.write(f"{benchmark.__name__} …\n")
        try:
            rows += benchmark.measure(quick=quick)
        except Exception as error:
            traceback.print_exc()
            name = benchmark.__name__.replace("_", " ").replace(".", ", ")
            rows.append(Row(name, "", None, None, Target(), Target(), f"{type(error).__name__}: {error}"[:200]))
    return rows


if __name__ == "__main__":
    chosen = options()
    found = measure(quick=chosen.quick)
    report(found, as_json=chosen.json)
    sys.exit(any(row.ours is None for row in found))
