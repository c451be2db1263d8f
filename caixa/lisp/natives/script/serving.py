"""Answering HTTP on this machine (language.md section 7): a handler in Lisp, called on the calling thread.

One request is answered at a time, on the thread that called `http-serve`, so Lisp code needs no locks. It
listens on the loopback address only: a notebook is no server for the network.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from ...errors import NativeError
from ...kinds import kind_of
from ...lists import List, Vector
from ...maps import Map
from ...names import Keyword
from ..registry import native
from ..strings import integer_argument, string_argument
from . import options as take
from .json_text import stringify
from .operating_system import os_errors, utf8

if TYPE_CHECKING:
    from .loopback import Request

__all__ = ["Answer"]

_JSON: Final = "application/json"
_TEXT: Final = "text/plain; charset=utf-8"
_NOT_FOUND: Final = '{"error":"not_found"}'
_FAILED: Final = '{"error":"internal"}'
_HIGHEST_PORT: Final = 65535
_OPTIONS: Final[Mapping[str, take.Check]] = {"max": take.positive, "on-listen": take.procedure}


class Answer(NamedTuple):
    """What goes back to the client."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@native("http-serve", params="(port handler &key max on-listen)", needs="http-in:{port}")
def http_serve(port: object, handler: object, *options: object) -> int:
    """Answer requests on a loopback port with what a handler returns, and return how many there were.

    Port 0 is any free one. The handler gets `{:method S :path S :query {…} :headers {…} :body S}` and returns a
    string, a list of status and body, or a map of `:status`, `:headers` and `:body` or `:json`. It ends after
    `:max` requests, or by Stop; `:on-listen` is called with the port once clients can connect.
    """
    respond = take.procedure("http-serve", handler)

    def answer(request: Request) -> Answer:
        return _answered(respond, request)

    return _serve("http-serve", port, answer, options)


@native("http-serve-static", params="(port routes &key max on-listen)", needs="http-in:{port}")
def http_serve_static(port: object, routes: object, *options: object) -> int:
    """Answer requests on a loopback port from a list of `(path status body)`, and return how many there were.

    A path must be the whole path, without the query; bodies are sent as JSON. Options are as for `http-serve`.
    """
    table = dict(_route(route) for route in _routes(routes))

    def answer(request: Request) -> Answer:
        return table.get(request.path) or _json_answer(404, _NOT_FOUND)

    return _serve("http-serve-static", port, answer, options)


def _serve(function: str, port: object, answer: Callable[[Request], Answer], options: Sequence[object]) -> int:
    given = take.options_of(function, options, _OPTIONS)
    number = integer_argument(function, port)
    if not 0 <= number <= _HIGHEST_PORT:
        raise NativeError(function, f"there is no port {number}")
    from .loopback import LoopbackServer  # noqa: PLC0415  # not needed to start

    with os_errors(function, f"port {number}"), LoopbackServer(number, answer) as server:
        if "on_listen" in given:
            given["on_listen"](server.port)
        return server.serve(given.get("max"))


def _routes(routes: object) -> List | Vector:
    if isinstance(routes, (List, Vector)):
        return routes
    raise NativeError("http-serve-static", f"expected a list of routes, got {kind_of(routes)}")


def _route(route: object) -> tuple[str, Answer]:
    name = "http-serve-static"
    parts = list(route) if isinstance(route, (List, Vector)) else []
    if len(parts) != 3:
        raise NativeError(name, "each route must be a list of path, status and body")
    path, status, body = parts
    return string_argument(name, path), _json_answer(_status(name, status), string_argument(name, body))


def _json_answer(status: int, body: str) -> Answer:
    return Answer(status, [("content-type", _JSON)], utf8("http-serve", body))


# -- handlers ---------------------------------------------------------------------------------------------


def _answered(handler: Callable[[object], object], request: Request) -> Answer:
    """Return what the handler makes of a request; an error is written, and the client told of one."""
    try:
        return _as_answer(handler(_as_map(request)))
    except Exception as error:  # the server goes on: the next request may do better
        sys.stderr.write(f"http-serve: {request.method} {request.path}: {error}\n")
        return _json_answer(500, _FAILED)


def _as_map(request: Request) -> Map:
    parts: dict[str, object] = {
        "method": request.method,
        "path": request.path,
        "query": Map(request.query),
        "headers": Map(request.headers),
        "body": request.body.decode("utf-8", "replace"),
    }
    return Map([(Keyword(name), part) for name, part in parts.items()])


def _as_answer(value: object) -> Answer:
    if isinstance(value, str):
        return Answer(200, [("content-type", _TEXT)], utf8("http-serve", value))
    if isinstance(value, (List, Vector)) and len(value) == 2:
        return _composed(dict(zip(("status", "body"), value, strict=True)))
    if isinstance(value, Map):
        return _composed({key.name: part for key, part in value.items() if isinstance(key, Keyword)})
    raise NativeError(
        "http-serve",
        f"the handler returned a value of type {kind_of(value)}",
        fix="Return a string, (STATUS BODY), or {:status N :headers {…} :body S}.",
    )


def _composed(parts: Mapping[str, object]) -> Answer:
    name = "http-serve"
    is_json = "json" in parts
    text = stringify(parts["json"]) if is_json else string_argument(name, parts.get("body", ""))
    headers = take.pairs_of(name, parts.get("headers"))
    if not any(key.lower() == "content-type" for key, _ in headers):
        headers = [("content-type", _JSON if is_json else _TEXT), *headers]
    if any(set("\r\n") & set(key + each) for key, each in headers):
        raise NativeError(name, "a header with a line end")
    return Answer(_status(name, parts.get("status", 200)), headers, utf8(name, text))


def _status(function: str, value: object) -> int:
    status = integer_argument(function, value)
    if not 200 <= status <= 599:
        raise NativeError(function, f"{status} is no status of an answer", fix="Statuses are 200 to 599.")
    return status
