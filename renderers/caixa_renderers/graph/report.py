"""What `feira app graph` prints of a mesh, as text and as JSON (caixa.md sections 4.9 and 5)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from caixa.manifest.json import to_json

if TYPE_CHECKING:
    from caixa.manifest.model import Caixa, Contrato

__all__ = ["app_json", "app_report"]

_KEYS = ("membros", "contratos", "politicas", "placement", "entrada")


def app_report(caixa: Caixa) -> str:
    """Return the report: name, placement, members, contracts and entrance."""
    return "\n".join(_lines(caixa))


def app_json(caixa: Caixa) -> dict[str, Any]:
    """Return the mesh as plain data; a slot that is not set is None."""
    data = to_json(caixa)
    return {key: data.get(key) for key in _KEYS}


def _lines(caixa: Caixa) -> Iterator[str]:
    yield f"Aplicacao {caixa.nome} v{caixa.versao}"
    if caixa.placement is not None:
        yield f"  placement: {caixa.placement.estrategia} on clusters {_listed(caixa.placement.clusters)}"
    yield f"  membros ({len(caixa.membros)}):"
    for membro in caixa.membros:
        yield f"    - {membro.caixa} {membro.versao}"
    yield f"  contratos ({len(caixa.contratos)}):"
    for contrato in caixa.contratos:
        yield f"    - {contrato.de} → {contrato.para}  via {contrato.wit}  [{_payload(contrato)}]"
    entrada = caixa.entrada
    if entrada is None:
        yield "  entrada: none (internal only)"
    else:
        where = f"paths={_listed(entrada.paths)}, port={entrada.port}"
        yield f"  entrada: {entrada.host} → {entrada.para} ({where})"


def _payload(contrato: Contrato) -> str:
    given = {slot: getattr(contrato, slot) for slot in ("endpoint", "subject", "slot")}
    return (
        ", ".join(f"{slot}={value}" for slot, value in given.items() if value is not None) or "capability-only"
    )


def _listed(texts: tuple[str, ...]) -> str:
    return json.dumps(list(texts), ensure_ascii=False)
