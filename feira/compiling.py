"""A Lisp source read, expanded and compiled without being run: what is checked is every form."""

from __future__ import annotations

from caixa.lisp.capabilities import Capabilities
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.source import Source

__all__ = ["compile_source"]


def compile_source(source: Source) -> int:
    """Return how many forms `source` has. Raises a Reportable for the first that does not read or compile."""
    return Interpreter(capabilities=Capabilities.none()).compile(source)  # its macros run
