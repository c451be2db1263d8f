"""How anything reaches the page: two methods, which the kernel, IPython and a test each implement."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from caixa.session import Session

__all__ = ["Bundle", "Display", "NotedDisplay"]

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


class NotedDisplay:
    """A display that also writes down what it shows, for a recording of the notebook."""

    def __init__(self, display: Display, session: Session) -> None:
        """Show on `display`, and write into the transcript of `session`."""
        self._display, self._session = display, session

    def show(
        self,
        bundle: Bundle,
        metadata: Bundle = MappingProxyType({}),
        *,
        display_id: str | None = None,
        update: bool = False,
    ) -> None:
        """See Display; what replaces something that was shown before is not noted again."""
        data = self._session.secrets.redact_data(bundle)
        if not update:
            self._session.transcript.display(data, metadata)
        self._display.show(data, metadata, display_id=display_id, update=update)

    def clear(self, *, wait: bool = False) -> None:
        """See Display."""
        self._session.transcript.cleared()
        self._display.clear(wait=wait)
