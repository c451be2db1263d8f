"""The Aplicacao object: the mesh as it was declared, for whoever reads the cluster (substrate.md section 1.4).

Its spec is the slots' own JSON form, as the definition of its kind has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from caixa.manifest.json import to_json

from ..names import APLICACAO, PACKAGE, label_value
from .placement import placement_to_json

if TYPE_CHECKING:
    from caixa.manifest.model import Caixa

__all__ = ["API_VERSION", "aplicacao"]

API_VERSION = "mesh.pleme.io/v1alpha1"
_SLOTS = ("membros", "contratos", "politicas", "placement", "entrada")


def aplicacao(caixa: Caixa, namespace: str, package_label: str | None = None) -> dict[str, Any]:
    """Return the object; `package_label` is the digest of the package that declares the mesh."""
    written = to_json(caixa) | {"placement": placement_to_json(caixa)}
    digest = {} if package_label is None else {PACKAGE: package_label}
    return {
        "apiVersion": API_VERSION,
        "kind": "Aplicacao",
        "metadata": {
            "name": caixa.nome,
            "namespace": namespace,
            "labels": {APLICACAO: label_value(caixa.nome)} | digest,
        },
        "spec": {"versao": caixa.versao} | {slot: written[slot] for slot in _SLOTS if slot in written},
    }
