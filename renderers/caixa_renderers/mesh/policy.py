r"""Who may talk to whom, as CiliumNetworkPolicies (caixa.md section 4.3, defects G2, G3 and G7 to G13 mended).

Everything in a mesh is refused in both directions (`default_deny`) but what a contract allows
(`contract_policies` where a call arrives, `egress` where it leaves), the gateway at the entrance
(`entrance_policy`), and what tokens and the name server need. A contract over a broker opens nothing between
the two members, since what they say goes through the broker. Cilium ORs the rules of all policies that select
a pod, and an HTTP path is a regular expression that must match the whole path and query.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from caixa.manifest.model import ContratoShape

from ..artifact import DEFAULTS
from ..names import CONTRATO, edge_name, label_value, object_name
from ..servico.computeunit import DEFAULT_PORT
from .egress import dns_policy, egress_policies
from .members import UNKNOWN
from .network import network_policy, peer, ports_of, whole_mesh
from .politicas import effective

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from caixa.manifest.model import Caixa, Contrato

    from ..artifact import Options
    from .members import Roster

__all__ = [
    "contract_policies",
    "default_deny",
    "edges",
    "entrance_policy",
    "guards",
    "path_regex",
    "path_template",
    "policies",
    "port_of",
]

_METACHARACTERS = re.compile(r"[.^$*+?()\[\]{}|\\]")
_PARAMETER = re.compile(r":[A-Za-z_][\w-]*")
_QUERY = r"(\?.*)?"


def path_template(endpoint: str) -> str:
    r"""Return the expression for the paths of a route template: `/a.b/:id` is `/a\.b/[^/?]+`."""
    return "/".join(map(_segment, endpoint.split("/")))


def path_regex(endpoint: str) -> str:
    r"""Return the anchored expression for the request lines of a route template, whose query may be any.

    To Cilium's rules the query is part of the path: `/charge` alone would refuse `/charge?dry-run=1`.
    """
    return f"^{path_template(endpoint)}{_QUERY}$"


def _segment(segment: str) -> str:
    if _PARAMETER.fullmatch(segment):
        return "[^/?]+"
    return _METACHARACTERS.sub(lambda found: "\\" + found[0], segment)


def edges(caixa: Caixa) -> dict[tuple[str, str], list[Contrato]]:
    """Return the contracts by (de, para) that are direct calls, pairs in order of their first contract."""
    pairs: dict[tuple[str, str], list[Contrato]] = {}
    for contrato in caixa.contratos:
        if contrato.shape.is_synchronous:
            pairs.setdefault((contrato.de, contrato.para), []).append(contrato)
    return pairs


def port_of(caixa: Caixa, membro: str, known: Roster = UNKNOWN) -> int:
    """Return the port on which a member listens: its unit's, else the entrance's if it is that, else 8080."""
    entrada = caixa.entrada
    declared = entrada.port if entrada and entrada.para == membro else DEFAULT_PORT
    return known.ports.get(membro, declared)


def policies(caixa: Caixa, known: Roster = UNKNOWN, options: Options = DEFAULTS) -> tuple[dict[str, Any], ...]:
    """Return every policy of the mesh: where calls arrive, where they leave, then the guards."""
    ports = [port_of(caixa, membro.caixa, known) for membro in caixa.membros]
    return (
        *contract_policies(caixa, known, options),
        *egress_policies(caixa, ports, known, options),
        *guards(caixa, known, options),
    )


def contract_policies(caixa: Caixa, known: Roster, options: Options) -> Iterator[dict[str, Any]]:
    """Yield one policy for each pair of members with a direct call, all their contracts in it."""
    for (_, para), contratos in edges(caixa).items():
        yield _contract(caixa, contratos, port_of(caixa, para, known), known, options)


def guards(caixa: Caixa, known: Roster, options: Options) -> tuple[dict[str, Any], ...]:
    """Return what holds whatever the contracts are: nothing passes but the gateway at the entrance, and DNS."""
    door = () if caixa.entrada is None else (entrance_policy(caixa, known, options),)
    return (default_deny(caixa, options), dns_policy(caixa, options), *door)


def default_deny(caixa: Caixa, options: Options) -> dict[str, Any]:
    """Return the policy that refuses all traffic of every member, each way by one rule that allows nobody."""
    spec = {"endpointSelector": whole_mesh(caixa.nome), "ingress": [{}], "egress": [{}]}
    return network_policy(caixa.nome, object_name(caixa.nome, "default-deny"), options.namespace, spec)


def entrance_policy(caixa: Caixa, known: Roster, options: Options) -> dict[str, Any]:
    """Return the policy that lets Cilium's gateway reach the entrance member.

    It asks for no mutual authentication: the gateway's identity is a reserved one, for which Cilium does none.
    """
    assert caixa.entrada is not None
    membro = caixa.entrada.para
    port = ports_of(port_of(caixa, membro, known))
    rule = {"fromEntities": ["ingress"], "toPorts": [port | _below(caixa.entrada.paths)]}
    spec = {"endpointSelector": peer(membro, caixa.nome), "ingress": [rule]}
    return network_policy(caixa.nome, object_name(caixa.nome, "entrada"), options.namespace, spec)


def _contract(
    caixa: Caixa, contratos: Sequence[Contrato], port: int, known: Roster, options: Options
) -> dict[str, Any]:
    de, para = contratos[0].de, contratos[0].para
    edge = edge_name(de, para)
    rule = {
        "fromEndpoints": [peer(de, caixa.nome, known.labels.get(de))],
        "toPorts": [ports_of(port) | _http(contratos)],
    } | _authentication(caixa, contratos)
    spec = {"endpointSelector": peer(para, caixa.nome), "ingress": [rule]}
    name = object_name(caixa.nome, edge)
    return network_policy(caixa.nome, name, options.namespace, spec, {CONTRATO: label_value(edge)})


def _below(paths: Sequence[str]) -> dict[str, Any]:
    """Return what a gateway may ask for: what lies at or below the paths of the entrance."""
    roots = [path_template(path).rstrip("/") for path in paths]
    if not all(roots):
        return {}
    found = dict.fromkeys(f"^{root}(/.*)?{_QUERY}$" for root in roots)
    return {"rules": {"http": [{"path": path} for path in found]}} if found else {}


def _http(contratos: Sequence[Contrato]) -> dict[str, Any]:
    """Return what a pair may ask for; nothing if one of its contracts is not HTTP and needs the port."""
    if any(each.shape is not ContratoShape.HTTP for each in contratos):
        return {}
    asked = dict.fromkeys((path_regex(each.endpoint or ""), each.method) for each in contratos)
    return {"rules": {"http": [_request(path, method) for path, method in asked]}}


def _request(path: str, method: str | None) -> dict[str, str]:
    return {"path": path} if method is None else {"method": str(method), "path": path}


def _authentication(caixa: Caixa, contratos: Sequence[Contrato]) -> dict[str, Any]:
    """Return the mode of a pair, which Cilium keeps by identity: required once any of its contracts says so."""
    asked = {effective(caixa, each).mtls_required for each in contratos}
    if True in asked:
        return {"authentication": {"mode": "required"}}
    return {"authentication": {"mode": "disabled"}} if False in asked else {}
