"""The language server in the kernel: a front end that speaks its protocol over a comm, about cells."""

from __future__ import annotations

from itertools import count
from uuid import uuid4

import pytest

from .client import Frontend

CELL = "vscode-notebook-cell:/notebook.ipynb#c1"


class Editor:
    """One comm to `caixa.lsp`."""

    def __init__(self, frontend: Frontend) -> None:
        self.frontend, self.comm = frontend, uuid4().hex
        self.numbers, self.versions = count(1), count(1)
        frontend.send("comm_open", {"comm_id": self.comm, "target_name": "caixa.lsp", "data": {}})
        capabilities = {"general": {"positionEncodings": ["utf-16"]}}
        self.capabilities = self.ask("initialize", processId=None, rootUri=None, capabilities=capabilities)
        self.tell("initialized")

    def tell(self, method: str, **params: object) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def send(self, data: dict) -> None:
        self.frontend.send("comm_msg", {"comm_id": self.comm, "data": data})

    def ask(self, method: str, **params: object) -> dict:
        number = next(self.numbers)
        self.send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        return self.until(lambda data: data.get("id") == number)["result"]

    def until(self, wanted) -> dict:
        def is_wanted(message: dict) -> bool:
            content = message["content"]
            is_ours = message["msg_type"] == "comm_msg" and content["comm_id"] == self.comm
            return is_ours and wanted(content["data"])

        return self.frontend._await("iopub", is_wanted)["content"]["data"]

    def open(self, text: str, uri: str = CELL) -> list[str]:
        """Open a cell, and return the codes of what is wrong with it."""
        document = {"uri": uri, "languageId": "caixa", "version": next(self.versions), "text": text}
        self.tell("textDocument/didOpen", textDocument=document)
        return self.told()

    def told(self) -> list[str]:
        found = self.until(lambda data: data.get("method") == "textDocument/publishDiagnostics")
        return [each["code"] for each in found["params"]["diagnostics"]]

    def at(self, method: str, line: int, character: int) -> dict:
        position = {"line": line, "character": character}
        return self.ask(f"textDocument/{method}", textDocument={"uri": CELL}, position=position)


@pytest.fixture
def editor(kernel: Frontend) -> Editor:
    return Editor(kernel)


def test_the_kernel_serves_what_the_server_does(editor: Editor) -> None:
    assert editor.capabilities["serverInfo"]["name"] == "caixa-lsp"
    assert editor.open("(define (area side) (* side sied))\n") == ["unbound-name"]
    assert "side" in editor.at("hover", 0, 23)["contents"]["value"]
    assert editor.at("signatureHelp", 0, 28)["signatures"]
    labels = [item["label"] for item in editor.at("completion", 0, 25)["items"]]
    assert labels[0] == "side"


def test_a_cell_sees_what_ran_before_it(editor: Editor, kernel: Frontend) -> None:
    assert editor.open("(twice (area 2))\n") == ["unbound-name", "unbound-name"]
    kernel.run('(define (area side) "The area." (* side side))\n(defmacro twice (x) `(* 2 ,x))')
    assert editor.told() == []
    assert "The area." in editor.at("hover", 0, 9)["contents"]["value"]
    assert "(twice" in editor.at("hover", 0, 3)["contents"]["value"]


def test_magics_and_other_languages_are_left_alone(editor: Editor) -> None:
    assert editor.open("%caixa list\n(undefined-thing)\n") == ["unbound-name"]
    assert editor.open("%%python\nimport os\n", f"{CELL}2") == []


def test_a_manifest_in_a_cell_is_checked(editor: Editor) -> None:
    found = editor.open('(defcaixa :nome "x" :versao "0.1.0" :kind Bibliotheca :descricao "Greets.")\n')
    assert found == ["enum-unknown"]


def test_a_macro_without_end_does_not_hang_the_kernel(editor: Editor, kernel: Frontend) -> None:
    assert editor.open("(defmacro f () (let loop () (loop)))\n(f)\n") == ["not-expandable"]
    assert kernel.run("(+ 1 2)").result == "3"


def test_leaving_closes_the_comm_and_not_the_kernel(editor: Editor, kernel: Frontend) -> None:
    assert editor.ask("shutdown") is None
    editor.tell("exit")
    kernel._await("iopub", lambda message: message["msg_type"] == "comm_close")
    assert kernel.run("(+ 1 2)").result == "3"


def test_what_is_no_message_of_the_protocol_is_survived(editor: Editor) -> None:
    editor.send({"hello": 1})
    assert editor.open("(define x 1)\n") == []


def test_nothing_of_the_server_is_loaded_before_it_is_asked_for(own_kernel: Frontend) -> None:
    modules = ("pygls", "lsprotocol", "caixa.tools.server")
    code = f"%%python\nimport sys\nprint([name for name in {modules} if name in sys.modules])"
    assert own_kernel.run(code).text().strip() == "[]"
