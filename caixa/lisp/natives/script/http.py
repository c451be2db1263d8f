"""Calling HTTP servers (language.md section 7, `Network`), with httpx; its errors become ours here alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from ...capabilities import demand
from ...errors import NativeError
from ...maps import Map
from ...names import Keyword
from ..registry import native
from ..strings import string_argument
from . import options as take
from .json_text import parse_json, stringify
from .operating_system import utf8

if TYPE_CHECKING:
    import httpx

__all__ = ["http_errors"]

TIMEOUT: Final = 30.0  # seconds without a sign of life
MAX_BODY: Final = 64 << 20  # bytes
MAX_REDIRECTS: Final = 10
_JSON: Final = "application/json"


@contextmanager
def http_errors(function: str, url: str) -> Iterator[None]:
    """Turn what httpx raises into a NativeError that names the URL and how it failed.

    The fact `:failure` is `timeout`, `connection`, `redirects`, `protocol` or `url`.
    """
    import httpx  # noqa: PLC0415  # not needed to start

    try:
        yield
    except httpx.TimeoutException as error:
        raise _failed(
            function, url, "no answer in time", "timeout", "Allow more with :timeout SECONDS."
        ) from error
    except httpx.TooManyRedirects as error:
        raise _failed(function, url, f"more than {MAX_REDIRECTS} redirects", "redirects") from error
    except (httpx.NetworkError, httpx.ProxyError) as error:
        raise _failed(
            function, url, str(error) or "no connection", "connection", "Does it run there?"
        ) from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise _failed(
            function, url, str(error), "url", "Write http://HOST/PATH or https://HOST/PATH."
        ) from error
    except (httpx.HTTPError, httpx.StreamError, httpx.CookieConflict) as error:
        raise _failed(function, url, str(error) or type(error).__name__, "protocol") from error
    except (UnicodeError, ValueError, OSError) as error:  # a host or header that is no text, a certificate
        raise _failed(function, url, str(error), "url") from error


def _failed(function: str, url: str, reason: str, failure: str, fix: str = "") -> NativeError:
    return NativeError(function, f"{url}: {reason}", fix=fix, url=url, failure=failure)


@native("http-get", needs="http-out:{url}")
def http_get(url: object, headers: object = None) -> str:
    """Return the body that a URL gives; a status of 400 or more is an error. Headers are pairs of strings."""
    return _good("http-get", "GET", url, headers=headers).text


@native("http-get-json", needs="http-out:{url}")
def http_get_json(url: object, headers: object = None) -> object:
    """Return what the JSON says that a URL gives; a status of 400 or more is an error."""
    return parse_json("http-get-json", _good("http-get-json", "GET", url, headers=headers).text)


@native("http-post-json", needs="http-out:{url}")
def http_post_json(url: object, headers: object, body: object) -> object:
    """Send a value as JSON to a URL and return what the JSON says that comes back.

    The content type is `application/json` unless the headers say another.
    """
    content = utf8("http-post-json", stringify(body))
    answer = _good("http-post-json", "POST", url, headers=headers, content=content, json=True)
    return parse_json("http-post-json", answer.text)


@native("http-request", params="(method url &key headers body json timeout ca-file)", needs="http-out:{url}")
def http_request(method: object, url: object, *options: object) -> Map:
    """Send any request and return `{:status N :headers {…} :body S}`, whatever the status.

    `:headers` are a map or pairs of strings, `:body` a text, `:json` a value to be sent as JSON, `:timeout`
    the seconds to wait for a sign of life, `:ca-file` a file of certificates to trust in place of the usual.
    """
    name = "http-request"
    given = take.options_of(
        name,
        options,
        {
            "headers": take.pairs_of,
            "body": take.text,
            "json": lambda _, value: stringify(value),
            "timeout": take.seconds,
            "ca-file": take.readable_file,
        },
    )
    if "body" in given and "json" in given:
        raise NativeError(name, ":body and :json exclude each other")
    text = given.get("json", given.get("body"))
    content = None if text is None else utf8(name, text)
    answer = _request(
        name,
        string_argument(name, method).upper(),
        url,
        headers=given.get("headers", ()),
        content=content,
        json="json" in given,
        timeout=given.get("timeout", TIMEOUT),
        ca_file=given.get("ca_file"),
    )
    headers = Map(list(answer.headers.items()))
    parts = {"status": answer.status_code, "headers": headers, "body": answer.text}
    return Map([(Keyword(key), value) for key, value in parts.items()])


def _good(function: str, method: str, url: object, *, headers: object, **options: Any) -> httpx.Response:
    """Return the answer to a request, which must have a status below 400."""
    pairs = take.pairs_of(function, headers)
    answer = _request(function, method, url, headers=pairs, **options)
    if answer.is_error:
        raise NativeError(
            function,
            f"{url}: status {answer.status_code} {answer.reason_phrase}".rstrip(),
            url=url,
            status=answer.status_code,
            body=answer.text[:1000],
        )
    return answer


def _request(  # noqa: PLR0913  # what there is to say about a request
    function: str,
    method: str,
    url: object,
    *,
    headers: Sequence[tuple[str, str]],
    content: bytes | None = None,
    json: bool = False,
    timeout: float = TIMEOUT,
    ca_file: str | None = None,
) -> httpx.Response:
    """Send a request, follow where it is redirected to, and return the answer with its body."""
    import httpx  # noqa: PLC0415  # not needed to start

    address = string_argument(function, url)
    has_type = any(name.lower() == "content-type" for name, _ in headers)
    typed = [("content-type", _JSON)] if json and not has_type else []

    def may_go(request: httpx.Request) -> None:
        demand(function, "http-out", request.url.host.lower())  # of each redirect, and as httpx reads the URL

    with (
        http_errors(function, address),
        httpx.Client(
            timeout=timeout,
            follow_redirects=True,
            max_redirects=MAX_REDIRECTS,
            event_hooks={"request": [may_go]},
            verify=_certificates(ca_file),
        ) as client,
        client.stream(method, address, headers=[*headers, *typed], content=content) as answer,
    ):
        answer._content = _body(function, address, answer)  # what `read` sets, but without a limit
        return answer


def _body(function: str, url: str, answer: httpx.Response) -> bytes:
    body = bytearray()
    for part in answer.iter_bytes():
        body += part
        if len(body) > MAX_BODY:
            raise _failed(function, url, f"more than {MAX_BODY:,} bytes came back", "protocol")
    return bytes(body)


@cache
def _certificates(ca_file: str | None) -> Any:
    """Return whom to trust; made once for each file, since that takes longer than most requests."""
    import ssl  # noqa: PLC0415  # not needed to start

    return ssl.create_default_context(cafile=ca_file)
