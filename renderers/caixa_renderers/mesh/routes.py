"""HTTPRoutes in front of members: the callee's Service is the parent (GAMMA), so they hold between members.

`timeouts` is in the standard channel of the Gateway API, `retry` only in the experimental one, and a cluster
refuses a field that its channel does not have: so each route carries a label with the channel that it needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..names import APLICACAO, CHANNEL, label_value, object_name
from .politicas import gateway_duration

if TYPE_CHECKING:
    from caixa.manifest.model import HttpMethod, Politicas

    from ..artifact import Channel
    from .calls import Callee, Endpoint, Group

__all__ = ["API_VERSION", "call_routes", "http_route", "match", "packed", "prefix_match", "rule_policies"]

API_VERSION = "gateway.networking.k8s.io/v1"
RETRIED = (502, 503, 504)  # what says that somebody between the two gave up, not that the callee answered

_MOST_RULES = 16  # of one HTTPRoute, by its schema
_MOST_MATCHES = 64  # of one rule, and twice that of a route
_LONGEST_PATH = 1024
_PLAIN = re.compile(r"/(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})*")
_NOT_PLAIN = re.compile(r"//|/\.\.?(/|$)|%2[fF]|#")


def call_routes(aplicacao: str, callee: Callee, namespace: str, channel: Channel) -> Iterator[dict[str, Any]]:
    """Yield the routes for calls to a member, as few as the limits of a route allow."""
    parent = {"group": "", "kind": "Service", "name": callee.nome, "port": callee.port}
    rules = [
        {
            "matches": matches,
            "backendRefs": [{"name": callee.nome, "port": callee.port}],
        }
        | rule_policies(group.traffic, channel)
        for group in callee.groups
        for matches in _matches(group)
    ]
    for number, chunk in enumerate(packed(rules), 1):
        name = f"{callee.nome}.calls" + (f".{number}" if number > 1 else "")
        yield http_route(aplicacao, object_name(aplicacao, name), namespace, {"parentRefs": [parent]}, chunk)


def http_route(
    aplicacao: str, name: str, namespace: str, head: dict[str, Any], rules: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """Return an HTTPRoute, labelled with the channel that its rules need."""
    channel = "experimental" if any("retry" in rule for rule in rules) else "standard"
    labels = {APLICACAO: label_value(aplicacao), CHANNEL: channel}
    return {
        "apiVersion": API_VERSION,
        "kind": "HTTPRoute",
        "metadata": {"name": name, "namespace": namespace, "labels": labels},
        "spec": head | {"rules": list(rules)},
    }


def rule_policies(traffic: Politicas, channel: Channel) -> dict[str, Any]:
    """Return the fields of a rule that enforce policies, as far as the channel has them."""
    found: dict[str, Any] = {}
    if traffic.timeout is not None:
        found["timeouts"] = {"request": gateway_duration(traffic.timeout)}
    if traffic.retries is not None and channel == "experimental":
        found["retry"] = {"attempts": traffic.retries, "codes": list(RETRIED)}
    return found


def match(endpoint: Endpoint) -> dict[str, Any]:
    """Return the match of an endpoint: exact where it is a plain path, else an expression."""
    if endpoint.is_literal and _is_plain(endpoint.template):
        return _with_method({"type": "Exact", "value": endpoint.template}, endpoint.method)
    return _with_method({"type": "RegularExpression", "value": endpoint.expression}, endpoint.method)


def prefix_match(path: str, expression: str) -> dict[str, Any]:
    """Return the match of all that lies at or below a path; `expression` is for the path alone."""
    if _is_plain(path):
        return {"path": {"type": "PathPrefix", "value": path}}
    return {"path": {"type": "RegularExpression", "value": f"{expression.rstrip('/')}(/.*)?"}}


def packed(rules: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Yield the rules in lists that one route may have: by their number, and by that of their matches."""
    chunk: list[dict[str, Any]] = []
    for rule in rules:
        matches = sum(len(each["matches"]) for each in chunk) + len(rule["matches"])
        if chunk and (len(chunk) == _MOST_RULES or matches > 2 * _MOST_MATCHES):
            yield chunk
            chunk = []
        chunk.append(rule)
    if chunk:
        yield chunk


def _matches(group: Group) -> Iterator[list[dict[str, Any]]]:
    for at in range(0, len(group.endpoints), _MOST_MATCHES):
        yield [match(endpoint) for endpoint in group.endpoints[at : at + _MOST_MATCHES]]


def _with_method(path: dict[str, str], method: HttpMethod | None) -> dict[str, Any]:
    return {"path": path} if method is None else {"path": path, "method": str(method)}


def _is_plain(path: str) -> bool:
    """Whether the Gateway API takes a path as it is."""
    is_written_so = _PLAIN.fullmatch(path) is not None and _NOT_PLAIN.search(path) is None
    return is_written_so and len(path) <= _LONGEST_PATH
