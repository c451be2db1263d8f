"""Which policies hold on an edge of a mesh, and how long times are written for those who enforce them."""

from __future__ import annotations

from dataclasses import fields, replace

from caixa.manifest.model import Caixa, Contrato, Politicas

__all__ = ["effective", "envoy_duration", "gateway_duration", "traffic_of"]

_NOTHING = Politicas()
_FIELDS = tuple(each.name for each in fields(Politicas))
_UNITS = (("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1))


def effective(caixa: Caixa, contrato: Contrato) -> Politicas:
    """Return what holds on an edge: what its contract sets, and the mesh's own where that is silent."""
    mesh, own = caixa.politicas or _NOTHING, contrato.politicas
    if own is None:
        return mesh
    said = {name: getattr(own, name) for name in _FIELDS if getattr(own, name) is not None}
    return replace(mesh, **said)


def traffic_of(politicas: Politicas | None) -> Politicas:
    """Return the part that a proxy enforces: all but mutual authentication, which is a network policy's."""
    return replace(politicas or _NOTHING, mtls_required=None)


def gateway_duration(nanoseconds: int) -> str:
    """Return a duration as the Gateway API writes it (GEP-2257), rounded up to milliseconds.

    Rounded up, since zero would mean no limit; at most 99999 hours, since five digits is all that there is.
    """
    left = min(_milliseconds(nanoseconds), 99_999 * 3_600_000)
    parts = []
    for unit, size in _UNITS:
        count, left = divmod(left, size)
        parts += [f"{count}{unit}"] if count else []
    return "".join(parts) or "0s"


def envoy_duration(nanoseconds: int) -> str:
    """Return a duration as protocol buffers have it in JSON: seconds, here rounded up to milliseconds."""
    seconds, milliseconds = divmod(_milliseconds(nanoseconds), 1000)
    return f"{seconds}.{milliseconds:03}s" if milliseconds else f"{seconds}s"


def _milliseconds(nanoseconds: int) -> int:
    return -(-nanoseconds // 1_000_000)
