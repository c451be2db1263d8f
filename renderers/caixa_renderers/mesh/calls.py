"""What is called on each member and which policies hold there: the model behind routes and Envoy's listeners.

Both lie in front of the callee and cannot tell its callers apart. So where callers of one endpoint set
different policies, the mesh's own hold there, and the contracts that lose by it are listed (`overruled`). A
port on which something else than HTTP is spoken gets no proxy at all (`is_opaque`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from caixa.manifest.model import ContratoShape, HttpMethod, Politicas

from .members import UNKNOWN
from .policy import path_template, port_of
from .politicas import effective, traffic_of

if TYPE_CHECKING:
    from caixa.manifest.model import Caixa, Contrato

    from ..artifact import Channel
    from .members import Roster

__all__ = ["Callee", "Endpoint", "Group", "Means", "callees", "means_of"]

_SILENT = Politicas()


class Means(Enum):
    """What carries the policies of a callee."""

    NOTHING = "nothing"
    ROUTE = "HTTPRoute"
    ENVOY = "CiliumEnvoyConfig"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A route template and a method, None for any."""

    template: str
    method: HttpMethod | None = None

    @property
    def is_literal(self) -> bool:
        """Whether the template has no parameters."""
        return not any(segment.startswith(":") and len(segment) > 1 for segment in self.template.split("/"))

    @property
    def expression(self) -> str:
        """The expression for the whole path, without a query."""
        return path_template(self.template)


@dataclass(frozen=True, slots=True)
class Group:
    """Endpoints of one member on which the same policies hold."""

    endpoints: tuple[Endpoint, ...]
    traffic: Politicas


@dataclass(frozen=True, slots=True)
class Callee:
    """A member that others call. `overruled` are the contracts, by index, whose own policies do not hold."""

    nome: str
    port: int
    groups: tuple[Group, ...]
    overruled: tuple[int, ...] = ()
    is_opaque: bool = False

    @property
    def asks(self) -> bool:
        """Whether any policy is to be enforced on calls to it."""
        return any(group.traffic != _SILENT for group in self.groups)


def callees(caixa: Caixa, known: Roster = UNKNOWN) -> Iterator[Callee]:
    """Yield the members that are called directly, in order of their first contract."""
    called: dict[str, list[tuple[int, Contrato]]] = {}
    for index, contrato in enumerate(caixa.contratos):
        if contrato.shape.is_synchronous:
            called.setdefault(contrato.para, []).append((index, contrato))
    for nome, contratos in called.items():
        yield _callee(caixa, nome, port_of(caixa, nome, known), contratos)


def means_of(callee: Callee, channel: Channel) -> Means:
    """Return what carries the policies: an HTTPRoute, or Envoy's own terms for what that cannot say."""
    if callee.is_opaque or not callee.asks:
        return Means.NOTHING
    beyond = any(_is_beyond_routes(group.traffic, channel) for group in callee.groups)
    return Means.ENVOY if beyond else Means.ROUTE


def _is_beyond_routes(traffic: Politicas, channel: Channel) -> bool:
    retries = traffic.retries is not None and channel == "standard"
    return retries or traffic.circuit_breaker is not None or traffic.rate_limit is not None


def _callee(caixa: Caixa, nome: str, port: int, contratos: Sequence[tuple[int, Contrato]]) -> Callee:
    mesh = traffic_of(caixa.politicas)
    wanted: dict[Endpoint, dict[int, Politicas]] = {}
    for index, contrato in contratos:
        if contrato.shape is ContratoShape.HTTP:
            endpoint = Endpoint(contrato.endpoint or "/", contrato.method)
            wanted.setdefault(endpoint, {})[index] = traffic_of(effective(caixa, contrato))
    groups: dict[Politicas, list[Endpoint]] = {}
    overruled: list[int] = []
    for endpoint, asked in wanted.items():
        agreed = next(iter(asked.values())) if len(set(asked.values())) == 1 else mesh
        groups.setdefault(agreed, []).append(endpoint)
        overruled += [index for index, traffic in asked.items() if traffic != agreed]
    is_opaque = any(contrato.shape is not ContratoShape.HTTP for _, contrato in contratos)
    found = tuple(Group(tuple(endpoints), traffic) for traffic, endpoints in groups.items())
    return Callee(nome, port, found, tuple(sorted(overruled)), is_opaque)
