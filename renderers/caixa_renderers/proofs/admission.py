"""Proof 5: the policies let through what the contracts declare, and nothing else (substrate.md section 4.5).

The rendered set is run through a simulator of Cilium's semantics (`cilium`): every member under default deny in
both directions; every pair that has an opening judged at each port that a policy or a unit names, and at one
that nobody names; every HTTP opening judged at sample paths. The certificate lists every opening there is.

| opening | declared by |
|---|---|
| member → member | a contract that is a direct call: its endpoint's paths, or the bare port for one that is not HTTP |
| gateway → member | the entrada |
| member → the name server | anything, on its port |
| member → a broker, the store | a contract over it, an event that starts the member, or a token for it |
| member → a host outside | a token that names the host and the port |
| member → the API server | a token `kube-…` |
"""  # noqa: E501 - a table

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from caixa.manifest.model import ContratoShape, Kind

from ..servico.computeunit import service_port
from .capabilities import tokens_of
from .cilium import Http, InvalidPolicy, Network, UnmodelledPolicy, read_specs
from .model import Proof, Row, Standing, not_checked, shown, standing_of
from .places import places_of
from .sampling import METHODS, means, samples
from .surroundings import BACKENDS, GATEWAY, WORLD, described, endpoints

if TYPE_CHECKING:
    from caixa.manifest.model import Contrato

    from .case import Case
    from .cilium import Endpoint, Opening
    from .cilium.network import Side
    from .cilium.traffic import Protocol

__all__ = ["CLAIM", "NAME", "prove"]

NAME = "policies"
CLAIM = "the policies admit the contracts and nothing else"
_NOBODYS_PORT = 64999
_MOST_WITNESSES = 5


def prove(case: Case) -> Proof:
    """Run the rendered policies and compare with the contracts."""
    caixa = case.caixa
    if caixa.kind is not Kind.APLICACAO:
        return not_checked(NAME, CLAIM, f"{caixa.kind.indefinite} has no policies")
    if case.unrendered is not None:
        return not_checked(NAME, CLAIM, case.unrendered)
    if case.absent:
        names = ", ".join(case.absent)
        return not_checked(NAME, CLAIM, f"no unit of {names} is here: its labels and its port are not known")
    try:
        trial = _Trial(case)
    except UnmodelledPolicy as problem:
        return not_checked(NAME, CLAIM, str(problem))
    except InvalidPolicy as problem:
        row = {"policy": problem.policy, "invalid": problem.what, "holds": False}
        return Proof(NAME, CLAIM, Standing.REFUTED, f"Cilium refuses {problem}", certificate={"rows": [row]})
    rows: list[Row] = list(trial.rows())
    wrong = [_line(row) for standing in (False, None) for row in rows if row["holds"] is standing]
    because = wrong[0] if wrong else _summary(rows, trial)
    certificate = {"others": [each.to_json() for each in trial.others], "rows": rows}
    return Proof(NAME, CLAIM, standing_of(rows), because, shown(wrong), certificate)


class _Trial:
    """The members, their surroundings and the policies, with what the contracts declare."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.members = set(case.members)
        self.tried = 0
        specs = tuple(read_specs(case.objects))
        known = endpoints(case)
        self.others = described(specs, known)
        self.network = Network((*known, *self.others), specs=specs)
        self.ports = {name: service_port(unit) for name, unit in case.units.items()}
        listening = {port for port in self.ports.values() if port is not None}
        self.points = sorted(self.network.ports() | listening | {53, _NOBODYS_PORT})
        self.calls: dict[tuple[str, str], list[Contrato]] = {}
        for contrato in case.caixa.contratos:
            if contrato.shape.is_synchronous:
                self.calls.setdefault((contrato.de, contrato.para), []).append(contrato)
        ends: dict[str, list[Contrato]] = {name: [] for name in case.members}
        for contrato in case.caixa.contratos:
            for name in {contrato.de, contrato.para} & self.members:
                ends[name].append(contrato)
        self.needed = {name: _needs(case, name, contratos) for name, contratos in ends.items()}
        self.places = {
            name: [place for token in tokens_of(unit) for place in places_of(token)]
            for name, unit in case.units.items()
        }
        self.spoken = {name: _spoken(contratos) for name, contratos in ends.items()}

    def rows(self) -> Iterator[Row]:
        """Yield the rows: what is enforced, what is open, and what is declared and closed."""
        opened: set[tuple[str, str, int, str]] = set()
        for name in self.case.members:
            for direction in ("ingress", "egress"):
                side = self.network.side(name, direction)
                yield {
                    "member": name,
                    "direction": direction,
                    "enforced": side.enforced,
                    "holds": side.enforced,
                }
        for source, target in self._pairs():
            for row in self._openings(source, target):
                opened.add((row["from"], row["to"], row["port"], row["protocol"]))
                yield row
        yield from self._closed(opened)
        yield from self._wanting(opened)

    def _pairs(self) -> Iterator[tuple[Endpoint, Endpoint]]:
        """Yield the pairs with a member that may have an opening; of a side that is open, members only."""
        network = self.network
        for name in self.case.members:
            ingress, egress = network.side(name, "ingress"), network.side(name, "egress")
            member = network.endpoint(name)
            for source in network.members_of(self._others(ingress)):
                if self._reaches(source, name):
                    yield source, member
            for target in network.members_of(self._others(egress)):
                if target.name not in self.members:
                    yield member, target

    def _others(self, side: Side) -> int:
        """Return who may pass a side; if that is everybody, only the members, since a row says the rest."""
        if side.enforced:
            return side.reachable(self.network.everyone)
        return sum(self.network.bit(name) for name in self.case.members)

    def _reaches(self, source: Endpoint, target: str) -> bool:
        if source.name not in self.members:
            return True
        side = self.network.side(source.name, "egress")
        return bool(side.reachable(self.network.everyone) & self.network.bit(target))

    def _openings(self, source: Endpoint, target: Endpoint) -> Iterator[Row]:
        protocols: tuple[Protocol, ...] = ("TCP", "UDP")
        for port in self.points:
            for protocol in protocols:
                opening = self.network.opening(source.name, target.name, port, protocol)
                if opening is not None:
                    row = {"from": source.name, "to": target.name, "port": port, "protocol": protocol}
                    yield {
                        **row,
                        "says": opening.to_json(),
                        **self._judge(source, target, port, protocol, opening),
                    }

    def _judge(
        self, source: Endpoint, target: Endpoint, port: int, protocol: str, opening: Opening
    ) -> dict[str, Any]:
        if target.name not in self.members:
            return {"holds": self._may_leave(source.name, target, port)}
        listening = protocol == "TCP" and port == self.ports.get(target.name)
        if source.name == GATEWAY:
            entrada = self.case.caixa.entrada
            return {"holds": listening and entrada is not None and entrada.para == target.name}
        contratos = self.calls.get((source.name, target.name), ())
        if not listening or not contratos:
            return {"holds": False}
        if any(each.shape is not ContratoShape.HTTP for each in contratos):
            return {"holds": opening.passes(None)}  # bytes of any kind are declared
        count, fared = _try(opening, contratos)
        self.tried += count
        return fared

    def _may_leave(self, member: str, target: Endpoint, port: int) -> bool | None:
        if target.name in BACKENDS:
            backend = getattr(self.case.backends, target.name)
            return port == backend.port and target.name in self.needed[member]
        if target.name == "kube-apiserver":
            return any(each.startswith("kube-") for each in tokens_of(self.case.units[member]))
        places = self.places[member]
        if not target.is_managed:
            host = target.host or target.address or ("*" if target.name == WORLD else "")
            return any(each.holds(host, port) for each in places)
        # A token names a service, and which pods those are no object here says.
        return None if any(each.is_of_cluster and port in each.ports for each in places) else False

    def _closed(self, opened: set[tuple[str, str, int, str]]) -> Iterator[Row]:
        """Yield what is declared and has no opening."""
        wanted = [(de, para) for de, para in self.calls if de in self.members and para in self.members]
        entrada = self.case.caixa.entrada
        for source, target in (*wanted, *([(GATEWAY, entrada.para)] if entrada else ())):
            port = self.ports.get(target)
            if port is None or (source, target, port, "TCP") not in opened:
                yield {
                    "from": source,
                    "to": target,
                    "port": port,
                    "protocol": "TCP",
                    "closed": True,
                    "holds": False,
                }

    def _wanting(self, opened: set[tuple[str, str, int, str]]) -> Iterator[Row]:
        """Yield what a contract makes a member need beside the other members: names, and its broker."""
        callers = {de for de, _ in self.calls}
        for name in self.case.members:
            wanted = [("dns", "UDP")] if name in callers else []
            wanted += [(each, "TCP") for each in ("nats", "kafka") if each in self.spoken[name]]
            for backend, protocol in wanted:
                port = getattr(self.case.backends, backend).port
                is_open = (name, backend, port, protocol) in opened
                is_open = is_open or not self.network.side(name, "egress").enforced
                yield {"member": name, "wants": backend, "port": port, "protocol": protocol, "holds": is_open}


def _try(opening: Opening, contratos: Sequence[Contrato]) -> tuple[int, dict[str, Any]]:
    """Return how many samples were tried on an opening, and how they fared, with the first that went wrong."""
    wrong: list[dict[str, Any]] = []
    paths = samples(tuple(each.endpoint or "" for each in contratos))
    names_methods = any(each.method for each in contratos) or opening.names_methods
    methods = METHODS if names_methods else METHODS[:1]  # else what passes by one passes by each
    for path in paths:
        meant = [each.method for each in contratos if means(each.endpoint or "", path)]
        for method in methods:
            declared = None in meant or method in meant
            if opening.passes(Http(path, method)) != declared:
                wrong.append({"method": method, "path": path, "admitted": not declared, "declared": declared})
    return len(paths) * len(methods), {"wrong": wrong[:_MOST_WITNESSES], "holds": not wrong}


def _needs(case: Case, member: str, contratos: Sequence[Contrato]) -> set[str]:
    """Return the backends that something of a member speaks of."""
    found = {"dns"} | _spoken(contratos)
    found |= {"store"} if any(each.shape is ContratoShape.STORE for each in contratos) else set()
    found |= {
        backend
        for backend, kind in (("nats", "nats-"), ("kafka", "kafka-"), ("store", "kv-"))
        if any(token.startswith(kind) for token in tokens_of(case.units[member]))
    }
    source = _event_source(case.units[member])
    return found | {each for each in ("nats", "kafka") if source.startswith(f"{each}:")}


def _spoken(contratos: Sequence[Contrato]) -> set[str]:
    """Return the brokers that contracts go over."""
    return {each.wit.partition(":")[0] for each in contratos if each.shape is ContratoShape.PUBSUB}


def _event_source(unit: Mapping[str, Any]) -> str:
    found: Any = unit
    for key in ("spec", "trigger", "event", "source"):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else ""


def _line(row: Row) -> str:
    if "enforced" in row:
        return f"nothing restricts the {row['direction']} of {row['member']}"
    if "wants" in row:
        return f"{row['member']} cannot reach {row['wants']} ({row['port']}/{row['protocol']}), which it needs"
    where = f"{row['from']} → {row['to']}:{row['port']}/{row['protocol']}"
    if row.get("closed"):
        return f"{where} is declared and refused"
    if row["holds"] is None:
        return (
            f"{where}: not checked, because which pods stand behind a service that a token names is not known"
        )
    if not row.get("wrong"):
        return f"{where} is open, and no contract declares it"
    first = row["wrong"][0]
    verdict = "passes, and no contract declares it" if first["admitted"] else "is declared and refused"
    return f"{where}: {first['method']} {first['path'] or '(no path)'} {verdict}"


def _summary(rows: Sequence[Row], trial: _Trial) -> str:
    openings = [row for row in rows if "says" in row]
    pairs = len(trial.members) * (len(trial.network.endpoints) - 1)
    return f"{len(openings)} openings, all declared; {pairs:,} pairs, {trial.tried:,} requests tried"
