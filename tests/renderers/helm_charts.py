"""Our charts in a directory of their own, given to Helm itself: dependencies, templates, packages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from caixa_renderers.bundled_charts import CHARTS, chart_files

helm = pytest.importorskip("helm_python", reason="no Helm: helm-python-sdk has no wheel for this machine")


class _Loader(yaml.SafeLoader):
    """Reads a plain `=`, which Go writes, as the text it is."""


_Loader.add_constructor("tag:yaml.org,2002:value", yaml.SafeLoader.construct_yaml_str)


def unpacked(directory: Path) -> Path:
    """Write our charts into `directory`, each with the charts that it depends on in its own `charts/`."""
    for name in CHARTS:
        for path, data in chart_files(name).items():
            file = directory / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
    for name in CHARTS:
        with_dependencies(directory / name)
    return directory


def with_dependencies(chart: Path) -> Path:
    """Let Helm put into `chart` what it depends on, from the directories beside it."""
    if "dependencies" in yaml.safe_load((chart / "Chart.yaml").read_text()):
        helm.dependency_update(chart)
    return chart


def templated(
    chart: Path, values: Mapping[str, Any], *, name: str = "hello", namespace: str = "tatara-system"
) -> list[dict[str, Any]]:
    """Return the objects that Helm makes of a chart, in a fixed order."""
    with helm.Chart.load(chart) as loaded:
        files = loaded.render(dict(values), name=name, namespace=namespace)
    texts = [text for path, text in sorted(files.items()) if path.endswith(".yaml")]
    return [each for text in texts for each in yaml.load_all(text, _Loader) if each is not None]


def of_kind(objects: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    """Return the one object of a kind."""
    (found,) = [each for each in objects if each["kind"] == kind]
    return found


def complaints(chart: Path, values: Mapping[str, Any] | None = None) -> list[str]:
    """Return what Helm's linter says of a chart, but for its wish for a picture."""
    report = helm.lint(chart, None if values is None else dict(values), strict=True)
    said = [message["error"] for message in report["messages"] if message["severity"] > 1]
    return list(dict.fromkeys([*said, *report["errors"]]))
