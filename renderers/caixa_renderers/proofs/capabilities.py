"""Proof 2: members may do what their contracts need, no less and no more (substrate.md section 4.1, G2).

Each contract needs tokens at its two ends, and each token about calls, subjects or stores has to be needed:

| contract | its caller | the other end |
|---|---|---|
| HTTP | `http-out:` with the callee's name, or a pattern of it | `http-in:` with the port it listens on |
| `nats:` | `nats-publish@` that covers the subject | `nats-subscribe@` that covers it |
| store | `kv-…@` with the slot, or with the name of the store's member | - |

What the other tokens are for (files, Kubernetes, hosts outside the mesh) no contract says, so they are let be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from caixa.manifest.capability import HttpIn, HttpOut, parse_capability
from caixa.manifest.model import ContratoShape, Kind

from ..servico.computeunit import service_port
from .model import Proof, Row, not_checked, shown, standing_of
from .subjects import covers

if TYPE_CHECKING:
    from caixa.manifest.model import Contrato

    from .case import Case

__all__ = ["CLAIM", "NAME", "prove"]

NAME = "capabilities"
CLAIM = "capabilities are what the contracts need"
_SUBJECTS = {"nats-publish": "publish", "nats-subscribe": "subscribe"}


@dataclass(frozen=True, slots=True)
class _Need:
    """What one end of a contract has to be granted; `scope` is a host, a port, a subject or a store."""

    contract: int | str
    member: str
    kind: str
    scope: str
    also: str = ""

    @property
    def token(self) -> str:
        """The narrowest token that would do."""
        return f"{self.kind}{'@' if self.kind[0] in 'nk' else ':'}{self.scope}"


def prove(case: Case) -> Proof:
    """Match the tokens that the rendered units grant with what the contracts need, in both directions."""
    if case.caixa.kind is not Kind.APLICACAO:
        return not_checked(NAME, CLAIM, f"{case.caixa.kind.indefinite} has no contracts")
    needs = list(_needs(case))
    rows = [
        *_member_rows(case),
        *(_need_row(case, need) for need in needs),
        *_token_rows(case, needs),
        *_silent(case),
    ]
    standing = standing_of(rows)
    lines = [_line(row) for row in rows if row["holds"] is not True]
    return Proof(NAME, CLAIM, standing, _because(rows, lines), shown(lines), {"rows": rows})


def _needs(case: Case) -> Iterator[_Need]:
    ports = {name: service_port(unit) for name, unit in case.units.items()}
    for index, contrato in enumerate(case.caixa.contratos):
        yield from _needs_of(index, contrato, ports)
    entrada = case.caixa.entrada
    if entrada is not None:
        yield _Need("entrada", entrada.para, "http-in", str(entrada.port))


def _needs_of(index: int, contrato: Contrato, ports: Mapping[str, int | None]) -> Iterator[_Need]:
    de, para, target = contrato.de, contrato.para, contrato.payload or ""
    match contrato.shape:
        case ContratoShape.HTTP:
            yield _Need(index, de, "http-out", para)
            yield _Need(index, para, "http-in", str(ports.get(para) or ""))
        case ContratoShape.PUBSUB if contrato.wit.startswith("nats:"):
            yield _Need(index, de, "nats-publish", target)
            yield _Need(index, para, "nats-subscribe", target)
        case ContratoShape.STORE:
            yield _Need(index, de, "kv", target, para)


def tokens_of(unit: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the tokens that a unit grants, each once."""
    spec = unit.get("spec")
    granted = spec.get("capabilities") if isinstance(spec, Mapping) else None
    return tuple(dict.fromkeys(str(each).strip() for each in granted or () if str(each).strip()))


def _member_rows(case: Case) -> Iterator[Row]:
    """Yield what each member is granted, so that one that is not here cannot be passed over."""
    for member in case.members:
        unit = case.units.get(member)
        granted = None if unit is None else list(tokens_of(unit))
        yield {"member": member, "tokens": granted, "holds": None if granted is None else True}


def _need_row(case: Case, need: _Need) -> Row:
    unit = case.units.get(need.member)
    met = None if unit is None else [token for token in tokens_of(unit) if _meets(token, need, case.namespace)]
    row = {"contract": need.contract, "member": need.member, "needs": need.token, "granted": met}
    return {**row, "holds": None if met is None else bool(met)}


def _meets(token: str, need: _Need, namespace: str) -> bool:
    parsed = parse_capability(token)
    if need.kind == "http-out":
        return isinstance(parsed, HttpOut) and _names(parsed.host, need.scope, namespace)
    if need.kind == "http-in":
        return isinstance(parsed, HttpIn) and str(parsed.port) == need.scope
    kind, at, scope = token.partition("@")
    if not at:
        return False
    if need.kind == "kv":
        return kind.startswith("kv-") and scope.partition(":")[0] in (need.scope, need.also)
    return kind == need.kind and covers(scope, need.scope)


def _names(pattern: str, member: str, namespace: str) -> bool:
    """Whether a host pattern stands for a member, by one of the names that its Service has."""
    names = (member, f"{member}.{namespace}", f"{member}.{namespace}.svc")
    return any(fnmatchcase(name, pattern) for name in (*names, f"{names[-1]}.cluster.local"))


def _token_rows(case: Case, needs: list[_Need]) -> Iterator[Row]:
    wanted: dict[str, list[_Need]] = {}
    for need in needs:
        wanted.setdefault(need.member, []).append(need)
    for member in case.members:
        unit = case.units.get(member)
        for token in () if unit is None else tokens_of(unit):
            extra = _unneeded(case, member, token, wanted.get(member, []))
            if extra is not None:
                yield {"member": member, "token": token, "unneeded": extra, "holds": not extra}


def _unneeded(case: Case, member: str, token: str, needs: list[_Need]) -> list[str] | None:
    """Return what a token grants and no contract needs; None for a token that contracts do not speak of."""
    parsed = parse_capability(token)
    if isinstance(parsed, HttpOut):
        reached = [each for each in case.members if _names(parsed.host, each, case.namespace)]
        called = {need.scope for need in needs if need.kind == "http-out"}
        extra = [each for each in reached if each not in called]
        return extra if reached else None
    if isinstance(parsed, HttpIn):
        unit = case.units[member]
        ports = {str(service_port(unit) or "")} | {need.scope for need in needs if need.kind == "http-in"}
        return [] if str(parsed.port) in ports else [str(parsed.port)]
    kind, at, scope = token.partition("@")
    if at and kind in _SUBJECTS:
        fits = any(need.kind == kind and covers(need.scope, scope) for need in needs)
        return [] if fits else [scope]
    if at and kind.startswith("kv-"):
        host = scope.partition(":")[0]
        fits = any(need.kind == "kv" and host in (need.scope, need.also) for need in needs)
        return [] if fits else [scope]
    return None


def _silent(case: Case) -> Iterator[Row]:
    """Yield the contracts for which the tokens have no word."""
    for index, contrato in enumerate(case.caixa.contratos):
        if contrato.shape is ContratoShape.PUBSUB and not contrato.wit.startswith("nats:"):
            yield {"contract": index, "wit": contrato.wit, "holds": None}


def _line(row: Row) -> str:
    if "wit" in row:
        return f"contract {row['contract']}: not checked, because no token speaks of {row['wit']}"
    if "tokens" in row:
        return f"{row['member']}: not checked, because no unit of it is here"
    if "token" in row:
        return (
            f"{row['member']} has {row['token']}, which grants {', '.join(row['unneeded'])} without a contract"
        )
    where = "the entrada" if row["contract"] == "entrada" else f"contract {row['contract']}"
    if row["holds"] is None:
        return f"{where}: not checked, because no unit of {row['member']} is here"
    return f"{where}: {row['member']} has no {row['needs']}"


def _because(rows: list[Row], lines: list[str]) -> str:
    if lines:
        refuted = [_line(row) for row in rows if row["holds"] is False]
        return (refuted or lines)[0]
    needs, tokens = (sum(key in row for row in rows) for key in ("needs", "token"))
    return f"every need of a contract is met ({needs}), and every token about contracts is needed ({tokens})"
