"""Runs a file of vectors (spec/language.md section 14, spec/caixa.md section 9) against the product's
public functions.

    python tests/vectors.py lisp FILE
    python tests/vectors.py lisp --backend wasm FILE
    python tests/vectors.py caixa FILE

Prints each failing id with what was expected and what came, and closes with `N passed, N failed`. What a
suite means is in tests/conformance/SUITE.py, whose `check(case)` returns (passed, expected, got); the values
that our decisions change are in its data file. Nothing here knows a vector by its id.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

NOT_YET = "not yet: uses "  # begins the outcome of a vector that a back end refuses to start
CASE_SECONDS = 20.0  # after which a case has failed

Case = dict[str, Any]
Check = Callable[[Case], tuple[bool, str, str]]


class Verdict(NamedTuple):
    """How one vector came out."""

    case: Case
    passed: bool
    expected: str
    got: str


class CaseTimeout(BaseException):
    """A case took too long; not an Exception, so that no program can catch it."""


def load_cases(path: Path) -> list[Case]:
    """Return the vectors in the file at `path`, one JSON object a line."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def load_check(suite: str) -> Check:
    """Return the `check` of tests/conformance/`suite`.py."""
    here = str(Path(__file__).parent)
    if here not in sys.path:
        sys.path.insert(0, here)
    check: Check = import_module(f"conformance.{suite}").check
    return check


def run_case(check: Check, case: Case) -> Verdict:
    """Check one vector; whatever it raises, and however long it takes, is a failure of that vector only."""
    try:
        with _time_limit(CASE_SECONDS):
            return Verdict(case, *check(case))
    except CaseTimeout:
        return Verdict(case, False, _stated(case), f"nothing within {CASE_SECONDS:g} s")
    except Exception as error:
        return Verdict(case, False, _stated(case), f"{type(error).__name__}: {error}")


def run_all(suite: str, cases: list[Case]) -> Iterator[Verdict]:
    """Check every vector, in a directory of its own that is removed afterwards."""
    check = load_check(suite)
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        try:
            for case in cases:
                yield run_case(check, case)
        finally:
            os.chdir(before)


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    def expire(_number: int, _frame: object) -> None:
        raise CaseTimeout

    before = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _stated(case: Case) -> str:
    return str(case.get("expect", case.get("expect_error", "")))


def main(arguments: list[str] | None = None) -> int:
    """Run the file named on the command line; the exit code says whether all passed."""
    parser = argparse.ArgumentParser(description="Run a file of vectors.")
    parser.add_argument("suite", choices=["lisp", "caixa"])
    parser.add_argument(
        "--backend", choices=["python", "wasm"], default="python", help="what runs the language"
    )
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--write-open", type=Path, help="where to list the vectors that use what is not there yet"
    )
    options = parser.parse_args(arguments)
    cases = load_cases(options.file)
    passed = 0
    missing: dict[str, list[str]] = {}
    write = sys.stdout.write
    suite = "lisp_wasm" if options.suite == "lisp" and options.backend == "wasm" else options.suite
    for verdict in run_all(suite, cases):
        if verdict.passed:
            passed += 1
            continue
        uses = verdict.got.removeprefix(NOT_YET)
        if uses != verdict.got:
            missing.setdefault(uses, []).append(verdict.case["id"])
        else:
            write(f"{verdict.case.get('id', '?')}\n  expected {verdict.expected}\n  got      {verdict.got}\n")
    not_yet = sum(map(len, missing.values()))
    for uses, ids in sorted(missing.items(), key=lambda each: (-len(each[1]), each[0])):
        write(f"{len(ids):5} {NOT_YET}{uses}\n")
    write(
        f"{passed} passed, {len(cases) - passed - not_yet} failed{f', {not_yet} not yet' if not_yet else ''}\n"
    )
    if options.write_open is not None:
        options.write_open.write_text(json.dumps(missing, indent=1, sort_keys=True) + "\n", "utf-8")
    return 0 if passed + not_yet == len(cases) else 1


if __name__ == "__main__":
    sys.exit(main())
