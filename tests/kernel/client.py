"""A front end for tests: it sends a request and waits for what belongs to it, never for a time to pass."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty
from time import monotonic

from jupyter_client import BlockingKernelClient, KernelManager

PATIENCE = 30.0  # seconds until a wait is a failure; the machine may be busy


@dataclass
class Run:
    """A request's reply, and the messages on IOPub from its busy to its idle."""

    reply: dict
    messages: list[dict] = field(default_factory=list)

    @property
    def content(self) -> dict:
        return self.reply["content"]

    @property
    def status(self) -> str:
        return self.content["status"]

    def of(self, *kinds: str) -> list[dict]:
        return [message for message in self.messages if message["msg_type"] in kinds]

    @property
    def kinds(self) -> list[str]:
        return [message["msg_type"] for message in self.messages]

    def text(self, name: str = "stdout") -> str:
        return "".join(m["content"]["text"] for m in self.of("stream") if m["content"]["name"] == name)

    @property
    def result(self) -> str:
        [message] = self.of("execute_result")
        return message["content"]["data"]["text/plain"]

    @property
    def states(self) -> list[str]:
        return [message["content"]["execution_state"] for message in self.of("status")]


class Frontend:
    """One kernel with one client."""

    def __init__(self, *, name: str = "caixa", script: Path | None = None) -> None:
        self.manager = KernelManager(kernel_name=name)
        if script is not None:
            self.manager.kernel_spec.argv = ["python", str(script), "-f", "{connection_file}"]
        # Under pytest's own variable ipykernel changes how it captures; a kernel should not know it is tested.
        environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
        self.manager.start_kernel(env=environment)
        self.connect()

    def connect(self) -> None:
        self.client: BlockingKernelClient = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE)

    def close(self) -> None:
        self.client.stop_channels()
        if self.manager.is_alive():
            self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()

    # -- sending ---------------------------------------------------------------------------------------------

    def run(self, code: str, **options: object) -> Run:
        """Run a cell to its end."""
        return self.finish(self.execute(code, **options))

    def execute(self, code: str, **options: object) -> str:
        return self.client.execute(code, **{"allow_stdin": False, **options})

    def send(self, kind: str, content: dict, channel: str = "shell", **fields: object) -> str:
        message = self.client.session.msg(kind, content)
        message.update(fields)
        getattr(self.client, f"{channel}_channel").send(message)
        return message["header"]["msg_id"]

    # -- waiting ---------------------------------------------------------------------------------------------

    def finish(self, request: str) -> Run:
        return Run(self.reply(request), self.iopub(request))

    def reply(self, request: str, channel: str = "shell") -> dict:
        return self._await(channel, lambda message: _parent(message) == request)

    def iopub(self, request: str) -> list[dict]:
        """Return the messages of a request, its idle included."""
        messages: list[dict] = []

        def is_idle(message: dict) -> bool:
            if _parent(message) != request:
                return False
            messages.append(message)
            return message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"

        self._await("iopub", is_idle)
        return messages

    def started(self, request: str) -> None:
        """Wait until the kernel says that it runs the cell."""
        self._await("iopub", lambda m: _parent(m) == request and m["msg_type"] == "execute_input")

    def heard(self, request: str, text: str) -> None:
        """Wait until the cell has printed `text`: it is then surely in its loop."""
        self._await(
            "iopub",
            lambda m: _parent(m) == request and m["msg_type"] == "stream" and text in m["content"]["text"],
        )

    def _await(self, channel: str, wanted) -> dict:
        end = monotonic() + PATIENCE
        while True:
            try:
                message = getattr(self.client, f"{channel}_channel").get_msg(
                    timeout=max(0.0, end - monotonic())
                )
            except Empty:
                raise AssertionError(f"nothing of the kind came on {channel} within {PATIENCE} s") from None
            if wanted(message):
                return message


def _parent(message: dict) -> str | None:
    return message["parent_header"].get("msg_id")
