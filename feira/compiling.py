"""A Lisp source read, expanded and compiled without being run: what is checked is every form."""

from __future__ import annotations

from caixa.lisp.analysis import onlooker
from caixa.lisp.source import Source

__all__ = ["compile_source"]


def compile_source(source: Source) -> int:
    """Return how many forms `source` has. Raises a Reportable for the first that does not read or compile."""
    return onlooker().compile(source)
