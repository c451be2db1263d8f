"""Seeds: every program of the published vectors."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

__all__ = ["programs"]

_VECTORS = Path(__file__).parents[2] / "data" / "vectors" / "lisp.jsonl"
LONGEST = 160  # characters: long seeds cost more and find no more


@cache
def programs() -> tuple[str, ...]:
    """Return the texts of the vectors, each once, the longest left out."""
    texts = [json.loads(line)["src"] for line in _VECTORS.read_text("utf-8").splitlines()]
    return tuple(dict.fromkeys(text for text in texts if len(text) <= LONGEST))
