"""The rules of the STRICT profile: what the later system checks too (caixa.md appendices A and C).

Most follow from the declarations in `slots`: the role of a text, `positive`, `highest`. Their codes are made of
the record, the slot and the breach: `membro-versao-invalid`, `limits-fuel-zero`, `placement-clusters-empty`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from caixa.lisp.diagnostics import Diagnostic, Severity

from .codecs import parse_duration
from .errors import InvalidValue
from .ground import Ground
from .model import Caixa, Contrato, ContratoShape, Kind, PlacementEstrategia, RateLimit
from .names import is_host, is_inside, is_label, is_subject, is_wit, label_of
from .reading import Path
from .records import Record, Slot, Tagged
from .shapes import ListOf, Shape, Text
from .slots import CAIXA
from .upgrade import check_upgrade
from .version import Requirement, Version

__all__ = ["check_strict"]

_CODE_SLOTS = {"bibliotecas", "exe", "servicos"}


def check_strict(caixa: Caixa, ground: Ground) -> Iterator[Diagnostic]:
    """Yield the breaches of the STRICT profile."""
    yield from _check_record(CAIXA, caixa, (), ground)
    for index, entry in enumerate(caixa.upgrade_from):
        yield from check_upgrade(entry, ("upgrade_from", index), ground)
    yield from _check_duplicates(caixa, ground)
    yield from _check_unused(caixa, ground)
    if caixa.kind is Kind.APLICACAO:
        yield from _check_mesh(caixa, ground)


# -- by declaration -------------------------------------------------------------------------------------------


def _check_record(record: Record, value: Any, path: Path, ground: Ground) -> Iterator[Diagnostic]:
    title = record.title.removeprefix("a ").removeprefix("an ").replace(" ", "-")
    for slot, part in record.written(value):
        prefix = f"{title}-{slot.keyword}"
        yield from _check_number(slot, part, prefix, (*path, slot.field), ground)
        yield from _check_shape(slot.shape, part, prefix, (*path, slot.field), ground)


def _check_shape(shape: Shape, value: Any, prefix: str, path: Path, ground: Ground) -> Iterator[Diagnostic]:
    match shape:
        case Text(role=role):
            check = _TEXT_RULES.get(role)
            if check:
                yield from check(value, prefix, path, ground)
        case ListOf(item=item):
            for index, each in enumerate(value):
                yield from _check_shape(item, each, prefix, (*path, index), ground)
        case Tagged():
            yield from _check_record(shape.variant(value)[1], value, path, ground)
        case Record():
            yield from _check_record(shape, value, path, ground)


def _check_number(slot: Slot, value: Any, prefix: str, path: Path, ground: Ground) -> Iterator[Diagnostic]:
    number = value.rate if isinstance(value, RateLimit) else value
    if slot.positive and number == 0:
        yield ground.error(
            f"{prefix}-zero", path, f":{slot.keyword} is zero", why=slot.doc, fix="Write more than 0."
        )
    if slot.highest is not None and number > slot.highest:
        most = slot.shape.to_lisp(slot.highest, ground.profile)
        message = f":{slot.keyword} is more than {most}"
        yield ground.error(
            f"{prefix}-too-large", path, message, fix=f"Write at most {most}.", highest=slot.highest
        )


def _check_label(text: str, prefix: str, path: Path, ground: Ground) -> Iterator[Diagnostic]:
    if not text and prefix != "child-caixa":  # which is refused as `empty-child-name`
        yield ground.error(f"{prefix}-empty", path, "a name is empty", fix="Write it.")
    elif text and not is_label(text):
        label = label_of(text)
        yield ground.error(
            f"{prefix}-invalid",
            path,
            f'"{text[:70]}" is not a name that Kubernetes takes',
            why="Names are DNS labels: 1 to 63 of a-z, 0-9 and -, not first or last a -.",
            fix=f'Write "{label}".' if label else "Use a-z, 0-9 and -.",
            rewrite=f'"{label}"' if label else None,
            value=text,
        )


def _check_parsed(parse: Callable[[str], object], skip: str = "") -> Callable[..., Iterator[Diagnostic]]:
    """Return a rule that asks `parse` to take the text; an empty text is left to the rule `skip` names."""

    def check(text: str, prefix: str, path: Path, ground: Ground) -> Iterator[Diagnostic]:
        if not text and prefix == skip:
            return
        try:
            parse(text)
        except InvalidValue as problem:
            found = problem.diagnostic
            suffix = "invalid" if text else "empty"
            yield ground.error(
                f"{prefix}-{suffix}",
                path,
                found.message,
                why=found.why,
                fix=found.fix,
                rewrite=_mended_version(text) if parse == Version.parse else None,
                **found.data,
            )

    return check


def _mended_version(text: str) -> str | None:
    """Return `v0.1` as `"0.1.0"`, where that is all that is wrong with it."""
    parts = text[:32].lstrip("vV").split(".")
    mended = ".".join([*parts, *["0"] * (3 - len(parts))])
    try:
        return f'"{Version.parse(mended)}"'
    except InvalidValue:
        return None


def _check_window(text: str) -> None:
    if parse_duration(text) == 0:
        raise InvalidValue("the window is zero", fix='Write one, as in "60s".', code="zero-window")


def _check_wit(text: str, prefix: str, path: Path, ground: Ground) -> Iterator[Diagnostic]:
    if text and not is_wit(text):
        yield ground.error(
            f"{prefix}-invalid",
            path,
            f'"{text[:60]}" is not a WIT world',
            why="A world is written namespace:package, then perhaps /interface and @version, in lower case.",
            fix='Write it as in "wasi:http/proxy".',
            value=text,
        )


def _check_path(text: str, prefix: str, path: Path, ground: Ground) -> Iterator[Diagnostic]:
    if not text and prefix != "state-change-script":  # which is refused as `empty-script`
        yield ground.error(f"{prefix}-empty", path, "a path is empty", fix="Write it.")
    elif text and not is_inside(text):
        yield ground.error(
            "path-outside-package",
            path,
            f'"{text[:80]}" leads out of the package',
            why="A package holds all that it names.",
            fix="Write a path relative to caixa.lisp, without `..`.",
            path=text,
        )


_TEXT_RULES: Mapping[str, Callable[..., Iterator[Diagnostic]]] = {
    "label": _check_label,
    "requirement": _check_parsed(Requirement.parse, skip="child-versao"),
    "version": _check_parsed(Version.parse),
    "duration": _check_parsed(_check_window),
    "wit": _check_wit,
    "path": _check_path,
}


# -- across slots ---------------------------------------------------------------------------------------------


def _check_duplicates(caixa: Caixa, ground: Ground) -> Iterator[Diagnostic]:
    lists: list[tuple[str, Path, list[Any]]] = [
        ("membro-duplicate", ("membros",), [each.caixa for each in caixa.membros]),
        ("contrato-duplicate", ("contratos",), list(caixa.contratos)),
        ("child-duplicate", ("children",), [each.caixa for each in caixa.children]),
        ("dep-duplicate", ("deps",), [each.nome for each in caixa.deps]),
        ("dep-duplicate", ("deps_dev",), [each.nome for each in caixa.deps_dev]),
        ("upgrade-from-duplicate", ("upgrade_from",), [each.from_ for each in caixa.upgrade_from]),
        (
            "cluster-duplicate",
            ("placement", "clusters"),
            list(caixa.placement.clusters) if caixa.placement else [],
        ),
        ("entrada-path-duplicate", ("entrada", "paths"), list(caixa.entrada.paths) if caixa.entrada else []),
        *(("path-duplicate", (slot,), list(getattr(caixa, slot))) for slot in sorted(_CODE_SLOTS)),
    ]
    for code, path, keys in lists:
        first: dict[Any, int] = {}
        for index, key in enumerate(keys):
            if first.setdefault(key, index) != index:
                shown = f"{key.de} → {key.para}" if isinstance(key, Contrato) else f'"{key}"'
                message = f"{shown} is listed twice in :{str(path[-1]).replace('_', '-')}"
                yield ground.error(
                    code, (*path, index), message, fix="Remove one of them.", value=shown.strip('"')
                )


def _check_unused(caixa: Caixa, ground: Ground) -> Iterator[Diagnostic]:
    owns_no_code = caixa.kind in (Kind.SUPERVISOR, Kind.APLICACAO)  # then code is refused, not merely unused
    for slot, value in CAIXA.written(caixa):
        if (
            slot.kinds
            and caixa.kind not in slot.kinds
            and value
            and not (owns_no_code and slot.field in _CODE_SLOTS)
        ):
            yield ground.error(
                "slot-unused",
                (slot.field,),
                f"a {caixa.kind} does not use :{slot.keyword}",
                why=f"It belongs to the kind {' or '.join(slot.kinds)}.",
                fix="Remove it, or change :kind.",
                severity=Severity.WARNING,
                slot=slot.keyword,
                kind=caixa.kind.value,
            )


def _check_mesh(caixa: Caixa, ground: Ground) -> Iterator[Diagnostic]:
    for index, membro in enumerate(caixa.membros):
        if membro.caixa == caixa.nome:
            message = f"{caixa.nome} is a member of itself"
            yield ground.error("membro-is-self", ("membros", index, "caixa"), message, fix="Remove it.")
    for index, contrato in enumerate(caixa.contratos):
        yield from _check_payload(contrato, ("contratos", index), ground)
    yield from _check_entrada(caixa, ground)
    yield from _check_placement(caixa, ground)


def _check_payload(contrato: Contrato, path: Path, ground: Ground) -> Iterator[Diagnostic]:
    slot, payload = contrato.shape.payload_slot, contrato.payload
    if slot is None or payload is None:
        return
    at = (*path, slot)
    if not payload:
        yield ground.error(f"contrato-{slot}-empty", at, f"the {slot} is empty", fix="Write it.")
    elif contrato.shape is ContratoShape.HTTP:
        yield from _check_absolute(payload, "contrato-endpoint", at, ground)
    elif not is_subject(payload):
        yield ground.error(
            f"contrato-{slot}-invalid",
            at,
            f'"{payload[:60]}" is not a {slot}',
            why="It is words joined by dots, without blanks.",
            fix='Write it as in "orders.charged".',
            value=payload,
        )


def _check_absolute(path: str, prefix: str, at: Path, ground: Ground) -> Iterator[Diagnostic]:
    if not path.startswith("/"):
        yield ground.error(
            f"{prefix}-not-absolute",
            at,
            f'"{path[:60]}" does not begin with /',
            fix=f'Write "/{path[:60]}".',
            rewrite=f'"/{path}"',
            value=path,
        )
    elif any(character.isspace() or character in "?#" for character in path):
        message = f'"{path[:60]}" is not the path of a URL'
        yield ground.error(f"{prefix}-invalid", at, message, fix="Leave out blanks, `?` and `#`.", value=path)


def _check_entrada(caixa: Caixa, ground: Ground) -> Iterator[Diagnostic]:
    entrada = caixa.entrada
    if entrada is None:
        return
    if entrada.host and not is_host(entrada.host):
        yield ground.error(
            "entrada-host-invalid",
            ("entrada", "host"),
            f'"{entrada.host[:60]}" is not a host name',
            why="A host is DNS labels joined by dots, at most 253 characters.",
            fix='Write it as in "shop.example".',
            value=entrada.host,
        )
    for index, path in enumerate(entrada.paths):
        yield from _check_absolute(path, "entrada-path", ("entrada", "paths", index), ground)


def _check_placement(caixa: Caixa, ground: Ground) -> Iterator[Diagnostic]:
    placement = caixa.placement
    if placement is None:
        return
    if placement.affinity == "":
        yield ground.error(
            "placement-affinity-empty", ("placement", "affinity"), "the affinity is empty", fix="Write it."
        )
    if placement.shard_key == "":
        yield ground.error(
            "sharded-key-empty", ("placement", "shard_key"), "the shard key is empty", fix="Write it."
        )
    if placement.shard_key and placement.estrategia is not PlacementEstrategia.SHARDED:
        yield ground.error(
            "shard-key-on-non-sharded",
            ("placement", "shard_key"),
            f"a {placement.estrategia} placement has a :shard-key",
            why="Only a Sharded placement spreads entities by a key.",
            fix="Remove it, or write :estrategia Sharded.",
        )
