"""Infrastructure: `(defteia …)` read, checked, rendered; all errors of its reader are `BadForm` there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caixa.lisp.source import Source

from .registry import Outcome, failure, operation


@operation("teia_check_and_render")
def _teia_check_and_render(given: Mapping[str, Any]) -> Outcome:
    from caixa.iac.arch import check_architecture
    from caixa.iac.document import terraform_document
    from caixa.iac.reader import read_infrastructure

    reading = read_infrastructure([Source("case", given["src"])])
    if reading.errors:
        return failure(reading.errors[0]) | {"error": "BadForm"}
    report = check_architecture(reading.infrastructure)
    return {
        "verdict": report.verdict,
        "summary": report.summary,
        "violations": [[each.invariant, each.kind.value, each.tipo, each.nome] for each in report.violations],
        "tf_json": terraform_document(reading.infrastructure),
    }


@operation("to_hcl")
def _to_hcl(given: Mapping[str, Any]) -> Outcome:
    from caixa.iac.hcl import to_hcl
    from caixa.iac.model import Resource

    return {"text": to_hcl(Resource(tipo=given["tipo"], nome=given["nome"], atributos=given["atributos"]))}
