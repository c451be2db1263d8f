"""Call every native that declares no need, and print what it did to the world outside; run as a process.

An audit hook sees files, sockets, processes and foreign code; clocks, the environment and randomness are
replaced by functions that tell. Each native is called twice with the same arguments, and watched the second
time: the first imports what it needs.
"""

from __future__ import annotations

import itertools
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

from caixa.lisp.interpreter import Interpreter
from caixa.lisp.lists import EMPTY, List
from caixa.lisp.maps import Map
from caixa.lisp.names import Keyword, Symbol
from caixa.lisp.natives.registry import is_native, mark_native, needs_of
from caixa.lisp.source import Source

WATCHED = (
    "open",
    "os.",
    "socket.",
    "subprocess.",
    "shutil.",
    "tempfile.",
    "glob.",
    "ctypes.",
    "urllib.",
    "time.sleep",
)
UNWATCHED = ("go-run", "call-with-output-string")  # they run what they are given, and wait for fibers
PLANTED = {  # natives that forgot to say what they need: the watch must find them
    "file": lambda path: open(str(path)).close(),
    "list": lambda path: os.listdir(os.path.dirname(path)),
    "socket": lambda: __import__("socket").socket().close(),
    "process": lambda program: __import__("subprocess").run([program], check=True),
    "clock": lambda: time.time_ns(),  # noqa: PLW0108  # replaced after this table is made
    "environment": lambda: os.getenv("HOME"),
}


class Watch:
    """What happened while a native was watched."""

    def __init__(self) -> None:
        self.name: str | None = None
        self.found: list[str] = []

    def note(self, what: str) -> None:
        if self.name is not None and not _is_importing():
            self.found.append(f"{self.name}: {what}")

    def audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.name is not None and event.startswith(WATCHED):
            self.note(f"{event} {str(arguments)[:80]}")

    def telling(self, what: str, function: Callable[..., object]) -> Callable[..., object]:
        def tell(*arguments: object, **keywords: object) -> object:
            if what != "random.Random" or arguments in ((), (None,)):  # with a seed it can be foreseen
                self.note(what)
            return function(*arguments, **keywords)

        return tell


def _is_importing() -> bool:
    frame = sys._getframe(2)
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


def arguments(interpreter: Interpreter) -> Iterator[tuple[object, ...]]:
    """Yield arguments that get far into a native: a path, a URL, a program, data, a function."""
    identity = interpreter.evaluate(Source("cell", "(lambda args args)"))
    values = [
        "/etc/hostname", "http://127.0.0.1:9/", "true", "1", 1, Keyword("a"), Symbol("a"), EMPTY,
        List(["a", "b"]), List([List(["a", 1])]), Map([("a", 1)]), identity,
    ]  # fmt: skip
    yield ()
    for count in (1, 2):
        yield from itertools.product(values, repeat=count)
    yield from itertools.product(values[:2] + values[-3:], repeat=3)


def main() -> None:
    """Print a line for each thing that a native without a declared need did."""
    interpreter, watch = Interpreter(), Watch()
    for module, names in ((time, ("time", "time_ns")), (random, ("Random",)), (os, ("urandom", "getenv"))):
        for name in names:
            setattr(module, name, watch.telling(f"{module.__name__}.{name}", getattr(module, name)))
    cases = list(arguments(interpreter))
    sys.addaudithook(watch.audit)
    planted = {f"planted-{name}": mark_native(act, name) for name, act in PLANTED.items()}
    for name, native in sorted({**interpreter.main.language.functions(), **planted}.items()):
        if not is_native(native) or needs_of(native) or name in UNWATCHED:
            continue
        for case in cases:
            for watch.name in (None, name):
                with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
                    try:
                        native(*case)
                    except Exception:  # most arguments are wrong for most natives
                        continue
        watch.name = None
    sys.stdout.write("\n".join(dict.fromkeys(watch.found)))


if __name__ == "__main__":
    main()
