"""The committed copy of the published schemas, and how it is made: `python published_schemas.py DIRECTORY`.

A clone has no `shared/`, so tests/data/schemas holds what `DIRECTORY` publishes, as JSON and without the prose
(descriptions, titles, examples), which decides nothing and is five sixths of it. The licence lies beside it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

COPY = Path(__file__).parents[1] / "data" / "schemas"
_PROSE = frozenset(("description", "title", "example"))
_NAMED = frozenset(
    ("properties", "patternProperties", "definitions")
)  # their keys are names, not words of a schema


def condensed(directory: Path) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of each file of the copy."""
    for file in sorted(directory.rglob("*")):
        if file.suffix in (".json", ".yaml"):
            data = yaml.load(file.read_text(), yaml.CSafeLoader)  # which reads JSON too
            name = file.relative_to(directory).with_suffix(".json").as_posix()
            yield name, json.dumps(_without_prose(data), separators=(",", ":"), ensure_ascii=False) + "\n"


def _without_prose(data: Any, *, is_named: bool = False) -> Any:
    if isinstance(data, list):
        return [_without_prose(item) for item in data]
    if not isinstance(data, dict):
        return data
    kept = data if is_named else {key: value for key, value in data.items() if key not in _PROSE}
    return {key: _without_prose(value, is_named=key in _NAMED and not is_named) for key, value in kept.items()}


@cache
def published(name: str) -> Any:
    """Return a file of the copy, such as `flux/helmreleases.json`."""
    return json.loads((COPY / name).read_text())


def names() -> list[str]:
    """Return the names of all files of the copy."""
    return sorted(file.relative_to(COPY).as_posix() for file in COPY.rglob("*.json"))


if __name__ == "__main__":
    for path, text in condensed(Path(sys.argv[1])):
        (COPY / path).parent.mkdir(parents=True, exist_ok=True)
        (COPY / path).write_text(text)
