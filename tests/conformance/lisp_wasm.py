"""What a vector of the language means on the machine: as on the Python back end, or `not yet: uses NAME`.

Vectors about reading, types and the bridge concern the front end, which both back ends share.
"""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any

from caixa.lisp.errors import LispError
from caixa.lisp.kinds import kind_of
from caixa.lisp.printer import write
from caixa.lisp.source import Source
from caixa.lisp.vm.errors import NotInMachine
from caixa.lisp.vm.program import Program
from caixa.runtime.engine_process.lisp_machine import LispMachine

from . import lisp

__all__ = ["OPEN", "check"]

OPEN = "not yet: uses "  # as tests/vectors.py counts it: the machine refuses to start this program
Case = dict[str, Any]
_DECIDED = Path(__file__).with_name("decided-machine.json")


@cache
def decided() -> dict[str, dict[str, str]]:
    """Return, by decision, what it says, and what comes out instead of the Python back end's answer."""
    found: dict[str, dict[str, str]] = json.loads(_DECIDED.read_text("utf-8"))
    return found


def check(case: Case) -> tuple[bool, str, str]:
    """Run a vector; return whether it came out as expected, and both outcomes as text."""
    if case.get("mode") not in {None, "script"}:
        return lisp.check(case)
    try:
        passed, expected, got = lisp.check(case, evaluate)
        changed = next((each[case["id"]] for each in decided().values() if case["id"] in each), None)
        return (passed, expected, got) if changed is None else (got == changed, changed, got)
    except NotInMachine as error:
        return False, "an answer", f"{OPEN}{error.name}"


def evaluate(case: Case) -> lisp.Outcome:
    """Run the program of a vector on a machine of its own. Raises NotInMachine."""
    source, output = Source("vector", case["src"]), io.StringIO()
    try:
        with redirect_stdout(output):
            value = Program(LispMachine(), case.get("argv", ())).run(source)
    except NotInMachine:
        raise
    except LispError as error:
        outcome = lisp.failed(error, {source.name})
    else:
        outcome = {"expect": write(value), "type": kind_of(value)}
        if value is None or value is False:
            outcome["falsy"] = True
    return {**outcome, "stdout": output.getvalue()}
