"""`python -m caixa.runtime.engine_process FD`: serve on an inherited socket."""

from __future__ import annotations

import signal
import socket
import sys

from .server import serve

if __name__ == "__main__":
    # The kernel has its own ways to stop a call; a Ctrl-C in its terminal must not end this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(socket.socket(fileno=int(sys.argv[1])))
