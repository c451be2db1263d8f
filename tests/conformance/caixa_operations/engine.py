"""Module URLs, capabilities and custom resources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .registry import APRIL, Outcome, caixa_of, operation


@operation("module_url")
def _module_url(given: Mapping[str, Any]) -> Outcome:
    from dataclasses import asdict

    from caixa.manifest.module_url import ForgeFile, parse_module_url

    url = parse_module_url(given["text"], APRIL)
    fields = asdict(url)
    if isinstance(url, ForgeFile):
        fields.pop("forge")
        return {"variant": url.forge.title, **fields}
    return {"variant": type(url).__name__, **fields}


@operation("capability")
def _capability(given: Mapping[str, Any]) -> Outcome:
    from dataclasses import asdict

    from caixa.manifest.capability import parse_capability

    capability = parse_capability(given["text"], APRIL)
    return {"variant": type(capability).__name__, **asdict(capability)}


@operation("manifest_to_cr")
def _manifest_to_cr(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.resource import to_resource

    source = given["source"]
    return {"json": to_resource(caixa_of(given["src"]), source["repo"], source["gitRef"], APRIL)}


@operation("cr_to_manifest")
def _cr_to_manifest(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.json import to_json
    from caixa.manifest.resource import from_resource_spec

    return {"json": to_json(from_resource_spec(given["spec"]), APRIL)}
