"""A client of the language server over stdio: the framing, requests with replies, and what was published."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import Empty, Queue
from typing import Any

PATIENCE = 20.0


class Failed(Exception):
    """The server answered with an error."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.code = error["code"]


class Client:
    """One server process and what it says."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "caixa.tools.server"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
        self.replies: Queue[dict[str, Any]] = Queue()
        self.notes: Queue[dict[str, Any]] = Queue()
        self.published: dict[str, list[dict[str, Any]]] = {}
        self.versions: dict[str, int] = {}
        self.capabilities: dict[str, Any] = {}
        self._count = 0
        threading.Thread(target=self._read, daemon=True).start()

    # -- the wire -------------------------------------------------------------------------------------------

    def _read(self) -> None:
        assert self.process.stdout is not None
        while True:
            length = 0
            while line := self.process.stdout.readline().strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not length:
                return
            message = json.loads(self.process.stdout.read(length))
            (self.replies if "id" in message and "method" not in message else self.notes).put(message)

    def raw(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.raw(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def notify(self, method: str, **params: Any) -> None:
        self.send({"method": method, "params": params})

    def request(self, method: str, **params: Any) -> Any:
        self._count += 1
        self.send({"id": self._count, "method": method, "params": params})
        while True:
            reply = self.replies.get(timeout=PATIENCE)
            if reply["id"] == self._count:
                if "error" in reply:
                    raise Failed(reply["error"])
                return reply["result"]

    def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next notification that is wanted; the others are dropped."""
        while True:
            note = self.notes.get(timeout=PATIENCE)
            if wanted(note):
                return note

    # -- a session ------------------------------------------------------------------------------------------

    def start(self, root: Path | None = None, encodings: Sequence[str] = ()) -> Client:
        general = {"positionEncodings": list(encodings)} if encodings else {}
        folders = [{"uri": root.as_uri(), "name": "root"}] if root else None
        reply = self.request(
            "initialize",
            processId=None,
            rootUri=root.as_uri() if root else None,
            workspaceFolders=folders,
            capabilities={"general": general, "textDocument": {"rename": {"prepareSupport": True}}},
        )
        self.capabilities = reply["capabilities"]
        self.notify("initialized")
        return self

    def open(self, uri: str, text: str, version: int = 1) -> list[dict[str, Any]]:
        """Open a document and return its diagnostics."""
        document = {"uri": uri, "languageId": "caixa", "version": version, "text": text}
        self.versions[uri] = version
        self.notify("textDocument/didOpen", textDocument=document)
        return self.diagnostics(uri, version)

    def change(self, uri: str, *changes: dict[str, Any], version: int | None = None) -> None:
        self.versions[uri] = version or self.versions[uri] + 1
        document = {"uri": uri, "version": self.versions[uri]}
        self.notify("textDocument/didChange", textDocument=document, contentChanges=list(changes))

    def close(self, uri: str) -> list[dict[str, Any]]:
        self.versions.pop(uri, None)
        self.notify("textDocument/didClose", textDocument={"uri": uri})
        return self.diagnostics(uri, None)

    def diagnostics(self, uri: str, version: int | None) -> list[dict[str, Any]]:
        """The diagnostics of a version of a document."""
        note = self.until(
            lambda note: (
                note["method"] == "textDocument/publishDiagnostics"
                and note["params"]["uri"] == uri
                and note["params"].get("version") == version
            )
        )
        return list(note["params"]["diagnostics"])

    def at(self, method: str, uri: str, line: int, character: int, **more: Any) -> Any:
        position = {"line": line, "character": character}
        return self.request(f"textDocument/{method}", textDocument={"uri": uri}, position=position, **more)

    def about(self, method: str, uri: str, **more: Any) -> Any:
        return self.request(f"textDocument/{method}", textDocument={"uri": uri}, **more)

    def is_quiet(self, seconds: float = 0.3) -> bool:
        """Whether nothing is published for a while."""
        try:
            self.notes.get(timeout=seconds)
        except Empty:
            return True
        return False

    def finish(self) -> int:
        """Shut the server down and return its exit code."""
        self.request("shutdown")
        self.notify("exit")
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


def edit(start: tuple[int, int], end: tuple[int, int], text: str) -> dict[str, Any]:
    """A change of a range."""
    places = [{"line": line, "character": character} for line, character in (start, end)]
    return {"range": {"start": places[0], "end": places[1]}, "text": text}


def cut(text: str, found: dict[str, Any]) -> str:
    """The text of a range on one line, in UTF-16 units."""
    start, end = found["start"], found["end"]
    assert start["line"] == end["line"]
    line = text.split("\n")[start["line"]].encode("utf-16-le")
    return line[2 * start["character"] : 2 * end["character"]].decode("utf-16-le")


def place_of(text: str, words: str, offset: int = 0) -> tuple[int, int]:
    """The line and UTF-16 column of the first appearance of `words`, and `offset` characters on."""
    at = text.index(words) + offset
    line = text.count("\n", 0, at)
    before = text[:at].rpartition("\n")[2]
    return line, len(before.encode("utf-16-le")) // 2
