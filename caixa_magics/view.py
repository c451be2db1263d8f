"""What a value looks like: one text that tests compare, and the rich forms of the same model beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from .elements import Element

__all__ = ["DOT", "View"]

DOT = "text/vnd.graphviz"


@dataclass(frozen=True, slots=True)
class View:
    """The projections of a value: `text` always, `html` and other MIME types where there are any."""

    text: str
    html: Element | None = None
    others: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    def bundle(self) -> dict[str, Any]:
        """Return the projections by MIME type, plainest first."""
        from .style import page  # noqa: PLC0415  # most values are text only

        data: dict[str, Any] = {"text/plain": self.text}
        if self.html is not None:
            data["text/html"] = str(page(self.html))
        return data | dict(self.others)
