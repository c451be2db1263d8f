"""The kernel's process: sockets, threads and streams put together, run, and taken apart in a safe order.

ipykernel's own application loads IPython and its shell; this one takes ipykernel's parts (channels, threads,
heartbeat) and leaves the rest. It also ends them in an order that cannot deadlock: ipykernel 7.4 closes the
IOPub thread while the control thread may still be writing to it, which cost every second shutdown 2.5 s.
"""

import argparse
import builtins
import getpass
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

import zmq
from ipykernel.control import ControlThread
from ipykernel.heartbeat import Heartbeat
from ipykernel.iostream import IOPubThread
from ipykernel.parentpoller import ParentPollerUnix
from ipykernel.shellchannel import ShellChannelThread
from jupyter_client.session import Session
from tornado.ioloop import IOLoop
from zmq.eventloop.zmqstream import ZMQStream

from caixa.lisp.diagnostics import Reportable

from .connection import Connection
from .errors import ConnectionFileUnreadable
from .kernel import CaixaKernel
from .memory import VARIABLE, MemoryLimit, available_bytes, is_measurable, wanted_limit
from .native import NativeOutput
from .output import Stream
from .stack import raise_stack_limit

__all__ = ["Application", "main"]

LINGER_MS = 1000  # how long a closing socket may keep trying to deliver
SWITCH_SECONDS = (
    0.001  # how soon a busy cell lets another thread answer; Python's default is five times as long
)


class Application:
    """One kernel process on the sockets of one connection."""

    def __init__(self, connection: Connection) -> None:
        """Bind every socket and start every thread; `run` then serves."""
        self.connection = connection
        self._context: zmq.Context[Any] = zmq.Context()
        self._session = Session(key=connection.key.encode(), signature_scheme=connection.signature_scheme)
        self._sockets = {
            "shell": self._bind("shell", zmq.ROUTER),
            "stdin": self._bind("stdin", zmq.ROUTER),
            "control": self._bind("control", zmq.ROUTER),
            "iopub": self._bind("iopub", zmq.XPUB),
        }
        self._heartbeat = self._start_heartbeat()
        self._iopub = IOPubThread(self._sockets["iopub"], session=self._session)
        self._control = ControlThread(daemon=True)
        self._shell_channel = ShellChannelThread(self._context, daemon=True)
        self.kernel = self._make_kernel()

    def _bind(self, channel: str, kind: int) -> zmq.Socket[Any]:
        socket: zmq.Socket[Any] = self._context.socket(kind)
        socket.linger = LINGER_MS
        if kind == zmq.ROUTER:
            socket.router_handover = 1  # a client that comes back under its identity takes it over
        self.connection = self.connection.bind(socket, channel)
        return socket

    def _start_heartbeat(self) -> Heartbeat:
        """Start the echo, in a context of its own so that nothing else can hold it up."""
        connection = self.connection
        heartbeat = Heartbeat(
            zmq.Context(),
            (connection.transport, connection.ip, connection.hb_port),
            curve_publickey=connection.curve_publickey.encode() or None,
            curve_secretkey=connection.curve_secretkey.encode() or None,
        )
        self.connection = connection.with_port("hb", heartbeat.port)
        heartbeat.start()
        return heartbeat

    def _make_kernel(self) -> CaixaKernel:
        shell_stream = ZMQStream(self._sockets["shell"], self._shell_channel.io_loop)
        self._shell_channel.shell_stream = shell_stream
        control_stream = ZMQStream(self._sockets["control"], self._control.io_loop)
        for thread in (self._iopub, self._control, self._shell_channel):
            thread.start()
        kernel: CaixaKernel = CaixaKernel.instance(
            session=self._session,
            control_stream=control_stream,
            shell_stream=shell_stream,
            control_thread=self._control,
            shell_channel_thread=self._shell_channel,
            iopub_thread=self._iopub,
            iopub_socket=self._iopub.background_socket,
            stdin_socket=self._sockets["stdin"],
            log=logging.getLogger("caixa_kernel"),
        )
        kernel.record_ports({f"{name}_port": self.connection.port(name) for name in (*self._sockets, "hb")})
        return kernel

    def run(self) -> None:
        """Serve until a front end asks to shut down (main thread)."""
        with ExitStack() as cleanup:
            cleanup.callback(self._close)
            self._redirect(cleanup)
            self.kernel.start()
            IOLoop.current().start()

    def _redirect(self, cleanup: ExitStack) -> None:
        """Send what Python code prints and asks to the front end, until the end."""
        stdout, stderr = sys.stdout, sys.stderr
        cleanup.callback(setattr, sys, "stdout", stdout)
        cleanup.callback(setattr, sys, "stderr", stderr)
        sys.stdout, sys.stderr = Stream("stdout", self.kernel.outlet), Stream("stderr", self.kernel.outlet)
        native = NativeOutput(self.kernel.outlet.write)
        cleanup.callback(native.restore)
        self.kernel.outlet.gather = native.drain
        builtins.input = self.kernel.raw_input
        getpass.getpass = self.kernel.getpass

    def _close(self) -> None:
        """Stop those who send before those who carry, and the sockets last."""
        self.kernel.close()
        for thread in (self._control, self._shell_channel):
            thread.stop()
            thread.join()
        self._iopub.stop()
        self._iopub.close()
        self._heartbeat.context.term()
        for socket in self._sockets.values():
            socket.close()
        self._context.term()


def main(words: Sequence[str] | None = None) -> None:
    """Run a kernel on the connection file that `words` (or the command line) name."""
    parser = argparse.ArgumentParser(prog="python -m caixa_kernel", description=__doc__.split("\n", 1)[0])
    parser.add_argument("-f", dest="file", required=True, metavar="FILE", help="the connection file")
    path = parser.parse_args(words).file
    _log_to_server()
    try:
        limit = wanted_limit(os.environ, available_bytes())
        application = Application(Connection.read(path))
    except ConnectionFileUnreadable as error:
        parser.exit(2, error.render() + "\n")
    except Reportable as error:  # the variable holds no size
        parser.exit(2, f"{VARIABLE}: {error.render()}\n")
    application.connection.write_ports(path)
    raise_stack_limit()
    sys.setswitchinterval(SWITCH_SECONDS)
    _watch_parent()
    _limit_memory(limit, application.kernel)
    application.run()


def _limit_memory(limit: int | None, kernel: CaixaKernel) -> None:
    """Hold the kernel to `limit` bytes, where the system lets it know how many it has."""
    if limit is not None and is_measurable():
        kernel.memory = MemoryLimit(limit, kernel.interrupts.is_in_cell)
        kernel.memory.install()
    else:
        logging.getLogger("caixa_kernel").info("no limit on memory: it is off, or this system has no measure")


def _log_to_server() -> None:
    """Log where descriptor 2 leads now: later it leads into the notebook."""
    stream = os.fdopen(os.dup(2), "w", buffering=1)
    logging.basicConfig(stream=stream, level=logging.WARNING)


def _watch_parent() -> None:
    """End with the server that started this kernel, if that should die without saying so."""
    parent = int(os.environ.get("JPY_PARENT_PID") or 0)
    if parent > 1:
        ParentPollerUnix(parent_pid=parent).start()
