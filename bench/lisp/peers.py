"""The languages that are measured, and how a program in each is loaded and called from Python."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from .programs import Program

__all__ = ["OURS", "PEERS", "Language", "open_languages"]

SOURCES = Path(__file__).with_name("sources")


def _text(program: Program, suffix: str) -> str:
    return SOURCES.joinpath(f"{program.family}.{suffix}").read_text("utf-8")


class Language(Protocol):
    """A language in this process."""

    name: str

    def ready(self, program: Program, size: int) -> Callable[[], object]:
        """Load the program, prepare its argument, and return what runs it once and returns its answer."""


class Tatara:
    """Ours: Lisp functions are Python functions."""

    name = "tatara-lisp"

    def __init__(self) -> None:
        """Start an interpreter."""
        from caixa.lisp.interpreter import Interpreter  # noqa: PLC0415  # a language is loaded when it is opened
        from caixa.lisp.source import Source  # noqa: PLC0415  # likewise

        self._interpreter, self._source = Interpreter(), Source

    def ready(self, program: Program, size: int) -> Callable[[], object]:
        self._interpreter.evaluate(self._source(program.family, _text(program, "tlisp")))
        names: dict[str, Any] = self._interpreter.names
        argument = names[program.prepare](size) if program.prepare else size
        return _call(names[program.function], argument)


class Python:
    """Plain Python."""

    name = "Python"

    def ready(self, program: Program, size: int) -> Callable[[], object]:
        names: dict[str, Any] = {}
        path = str(SOURCES / f"{program.family}.py")
        exec(compile(_text(program, "py"), path, "exec"), names)
        argument = names[program.prepare](size) if program.prepare else size
        return _call(names[program.function.replace("-", "_")], argument)


class Hy:
    """Hy, which compiles to Python's own syntax tree."""

    name = "Hy"

    def __init__(self) -> None:
        """Import it; raises ImportError."""
        self._hy: Any = import_module("hy")

    def ready(self, program: Program, size: int) -> Callable[[], object]:
        names: dict[str, Any] = {"__name__": __name__, "hy": self._hy}
        self._hy.eval(self._hy.read_many(_text(program, "hy")), names)
        argument = names[program.prepare](size) if program.prepare else size
        return _call(names[self._hy.mangle(program.function)], argument)


class Scheme:
    """Calysto Scheme, which is written in Python, with its JIT on (its default).

    Its values stay inside it: what is timed is evaluating the text of a call, whose reading takes some 50 µs.
    """

    name = "calysto_scheme"

    def __init__(self) -> None:
        """Import it; raises ImportError."""
        self._scheme: Any = import_module("calysto_scheme.scheme")
        assert self._scheme.get_use_jit(), "its JIT is on by default"

    def _run(self, text: str) -> Any:
        result = self._scheme.execute_string_rm(text)
        if self._scheme.exception_q(result):
            raise RuntimeError(f"{self.name}: {result}")
        return result

    def ready(self, program: Program, size: int) -> Callable[[], object]:
        self._run(_text(program, "scm"))
        self._run(
            f"(define argument ({program.prepare} {size}))" if program.prepare else f"(define argument {size})"
        )
        return lambda: self._run(f"({program.function} argument)")


OURS: type[Language] = Tatara
PEERS: tuple[type[Language], ...] = (Python, Hy, Scheme)


def _call(function: Callable[[Any], object], argument: object) -> Callable[[], object]:
    return lambda: function(argument)


def open_languages() -> tuple[list[Language], dict[str, str]]:
    """Return ours and the peers that can be imported, and of the others why not, by name."""
    opened: list[Language] = [OURS()]
    missing = {}
    for peer in PEERS:
        try:
            opened.append(peer())
        except ImportError as error:
            missing[peer.name] = str(error)
    return opened, missing
