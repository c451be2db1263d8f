"""Requests that are answered at once on the shell channel's own thread, also while a cell runs.

ipykernel reads the shell channel on a thread of its own, but hands every message to the main thread, where
it waits for the running cell. Completion, inspection and the like change nothing, so they are answered where
they arrive, with their parents given explicitly: nothing here touches the running cell's parent.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

from jupyter_client.session import Session
from zmq.eventloop.zmqstream import ZMQStream

__all__ = ["Answers", "Status"]

Content = dict[str, Any]
Answer = Callable[[Content], Content]
Message = dict[str, Any]

_log = logging.getLogger(__name__)


class Status:
    """Busy and idle, as every request must say of itself, and still true of the kernel as a whole.

    A front end shows the last status it saw, whoever's it was. So when a request is done while a cell still
    runs, its idle is followed by a busy of that cell; the lock keeps that from crossing the cell's own idle.
    """

    def __init__(self, publish: Callable[[str, Message], None]) -> None:
        """Publish through `publish(state, parent)`, which keeps the order of calls."""
        self._publish = publish
        self._lock = threading.Lock()
        self._cell: Message | None = None

    def of_cell(self, state: str, parent: Message) -> None:
        """Say the state of the request that the main thread works on."""
        with self._lock:
            self._cell = parent if state == "busy" else None
            self._publish(state, parent)

    def of_aside(self, state: str, parent: Message) -> None:
        """Say the state of a request that is answered beside the main thread's."""
        with self._lock:
            self._publish(state, parent)
            if state == "idle" and self._cell is not None:
                self._publish("busy", self._cell)


class Answers:
    """The request types that are answered on arrival, each with the function from content to reply content."""

    def __init__(
        self, session: Session, stream: ZMQStream, status: Status, answers: Mapping[str, Answer]
    ) -> None:
        """Reply through `stream`, on the thread that reads it."""
        self._session = session
        self._stream = stream
        self._status = status
        self._answers = answers

    def header(self, frames: list[Any]) -> Content:
        """Return the header of a message as it says itself, unchecked; empty if it has none."""
        try:
            _, parts = self._session.feed_identities(frames, copy=False)
            header: Content = self._session.unpack(parts[1].bytes)  # type: ignore[union-attr]  # copy=False gives frames
            return header if isinstance(header, dict) else {}
        except Exception:  # whatever is wrong with it, who reads it in earnest will say so
            return {}

    def take(self, frames: list[Any], header: Content) -> bool:
        """Answer the message if it is one of ours, and sound; return whether it was."""
        if header.get("msg_type") not in self._answers or header.get("subshell_id"):
            return False
        try:
            idents, parts = self._session.feed_identities(frames, copy=False)
            request = self._session.deserialize(parts, content=True, copy=False)
        except Exception:  # the main path refuses it and logs why
            return False
        self._status.of_aside("busy", request)
        reply_type = request["msg_type"].replace("_request", "_reply")
        self._session.send(self._stream, reply_type, self._answer(request), parent=request, ident=idents)
        self._status.of_aside("idle", request)
        return True

    def _answer(self, request: Message) -> Content:
        try:
            return self._answers[request["msg_type"]](request["content"])
        except Exception as error:
            _log.exception("%s failed", request["msg_type"])
            return {"status": "error", "ename": type(error).__name__, "evalue": str(error), "traceback": []}
