"""How anything reaches the page: two methods, which the kernel, IPython and a test each implement."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Protocol

__all__ = ["Bundle", "Display"]

Bundle = Mapping[str, Any]  # the data of a MIME bundle, or its metadata


class Display(Protocol):
    """Where output other than text goes."""

    def show(
        self,
        bundle: Bundle,
        metadata: Bundle = MappingProxyType({}),
        *,
        display_id: str | None = None,
        update: bool = False,
    ) -> None:
        """Show a MIME bundle; under a `display_id` it can be replaced later, with `update`."""

    def clear(self, *, wait: bool = False) -> None:
        """Take back what the cell has shown; with `wait`, only when something new comes."""
