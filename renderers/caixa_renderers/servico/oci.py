"""The image of a Servico as an OCI image layout directory, for which no registry is needed.

The manifest follows the CNCF's Wasm OCI Artifact layout: a config `application/vnd.wasm.config.v0+json`, which
names imports and exports, and one layer `application/wasm`, the module itself. The time in it is the epoch, so
that equal modules make equal images. `skopeo copy oci:DIR:TAG docker://…` sends it to a registry.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
from typing import TYPE_CHECKING, Any, Final

from caixa.lacre.package_digest import package_digest
from caixa.lisp.diagnostics import Diagnostic, Severity

from ..artifact import Artifact, Rendering
from ..errors import MalformedModule
from ..urls import web_url
from . import computeunit
from .wasm_names import WasmNames, wasm_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from caixa.manifest.model import Caixa
    from caixa.manifest.package import Package

__all__ = ["TAG", "image", "module_path", "render"]

TAG: Final = "org.opencontainers.image.ref.name"
_INDEX: Final = "application/vnd.oci.image.index.v1+json"
_MANIFEST: Final = "application/vnd.oci.image.manifest.v1+json"
_CONFIG: Final = "application/vnd.wasm.config.v0+json"
_LAYER: Final = "application/wasm"
_EPOCH: Final = "1970-01-01T00:00:00Z"


def image(package: Package, module: bytes, name: str) -> tuple[Artifact, ...]:
    """Return the layout of an image of `module`, which errors call `name`, below `<nome>/`.

    Raises MalformedModule, and NotAServico for another kind.
    """
    computeunit.servico_path(package.caixa)
    found = wasm_names(module, name)
    config = _json(_config(package.caixa, module, found))
    manifest = _json(_manifest(package, config, module))
    index = _json(_index(package.caixa, manifest, found))
    files = {
        "oci-layout": _json({"imageLayoutVersion": "1.0.0"}),
        "index.json": index,
        **{_blob(data): data for data in (manifest, config)},
    }
    nome = package.caixa.nome
    texts = tuple(Artifact(path, f"{nome}/{path}", (), data.decode(), "image") for path, data in files.items())
    layer = _blob(module)
    return (*texts, Artifact(layer, f"{nome}/{layer}", (), "", "image", data=module))


def module_path(package: Package, read: computeunit.Loaded | None = None) -> str | None:
    """Return the path in the package of the module that its unit runs, or None if it comes from elsewhere."""
    unit = read.unit if read else computeunit.load(package)[0]
    spec = unit.get("spec")
    module = spec.get("module") if isinstance(spec, dict) else None
    source = module.get("source") if isinstance(module, dict) else None
    if not isinstance(source, str) or not source.startswith(("./", "/")):
        return None
    return posixpath.normpath(source.lstrip("/"))


def render(package: Package, read: computeunit.Loaded | None = None) -> Rendering:
    """Render the image of the module that lies in the package; a missing or broken one is a finding."""
    path = module_path(package, read)
    if path is None:
        return Rendering()
    module = package.files.get(path)
    if module is None:
        return Rendering(findings=(_absent(path),))
    try:
        return Rendering(image(package, module, path))
    except MalformedModule as error:
        return Rendering(findings=error.diagnostics)


def _config(caixa: Caixa, module: bytes, found: WasmNames) -> dict[str, Any]:
    author = {"author": ", ".join(caixa.autores)} if caixa.autores else {}
    head = {"created": _EPOCH, "architecture": "wasm", "os": _system(found), "layerDigests": [_digest(module)]}
    if not found.is_component:
        return head | author
    return head | author | {"component": {"imports": list(found.imports), "exports": list(found.exports)}}


def _manifest(package: Package, config: bytes, module: bytes) -> dict[str, Any]:
    return {
        "schemaVersion": 2,
        "mediaType": _MANIFEST,
        "config": _descriptor(_CONFIG, config),
        "layers": [_descriptor(_LAYER, module)],
        "annotations": _annotations(package),
    }


def _index(caixa: Caixa, manifest: bytes, found: WasmNames) -> dict[str, Any]:
    entry = _descriptor(_MANIFEST, manifest) | {
        "platform": {"architecture": "wasm", "os": _system(found)},
        "annotations": {TAG: f"v{caixa.versao}"},
    }
    return {"schemaVersion": 2, "mediaType": _INDEX, "manifests": [entry]}


def _annotations(package: Package) -> Mapping[str, str]:
    caixa = package.caixa
    said = {
        "title": caixa.nome,
        "version": caixa.versao,
        "description": caixa.descricao,
        "licenses": caixa.licenca,
        "source": caixa.repositorio and web_url(caixa.repositorio),
    }
    standard = {f"org.opencontainers.image.{key}": value for key, value in said.items() if value}
    return standard | {"io.pleme.caixa.package": package_digest(package)}


def _system(found: WasmNames) -> str:
    return "wasip2" if found.is_component else "wasip1"


def _descriptor(media_type: str, data: bytes) -> dict[str, Any]:
    return {"mediaType": media_type, "digest": _digest(data), "size": len(data)}


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _blob(data: bytes) -> str:
    return f"blobs/{_digest(data).replace(':', '/')}"


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _absent(path: str) -> Diagnostic:
    return Diagnostic(
        "image-without-module",
        Severity.INFO,
        None,
        f"{path} is not in the package, so there is no image of it",
        why="an image holds the module itself",
        fix=f"build {path}, or name the file: feira image --component FILE",
        data={"path": path},
    )
