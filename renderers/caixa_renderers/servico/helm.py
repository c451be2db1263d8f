"""The Helm chart of a Servico: three files, no templates, on a library chart (caixa.md section 4.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from caixa.lisp.diagnostics import Diagnostic, Severity

from .. import yaml
from ..artifact import DEFAULTS, LIBRARY_CHART, Artifact, ChartDependency, Options, Rendering
from ..urls import web_url
from . import computeunit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from caixa.manifest.model import Caixa
    from caixa.manifest.package import Package

__all__ = ["chart", "chart_metadata", "chart_name", "chart_values", "readme", "render"]

_KEYWORDS = ("lareira", "wasm", "tatara-lisp", "caixa-servico")


def chart_name(caixa: Caixa) -> str:
    """Return the name of the chart and of its directory."""
    return f"lareira-{caixa.nome}"


def chart_metadata(caixa: Caixa, dependency: ChartDependency = LIBRARY_CHART) -> dict[str, Any]:
    """Return Chart.yaml. `home` is an address that a browser opens, or absent."""
    computeunit.servico_path(caixa)
    home = caixa.repositorio and web_url(caixa.repositorio)
    entries = {
        "apiVersion": "v2",
        "name": chart_name(caixa),
        "description": _description(caixa),
        "type": "application",
        "version": caixa.versao,
        "appVersion": caixa.versao,
        "keywords": sorted({*caixa.etiquetas, *_KEYWORDS}),
        "maintainers": [{"name": autor} for autor in caixa.autores],
        "home": home,
        "dependencies": [_dependency(dependency)],
    }
    return {key: value for key, value in entries.items() if value}


def chart_values(
    caixa: Caixa, unit: Mapping[str, Any], options: Options = DEFAULTS, package_label: str | None = None
) -> dict[str, Any]:
    """Return values.yaml: the unit's spec under the dependency's name, with the typed slots it does not set.

    Beyond section 4.1 it holds what the unit's metadata says and the release cannot know: labels (among them
    `package_label`), annotations, and a namespace of its own.
    """
    spec = computeunit.spec_of(caixa, unit)
    head = _own_namespace(unit, options) | computeunit.head_of(caixa, unit, package_label)
    merged = {"enabled": options.enabled} | head | computeunit.typed_slots(caixa) | spec
    dependency = options.dependency
    return {dependency.alias or dependency.name: dict(sorted(merged.items()))}


def readme(caixa: Caixa, dependency: ChartDependency = LIBRARY_CHART) -> str:
    """Return README.md: what the chart is, where it comes from, how to install it."""
    name = chart_name(caixa)
    return "\n".join(
        (
            f"# {name}",
            "",
            _markdown(_description(caixa)),
            "",
            "## Origin",
            "",
            f"Generated from `{caixa.repositorio or caixa.nome}/caixa.lisp`, version {caixa.versao}.",
            "Edits here are overwritten: change the caixa and generate again.",
            "",
            "## Install",
            "",
            f"The chart needs `{dependency.name}` {dependency.version} from `{dependency.repository}`.",
            "",
            "```sh",
            f"helm dependency build {name}",
            f"helm template {caixa.nome} {name}",
            "```",
            "",
            "## Licence",
            "",
            _markdown(caixa.licenca or "MIT"),
            "",
        )
    )


def chart(package: Package, options: Options = DEFAULTS) -> tuple[Artifact, ...]:
    """Return the chart's files, under `lareira-<nome>/`."""
    return render(package, options).artifacts


def render(package: Package, options: Options = DEFAULTS, read: computeunit.Loaded | None = None) -> Rendering:
    """Render the chart of a Servico, with what is to be said about it; `read` spares reading the unit again."""
    caixa = package.caixa
    unit, found, label = read or computeunit.loaded(package)
    values = chart_values(caixa, unit, options, label)
    metadata = chart_metadata(caixa, options.dependency)
    artifacts = (
        _file(caixa, "Chart.yaml", metadata, yaml.dump(metadata)),
        _file(caixa, "values.yaml", values, yaml.dump(values, comment=_notice(caixa))),
        _file(caixa, "README.md", None, readme(caixa, options.dependency)),
    )
    return Rendering(artifacts, (*found, *_homeless(package)))


def _own_namespace(unit: Mapping[str, Any], options: Options) -> dict[str, Any]:
    """Return the namespace that a unit demands, where that is not the release's."""
    metadata = unit.get("metadata")
    own = metadata.get("namespace") if isinstance(metadata, dict) else None
    return {} if own in (None, options.namespace) else {"namespace": own}


def _file(caixa: Caixa, name: str, value: dict[str, Any] | None, text: str) -> Artifact:
    path = f"{chart_name(caixa)}/{name}"
    return Artifact(name, path, () if value is None else (value,), text, "chart")


def _notice(caixa: Caixa) -> str:
    return f"Generated from {computeunit.servico_path(caixa)}. Edits here are overwritten.\n\n"


def _description(caixa: Caixa) -> str:
    return caixa.descricao or f"The Servico {caixa.nome}, run as a WebAssembly component."


def _dependency(dependency: ChartDependency) -> dict[str, str]:
    entries = {"name": dependency.name, "version": dependency.version, "repository": dependency.repository}
    return entries | ({"alias": dependency.alias} if dependency.alias else {})


def _markdown(text: str) -> str:
    """Return free text as one paragraph that starts no heading, list or HTML."""
    flat = " ".join(text.split()).replace("<", "&lt;")
    return f"\\{flat}" if flat[:1] in ("#", "-", "+", "*", ">", "`", "|") else flat


def _homeless(package: Package) -> tuple[Diagnostic, ...]:
    repositorio = package.caixa.repositorio
    if not repositorio or web_url(repositorio):
        return ()
    return (
        Diagnostic(
            "repositorio-unknown",
            Severity.WARNING,
            package.reading.span_of("repositorio"),
            f"{repositorio} names no place on the web, so Chart.yaml has no `home`",
            fix='write :repositorio "github:OWNER/NAME" or an https address',
            data={"repositorio": repositorio},
        ),
    )
