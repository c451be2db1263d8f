"""What a vector of the language means: how it is run, and what of the outcome is compared (language.md section 14).

The decisions of language-decisions.md are data: decided-lisp.json gives, by id or by quirk, the values that take the
place of those in the vector.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any

from caixa.lisp.completeness import completeness
from caixa.lisp.errors import LispError, ReaderError, Thrown
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.kinds import kind_of
from caixa.lisp.printer import write, write_syntax
from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.lisp.values import ErrorValue

__all__ = ["check"]

Case = dict[str, Any]
Outcome = dict[str, object]

_DECIDED = Path(__file__).with_name("decided-lisp.json")
_COMPARED = ("expect", "type", "falsy", "expect_error", "at", "thrown", "tag", "stdout")
_OPTIONAL = ("at", "thrown", "tag", "stdout", "type", "falsy")  # compared only where the vector states them


@cache
def decisions() -> dict[str, dict[str, Any]]:
    """Return the decided changes: `cases` by id, `quirks` by name."""
    decided: dict[str, dict[str, Any]] = json.loads(_DECIDED.read_text("utf-8"))
    return decided


def decided(case: Case) -> Case:
    """Return `case` with the values that a decision puts in the place of its own."""
    change = decisions()["cases"].get(case["id"]) or decisions()["quirks"].get(case.get("quirk", ""))
    if change is None:
        return case
    kept = {key: value for key, value in case.items() if key not in _COMPARED}
    return {**kept, **{key: value for key, value in change.items() if key in _COMPARED}}


def check(case: Case) -> tuple[bool, str, str]:
    """Run a vector; return whether it came out as expected, and both outcomes as text."""
    case = decided(case)
    expected: Outcome = {key: case[key] for key in _COMPARED if key in case}
    got = _MODES[case.get("mode")](case)
    compared = {key: value for key, value in got.items() if key not in _OPTIONAL or key in expected}
    return compared == expected, _shown(expected), _shown(compared)


def _shown(outcome: Outcome) -> str:
    return " ".join(f"{key}={value!r}" for key, value in sorted(outcome.items()))


# -- evaluation -------------------------------------------------------------------------------------------------


def _evaluate(case: Case) -> Outcome:
    modules = case.get("modules", {})

    def load(path: str) -> Source | None:
        return Source(path, modules[path]) if path in modules else None

    source, output = Source("vector", case["src"]), io.StringIO()
    try:
        with redirect_stdout(output):
            value = Interpreter(loader=load, args=case.get("argv", ())).evaluate(source)
    except LispError as error:
        outcome = _failed(error, source)
    else:
        outcome = {"expect": write(value), "type": kind_of(value)}
        if value is None or value is False:
            outcome["falsy"] = True
    return {**outcome, "stdout": output.getvalue()}


def _failed(error: LispError, source: Source) -> Outcome:
    outcome: Outcome = {"expect_error": error.kind}
    if error.span is not None and error.span.source == source.name:
        outcome["at"] = f"{error.span.start}..{error.span.end}"
    if isinstance(error, Thrown):
        outcome["thrown"] = write(error.value)
        if isinstance(error.value, ErrorValue):
            outcome["tag"] = error.value.tag.name
    return outcome


# -- syntax -----------------------------------------------------------------------------------------------------


def _read_outcome(show: Callable[[Source], str]) -> Callable[[Case], Outcome]:
    def run(case: Case) -> Outcome:
        try:
            return {"expect": show(Source("vector", case["src"]))}
        except ReaderError as error:
            return {"expect_error": error.subkind}

    return run


def _forms(source: Source) -> str:
    return " ".join(write_syntax(form) for form in read(source).forms)


def _spans(source: Source) -> str:
    return " ".join(f"{form.span.start}..{form.span.end}" for form in read(source).forms)


def _complete(case: Case) -> Outcome:
    return {"expect": "#f" if completeness(case["src"]).status == "incomplete" else "#t"}


# -- types, domains, the bridge ---------------------------------------------------------------------------------


def _typecheck(case: Case) -> Outcome:
    from caixa.lisp.types import check_types

    source = Source("vector", case["src"])
    lines = [
        f"type:{source.position(each.span.start).line}:{source.position(each.span.start).column}: {each.message}"
        for each in check_types(source)
    ]
    return {"expect": "\n".join(lines)}


def _manifest(case: Case) -> Outcome:
    from caixa.manifest.decode import read_manifest
    from caixa.manifest.json import to_json
    from caixa.manifest.profile import Profile

    reading = read_manifest(Source("vector", case["src"]), profile=Profile.APRIL)
    if reading.caixa is None:
        first = reading.diagnostics[0]
        return {"expect_error": "odd-kwargs" if first.code == "odd-kwargs" else "compile"}
    return {
        "expect": json.dumps(to_json(reading.caixa), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    }


_MODES: dict[str | None, Callable[[Case], Outcome]] = {
    None: _evaluate,
    "script": _evaluate,
    "read": _read_outcome(_forms),
    "read-spans": _read_outcome(_spans),
    "complete": _complete,
    "typecheck": _typecheck,
    "manifest": _manifest,
}
