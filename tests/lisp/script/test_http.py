"""Calling servers: real ones on the loopback address, good and bad."""

from __future__ import annotations

import inspect
import json
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from caixa.lisp.errors import CapabilityDenied, NativeError
from caixa.lisp.natives.script.http import http_errors


class Echo(BaseHTTPRequestHandler):
    """Answers with what it was asked."""

    def answer(self):
        path = self.path.split("?")[0]
        if path == "/redirect":
            self._head(302, ("location", "/redirected"))
        elif path == "/away":
            self._head(302, ("location", "http://other.invalid/"))
        elif path == "/round":
            self._head(302, ("location", "/round"))
        elif path.startswith("/status/"):
            self._body(int(path.rsplit("/", 1)[1]), "said why")
        else:
            length = int(self.headers.get("content-length") or 0)
            said = {
                "method": self.command,
                "path": self.path,
                "type": self.headers.get("content-type"),
                "key": self.headers.get("x-key"),
                "body": self.rfile.read(length).decode(),
            }
            self._body(200, json.dumps(said))

    do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815  # the library's names

    def _head(self, status, *headers):
        self.send_response(status)
        for header in headers:
            self.send_header(*header)
        self.send_header("content-length", "0")
        self.end_headers()

    def _body(self, status, text):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as serving:
        threading.Thread(target=serving.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()


@contextmanager
def listening(answer):
    """Listen, and answer the first connection with bytes; none means silence."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            with listener.accept()[0] as client:
                client.recv(65536)
                if answer:
                    client.sendall(answer)
                else:
                    client.recv(65536)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        thread.join(5)


def test_a_body_is_got_as_text_or_as_what_its_json_says(run, server):
    got = run(f'(hash-map-get (http-get-json "{server}/a?b=1" (list (list "X-Key" "k"))) "path")')
    assert got == '"/a?b=1"'
    assert run(f'(string? (http-get "{server}/" {{:x-key "k"}}))') == "#t"


def test_json_is_sent_with_its_type_unless_the_headers_say_another(run, server):
    text = f'(define (kind headers) (hash-map-get (http-post-json "{server}/" headers {{:a 1}}) "type"))'
    assert run(f'{text} (list (kind nil) (kind {{"Content-Type" "x/y"}}))') == '("application/json" "x/y")'
    assert run(f'(hash-map-get (http-post-json "{server}/" nil {{:a (list 1)}}) "body")') == '"{\\"a\\":[1]}"'


def test_any_method_any_status_and_all_headers(run, server):
    text = f'(http-request "delete" "{server}/x" :body "olá" :headers {{:x-key "k"}} :timeout 5)'
    assert (
        run(
            f"(define r {text}) (map (lambda (k) (hash-map-get (json-parse (hash-map-get r :body)) k)) "
            '(list "method" "body" "key"))'
        )
        == '("DELETE" "olá" "k")'
    )
    assert run(f'(hash-map-get (http-request "GET" "{server}/status/418") :status)') == "418"
    assert run('(hash-map-has? (hash-map-get r :headers) "date")') == "#t"


@pytest.mark.parametrize("status", [400, 404, 500, 599])
def test_a_status_of_400_or_more_is_an_error_with_the_status_and_the_body(fail, server, status):
    error = fail(f'(http-get "{server}/status/{status}")')
    assert (error.kind, error.facts["status"], error.facts["body"]) == ("native-fn", status, "said why")


def test_redirects_are_followed_but_not_for_ever(run, fail, server):
    assert run(f'(hash-map-get (http-get-json "{server}/redirect") "path")') == '"/redirected"'
    assert fail(f'(http-get "{server}/round")').facts["failure"] == "redirects"


def test_a_redirect_needs_the_capability_for_where_it_leads(granted, server):
    run = granted("http-out:127.0.0.1")
    assert run(f'(string? (http-get "{server}/redirect"))') == "#t"
    with pytest.raises(CapabilityDenied, match=r"http-out:other\.invalid"):
        run(f'(http-get "{server}/away")')


def test_a_certificate_file_needs_the_capability_to_read_it(granted, server):
    with pytest.raises(CapabilityDenied, match="fs:/certificates:ro"):
        granted("http-out:127.0.0.1")(f'(http-request "GET" "{server}/" :ca-file "/certificates")')


def test_a_silent_server_is_given_up_after_the_timeout(fail):
    with listening(b"") as url:
        assert fail(f'(http-request "GET" "{url}" :timeout 0.1)').facts["failure"] == "timeout"


def test_a_server_that_speaks_no_http_is_an_error(fail):
    with listening(b"SSH-2.0-nonsense\r\n") as url:
        assert fail(f'(http-get "{url}")').facts["failure"] == "protocol"


def test_a_port_where_nobody_listens_is_an_error(fail):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert fail(f'(http-get "http://127.0.0.1:{port}/")').facts["failure"] == "connection"


def test_what_comes_back_must_be_json_for_the_functions_that_say_so(fail):
    with listening(b"HTTP/1.0 200 OK\r\n\r\nnot json") as url:
        assert fail(f'(http-get-json "{url}")').function == "http-get-json"


@pytest.mark.parametrize(
    "url", ["", "nonsense", "ftp://host/", "http://", "http://[", "file:///etc/passwd", "http://a b/"]
)
def test_what_is_no_url_is_an_error(fail, url):
    assert fail(f'(http-get "{url}")').facts["failure"] in ("url", "connection")


@pytest.mark.parametrize(
    "arguments",
    ["5", '"http://127.0.0.1/" 5', '"http://127.0.0.1/" (list (list "a"))', '"http://127.0.0.1/" {:a 1}'],
)
def test_arguments_of_the_wrong_kind_are_errors(fail, arguments):
    assert fail(f"(http-get {arguments})").kind == "native-fn"


def test_headers_that_are_no_text_of_http_are_errors(fail, server):
    assert fail(f'(http-get "{server}/" {{"a" "ol\\u{{1F600}}"}})').kind == "native-fn"
    assert fail(f'(http-get "{server}/" {{"a\\nb" "c"}})').kind == "native-fn"


def test_a_body_without_end_is_an_error_and_not_the_end_of_memory(fail, monkeypatch):
    monkeypatch.setattr("caixa.lisp.natives.script.http.MAX_BODY", 1000)
    with listening(b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 5000) as url:
        assert "more than 1,000 bytes" in fail(f'(http-get "{url}")').message


def test_every_error_of_the_library_is_mapped():
    kinds = [each for _, each in inspect.getmembers(httpx, inspect.isclass) if issubclass(each, Exception)]
    assert len(kinds) > 20
    for kind in kinds:
        error = kind.__new__(kind)
        Exception.__init__(error, "said why")
        with pytest.raises(NativeError) as caught, http_errors("http-get", "http://x/"):
            raise error
        assert caught.value.facts["failure"] in ("timeout", "connection", "redirects", "protocol", "url")
