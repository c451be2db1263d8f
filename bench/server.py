"""The language server: from a keystroke to its diagnostics in a file of 2,000 lines, and other requests there.

The first row is the time that the server computes, in this process; the second what an editor waits for, over
stdio, with the pause by which a burst of changes is answered once.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from harness import Row, Target, main, median

from caixa.tools.server import completing, symbols, tokens
from caixa.tools.server.project import Disk, Project
from caixa.tools.server.session import Change, Session
from caixa.tools.server.text import Encoding, Place

LINES = 2_000
PATH = "/nowhere/program.tlisp"
FUNCTION = """\
(define (process-item-{n} item &optional (count 3))
  "Return the item, handled."
  (let* ((name (get item :name))
         (size (* 2 (length name))))
    (when (> size count)
      (println name)
      (for-each (lambda (x) (+ x size)) (range 0 count)))
    (cond ((= size 0) nil)
          ((> size 10) (list name size))
          (else (process-item-{before} (hash-map :name name) size)))))

"""
MANIFEST_ENTRY = '  (:de "m{n}" :para "m{next}" :wit "app:api/calls" :endpoint "/v1/items")\n'


def program(lines: int = LINES) -> str:
    count = lines // FUNCTION.count("\n")
    return "".join(FUNCTION.format(n=n, before=max(0, n - 1)) for n in range(count))


def manifest(lines: int = LINES) -> str:
    count = lines // 2
    members = "".join(f'  (:caixa "m{n}" :versao "^0.1")\n' for n in range(count))
    ends = "".join(MANIFEST_ENTRY.format(n=n, next=(n + 1) % count) for n in range(count))
    head = '(defcaixa :nome "mesh" :versao "0.1.0" :kind Aplicacao :descricao "x"'
    return f"{head}\n :membros (\n{members})\n :contratos (\n{ends}))\n"


def session(text: str, path: str = PATH) -> Session:
    """A session that has told of the document once."""
    now = iter(range(1, 10**9))
    started = Session(Project(Disk()), lambda: float(next(now)))
    started.encoding = Encoding.UTF16
    started.open(path, 1, text)
    assert started.poll()
    return started


def typing(started: Session, place: Place, path: str = PATH) -> Callable[[], float]:
    """A measure of one keystroke, a letter more each time, until its diagnostics are there."""
    version = 1

    def measure() -> float:
        nonlocal version
        version += 1
        begun = time.perf_counter()
        started.change(path, version, [Change("x", place, place)])
        found = started.poll()
        taken = (time.perf_counter() - begun) * 1000
        assert not found or found[0].version == version
        return taken

    return measure


def timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


# -- over stdio -------------------------------------------------------------------------------------------


class Connection:
    """As much of a client as a keystroke needs."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def send(self, method: str, params: object, **more: object) -> None:
        assert self.process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def until(self, wanted: Callable[[dict[str, Any]], bool]) -> None:
        assert self.process.stdout is not None
        while True:
            length = 0
            while line := self.process.stdout.readline().strip():
                length = int(line.split(b":")[1]) if line.startswith(b"Content-Length") else length
            if wanted(json.loads(self.process.stdout.read(length))):
                return

    def told(self, version: int) -> None:
        self.until(lambda each: each.get("params", {}).get("version") == version)


@contextmanager
def connection(text: str) -> Iterator[Connection]:
    pipe = subprocess.PIPE
    command = [sys.executable, "-m", "caixa.tools.server"]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as process:
        started = Connection(process)
        started.send("initialize", {"processId": None, "rootUri": None, "capabilities": {}}, id=1)
        started.until(lambda each: each.get("id") == 1)
        started.send("initialized", {})
        document = {"uri": f"file://{PATH}", "languageId": "caixa", "version": 1, "text": text}
        started.send("textDocument/didOpen", {"textDocument": document})
        started.told(1)
        try:
            yield started
        finally:
            process.kill()


def typing_over_stdio(started: Connection, place: Place) -> Callable[[], float]:
    version = 1
    start = {"line": place.line, "character": place.column}

    def measure() -> float:
        nonlocal version
        version += 1
        document = {"uri": f"file://{PATH}", "version": version}
        changes = [{"range": {"start": start, "end": start}, "text": "x"}]
        begun = time.perf_counter()
        started.send("textDocument/didChange", {"textDocument": document, "contentChanges": changes})
        started.told(version)
        return (time.perf_counter() - begun) * 1000

    return measure


def measure(*, quick: bool) -> list[Row]:
    runs = 20 if quick else 100
    text = program()
    middle = Place(LINES // 2 // 11 * 11 + 3, 25)  # inside a function half-way down
    started = session(text)
    keystroke = typing(started, middle)
    taken = median([keystroke() for _ in range(runs)])
    project = started.project
    index = started.index(PATH)
    assert index is not None
    at = index.text.index(middle, Encoding.UTF16)
    offered = median([timed(lambda: completing.complete(project, index, at)) for _ in range(runs)])
    outlined = median([timed(lambda: symbols.symbols(index)) for _ in range(runs)])
    coloured = median([timed(lambda: tokens.tokens(project, index)) for _ in range(runs)])
    large = session(manifest(), "/nowhere/caixa.lisp")
    in_manifest = typing(large, Place(LINES // 4, 12), "/nowhere/caixa.lisp")
    validated = median([in_manifest() for _ in range(max(3, runs // 10))])
    opened = median([timed(lambda: session(text)) for _ in range(3)])
    with connection(text) as wire:
        over_stdio = typing_over_stdio(wire, middle)
        waited = median([over_stdio() for _ in range(runs)])
    limit = Target(limit=50)
    none = Target()
    return [
        Row("keystroke to diagnostics, 2,000 lines", "ms", taken, None, limit, Target(limit=20)),
        Row("the same over stdio", "ms", waited, None, Target(limit=100), limit, "with a pause of 20 ms"),
        Row("keystroke in a manifest of 2,000 lines", "ms", validated, None, none, none, "one form, read anew"),
        Row("opening it", "ms", opened, None, none, none),
        Row("completion there", "ms", offered, None, Target(limit=10), Target(limit=3)),
        Row("outline", "ms", outlined, None, none, none),
        Row("semantic tokens of all", "ms", coloured, None, none, none),
    ]


if __name__ == "__main__":
    main(measure)
