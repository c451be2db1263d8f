"""Pictures and other rich output of a cell, as messages (Jupyter messaging, "Display data")."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any, Protocol

__all__ = ["KernelDisplay", "transportable"]


class Publish(Protocol):
    """Sends one message of the running cell on IOPub, after everything that the cell printed so far."""

    def __call__(self, message_type: str, content: dict[str, Any]) -> None:
        """Send a message with this type and content."""


class KernelDisplay:
    """The notebook's `Display`, on IOPub."""

    def __init__(self, publish: Publish, quiet: Callable[[], bool]) -> None:
        """Send through `publish`, unless the running request is a silent one, as `quiet` knows."""
        self._publish = publish
        self._quiet = quiet

    def show(
        self,
        bundle: Mapping[str, object],
        metadata: Mapping[str, object] | None = None,
        *,
        display_id: str | None = None,
        update: bool = False,
    ) -> None:
        """Show a MIME bundle; with `update`, in the place of every earlier one of the same `display_id`."""
        if self._quiet():
            return
        content = {
            "data": transportable(bundle),
            "metadata": dict(metadata or {}),
            "transient": {"display_id": display_id} if display_id else {},
        }
        self._publish("update_display_data" if update else "display_data", content)

    def clear(self, *, wait: bool = False) -> None:
        """Take away the cell's output so far; with `wait`, only when the next output comes."""
        if not self._quiet():
            self._publish("clear_output", {"wait": wait})


def transportable(bundle: Mapping[str, object]) -> dict[str, object]:
    """Return the bundle with bytes (pictures) in base64, as JSON needs."""
    return {
        mime: b64encode(value).decode("ascii") if isinstance(value, bytes) else value
        for mime, value in bundle.items()
    }
