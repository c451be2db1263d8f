"""Policies in Envoy's own terms, where an HTTPRoute cannot say them: a CiliumEnvoyConfig for a callee.

Cilium hands what is sent to the callee's Service to the listener, on the node of the caller; the policies of
the network hold as before. What Envoy means by these settings is not quite what the slots mean, and
`enforcement` says where they differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..names import APLICACAO, label_value, object_name
from .politicas import envoy_duration

if TYPE_CHECKING:
    from caixa.manifest.model import CircuitBreaker, Politicas, RateLimit

    from .calls import Callee, Endpoint

__all__ = ["envoy_config"]

_TYPE = "type.googleapis.com/envoy."
_FILTER = f"{_TYPE}extensions.filters"
_LIMITER = "envoy.filters.http.local_ratelimit"
_LIMITER_TYPE = f"{_FILTER}.http.local_ratelimit.v3.LocalRateLimit"
_RETRIED = "connect-failure,refused-stream,gateway-error"  # as `routes.RETRIED`, for what never got there too
_ALWAYS = {"default_value": {"numerator": 100, "denominator": "HUNDRED"}}


def envoy_config(aplicacao: str, callee: Callee, namespace: str) -> dict[str, Any]:
    """Return the configuration of the proxy in front of a member."""
    name = object_name(aplicacao, f"{callee.nome}.calls")
    services = [{"name": callee.nome, "namespace": namespace, "listener": name, "ports": [callee.port]}]
    backends = [{"name": callee.nome, "namespace": namespace, "number": [str(callee.port)]}]
    breakers = list(dict.fromkeys(group.traffic.circuit_breaker for group in callee.groups))
    clusters = {breaker: f"{name}-{number}" for number, breaker in enumerate(breakers, 1)}
    limits = any(group.traffic.rate_limit is not None for group in callee.groups)
    return {
        "apiVersion": "cilium.io/v2",
        "kind": "CiliumEnvoyConfig",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "labels": {APLICACAO: label_value(aplicacao)},
        },
        "spec": {
            "services": services,
            "backendServices": backends,
            "resources": [
                _listener(name, is_limited=limits),
                _routes(name, callee, clusters),
                *(_cluster(cluster, callee, namespace, breaker) for breaker, cluster in clusters.items()),
            ],
        },
    }


def _listener(name: str, *, is_limited: bool) -> dict[str, Any]:
    router = _extension("envoy.filters.http.router", f"{_FILTER}.http.router.v3.Router")
    limiter = [_extension(_LIMITER, _LIMITER_TYPE, stat_prefix=name)] if is_limited else []
    manager = _extension(
        "envoy.filters.network.http_connection_manager",
        f"{_FILTER}.network.http_connection_manager.v3.HttpConnectionManager",
        stat_prefix=name,
        rds={"route_config_name": name},
        use_remote_address=True,
        skip_xff_append=True,
        http_filters=[*limiter, router],
    )
    listener = {"@type": f"{_TYPE}config.listener.v3.Listener", "name": name}
    return listener | {"filter_chains": [{"filters": [manager]}]}


def _routes(name: str, callee: Callee, clusters: dict[CircuitBreaker | None, str]) -> dict[str, Any]:
    host = {"name": name, "domains": ["*"], "routes": list(_ordered_routes(name, callee, clusters))}
    kind = f"{_TYPE}config.route.v3.RouteConfiguration"
    return {"@type": kind, "name": name, "virtual_hosts": [host]}


def _ordered_routes(
    name: str, callee: Callee, clusters: dict[CircuitBreaker | None, str]
) -> Iterator[dict[str, Any]]:
    """Yield the routes, the most exact first, since Envoy takes the first that matches."""
    pairs = [(endpoint, group.traffic) for group in callee.groups for endpoint in group.endpoints]
    for endpoint, traffic in sorted(pairs, key=lambda pair: (not pair[0].is_literal, pair[0].method is None)):
        route: dict[str, Any] = {"cluster": clusters[traffic.circuit_breaker]} | _action(traffic)
        limit = traffic.rate_limit
        config = {} if limit is None else {"typed_per_filter_config": {_LIMITER: _limiter(name, limit)}}
        yield {"match": _match(endpoint), "route": route} | config


def _match(endpoint: Endpoint) -> dict[str, Any]:
    path: dict[str, Any] = (
        {"path": endpoint.template} if endpoint.is_literal else {"safe_regex": {"regex": endpoint.expression}}
    )
    if endpoint.method is None:
        return path
    return path | {"headers": [{"name": ":method", "string_match": {"exact": str(endpoint.method)}}]}


def _action(traffic: Politicas) -> dict[str, Any]:
    """Return timeout and retries; without a timeout none, where Envoy would take 15 seconds."""
    timeout = "0s" if traffic.timeout is None else envoy_duration(traffic.timeout)
    if traffic.retries is None:
        return {"timeout": timeout}
    return {"timeout": timeout, "retry_policy": {"retry_on": _RETRIED, "num_retries": traffic.retries}}


def _limiter(name: str, limit: RateLimit) -> dict[str, Any]:
    return {
        "@type": f"{_LIMITER_TYPE}",
        "stat_prefix": name,
        "token_bucket": {
            "max_tokens": limit.rate,
            "tokens_per_fill": limit.rate,
            "fill_interval": f"{limit.window_seconds}s",
        },
        "filter_enabled": _ALWAYS,
        "filter_enforced": _ALWAYS,
    }


def _cluster(name: str, callee: Callee, namespace: str, breaker: CircuitBreaker | None) -> dict[str, Any]:
    return {
        "@type": f"{_TYPE}config.cluster.v3.Cluster",
        "name": name,
        "connect_timeout": "5s",
        "lb_policy": "ROUND_ROBIN",
        "type": "EDS",
        "eds_cluster_config": {"service_name": f"{namespace}/{callee.nome}:{callee.port}"},
    } | ({} if breaker is None else {"outlier_detection": _ejection(breaker)})


def _ejection(breaker: CircuitBreaker) -> dict[str, Any]:
    """Return when an instance of the callee is left out: after failures in a row, for the window each time."""
    window = envoy_duration(breaker.window)
    return {
        "consecutive_5xx": breaker.max_failures,
        "enforcing_consecutive_5xx": 100,
        "interval": "1s",
        "base_ejection_time": window,
        "max_ejection_time": window,
        "max_ejection_percent": 100,
    }


def _extension(name: str, kind: str, **config: Any) -> dict[str, Any]:
    return {"name": name, "typed_config": {"@type": kind} | config}
