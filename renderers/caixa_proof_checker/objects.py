"""Whether the objects that were judged are those that are applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

__all__ = ["differing"]


def differing(dossier: Mapping[str, Any], path: Path) -> Iterator[str]:
    """Yield what a YAML file has otherwise than the case that was judged, or what the case does not have."""
    import yaml  # noqa: PLC0415 - a case by itself needs none

    rendered = dossier["case"]["rendered"]
    for each in yaml.safe_load_all(path.read_text(encoding="utf-8")):
        if isinstance(each, dict) and isinstance(each.get("metadata"), dict):
            metadata = each["metadata"]
            name = f"{each.get('kind')}/{metadata.get('namespace', '-')}/{metadata.get('name')}"
            if name not in rendered:
                yield f"{name} was not judged"
            elif rendered[name] != each:
                yield f"{name} is not what was judged"
