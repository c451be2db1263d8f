"""The rules of the STRICT profile that look at more than one slot (caixa.md appendices A and C).

Those on one value follow from the declarations, in `declared`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Hashable, Iterator, Sequence
from typing import Any

from caixa.lisp.diagnostics import Diagnostic

from .declared import check_declared
from .ground import Ground
from .model import Caixa, Contrato, ContratoShape, GitFonte, Kind, PlacementEstrategia
from .names import is_host, is_subject
from .reading import Path
from .slots import CAIXA
from .state import check_state
from .upgrade import check_upgrades

__all__ = ["check_strict"]

_CODE_SLOTS = ("bibliotecas", "exe", "servicos")


def check_strict(caixa: Caixa, ground: Ground) -> Iterator[Diagnostic]:
    """Yield the breaches of the STRICT profile."""
    yield from check_declared(CAIXA, caixa, (), ground)
    yield from check_upgrades(caixa, ground)
    yield from check_state(caixa, ground)
    yield from _check_duplicates(caixa, ground)
    yield from _check_self(caixa, ground)
    yield from _check_pins(caixa, ground)
    yield from _check_unused(caixa, ground)
    if caixa.kind is Kind.APLICACAO:
        yield from _check_mesh(caixa, ground)


# -- lists ----------------------------------------------------------------------------------------------------


def _check_duplicates(caixa: Caixa, ground: Ground) -> Iterator[Diagnostic]:
    for code, path, keys in _lists(caixa):
        seen: set[Hashable] = set()
        for index, key in enumerate(keys):
            if key in seen:
                yield _duplicate(code, (*path, index), key, ground)
            seen.add(key)


def _lists(caixa: Caixa) -> Iterator[tuple[str, Path, Sequence[Hashable]]]:
    """Yield the lists in which nothing may stand twice: the code of the rule, the place, what is compared."""
    yield "membro-duplicate", ("membros",), [each.caixa for each in caixa.membros]
    yield "contrato-duplicate", ("contratos",), [each.edge for each in caixa.contratos]
    yield "child-duplicate", ("children",), [each.caixa for each in caixa.children]
    yield "dep-duplicate", ("deps",), [each.nome for each in caixa.deps]
    yield "dep-duplicate", ("deps_dev",), [each.nome for each in caixa.deps_dev]
    yield "upgrade-from-duplicate", ("upgrade_from",), [each.from_ for each in caixa.upgrade_from]
    yield "state-field-duplicate", ("state_schema",), [each.nome for each in caixa.state_schema]
    yield "migration-duplicate", ("schema_migrations",), [each.from_ for each in caixa.schema_migrations]
    yield "capability-duplicate", ("capabilities",), caixa.capabilities
    if caixa.placement:
        yield "cluster-duplicate", ("placement", "clusters"), caixa.placement.clusters
    if caixa.entrada:
        yield "entrada-path-duplicate", ("entrada", "paths"), caixa.entrada.paths
    for slot in _CODE_SLOTS:
        yield "path-duplicate", (slot,), [posixpath.normpath(path) for path in getattr(caixa, slot)]


def _duplicate(code: str, path: Path, key: Hashable, ground: Ground) -> Diagnostic:
    shown = f"{key[0]} → {key[1]}" if isinstance(key, tuple) else str(key)
    slot = str(next(step for step in reversed(path) if isinstance(step, str))).replace("_", "-")
    marks = "" if isinstance(key, tuple) else '"'
    message = f"{marks}{shown[:80]}{marks} is listed twice in :{slot}"
    is_text = code in _TEXT_LISTS
    return ground.error(code, path, message, rewrite="" if is_text else None, value=shown)


_TEXT_LISTS = {"capability-duplicate", "cluster-duplicate", "entrada-path-duplicate", "path-duplicate"}


def _check_self(caixa: Caixa, ground: Ground) -> Iterator[Diagnostic]:
    lists: list[tuple[str, str, str, list[str]]] = [
        ("dep-is-self", "deps", "nome", [each.nome for each in caixa.deps]),
        ("dep-is-self", "deps_dev", "nome", [each.nome for each in caixa.deps_dev]),
        ("child-is-self", "children", "caixa", [each.caixa for each in caixa.children]),
        ("membro-is-self", "membros", "caixa", [each.caixa for each in caixa.membros]),
    ]
    for code, slot, field, names in lists:
        for index, name in enumerate(names):
            if name == caixa.nome:
                message = f"{name[:70]} lists itself in :{slot.replace('_', '-')}"
                yield ground.error(code, (slot, index, field), message, nome=name)


def _check_pins(caixa: Caixa, ground: Ground) -> Iterator[Diagnostic]:
    for slot in ("deps", "deps_dev"):
        for index, dep in enumerate(getattr(caixa, slot)):
            fonte = dep.fonte
            if not isinstance(fonte, GitFonte):
                continue
            pins = [name for name in ("tag", "rev", "branch") if getattr(fonte, name) is not None]
            if len(pins) > 1:
                message = f"the source of {dep.nome} has {' and '.join(f':{pin}' for pin in pins)}"
                yield ground.error("fonte-many-pins", (slot, index, "fonte", pins[1]), message, pins=pins)


def _check_unused(caixa: Caixa, ground: Ground) -> Iterator[Diagnostic]:
    owns_no_code = caixa.kind in (Kind.SUPERVISOR, Kind.APLICACAO)  # then code is refused, not merely unused
    for slot, value in CAIXA.written(caixa):
        if not slot.kinds or caixa.kind in slot.kinds or not value:
            continue
        if not (owns_no_code and slot.field in _CODE_SLOTS):
            yield ground.error(
                "slot-unused",
                (slot.field,),
                f"{caixa.kind.indefinite} does not use :{slot.keyword}",
                why=f"It belongs to the kind {' or '.join(slot.kinds)}.",
                edits=ground.removal((slot.field,)),
                slot=slot.keyword,
                kind=caixa.kind.value,
            )


# -- meshes ---------------------------------------------------------------------------------------------------


def _check_mesh(caixa: Caixa, ground: Ground) -> Iterator[Diagnostic]:
    for index, contrato in enumerate(caixa.contratos):
        yield from _check_payload(contrato, ("contratos", index), ground)
    yield from _check_entrada(caixa, ground)
    yield from _check_placement(caixa, ground)


def _check_payload(contrato: Contrato, path: Path, ground: Ground) -> Iterator[Diagnostic]:
    if contrato.method is not None and contrato.shape is not ContratoShape.HTTP:
        at = (*path, "method")
        message = f"a {contrato.wit} contract has no method"
        yield ground.error("contrato-method-unused", at, message, edits=ground.removal(at), wit=contrato.wit)
    slot, payload = contrato.shape.payload_slot, contrato.payload
    if slot is None or payload is None:
        return
    at = (*path, slot)
    if not payload:
        yield ground.error(f"contrato-{slot}-empty", at, f"the {slot} is empty")
    elif contrato.shape is ContratoShape.HTTP:
        yield from _check_absolute(payload, "contrato-endpoint", at, ground)
    elif not is_subject(payload):
        yield ground.error(f"contrato-{slot}-invalid", at, f'"{payload[:60]}" is not a {slot}', value=payload)


def _check_absolute(path: str, prefix: str, at: Path, ground: Ground) -> Iterator[Diagnostic]:
    if not path.startswith("/"):
        rewrite: dict[str, Any] = {"fix": f'Write "/{path[:60]}".', "rewrite": f'"/{path}"'}
        message = f'"{path[:60]}" does not begin with /'
        yield ground.error(f"{prefix}-not-absolute", at, message, **rewrite, value=path)
    elif any(character.isspace() or character in "?#" for character in path):
        yield ground.error(f"{prefix}-invalid", at, f'"{path[:60]}" is not the path of a URL', value=path)


def _check_entrada(caixa: Caixa, ground: Ground) -> Iterator[Diagnostic]:
    entrada = caixa.entrada
    if entrada is None:
        return
    if entrada.host and not is_host(entrada.host):
        message = f'"{entrada.host[:60]}" is not a host name'
        yield ground.error("entrada-host-invalid", ("entrada", "host"), message, value=entrada.host)
    for index, path in enumerate(entrada.paths):
        at = ("entrada", "paths", index)
        if path:
            yield from _check_absolute(path, "entrada-path", at, ground)
        else:
            yield ground.error("entrada-path-empty", at, "a path of the entrance is empty")


def _check_placement(caixa: Caixa, ground: Ground) -> Iterator[Diagnostic]:
    placement = caixa.placement
    if placement is None:
        return
    if placement.affinity == "":
        yield ground.error("placement-affinity-empty", ("placement", "affinity"), "the affinity is empty")
    if placement.shard_key == "":
        yield ground.error("sharded-key-empty", ("placement", "shard_key"), "the shard key is empty")
    if placement.shard_key and placement.estrategia is not PlacementEstrategia.SHARDED:
        message = f"a {placement.estrategia} placement has a :shard-key"
        yield ground.error("shard-key-on-non-sharded", ("placement", "shard_key"), message)
