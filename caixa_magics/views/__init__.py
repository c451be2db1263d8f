"""One module per thing that is shown; `of` finds the view of a value."""

from __future__ import annotations

from .registry import of

__all__ = ["of"]
