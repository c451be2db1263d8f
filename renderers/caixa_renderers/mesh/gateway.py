"""The entrance of a mesh: a Gateway with TLS, a redirect to it, and its HTTPRoutes (caixa.md 4.3, G1 and G15).

The Gateway refers to its certificate by the name of a Secret; with an issuer, an annotation has cert-manager
make it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..artifact import DEFAULTS
from ..names import APLICACAO, CHANNEL, label_value, object_name
from .policy import path_template
from .politicas import traffic_of
from .routes import API_VERSION, http_route, packed, prefix_match, rule_policies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from caixa.manifest.model import Caixa, Entrada

    from ..artifact import Options

__all__ = ["certificate_of", "gateway"]

_ISSUER = "cert-manager.io/cluster-issuer"
_MOVED = 301


def gateway(caixa: Caixa, options: Options = DEFAULTS) -> tuple[dict[str, Any], ...]:
    """Return the Gateway, the redirect and the HTTPRoutes of the entrance; nothing for a mesh without one."""
    entrada = caixa.entrada
    if entrada is None:
        return ()
    return (
        _gateway(caixa, entrada, options),
        _redirect(caixa, entrada, options),
        *_routes(caixa, entrada, options),
    )


def certificate_of(caixa: Caixa, options: Options) -> str:
    """Return the name of the Secret with the certificate of the entrance."""
    return options.certificate or object_name(caixa.nome, "tls")


def _gateway(caixa: Caixa, entrada: Entrada, options: Options) -> dict[str, Any]:
    tls = {"mode": "Terminate", "certificateRefs": [{"name": certificate_of(caixa, options)}]}
    metadata = {"name": caixa.nome, "namespace": options.namespace}
    labels = {"labels": {APLICACAO: label_value(caixa.nome), CHANNEL: "standard"}}
    issuer = {} if options.issuer is None else {"annotations": {_ISSUER: options.issuer}}
    return {
        "apiVersion": API_VERSION,
        "kind": "Gateway",
        "metadata": metadata | labels | issuer,
        "spec": {
            "gatewayClassName": "cilium",
            "listeners": [
                {"name": "http", "port": 80, "protocol": "HTTP", "hostname": entrada.host},
                {"name": "https", "port": 443, "protocol": "HTTPS", "hostname": entrada.host, "tls": tls},
            ],
        },
    }


def _redirect(caixa: Caixa, entrada: Entrada, options: Options) -> dict[str, Any]:
    """Return the route that sends whoever comes without TLS back with it."""
    moved = {"type": "RequestRedirect", "requestRedirect": {"scheme": "https", "statusCode": _MOVED}}
    name = object_name(caixa.nome, f"{entrada.para}.redirect")
    head = _head(caixa, entrada, "http")
    return http_route(caixa.nome, name, options.namespace, head, [{"filters": [moved]}])


def _routes(caixa: Caixa, entrada: Entrada, options: Options) -> Iterator[dict[str, Any]]:
    policies = rule_policies(traffic_of(caixa.politicas), options.channel)
    rules = [
        {
            "matches": [prefix_match(path, path_template(path))],
            "backendRefs": [{"name": entrada.para, "port": entrada.port}],
        }
        | policies
        for path in entrada.paths or ("/",)
    ]
    for number, chunk in enumerate(packed(rules), 1):
        parts = (caixa.nome, entrada.para, *((str(number),) if number > 1 else ()))
        head = _head(caixa, entrada, "https")
        yield http_route(caixa.nome, object_name(*parts), options.namespace, head, chunk)


def _head(caixa: Caixa, entrada: Entrada, listener: str) -> dict[str, Any]:
    return {
        "parentRefs": [{"name": caixa.nome, "sectionName": listener}],
        "hostnames": [entrada.host],
    }
