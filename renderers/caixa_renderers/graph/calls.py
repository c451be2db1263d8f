"""Whom a Servico may call: the hosts that its capabilities name, in its manifest or in its ComputeUnit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from caixa.manifest.capability import HttpOut, parse_capability

from ..errors import RenderError
from ..servico import computeunit

if TYPE_CHECKING:
    from caixa.manifest.package import Package

__all__ = ["callees"]


def callees(package: Package) -> Iterator[str]:
    """Yield the first part of each host that the package may call: of a Service in the cluster, its name."""
    for token in _granted(package):
        capability = parse_capability(token) if isinstance(token, str) else None
        if isinstance(capability, HttpOut):
            yield capability.host.partition(":")[0].partition(".")[0]


def _granted(package: Package) -> Iterable[object]:
    yaml = (data for path, data in package.files.items() if path.endswith((".yaml", ".yml")))
    if not any(b"http-out:" in data for data in yaml):
        return package.caixa.capabilities  # reading YAML takes long, and most pictures need none
    try:
        unit, _ = computeunit.load(package)
    except RenderError:
        return package.caixa.capabilities
    spec = unit.get("spec")
    granted = spec.get("capabilities") if isinstance(spec, dict) else None
    return granted if isinstance(granted, list) else package.caixa.capabilities
