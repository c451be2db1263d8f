"""The rules on upgrade entries (caixa.md section 2.3)."""

from __future__ import annotations

from collections.abc import Iterator

from caixa.lisp.diagnostics import Diagnostic

from .errors import InvalidValue
from .ground import Ground
from .model import LoadModule, Purge, SoftPurge, StateChange, UpgradeFrom
from .reading import Path
from .version import Version

__all__ = ["check_upgrade"]


def check_upgrade(entry: UpgradeFrom, path: Path, ground: Ground) -> Iterator[Diagnostic]:
    """Yield what section 2.3 refuses in one entry; no instructions at all is fine."""
    try:
        Version.parse(entry.from_)
    except InvalidValue as problem:
        found = problem.diagnostic
        yield ground.error(
            "bad-from-version", (*path, "from_"), found.message, why=found.why, fix=found.fix, value=entry.from_
        )
    for index, instruction in enumerate(entry.instructions):
        at = (*path, "instructions", index)
        match instruction:
            case LoadModule(module="") | SoftPurge(module="") | Purge(module=""):
                fix = "Write the module's name."
                yield ground.error(
                    "empty-module", (*at, "module"), f"{instruction.kind} names no module", fix=fix
                )
            case StateChange(script=""):
                fix = "Write the path of the script."
                yield ground.error("empty-script", (*at, "script"), "state-change names no script", fix=fix)
