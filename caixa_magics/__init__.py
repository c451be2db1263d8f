"""The verbs as magics, and all that a notebook shows: in our kernel, and in any Python notebook.

This module imports nothing of the rest until IPython loads it, so that importing a part loads that part only.
"""

from __future__ import annotations

from typing import Any

__all__ = ["load_ipython_extension", "unload_ipython_extension"]


def load_ipython_extension(ipython: Any) -> None:
    """Register `%caixa`, `%%caixa` and `%%wasm` with an IPython shell, with a session of its own."""
    from .ipython import Magics  # noqa: PLC0415  # IPython's extension protocol puts this function here

    magics = Magics(ipython)
    magics.register()
    ipython.caixa_magics = magics


def unload_ipython_extension(ipython: Any) -> None:
    """End the session's engine; IPython forgets the magics with the shell."""
    ipython.caixa_magics.notebook.close()
