"""What a package must and must not have as files (caixa.md section 2.1), against any tree.

The rules that need no tree are also applied when a form is read; `verify` applies them all, in the order of the
section, and reports every breach.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator

from caixa.lisp.diagnostics import Diagnostic

from .ground import Ground
from .model import Caixa, Kind, StateChange
from .reading import Path

__all__ = ["check_layout", "expected_library", "verify"]

Exists = Callable[[str], bool]
_CODE_SLOTS = ("bibliotecas", "exe", "servicos")


def verify(caixa: Caixa, exists: Exists, ground: Ground | None = None) -> list[Diagnostic]:
    """Return every breach of section 2.1; `exists` answers for paths relative to the package."""
    ground = ground or Ground()
    findings = [] if exists("caixa.lisp") else [_missing_manifest(ground)]
    return findings + list(check_layout(caixa, exists, ground))


def check_layout(caixa: Caixa, exists: Exists | None, ground: Ground) -> Iterator[Diagnostic]:
    """Yield the breaches of rules 2 to 11; without `exists`, of those that need no files."""
    yield from _check_kind(caixa, exists, ground)
    for kind, path, place in _named_files(caixa):
        yield from _check_entry(kind, path, place, exists, ground)


def _named_files(caixa: Caixa) -> Iterator[tuple[str, str, Path]]:
    """Yield every file that the manifest names: what kind it is, its path, and where it is named."""
    for kind, slot in (("biblioteca", "bibliotecas"), ("exe", "exe"), ("servico", "servicos")):
        for index, path in enumerate(getattr(caixa, slot)):
            yield kind, path, (slot, index)
    for name, path in caixa.behavior.declared if caixa.behavior else ():
        yield "behavior-callback", path, ("behavior", name)
    for name, path in caixa.hooks:
        yield "state-hook", path, (name,)
    for index, migration in enumerate(caixa.schema_migrations):
        yield "migration-script", migration.script, ("schema_migrations", index, "script")
        if migration.inverse is not None:
            yield "migration-script", migration.inverse, ("schema_migrations", index, "inverse")
    for index, entry in enumerate(caixa.upgrade_from):
        for step, instruction in enumerate(entry.instructions):
            if isinstance(instruction, StateChange):
                place = ("upgrade_from", index, "instructions", step, "script")
                yield "upgrade-script", instruction.script, place


def expected_library(caixa: Caixa) -> str:
    """Return the library that a Biblioteca which names none must have."""
    return f"lib/{caixa.nome}.lisp"


def _missing_manifest(ground: Ground) -> Diagnostic:
    return ground.error("missing-manifest", (), "there is no caixa.lisp", path="caixa.lisp")


def _check_kind(caixa: Caixa, exists: Exists | None, ground: Ground) -> Iterator[Diagnostic]:
    owned = [slot for slot in _CODE_SLOTS if getattr(caixa, slot)]
    match caixa.kind:
        case Kind.SUPERVISOR | Kind.APLICACAO if owned:
            yield ground.error(
                f"{caixa.kind.lower()}-owns-code",
                (owned[0],),
                f"the {caixa.kind} {caixa.nome} has :{owned[0]}",
                fix=f"Move the code to a caixa of its own, and remove :{owned[0]}.",
                nome=caixa.nome,
            )
        case Kind.BIBLIOTECA if not caixa.bibliotecas and exists and not exists(expected_library(caixa)):
            expected = expected_library(caixa)
            yield ground.error(
                "missing-lib",
                ("nome",),
                f"the library {caixa.nome} has no {expected}",
                fix=f"Create {expected}.",
                caixa=caixa.nome,
                expected=expected,
            )
        case Kind.BINARIO if not caixa.exe and ground.is_whole("exe"):
            fix = 'Add :exe ("exe/main.lisp").'
            message = f"the Binario {caixa.nome} names no program"
            yield ground.error("binario-without-exe", ("kind",), message, fix=fix, nome=caixa.nome)
        case Kind.SERVICO if not caixa.servicos and ground.is_whole("servicos"):
            fix = f'Add :servicos ("servicos/{caixa.nome}.computeunit.yaml").'
            message = f"the Servico {caixa.nome} names no ComputeUnit"
            yield ground.error("servico-without-servicos", ("kind",), message, fix=fix, nome=caixa.nome)


def _check_entry(
    kind: str, path: str, place: Path, exists: Exists | None, ground: Ground
) -> Iterator[Diagnostic]:
    if exists and not exists(path if not ground.is_strict else posixpath.normpath(path)):
        yield ground.error(
            "missing-entry", place, f"there is no {path}", fix=f"Create {path}.", kind=kind, path=path
        )
    directory = {"exe": "exe", "servico": "servicos"}.get(kind)
    if directory and not _is_under(path, directory, ground):
        yield ground.error(
            f"{kind}-outside-dir",
            place,
            f"{path[:80]} is not under {directory}/",
            path=path,
        )


def _is_under(path: str, directory: str, ground: Ground) -> bool:
    parts = (posixpath.normpath(path) if ground.is_strict else path).split("/")
    steps = [part for part in parts if part != "."]
    return len(steps) > 1 and steps[0] == directory
