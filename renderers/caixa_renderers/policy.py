r"""Who may talk to whom, as CiliumNetworkPolicies (caixa.md section 4.3, defects G2 and G7 to G13 mended).

Everything in a mesh is refused (`default_deny`) but what a contract allows (`contract_policies`) and the
gateway at the entrance (`entrance_policy`). A contract over a broker opens nothing between the two members,
since what they say goes through the broker. Cilium ORs the rules of all policies that select a pod, and an
HTTP path is a regular expression that must match the whole path.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from caixa.manifest.model import ContratoShape

from .computeunit import DEFAULT_PORT
from .names import APLICACAO, CONTRATO, edge_name, label_value, membership, object_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from caixa.manifest.model import Caixa, Contrato

__all__ = [
    "contract_policies",
    "default_deny",
    "edges",
    "entrance_policy",
    "guards",
    "path_regex",
    "policies",
    "port_of",
]

_METACHARACTERS = re.compile(r"[.^$*+?()\[\]{}|\\]")
_PARAMETER = re.compile(r":[A-Za-z_][\w-]*")


def path_regex(endpoint: str) -> str:
    r"""Return the expression that matches the paths of a route template, whole: `/a.b/:id` is `/a\.b/[^/]+`."""
    return "/".join(map(_segment, endpoint.split("/")))


def _segment(segment: str) -> str:
    if _PARAMETER.fullmatch(segment):
        return "[^/]+"
    return _METACHARACTERS.sub(lambda found: "\\" + found[0], segment)


def edges(caixa: Caixa) -> dict[tuple[str, str], tuple[Contrato, ...]]:
    """Return the contracts by (de, para) that are direct calls, pairs in order of their first contract."""
    pairs: dict[tuple[str, str], tuple[Contrato, ...]] = {}
    for contrato in caixa.contratos:
        if contrato.shape.is_synchronous:
            pair = contrato.de, contrato.para
            pairs[pair] = (*pairs.get(pair, ()), contrato)
    return pairs


def port_of(caixa: Caixa, membro: str, ports: Mapping[str, int]) -> int:
    """Return the port on which a member listens: its unit's, else the entrance's if it is that, else 8080."""
    entrada = caixa.entrada
    declared = entrada.port if entrada and entrada.para == membro else DEFAULT_PORT
    return ports.get(membro, declared)


def policies(
    caixa: Caixa, ports: Mapping[str, int] | None = None, namespace: str = "tatara-system"
) -> tuple[dict[str, Any], ...]:
    """Return every policy of the mesh: one for each calling pair, then the guards. `ports` are by member."""
    return (*contract_policies(caixa, ports or {}, namespace), *guards(caixa, ports or {}, namespace))


def contract_policies(caixa: Caixa, ports: Mapping[str, int], namespace: str) -> tuple[dict[str, Any], ...]:
    """Return one policy for each pair of members with a direct call, all their contracts in it."""
    return tuple(
        _contract(caixa, contratos, port_of(caixa, para, ports), namespace)
        for (_, para), contratos in edges(caixa).items()
    )


def guards(caixa: Caixa, ports: Mapping[str, int], namespace: str) -> tuple[dict[str, Any], ...]:
    """Return what holds whatever the contracts are: nothing gets in, but the gateway at the entrance."""
    door = () if caixa.entrada is None else (entrance_policy(caixa, ports, namespace),)
    return (default_deny(caixa, namespace), *door)


def default_deny(caixa: Caixa, namespace: str) -> dict[str, Any]:
    """Return the policy that refuses all incoming traffic of every member: one rule that allows nobody."""
    selector = {APLICACAO: label_value(caixa.nome)}
    spec = {"endpointSelector": {"matchLabels": selector}, "ingress": [{}]}
    return _policy(caixa, object_name(caixa.nome, "default-deny"), namespace, {}, spec)


def entrance_policy(caixa: Caixa, ports: Mapping[str, int], namespace: str) -> dict[str, Any]:
    """Return the policy that lets Cilium's gateway reach the entrance member.

    It asks for no mutual authentication: the gateway's identity is a reserved one, for which Cilium does none.
    """
    assert caixa.entrada is not None
    membro = caixa.entrada.para
    rule = {"fromEntities": ["ingress"], "toPorts": [_port(port_of(caixa, membro, ports))]}
    spec = {"endpointSelector": {"matchLabels": membership(membro, caixa.nome)}, "ingress": [rule]}
    return _policy(caixa, object_name(caixa.nome, "entrada"), namespace, {}, spec)


def _contract(caixa: Caixa, contratos: Sequence[Contrato], port: int, namespace: str) -> dict[str, Any]:
    de, para = contratos[0].de, contratos[0].para
    edge = edge_name(de, para)
    rule = {
        "fromEndpoints": [{"matchLabels": membership(de, caixa.nome)}],
        "toPorts": [_port(port) | _http(contratos)],
    } | _authentication(caixa)
    spec = {"endpointSelector": {"matchLabels": membership(para, caixa.nome)}, "ingress": [rule]}
    return _policy(caixa, object_name(caixa.nome, edge), namespace, {CONTRATO: label_value(edge)}, spec)


def _policy(
    caixa: Caixa, name: str, namespace: str, labels: dict[str, str], spec: dict[str, Any]
) -> dict[str, Any]:
    return {
        "apiVersion": "cilium.io/v2",
        "kind": "CiliumNetworkPolicy",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "labels": {APLICACAO: label_value(caixa.nome)} | labels,
        },
        "spec": spec,
    }


def _port(port: int) -> dict[str, Any]:
    return {"ports": [{"port": str(port), "protocol": "TCP"}]}


def _http(contratos: Sequence[Contrato]) -> dict[str, Any]:
    """Return the paths that a pair may call; nothing if one of its contracts is not HTTP and needs the port."""
    endpoints = [c.endpoint for c in contratos if c.shape is ContratoShape.HTTP and c.endpoint is not None]
    if len(endpoints) < len(contratos):
        return {}
    paths = dict.fromkeys(map(path_regex, endpoints))
    return {"rules": {"http": [{"path": path} for path in paths]}}


def _authentication(caixa: Caixa) -> dict[str, Any]:
    required = caixa.politicas.mtls_required if caixa.politicas else None
    if required is None:
        return {}
    return {"authentication": {"mode": "required" if required else "disabled"}}
