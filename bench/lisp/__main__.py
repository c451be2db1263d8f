"""Measure the language alone: `python bench/lisp [--runs N] [WORD …]`, the words choosing programs by title."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lisp.language import RUNS, measure_programs, results_table
from lisp.programs import PROGRAMS, Program


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="of the titles or functions of the programs to measure")
    parser.add_argument("--runs", type=int, default=RUNS)
    chosen = parser.parse_args()
    programs = [each for each in PROGRAMS if not chosen.words or is_named(each, chosen.words)]
    sys.stdout.write(results_table(measure_programs(programs, runs=chosen.runs)) + "\n")


def is_named(program: Program, words: Sequence[str]) -> bool:
    """Whether one of `words` is in the program's title or is its function."""
    return any(word == program.function or word in program.title for word in words)


if __name__ == "__main__":
    main()
