"""Serving: a handler in Lisp, called on the thread that serves; clients on threads of their own."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from caixa.lisp.interpreter import Interpreter
from caixa.lisp.natives.registry import mark_native
from caixa.lisp.source import Source


@pytest.fixture
def serve():
    """Serve as a text says, with clients that are given the port; return the value and what they return."""

    def serving(text, *clients):
        interpreter = Interpreter()
        with ThreadPoolExecutor(1) as pool:
            asked = []

            def started(port):
                asked.append(pool.submit(lambda: [client(f"http://127.0.0.1:{port}") for client in clients]))

            interpreter.names["started"] = mark_native(started, "started")
            value = interpreter.evaluate(Source("cell", text))
            return value, asked[0].result(5)

    return serving


HANDLER = """
(define (handler request)
  (case (hash-map-get request :path)
    (("/text") "olá")
    (("/pair") (list 201 "made"))
    (("/json") {:json {:query (hash-map-get request :query) :method (hash-map-get request :method)}})
    (("/echo") {:status 202 :headers {:x-a "1"} :body (hash-map-get request :body)})
    (("/wrong") 5)
    (else (throw 'oops))))
"""


def test_a_handler_answers_with_text_a_pair_or_a_map(serve, capsys):
    value, answers = serve(
        f"{HANDLER} (http-serve 0 handler :max 6 :on-listen started)",
        lambda base: httpx.get(f"{base}/text"),
        lambda base: httpx.get(f"{base}/pair"),
        lambda base: httpx.get(f"{base}/json?a=1&b="),
        lambda base: httpx.post(f"{base}/echo", content="body"),
        lambda base: httpx.get(f"{base}/wrong"),
        lambda base: httpx.get(f"{base}/none"),
    )
    assert value == 6
    assert [answer.status_code for answer in answers] == [200, 201, 200, 202, 500, 500]
    assert [answer.text for answer in answers[:2]] == ["olá", "made"]
    assert answers[2].json() == {"query": {"a": "1", "b": ""}, "method": "GET"}
    assert (answers[3].text, answers[3].headers["x-a"]) == ("body", "1")
    assert answers[5].json() == {"error": "internal"}
    assert capsys.readouterr().err.count("http-serve: GET") == 2


def test_the_handler_runs_on_the_thread_that_serves(serve):
    threads = []
    interpreter_text = "(http-serve 0 note :max 1 :on-listen started)"

    def note(_request):
        threads.append(threading.current_thread())
        return ""

    interpreter = Interpreter()
    with ThreadPoolExecutor(1) as pool:
        interpreter.names["started"] = lambda port: pool.submit(httpx.get, f"http://127.0.0.1:{port}/") and None
        interpreter.names["note"] = note
        interpreter.evaluate(Source("cell", interpreter_text))
    assert threads == [threading.current_thread()]


def test_routes_answer_their_whole_path_without_the_query(serve):
    value, answers = serve(
        '(http-serve-static 0 (list (list "/a" 200 "[1]") (list "/b" 503 "{}")) :max 3 :on-listen started)',
        lambda base: httpx.get(f"{base}/a?x=1"),
        lambda base: httpx.get(f"{base}/b"),
        lambda base: httpx.get(f"{base}/a/b"),
    )
    assert value == 3
    assert [(answer.status_code, answer.text) for answer in answers] == [
        (200, "[1]"),
        (503, "{}"),
        (404, '{"error":"not_found"}'),
    ]
    assert {answer.headers["content-type"] for answer in answers} == {"application/json"}


def test_a_client_that_says_nothing_or_nonsense_does_not_end_the_server(serve):
    def nonsense(base):
        for text in (b"", b"nonsense\r\n\r\n", b"GET / HTTP/1.0\r\ncontent-length: many\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", int(base.rsplit(":", 1)[1]))) as client:
                client.sendall(text)

    _, answers = serve(
        '(http-serve 0 (lambda (request) "ok") :max 1 :on-listen started)',
        nonsense,
        lambda base: httpx.get(base).text,
    )
    assert answers[1] == "ok"


def test_the_port_is_free_afterwards(run):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    text = f"(try (http-serve {port} identity :on-listen (lambda (port) (throw port))) (catch (e) e))"
    assert run(text) == run(text) == str(port)


def test_only_this_machine_can_connect(serve):
    def address(base):
        with socket.create_connection(("127.0.0.1", int(base.rsplit(":", 1)[1]))) as client:
            client.sendall(b"GET / HTTP/1.0\r\n\r\n")
            return client.getpeername()[0]

    def elsewhere(base):
        with (
            pytest.raises(ConnectionRefusedError),
            socket.create_connection(("127.0.0.2", int(base.rsplit(":", 1)[1])), 0.5),
        ):
            pass

    _, (_, host) = serve('(http-serve 0 (lambda (r) "") :max 1 :on-listen started)', elsewhere, address)
    assert host == "127.0.0.1"


def test_a_taken_port_is_an_error(fail):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        error = fail(f"(http-serve {listener.getsockname()[1]} identity)")
    assert error.facts["errno"] == "EADDRINUSE"


@pytest.mark.parametrize(
    "call",
    [
        "(http-serve 70000 identity)", '(http-serve "1" identity)', "(http-serve 0 5)",
        "(http-serve 0 identity :max 0)",
        "(http-serve 0 identity :min 1)", "(http-serve-static 0 5)", '(http-serve-static 0 (list (list "/")))',
        '(http-serve-static 0 (list (list "/" 99 "")))', '(http-serve-static 0 (list (list "/" 200 5)))',
    ],
)  # fmt: skip
def test_what_cannot_be_served_is_an_error(fail, call):
    assert fail(call).kind == "native-fn"
