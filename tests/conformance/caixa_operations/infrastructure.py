"""Infrastructure: `(defteia …)` read, checked, rendered; all errors of its reader are `BadForm` there."""

from __future__ import annotations

import json
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


@operation("arch_with_checks")
def _arch_with_checks(given: Mapping[str, Any]) -> Outcome:
    from caixa.iac.arch import check_architecture
    from caixa.iac.checks import read_checks
    from caixa.iac.reader import require_infrastructure

    reading = require_infrastructure([Source("case", given["src"])])
    report = check_architecture(reading.infrastructure, read_checks([Source("spec", given["spec"])]))
    return {
        "verdict": report.verdict,
        "violations": [[each.invariant, each.kind.value, each.tipo, each.nome] for each in report.violations],
    }


@operation("teia_forge")
def _teia_forge(given: Mapping[str, Any]) -> Outcome:
    from caixa.iac.forge import forge

    (provider,) = _schemas(given)
    files = forge(provider)
    return {"files": list(files), "text": "".join(files.values())}


@operation("provedor")
def _provedor(given: Mapping[str, Any]) -> Outcome:
    from caixa.iac.provedor import provedor

    (provider,) = _schemas(given)
    return {"text": "".join(provedor(provider).values())}


def _schemas(given: Mapping[str, Any]) -> list[Any]:
    from caixa.iac.schema import read_schemas

    schemas = {"format_version": "1.0", "provider_schemas": {"example.org/o/nuvem": given["provider"]}}
    return read_schemas(json.dumps(schemas))


@operation("to_hcl")
def _to_hcl(given: Mapping[str, Any]) -> Outcome:
    from caixa.iac.hcl import to_hcl
    from caixa.iac.model import Resource

    return {"text": to_hcl(Resource(tipo=given["tipo"], nome=given["nome"], atributos=given["atributos"]))}
