"""The rules on upgrade entries (caixa.md section 2.3)."""

from __future__ import annotations

from collections.abc import Iterator

from caixa.lisp.diagnostics import Diagnostic

from .declared import mended_version
from .errors import InvalidValue
from .ground import Ground
from .model import Caixa, LoadModule, Purge, SoftPurge, StateChange, UpgradeFrom
from .reading import Path
from .version import Version

__all__ = ["check_upgrade", "check_upgrades"]


def check_upgrades(caixa: Caixa, ground: Ground) -> Iterator[Diagnostic]:
    """Yield what is wrong with the upgrades of `caixa`, one by one and beside its own version."""
    for index, entry in enumerate(caixa.upgrade_from):
        path: Path = ("upgrade_from", index)
        yield from check_upgrade(entry, path, ground)
        yield from _check_order(entry.from_, caixa.versao, path, ground)


def check_upgrade(entry: UpgradeFrom, path: Path, ground: Ground) -> Iterator[Diagnostic]:
    """Yield what section 2.3 refuses in one entry; no instructions at all is fine."""
    try:
        Version.parse(entry.from_)
    except InvalidValue as problem:
        found = problem.diagnostic
        yield ground.error(
            "bad-from-version",
            (*path, "from_"),
            found.message,
            why=found.why,
            fix=found.fix,
            rewrite=mended_version(entry.from_),
            value=entry.from_,
        )
    for index, instruction in enumerate(entry.instructions):
        at = (*path, "instructions", index)
        match instruction:
            case LoadModule(module="") | SoftPurge(module="") | Purge(module=""):
                yield ground.error("empty-module", (*at, "module"), f"{instruction.kind} names no module")
            case StateChange(script=""):
                yield ground.error("empty-script", (*at, "script"), "state-change names no script")


def _check_order(older: str, versao: str, path: Path, ground: Ground) -> Iterator[Diagnostic]:
    try:
        is_older = Version.parse(older) < Version.parse(versao)
    except InvalidValue:
        return  # which is refused for itself
    if not is_older:
        message = f"{older} is not below {versao}, the version of the package"
        yield ground.error("upgrade-from-not-older", (*path, "from_"), message)
