"""A server of HTTP/1.0 on the loopback address that answers on the thread that calls it."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from types import TracebackType

    from .serving import Answer

__all__ = ["LoopbackServer", "Request"]

ADDRESS: Final = "127.0.0.1"
PATIENCE: Final = 10.0  # seconds that a client may be silent in the middle of its request
MAX_BODY: Final = 64 << 20  # bytes
_TURN: Final = 3600.0  # seconds; waiting for a client has no end, but `select` wants one


class Request(NamedTuple):
    """What a client asks for; header names are in lower case."""

    method: str
    path: str
    query: list[tuple[object, object]]
    headers: list[tuple[object, object]]
    body: bytes


class LoopbackServer:
    """Answers one request after the other with what a function makes of it; closes the port at the end."""

    def __init__(self, port: int, answer: Callable[[Request], Answer]) -> None:
        """Listen on `port`, 0 meaning any free one. Raises OSError if it is taken."""
        self._served = 0

        def counted(request: Request) -> Answer:
            self._served += 1
            return answer(request)

        self._server = HTTPServer((ADDRESS, port), _handler(counted), bind_and_activate=False)
        self._server.timeout = _TURN
        try:
            self._server.server_bind()
            self._server.server_activate()
        except BaseException:
            self._server.server_close()
            raise

    def __enter__(self) -> LoopbackServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._server.server_close()

    @property
    def port(self) -> int:
        """The port that clients connect to."""
        return int(self._server.server_address[1])

    def serve(self, count: int | None) -> int:
        """Answer `count` requests, None meaning without end, and return how many were answered."""
        while count is None or self._served < count:
            self._server.handle_request()
        return self._served


def _handler(answer: Callable[[Request], Answer]) -> type[BaseHTTPRequestHandler]:
    """Return the class by which the library handles a connection, here with `answer`."""

    class Handler(BaseHTTPRequestHandler):
        timeout = PATIENCE
        server_version, sys_version = "caixa", ""

        def answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            if not 0 <= length <= MAX_BODY:
                self.send_error(413)
                return
            parts = urlsplit(self.path)
            found = answer(
                Request(
                    self.command,
                    unquote(parts.path),
                    list(parse_qsl(parts.query, keep_blank_values=True)),
                    [(name.lower(), value) for name, value in self.headers.items()],
                    self.rfile.read(length),
                )
            )
            self._send(found)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815  # the library's names

        def _send(self, found: Answer) -> None:
            self.send_response(found.status)
            for name, value in found.headers:
                self.send_header(name, value)
            self.send_header("content-length", str(len(found.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(found.body)

        def handle(self) -> None:
            try:
                super().handle()
            except (TimeoutError, ConnectionError, ValueError):  # the client went away, or speaks no HTTP
                self.close_connection = True

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002  # the library's name
            """Write nothing: what there is to say is said by the program."""

    return Handler
