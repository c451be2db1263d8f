"""The server under bad input: garbage, unknown requests, files that go away, and how it leaves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .client import Client, Failed, edit

URI = "file:///nowhere/a.lisp"


@pytest.fixture
def own() -> Iterator[Client]:
    """A server of one's own, which the test may break."""
    started = Client()
    yield started
    started.kill()


def test_it_leaves_with_zero_after_a_shutdown_and_else_with_one(own: Client) -> None:
    own.start()
    assert own.finish() == 0
    other = Client().start()
    other.notify("exit")
    assert other.process.wait(20) == 1
    other.kill()


def test_requests_out_of_their_time_are_refused(own: Client) -> None:
    with pytest.raises(Failed) as early:
        own.request("textDocument/hover", textDocument={"uri": URI}, position={"line": 0, "character": 0})
    assert early.value.code == -32002
    own.start()
    with pytest.raises(Failed) as twice:
        own.request("initialize", processId=None, rootUri=None, capabilities={})
    assert twice.value.code == -32600
    own.request("shutdown")
    with pytest.raises(Failed) as late:
        own.about("documentSymbol", URI)
    assert late.value.code == -32600


def test_garbage_is_passed_over(own: Client) -> None:
    own.start()
    own.raw(b"garbage\r\n\r\nContent-Length: 9\r\n\r\nnot json!")
    own.raw(b'Content-Length: 2\r\n\r\n{}Content-Length: 18\r\n\r\n{"jsonrpc": "2.0"}')
    assert own.open(URI, "(define a 1)\n") == []


def test_utf8_is_chosen_where_it_is_offered(own: Client) -> None:
    own.start(encodings=["utf-16", "utf-8"])
    assert own.capabilities["positionEncoding"] == "utf-8"
    own.open(URI, '(define é "𝄞") (list é)\n')
    assert own.at("definition", URI, 0, 25)[0]["range"]["start"] == {"line": 0, "character": 8}
    own.change(URI, edit((0, 8), (0, 10), "x"))
    assert [each["name"] for each in own.about("documentSymbol", URI)] == ["x"]


def test_an_unknown_method_is_an_error_and_no_end(client: Client) -> None:
    with pytest.raises(Failed) as unknown:
        client.request("textDocument/nonsense")
    assert unknown.value.code == -32601
    client.notify("textDocument/moreNonsense")
    assert client.open(URI, "(define a 1)\n") == []


def test_documents_that_are_not_there_have_no_answers(client: Client, tmp_path: Path) -> None:
    uri = (tmp_path / "gone.lisp").as_uri()
    assert client.at("hover", uri, 0, 0) is None
    assert client.about("documentSymbol", uri) == []
    assert client.at("completion", uri, 3, 3)["items"] == []
    client.notify(
        "textDocument/didChange", textDocument={"uri": uri, "version": 2}, contentChanges=[{"text": "("}]
    )
    client.notify("textDocument/didClose", textDocument={"uri": uri})
    assert client.at("definition", uri, 0, 0) == []


def test_a_module_that_is_deleted_is_missed(client: Client, tmp_path: Path) -> None:
    (tmp_path / "m.tlisp").write_text("(define (f) 1)\n(provide f)\n")
    uri = (tmp_path / "p.tlisp").as_uri()
    assert client.open(uri, '(require "./m" :as m)\n(m/f)\n') == []
    (tmp_path / "m.tlisp").unlink()
    client.notify("workspace/didChangeWatchedFiles", changes=[])
    assert [each["code"] for each in client.diagnostics(uri, 1)] == ["module-not-found"]
    assert client.at("definition", uri, 1, 4) == []


def test_modules_that_require_each_other_do_not_hang(client: Client, tmp_path: Path) -> None:
    (tmp_path / "a.tlisp").write_text('(require "./b")\n(define (f) (b/g))\n(provide f)\n')
    text = '(require "./a")\n(define (g) (a/f))\n(provide g)\n'
    (tmp_path / "b.tlisp").write_text(text)
    uri = (tmp_path / "b.tlisp").as_uri()
    client.open(uri, text)
    assert client.at("definition", uri, 1, 15)[0]["uri"].endswith("a.tlisp")


def test_columns_are_utf16_by_default(client: Client) -> None:
    text = '(define 𝄞 "🎼") (list 𝄞 missing-name)\n'
    (found,) = client.open(URI, text)
    assert found["range"]["start"] == {"line": 0, "character": 26}
    assert client.at("definition", URI, 0, 23)[0]["range"]["end"] == {"line": 0, "character": 10}
    client.change(URI, edit((0, 26), (0, 38), "1"))
    assert client.diagnostics(URI, 2) == []
