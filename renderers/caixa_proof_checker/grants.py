"""Proof `capabilities`: what contracts need against what tokens grant, both ways."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from .case import Case, shape

__all__ = ["rows"]

Row = dict[str, Any]


class _Need(NamedTuple):
    """One end of a contract and the token that it needs; a store may also go by its member's name."""

    contract: int | str
    member: str
    kind: str
    scope: str
    other: str

    @property
    def token(self) -> str:
        sign = ":" if self.kind.startswith("http") else "@"
        return self.kind + sign + self.scope


def rows(case: Case) -> list[Row] | None:
    """Return what the certificate has to say; None for what has no contracts."""
    if not case.is_mesh:
        return None
    found: list[Row] = []
    for member in case.members:
        tokens = case.tokens(member)
        found.append({"member": member, "tokens": tokens, "holds": True if tokens is not None else None})
    needs = list(_needs(case))
    for need in needs:
        tokens = case.tokens(need.member)
        met = None if tokens is None else [token for token in tokens if _meets(case, token, need)]
        row = {"contract": need.contract, "member": need.member, "needs": need.token, "granted": met}
        found.append(row | {"holds": None if met is None else len(met) > 0})
    for member in case.members:
        found += _tokens(case, member, [need for need in needs if need.member == member])
    for index, contract in enumerate(case.contracts):
        if shape(contract) == "PubSub" and not contract["wit"].startswith("nats:"):
            found.append({"contract": index, "wit": contract["wit"], "holds": None})
    return found


def _needs(case: Case) -> Iterator[_Need]:
    for index, contract in enumerate(case.contracts):
        de, para = contract["de"], contract["para"]
        kind = shape(contract)
        if kind == "Http":
            yield _Need(index, de, "http-out", para, "")
            yield _Need(index, para, "http-in", str(case.port(para) or ""), "")
        elif kind == "Store":
            yield _Need(index, de, "kv", contract.get("slot") or "", para)
        elif contract["wit"].startswith("nats:"):
            yield _Need(index, de, "nats-publish", contract.get("subject") or "", "")
            yield _Need(index, para, "nats-subscribe", contract.get("subject") or "", "")
    entrance = case.manifest.get("entrada")
    if entrance:
        yield _Need("entrada", entrance["para"], "http-in", str(entrance.get("port", 8080)), "")


def _meets(case: Case, token: str, need: _Need) -> bool:
    if need.kind == "http-out":
        return token.startswith("http-out:") and _reaches(case, token[len("http-out:") :], need.scope)
    if need.kind == "http-in":
        return _listening(token) == need.scope != ""
    kind, sign, scope = token.partition("@")
    if need.kind == "kv":
        return sign == "@" and kind.startswith("kv-") and scope.split(":")[0] in {need.scope, need.other}
    return sign == "@" and kind == need.kind and _within(need.scope, scope)


def _tokens(case: Case, member: str, needs: list[_Need]) -> Iterator[Row]:
    for token in case.tokens(member) or ():
        extra = _unneeded(case, member, token, needs)
        if extra is not None:
            yield {"member": member, "token": token, "unneeded": extra, "holds": extra == []}


def _unneeded(case: Case, member: str, token: str, needs: list[_Need]) -> list[str] | None:
    if token.startswith("http-out:"):
        reached = [each for each in case.members if _reaches(case, token[len("http-out:") :], each)]
        called = [need.scope for need in needs if need.kind == "http-out"]
        return [each for each in reached if each not in called] if reached else None
    listening = _listening(token)
    if listening:
        wanted = [str(case.port(member) or "")] + [need.scope for need in needs if need.kind == "http-in"]
        return [] if listening in wanted else [listening]
    kind, sign, scope = token.partition("@")
    if not sign:
        return None
    if kind in ("nats-publish", "nats-subscribe"):
        return [] if any(need.kind == kind and _within(scope, need.scope) for need in needs) else [scope]
    if kind.startswith("kv-"):
        host = scope.split(":")[0]
        return [] if any(need.kind == "kv" and host in {need.scope, need.other} for need in needs) else [scope]
    return None


def _listening(token: str) -> str:
    """Return the port of an `http-in:` token that is well formed."""
    found = re.fullmatch(r"http-in:(.*):([0-9]+)", token, re.DOTALL)
    return str(int(found[2])) if found and int(found[2]) < 65536 else ""


def _reaches(case: Case, pattern: str, member: str) -> bool:
    """Whether a host pattern is that of a member's Service, by any of its names."""
    expression = "".join(
        ".*" if each == "*" else "." if each == "?" else each if each.startswith("[") else re.escape(each)
        for each in re.findall(r"\[[^\]]+\]|.", pattern, re.DOTALL)
    ).replace("[!", "[^")
    names = [member, f"{member}.{case.namespace}", f"{member}.{case.namespace}.svc"]
    names.append(names[2] + ".cluster.local")
    return any(re.fullmatch(expression, name) for name in names)


def _within(narrow: str, wide: str) -> bool:
    """Whether every NATS subject that `narrow` stands for is one that `wide` stands for."""
    inner, outer = narrow.split("."), wide.split(".")
    while outer and inner:
        first = outer.pop(0)
        if first == ">":
            return True
        part = inner.pop(0)
        if part == ">" or first not in (part, "*"):
            return False
    return not outer and not inner
