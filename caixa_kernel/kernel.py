"""The Jupyter kernel for tatara-lisp: requests in, a notebook's work, messages out.

All language work is the notebook's (`caixa_magics.notebook`); this class knows the protocol. Cells run on
the main thread; see `answers` for what is answered beside them, and `interrupt` for Stop.
"""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Awaitable
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

import zmq
from jupyter_client.session import extract_header
from traitlets import Any as AnyTrait

from . import assistance, identity
from .answers import Answers, Status
from .base import Kernel
from .comms import Comms
from .display import KernelDisplay, transportable
from .errors import InputUnavailable
from .frontend import frontend_functions
from .history import Entry, History
from .interrupt import Interrupts
from .memory import MemoryLimit, give_back
from .output import Outlet
from .report import report
from .waiting import BURST_SECONDS, Waiting

if TYPE_CHECKING:
    from caixa_magics.notebook import Notebook

    from .editing import Editing

__all__ = ["CaixaKernel"]

Content = dict[str, Any]
Message = dict[str, Any]

SHUTDOWN_SECONDS = 0.35  # how long an orderly end may take before the process ends anyway


class CaixaKernel(Kernel):  # type: ignore[misc]  # ipykernel's classes are not annotated
    """One kernel: a process, a notebook, and the messages between it and its front ends."""

    profile_dir = AnyTrait(None)  # the base declares an IPython class here, which would import IPython
    language_info = identity.LANGUAGE
    _execute_sleep = 0  # the base sleeps so that output is sent before the reply; here the order is sure
    # The control channel takes what may be done while a cell runs; the base lets it run cells, too.
    control_msg_types = (
        "kernel_info_request",
        "connect_request",
        "comm_info_request",
        "interrupt_request",
        "shutdown_request",
        "usage_request",
    )

    def __init__(self, **channels: Any) -> None:
        """Take the session, streams, sockets and threads that the base class names."""
        super().__init__(**channels)
        self.interrupts = Interrupts()
        self.outlet = Outlet(self._send_stream, self._later, self.interrupts.shield)
        self.history = History()
        self.status = Status(self._send_status)
        self.comm_manager = Comms(parent=self)
        for kind in ("comm_open", "comm_msg", "comm_close"):
            self.shell_handlers[kind] = getattr(self.comm_manager, kind)
        self.comm_manager.register_target("caixa.lsp", self._edit)
        self._editors: dict[str, Editing] = {}  # by the comm that each speaks over
        self._answers = Answers(self.session, self.shell_stream, self.status, self._answers_on_arrival())
        self.waiting = Waiting(
            self.shell_stream.io_loop.add_callback, partial(self.shell_stream.flush, zmq.POLLIN)
        )
        self._unnumbered = count(1)
        self._silent = False
        self._began = 0.0  # when the running cell began, in seconds of the monotonic clock
        self._notebook: Notebook | None = None
        self.memory: MemoryLimit | None = None  # set where the system can measure it
        self._opening = threading.Lock()

    # -- the notebook ----------------------------------------------------------------------------------------

    @property
    def notebook(self) -> Notebook:
        """The notebook, opened on first use: the sockets listen before the language is loaded."""
        with self._opening:
            if self._notebook is None:
                from caixa_magics.notebook import Notebook  # noqa: PLC0415

                display = KernelDisplay(self._publish, lambda: self._silent)
                self._notebook = Notebook(display, ask=self._ask)
                functions = frontend_functions(self, self._notebook.noted)
                self._notebook.session.interpreter.names.update(functions)
            return self._notebook

    def start(self) -> None:
        """Listen, and load the language while the front end connects."""
        super().start()
        self.interrupts.install()
        self.comm_manager.install()
        self.io_loop.add_callback(self._load)

    def _load(self) -> None:
        """Load the language; what is loaded by now stays, so the collector need not look at it again."""
        try:
            assert self.notebook
        finally:
            gc.freeze()
            gc.enable()

    def close(self) -> None:
        """End what the notebook started (main thread, after the last cell)."""
        if self._notebook is not None:
            self._notebook.close()
        if self.memory is not None:
            self.memory.remove()

    # -- cells -----------------------------------------------------------------------------------------------

    async def do_execute(
        self,
        code: str,
        silent: bool,  # noqa: FBT001 - the base class calls by these names
        store_history: bool = True,  # noqa: FBT001, FBT002
        user_expressions: dict[str, str] | None = None,
        allow_stdin: bool = False,  # noqa: FBT001, FBT002
        **_ignored: Any,
    ) -> Content:
        """Run a cell and return the reply; its output goes out on the way."""
        self._allow_stdin = allow_stdin
        self._silent = silent
        self._began = time.monotonic()
        number = self.execution_count
        stored = store_history and not silent
        name = f"cell {number}" if stored else f"unnumbered cell {next(self._unnumbered)}"
        entry = self.history.add(number, code) if stored else None
        with self.outlet.muted(silent):
            reply = self._run(code, name, entry, user_expressions or {})
        for editor in self._editors.values():
            self.io_loop.add_callback(editor.refresh)  # after the reply, which does not wait for editors
        if not silent and not store_history:
            self.execution_count -= 1  # the base counted it, but only stored cells have numbers
        return reply | {"execution_count": number}

    def _run(self, code: str, name: str, entry: Entry | None, expressions: dict[str, str]) -> Content:
        try:
            notebook = self.notebook
            with self.interrupts.cell():
                payload = self._hidden(assistance.page(notebook, code))
                if payload is None:
                    self._show(notebook.run_cell(code, name, is_recorded=entry is not None), entry)
                values = {key: self._express(text, f"{name}, {key}") for key, text in expressions.items()}
        except BaseException as error:  # what a cell raises, SystemExit included, is the cell's error
            if isinstance(error, MemoryError):
                self._make_room()
            return self._fail(error)
        return {"status": "ok", "payload": payload or [], "user_expressions": values}

    def _make_room(self) -> None:
        """Let the error be reported, and give back what the cell held once its reply is sent."""
        if self.memory is not None:
            self.memory.make_room()
        self.io_loop.add_callback(give_back)

    def _show(self, value: object, entry: Entry | None) -> None:
        """Send the value of a cell as its result, unless it has none."""
        if value is None:
            return
        data, metadata = self.notebook.bundle(value)
        if entry is not None:
            entry.output = str(data.get("text/plain", ""))
        if not self._silent:
            content = {
                "data": transportable(data),
                "metadata": metadata,
                "execution_count": self.execution_count,
            }
            self._publish("execute_result", content)

    def _express(self, text: str, name: str) -> Content:
        """Evaluate one of the request's user expressions; an error in it is its own, not the cell's."""
        try:
            data, metadata = self.notebook.bundle(self.notebook.run_cell(text, name, is_recorded=False))
        except Exception as error:
            content = report(error, self.notebook.sources()).content()
            return {"status": "error", **self.notebook.session.secrets.redact_data(content)}
        return {"status": "ok", "data": transportable(data), "metadata": metadata}

    def _fail(self, error: BaseException) -> Content:
        """Send the one error message of a failed cell, and return the reply that mirrors it."""
        sources = self._notebook.sources() if self._notebook else {}
        content = self._hidden(report(error, sources).content())
        if not self._silent:
            self._publish("error", content)
            if self.get_parent("shell")["content"].get("stop_on_error", True):
                self.waiting.abort(self._began + BURST_SECONDS - time.monotonic())
        return {"status": "error", **content, "payload": [], "user_expressions": {}}

    def raw_input(self, prompt: object = "") -> str:
        """Ask the front end for a line of text. Raises InputUnavailable."""
        if not self._allow_stdin:
            raise InputUnavailable
        return str(super().raw_input(prompt))

    def _ask(self, prompt: str) -> str:
        """Ask the person at the front end how a cell is to go on. Raises Unattended if there is none."""
        if not self._allow_stdin:
            from caixa.lisp.conditions import Unattended  # noqa: PLC0415  # the language is loaded when cells run

            raise Unattended
        return self.raw_input(prompt)

    def _edit(self, comm: Any, _opening: Message) -> None:
        """Serve a front end that opened a comm to edit cells (main thread, between cells)."""
        from .editing import Editing  # noqa: PLC0415  # most notebooks have no such front end

        def close(_message: Message | None = None) -> None:
            if self._editors.pop(comm.comm_id, None) is not None:
                comm.close()

        editor = Editing(self.notebook, lambda data: comm.send(self._hidden(data)), close)
        self._editors[comm.comm_id] = editor
        comm.on_msg(lambda message: editor.take(message["content"]["data"]))
        comm.on_close(close)

    # -- requests beside the cells ---------------------------------------------------------------------------

    def _answers_on_arrival(self) -> dict[str, Any]:
        return {
            "complete_request": lambda content: self._hidden(assistance.complete(self.notebook, content)),
            "inspect_request": lambda content: self._hidden(assistance.inspect(self.notebook, content)),
            "is_complete_request": lambda content: assistance.completeness(self.notebook, content),
            "kernel_info_request": lambda _content: {"status": "ok", **self.kernel_info},
        }

    def shell_channel_thread_main(self, msg: list[Any]) -> Awaitable[None] | None:
        """Answer a message on the thread that received it, or hand it to the main thread.

        Not a coroutine as the base's is: a request must be in the line of those waiting when this returns.
        """
        header = self._answers.header(msg)
        if self._answers.take(msg, header):
            return None
        if header.get("msg_type") == "execute_request":
            self.waiting.arrive(header.get("msg_id", ""))
        handed_on: Awaitable[None] = super().shell_channel_thread_main(msg)
        return handed_on

    def should_handle(self, stream: Any, msg: Message, idents: list[bytes]) -> bool:
        """Answer a request that was aborted while it waited; let all others be handled."""
        if msg["msg_type"] != "execute_request" or self.waiting.begin(msg["msg_id"]):
            return True
        self._send_abort_reply(stream, msg, idents)
        return False

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        """Do nothing: the base calls this after the reply has left, and `_fail` has done it before."""

    @property
    def kernel_info(self) -> Content:
        """Who this is: the content of a kernel_info_reply."""
        return identity.kernel_info()

    async def do_history(self, hist_access_type: str, output: bool, raw: bool, **request: Any) -> Content:  # noqa: FBT001
        """Answer a history request from this kernel's own cells."""
        wanted = {"hist_access_type": hist_access_type, "output": output, "raw": raw, **request}
        return {"status": "ok", "history": self._hidden(self.history.answer(wanted))}

    async def interrupt_request(self, stream: Any, ident: list[bytes], parent: Message) -> None:
        """Stop the running cell (on the control thread)."""
        self._stop_cell()
        self.session.send(stream, "interrupt_reply", {"status": "ok"}, parent, ident=ident)

    def _stop_cell(self) -> None:
        """Raise in the main thread first: the notebook's own stop then finds the cell already leaving."""
        if self.interrupts.request() and self._notebook is not None:
            self._notebook.interrupt()

    async def shutdown_request(self, stream: Any, ident: list[bytes], parent: Message) -> None:
        """End the kernel, whatever it is doing (on the control thread)."""
        self._aborting = True
        self._stop_cell()
        last_resort = threading.Timer(SHUTDOWN_SECONDS, os._exit, (0,))
        last_resort.daemon = True
        last_resort.start()
        await super().shutdown_request(stream, ident, parent)

    # -- messages --------------------------------------------------------------------------------------------

    def set_parent(self, ident: Any, parent: Message, channel: str = "shell") -> None:
        """Note which request the main thread works on now: what is printed belongs to it."""
        super().set_parent(ident, parent, channel)
        if channel == "shell":
            self.outlet.flush()
            self.outlet.parent = extract_header(parent)
            if parent.get("msg_type") == "execute_request":
                self.interrupts.announce()
            else:
                self.interrupts.withdraw()

    def pre_handler_hook(self) -> None:
        """Leave SIGINT alone: the base takes it for every message, the gate in `interrupt` only in a cell."""

    def post_handler_hook(self) -> None:
        """Leave SIGINT alone."""

    def _publish_execute_input(self, code: str, parent: Message, execution_count: int) -> None:
        """Tell every front end what runs, but for the values of secrets."""
        super()._publish_execute_input(self._hidden(code), parent, execution_count)

    def _publish_status(self, status: str, channel: str, parent: Message | None = None) -> None:
        if channel == "shell" and parent is None:
            self.status.of_cell(status, self.get_parent(channel))
        else:
            self.status.of_aside(status, parent or self.get_parent(channel))

    def _publish(self, message_type: str, content: Content) -> None:
        """Send a message of the running cell, after everything that it printed."""
        self.outlet.flush()
        with self.interrupts.shield():
            self._send_iopub(message_type, self.get_parent("shell"), content)

    def _send_stream(self, name: str, text: str, parent: Message) -> None:
        text = self._hidden(text)
        if self._notebook is not None:
            self._notebook.session.transcript.printed(name, text)
        self._send_iopub("stream", parent, {"name": name, "text": text})

    def _hidden(self, content: Any) -> Any:
        """Return content of a message without the values of secrets."""
        return content if self._notebook is None else self._notebook.session.secrets.redact_data(content)

    def _send_status(self, state: str, parent: Message) -> None:
        self._send_iopub("status", parent, {"execution_state": state})

    def _send_iopub(self, message_type: str, parent: Message, content: Content) -> None:
        self.session.send(
            self.iopub_socket, message_type, content, parent=parent, ident=self._topic(message_type)
        )

    def _later(self, seconds: float, call: Any) -> None:
        loop = self.iopub_thread.io_loop
        self.iopub_thread.schedule(lambda: loop.call_later(seconds, call))
