"""What a vector of the language means: how it is run, and what of the outcome is compared (language.md
section 14).

The decisions of language-decisions.md are data: decided-lisp.json gives, by id or by quirk, the values that
take the place of those in the vector.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any

from caixa.lisp import bridge
from caixa.lisp.completeness import completeness
from caixa.lisp.domains import BOOLEAN, FLOAT, INTEGER, STRING, STRINGS, Domain, DomainError, Field
from caixa.lisp.errors import LispError, ReaderError, Thrown
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.kinds import kind_of
from caixa.lisp.printer import write, write_syntax
from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.lisp.values import ErrorValue

__all__ = ["Case", "Outcome", "check", "failed"]

Case = dict[str, Any]
Outcome = dict[str, object]

_DECIDED = Path(__file__).with_name("decided-lisp.json")
_COMPARED = ("expect", "type", "falsy", "expect_error", "at", "thrown", "tag", "stdout")
_MESSAGE = re.compile(
    r"(#<error :(?:unbound-symbol|arity-mismatch|type-mismatch|division-by-zero|not-callable|bad-special-form"
    r"|native-fn"
    r'|reader|fiber-error)) "(?:[^"\\]|\\.)*"'
)
"""An error that the language itself raised, printed: its wording is ours (language-decisions, "messages")."""
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


def check(case: Case, evaluate: Callable[[Case], Outcome] | None = None) -> tuple[bool, str, str]:
    """Run a vector, on another back end by its `evaluate`; return whether it came out as expected, and both
    outcomes as text.
    """
    case = decided(case)
    expected: Outcome = {key: case[key] for key in _COMPARED if key in case}
    if expected.get("at") == "<synthetic>":  # no place at all, where ours know theirs
        del expected["at"]
    got = (evaluate or _MODES[case.get("mode")])(case)
    compared = {key: value for key, value in got.items() if key not in _OPTIONAL or key in expected}
    return _worded(compared) == _worded(expected), _shown(expected), _shown(compared)


def _worded(outcome: Outcome) -> Outcome:
    """Return `outcome` without the wording of errors."""
    return {
        key: _MESSAGE.sub(r"\1", value) if isinstance(value, str) else value for key, value in outcome.items()
    }


def _shown(outcome: Outcome) -> str:
    return " ".join(f"{key}={value!r}" for key, value in sorted(outcome.items()))


# -- evaluation


def _evaluate(case: Case) -> Outcome:
    modules = case.get("modules", {})

    def load(path: str) -> Source | None:
        return Source(path, modules[path]) if path in modules else None

    source, output = Source("vector", case["src"]), io.StringIO()
    try:
        with redirect_stdout(output):
            value = Interpreter(loader=load, args=case.get("argv", ())).evaluate(source)
    except LispError as error:
        outcome = failed(error, {source.name, *modules})
    else:
        outcome = {"expect": write(value), "type": kind_of(value)}
        if value is None or value is False:
            outcome["falsy"] = True
    return {**outcome, "stdout": output.getvalue()}


def failed(error: LispError, names: set[str]) -> Outcome:
    """Return what is compared of an error; places count in the sources `names`."""
    outcome: Outcome = {"expect_error": error.kind}
    if error.span is not None and error.span.source in names:
        outcome["at"] = f"{error.span.start}..{error.span.end}"
    if isinstance(error, Thrown):
        outcome["thrown"] = write(error.value)
        if isinstance(error.value, ErrorValue):
            outcome["tag"] = error.value.tag.name
    return outcome


# -- syntax


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


# -- types, domains, the bridge


def _typecheck(case: Case) -> Outcome:
    from caixa.lisp.types import check_types

    source = Source("vector", case["src"])
    found = [(source.position(each.span.start), each.message) for each in check_types(source)]
    return {"expect": "\n".join(f"type:{at.line}:{at.column}: {message}" for at, message in found)}


def _manifest(case: Case) -> Outcome:
    from caixa.manifest.decode import read_manifest
    from caixa.manifest.json import to_json
    from caixa.manifest.profile import Profile

    reading = read_manifest(Source("vector", case["src"]), profile=Profile.STRICT)
    errors = [problem for problem in reading.problems if problem.is_error]
    if reading.caixa is None or errors:
        is_odd = reading.form is not None and len(reading.form) % 2 == 0  # the head counts too
        return {"expect_error": "odd-kwargs" if is_odd and errors[0].code == "value-missing" else "compile"}
    return {"expect": _json(to_json(reading.caixa))}


def _json(data: object) -> str:
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _bridge_to_json(case: Case) -> Outcome:
    return {"expect": _json(bridge.to_json(read(Source("vector", case["src"])).forms[0]))}


def _bridge_from_json(case: Case) -> Outcome:
    return {"expect": write_syntax(bridge.from_json(json.loads(case["src"])))}


_MONITOR = Domain(
    "defmonitor",
    (
        Field("name", STRING),
        Field("query", STRING),
        Field("threshold", FLOAT),
        Field("window-seconds", INTEGER, required=False),
        Field("tags", STRINGS, required=False, default=()),
        Field("enabled", BOOLEAN, required=False),
    ),
)
"""The typed domain that the vectors are written for."""


def _monitor(case: Case) -> Outcome:
    try:
        record = _MONITOR.read(read(Source("vector", case["src"])).forms[0])
    except DomainError as error:
        return {"expect_error": "odd-kwargs" if error.diagnostics[0].code == "odd-kwargs" else "compile"}
    optional = ("window-seconds", "enabled")
    return {"expect": " ".join(_debug(value, name in optional) for name, value in record.items())}


def _debug(value: object, optional: bool) -> str:
    """Return a field as the vectors write it, which is Rust's debug form."""
    if value is None:
        return "None"
    if isinstance(value, tuple):
        return f"[{', '.join(map(_json, value))}]"
    return f"Some({_json(value)})" if optional else _json(value)


_MODES: dict[str | None, Callable[[Case], Outcome]] = {
    None: _evaluate,
    "script": _evaluate,
    "read": _read_outcome(_forms),
    "read-spans": _read_outcome(_spans),
    "complete": _complete,
    "typecheck": _typecheck,
    "manifest": _manifest,
    "monitor": _monitor,
    "sexp-json": _bridge_to_json,
    "json-sexp": _bridge_from_json,
}
