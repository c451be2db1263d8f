"""Proof `policies`: every opening that the policies leave, against what the contracts declare."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

from .case import Case, Unjudged, mapping, means, shape
from .world import NAMESPACE, Endpoint, Refused, World

__all__ = ["problem"]

Row = dict[str, Any]
_APLICACAO = "pleme.pleme.io/aplicacao"
_BACKENDS = ("nats", "kafka", "store", "dns")
_NOBODYS_PORT = 64999
_DATABASES = {"postgres": 5432, "postgresql": 5432, "mysql": 3306, "mongodb": 27017, "redis": 6379}


def problem(case: Case, proof: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the rows, or with how the claim is said to stand."""
    certificate, standing = proof["certificate"], proof["standing"]
    if certificate is None:
        return None if standing == "not checked" and _is_dark(case) else "it gives no certificate"
    if not case.is_mesh or case.unrendered is not None or any(each not in case.units for each in case.members):
        return "it gives a certificate of what is not known"
    given = certificate["rows"]
    try:
        trial = _Trial(case, _universe(case, certificate.get("others", [])))
    except Refused as refused:
        names = [row.get("policy") for row in given]
        return None if names == [refused.policy] and standing == "refuted" else f"{refused.policy} is refused"
    return trial.problem(given) or _standing(given, standing)


def _is_dark(case: Case) -> bool:
    """Whether there is a reason to give no certificate."""
    if not case.is_mesh or case.unrendered is not None or any(each not in case.units for each in case.members):
        return True
    try:
        World({}, case.rendered_objects)
    except (Unjudged, ValueError):
        return True
    except Refused:
        return False
    return False


def _standing(rows: list[Row], stated: str) -> str | None:
    found = [row["holds"] for row in rows]
    expected = "refuted" if False in found else "not checked" if None in found or not found else "proved"
    return None if stated == expected else f"it says {stated}, and its rows say {expected}"


def _universe(case: Case, others: list[Mapping[str, Any]]) -> dict[str, Endpoint]:
    """Return everybody: members, who looks like them, who is reserved, the backends, and whom policies name."""
    here = case.namespace
    cluster = frozenset({"cluster", "all"})
    found: dict[str, Endpoint] = {}
    for member in case.members:
        labels = {
            str(k): str(v) for k, v in mapping(mapping(case.units[member]["metadata"]).get("labels")).items()
        }
        other = labels.get(_APLICACAO, "") + "-other"
        found[member] = Endpoint(labels | {NAMESPACE: here}, cluster)
        found[f"{member} in another namespace"] = Endpoint(labels | {NAMESPACE: here + "-elsewhere"}, cluster)
        found[f"{member} of another mesh"] = Endpoint(labels | {NAMESPACE: here, _APLICACAO: other}, cluster)
    found["another pod"] = Endpoint({"app": "another", NAMESPACE: here}, cluster)
    for name in _BACKENDS:
        backend = case.backends[name]
        found[name] = Endpoint({**backend["labels"], NAMESPACE: backend["namespace"]}, cluster)
    found["gateway"] = Endpoint({"reserved:ingress": ""}, cluster | {"ingress"})
    found["the world"] = Endpoint({"reserved:world": ""}, frozenset({"world", "all"}))
    for name in ("remote-node", "kube-apiserver"):
        found[name] = Endpoint({f"reserved:{name}": ""}, cluster | {name})
    for each in others:
        if each["name"] in found:
            raise ValueError(f"{each['name']} is named twice")
        entities = frozenset({"world", "all"}) if "reserved:world" in each["labels"] else cluster
        found[each["name"]] = Endpoint(each["labels"], entities, each["host"], each["address"])
    return found


class _Trial:
    def __init__(self, case: Case, everybody: dict[str, Endpoint]) -> None:
        self.case, self.members = case, case.members
        self.world = World(everybody, case.rendered_objects)
        listening = {port for each in self.members if (port := case.port(each)) is not None}
        points = self.world.ports | listening | {53, _NOBODYS_PORT}
        self.points = [port for port in sorted(points) if 0 < port < 65536]
        self.direct = [each for each in case.contracts if shape(each) != "PubSub"]

    def problem(self, given: list[Row]) -> str | None:
        """Return the first row that is not so, or that is missing."""
        if lonely := self.world.nobody():
            return f"nobody stands for {lonely}"
        stated = {_key(row): row for row in given}
        if len(stated) != len(given):
            return "a row is there twice"
        for row in self._rows():
            found = stated.pop(_key(row), None)
            if found is None:
                return f"this row is missing: {row}"
            wrong = self._differs(row, found)
            if wrong is not None:
                return wrong
        return f"this row is not so: {next(iter(stated.values()))}" if stated else None

    def _differs(self, row: Row, found: Row) -> str | None:
        witnesses = found.get("wrong", [])
        if "wrong" in row:
            true = [each for each in witnesses if self._is_wrong(row, each)]
            if len(true) != len(witnesses):
                return f"this witness is none: {next(each for each in witnesses if each not in true)}"
            row = row | {"wrong": witnesses, "holds": row["holds"] and not witnesses}
            if not row["holds"] and not witnesses:
                return f"a request goes otherwise than declared: {row['from']} → {row['to']}"
        return None if row == found else f"this row is not so: {found}"

    def _rows(self) -> Iterator[Row]:
        opened: set[tuple[str, str, int, str]] = set()
        for member in self.members:
            for way in ("ingress", "egress"):
                enforced = self.world.is_enforced(member, way)
                yield {"member": member, "direction": way, "enforced": enforced, "holds": enforced}
        for source, target in self._pairs():
            for port in self.points:
                for protocol in ("TCP", "UDP"):
                    says = self.world.opening(source, target, port, protocol)
                    if says is not None:
                        opened.add((source, target, port, protocol))
                        row = {"from": source, "to": target, "port": port, "protocol": protocol, "says": says}
                        yield row | self._judged(source, target, port, protocol, says)
        yield from self._closed(opened)
        yield from self._wants(opened)

    def _pairs(self) -> list[tuple[str, str]]:
        found: dict[tuple[str, str], None] = {}
        for member in self.members:
            inward = set(self.members)
            if self.world.is_enforced(member, "ingress"):
                inward = self.world.reachable(member, "ingress")
            found |= {(each, member): None for each in sorted(inward)}
            if self.world.is_enforced(member, "egress"):
                outward = self.world.reachable(member, "egress") - set(self.members)
                found |= {(member, each): None for each in sorted(outward)}
        return list(found)

    def _judged(self, source: str, target: str, port: int, protocol: str, says: Mapping[str, Any]) -> Row:
        if target not in self.members:
            return {"holds": self._leaves(source, target, port)}
        listens = protocol == "TCP" and port == self.case.port(target)
        if source == "gateway":
            return {"holds": listens and mapping(self.case.manifest.get("entrada")).get("para") == target}
        contracts = self._contracts(source, target)
        if not listens or not contracts:
            return {"holds": False}
        if any(shape(each) != "Http" for each in contracts):
            return {"holds": not says["egress"] and not says["ingress"]}
        tried = all(
            _passes(says, method, path) == _declared(contracts, method, path)
            for path in _paths(contracts)
            for method in ("GET", "PUT", *(each["method"] for each in contracts if "method" in each))
        )
        return {"wrong": [], "holds": tried}

    def _contracts(self, source: str, target: str) -> list[Mapping[str, Any]]:
        return [each for each in self.direct if (each["de"], each["para"]) == (source, target)]

    def _is_wrong(self, row: Row, witness: Mapping[str, Any]) -> bool:
        method, path = witness["method"], witness["path"]
        passes = _passes(row["says"], method, path)
        declared = _declared(self._contracts(row["from"], row["to"]), method, path)
        told = {"method": method, "path": path, "admitted": passes, "declared": declared}
        return witness == told and passes != declared

    def _leaves(self, member: str, target: str, port: int) -> bool | None:
        tokens = self.case.tokens(member) or []
        if target in _BACKENDS:
            return port == self.case.backends[target]["port"] and target in self._needs(member)
        if target == "kube-apiserver":
            return any(each.startswith("kube-") for each in tokens)
        end = self.world.endpoints[target]
        places = [place for token in tokens for place in _places(token)]
        if NAMESPACE not in end.labels:
            host = end.host or end.address or ("*" if target == "the world" else "")
            return any(port in ports and (host == each or fnmatchcase(host, each)) for each, ports in places)
        service = [each for each, ports in places if port in ports and ("." not in each or ".svc" in each)]
        return None if any("*" not in each or ".svc" in each for each in service) else False

    def _needs(self, member: str) -> set[str]:
        mine = [each for each in self.case.contracts if member in (each["de"], each["para"])]
        tokens = self.case.tokens(member) or []
        trigger = mapping(mapping(mapping(self.case.units[member].get("spec")).get("trigger")).get("event"))
        words = [str(trigger.get("source", "")), *(each["wit"] for each in mine if shape(each) == "PubSub")]
        found = {"dns"}
        for name, kind in (("nats", "nats-"), ("kafka", "kafka-")):
            if any(word.startswith(name + ":") for word in words) or any(
                each.startswith(kind) for each in tokens
            ):
                found.add(name)
        if any(shape(each) == "Store" for each in mine) or any(each.startswith("kv-") for each in tokens):
            found.add("store")
        return found

    def _closed(self, opened: set[tuple[str, str, int, str]]) -> Iterator[Row]:
        wanted = dict.fromkeys((each["de"], each["para"]) for each in self.direct)
        entrance = self.case.manifest.get("entrada")
        wanted |= {("gateway", entrance["para"]): None} if entrance else {}
        for source, target in wanted:
            port = self.case.port(target)
            if port is None or (source, target, port, "TCP") not in opened:
                row = {"from": source, "to": target, "port": port, "protocol": "TCP", "closed": True}
                yield row | {"holds": False}

    def _wants(self, opened: set[tuple[str, str, int, str]]) -> Iterator[Row]:
        callers = {each["de"] for each in self.direct}
        for member in self.members:
            wits = [each["wit"] for each in self.case.contracts
                    if member in (each["de"], each["para"]) and shape(each) == "PubSub"]  # fmt: skip
            wanted = [("dns", "UDP")] if member in callers else []
            wanted += [
                (each, "TCP") for each in ("nats", "kafka") if any(w.startswith(each + ":") for w in wits)
            ]
            for name, protocol in wanted:
                port = self.case.backends[name]["port"]
                holds = (member, name, port, protocol) in opened or not self.world.is_enforced(member, "egress")
                yield {"member": member, "wants": name, "port": port, "protocol": protocol, "holds": holds}


def _key(row: Row) -> tuple[Any, ...]:
    keys = ("member", "direction", "wants", "from", "to", "port", "protocol", "closed", "policy")
    return tuple(row.get(key) for key in keys)


def _declared(contracts: list[Mapping[str, Any]], method: str, path: str) -> bool:
    return any(each.get("method", method) == method and means(each["endpoint"], path) for each in contracts)


def _passes(says: Mapping[str, list[Mapping[str, str]]], method: str, path: str) -> bool:
    return all(not rules or any(_fits(rule, method, path) for rule in rules) for rules in says.values())


def _fits(rule: Mapping[str, str], method: str, path: str) -> bool:
    asked = {"path": path, "method": method, "host": ""}
    return all(not each or re.fullmatch(each, asked[key]) is not None for key, each in rule.items())


def _paths(contracts: list[Mapping[str, Any]]) -> Iterator[str]:
    """Yield paths of, near and beside the endpoints, with queries and without."""
    yield from ("/", "/nothing/of/the/kind", "*")
    for contract in contracts:
        for value in ("7", "seven.7", "a%2Fb", ""):
            parts = [
                value if re.fullmatch(r":[A-Za-z_][-\w]*", each) else each
                for each in contract["endpoint"].split("/")
            ]
            path = "/".join(parts)
            yield from (path, path + "/", path + "/more", path[:-1], path + "y", "/y" + path, path.swapcase())
            yield from (path + "?", path + "?a=b&c", path + "?to=/x/y?z", path + "/?", path + "#a")
            yield from (
                path[:at] + "y" + path[at + 1 :] for at, each in enumerate(path) if not each.isalnum() and at
            )


def _places(token: str) -> Iterator[tuple[str, set[int]]]:
    """Yield the hosts that a token names, with their ports."""
    kind, _, scope = token.partition("@")
    if token.startswith("http-out:"):
        yield _bare(token[len("http-out:") :]), {80, 443}
    elif kind.startswith(("kv-", "prom-query")):
        found = re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^:/\s]+):([0-9]{1,5})", scope)
        if found and (kind == "prom-query" or kind.startswith("kv-")):
            yield _bare(found[1]), {int(found[2])}
    elif kind.startswith("oci-"):
        yield _bare(scope.split("/")[0]), {443}
    elif kind.startswith("db-connect"):
        try:
            url = urlsplit(scope if "://" in scope else "//" + scope)
            port = url.port or _DATABASES.get(url.scheme, 5432)
        except ValueError:
            return
        if url.hostname:
            yield _bare(url.hostname), {port}


def _bare(host: str) -> str:
    return host.strip("[]").rstrip(".").lower()
