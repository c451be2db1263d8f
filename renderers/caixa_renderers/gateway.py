"""The entrance of a mesh: a Gateway and its HTTPRoutes (caixa.md section 4.3, with the policies that G1 lost).

`timeouts` is in the standard channel of the Gateway API, `retry` only in the experimental one, and a cluster
refuses a field that its channel does not have: so the channel that the objects need is stated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .names import object_name

if TYPE_CHECKING:
    from caixa.manifest.model import Caixa, Entrada, Politicas

    from .artifact import Channel

__all__ = ["gateway", "gateway_duration", "needed_channel"]

_MOST_RULES = 16  # of one HTTPRoute, by its schema
_UNITS = (("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1))


def gateway(
    caixa: Caixa, namespace: str = "tatara-system", channel: Channel = "experimental"
) -> tuple[dict[str, Any], ...]:
    """Return the Gateway and the HTTPRoutes of the entrance; nothing for a mesh without one."""
    entrada = caixa.entrada
    if entrada is None:
        return ()
    rules = [_rule(entrada, path, _policies(caixa.politicas, channel)) for path in entrada.paths or ("/",)]
    groups = [rules[at : at + _MOST_RULES] for at in range(0, len(rules), _MOST_RULES)]
    routes = (_route(caixa, entrada, namespace, number, group) for number, group in enumerate(groups, 1))
    return (_gateway(caixa, entrada, namespace), *routes)


def needed_channel(caixa: Caixa, channel: Channel) -> Channel:
    """Return the channel that the objects need, where `channel` is the most that they may use."""
    has_retry = (
        caixa.entrada is not None and caixa.politicas is not None and caixa.politicas.retries is not None
    )
    return channel if has_retry else "standard"


def gateway_duration(nanoseconds: int) -> str:
    """Return a duration as the Gateway API writes it (GEP-2257), rounded up to milliseconds.

    Rounded up, since zero would mean no limit; at most 99999 hours, since five digits is all that there is.
    """
    left = min(-(-nanoseconds // 1_000_000), 99_999 * 3_600_000)
    parts = []
    for unit, size in _UNITS:
        count, left = divmod(left, size)
        parts += [f"{count}{unit}"] if count else []
    return "".join(parts) or "0s"


def _gateway(caixa: Caixa, entrada: Entrada, namespace: str) -> dict[str, Any]:
    listener = {"name": "http", "port": 80, "protocol": "HTTP", "hostname": entrada.host}
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "Gateway",
        "metadata": {"name": caixa.nome, "namespace": namespace},
        "spec": {"gatewayClassName": "cilium", "listeners": [listener]},
    }


def _route(
    caixa: Caixa, entrada: Entrada, namespace: str, number: int, rules: list[dict[str, Any]]
) -> dict[str, Any]:
    parts = (caixa.nome, entrada.para, *((str(number),) if number > 1 else ()))
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": {"name": object_name(*parts), "namespace": namespace},
        "spec": {"parentRefs": [{"name": caixa.nome}], "hostnames": [entrada.host], "rules": rules},
    }


def _rule(entrada: Entrada, path: str, policies: dict[str, Any]) -> dict[str, Any]:
    return {
        "matches": [{"path": {"type": "PathPrefix", "value": path}}],
        "backendRefs": [{"name": entrada.para, "port": entrada.port}],
    } | policies


def _policies(politicas: Politicas | None, channel: Channel) -> dict[str, Any]:
    if politicas is None:
        return {}
    timeouts = (
        {} if politicas.timeout is None else {"timeouts": {"request": gateway_duration(politicas.timeout)}}
    )
    if politicas.retries is None or channel == "standard":
        return timeouts
    return timeouts | {"retry": {"attempts": politicas.retries}}
