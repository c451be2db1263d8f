"""From words to an exit status: which way to run was asked for, and what became of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ..diagnostics import Reportable
from ..errors import NativeError
from ..interpreter import Interpreter
from ..libraries import Resolver, no_libraries
from ..module_files import directory_loader
from ..printer import write
from ..source import Source
from .options import HELP, BadUsage, Options, read_words

__all__ = ["main", "run"]

_FAILED, _BAD_USAGE, _STOPPED = 1, 2, 130
Libraries = Callable[[Path], Resolver]


def main(libraries: Libraries = lambda _: no_libraries) -> None:
    """Run the words of the command line and leave with the exit status.

    `libraries` gives, for the directory of the program, what finds the libraries that it imports.
    """
    for stream in (sys.stdout, sys.stderr, sys.stdin):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # programs and names are UTF-8 everywhere
    try:
        status = run(sys.argv[1:], libraries)
        sys.stdout.flush()
    except BrokenPipeError:  # `caixa-lisp … | head`: the reader has what it wanted
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    sys.exit(status)


def run(words: Sequence[str], libraries: Libraries = lambda _: no_libraries) -> int:
    """Do what `words` ask for and return the exit status; `(exit n)` raises SystemExit."""
    try:
        options = read_words(words)
        return _run(options, libraries)
    except BadUsage as error:
        sys.stderr.write(f"caixa-lisp: {error}; see caixa-lisp --help\n")
        return _BAD_USAGE
    except KeyboardInterrupt:
        sys.stderr.write("stopped\n")
        return _STOPPED


def _run(options: Options, libraries: Libraries) -> int:
    if options.wants_help:
        sys.stdout.write(HELP)
        return 0
    if options.wants_version:
        from importlib.metadata import version  # noqa: PLC0415  # slow to load, and rarely asked

        sys.stdout.write(f"caixa-lisp {version('caixa-notebooks')}\n")
        return 0
    if options.is_test:
        from .tests import run_paths  # noqa: PLC0415  # a script needs none of it

        return run_paths(options, lambda root: _interpreter(options, root, libraries))
    return _run_program(options, libraries)


def _run_program(options: Options, libraries: Libraries) -> int:
    is_silent = options.file is None and not options.expressions
    if is_silent and not options.is_interactive and not sys.stdin.isatty():
        options.file, is_silent = "-", False
    root = Path.cwd() if options.file in (None, "-") else Path(str(options.file)).parent
    interpreter = _interpreter(options, root, libraries)
    try:
        for source in _sources(options):
            value = interpreter.evaluate(source)
            if options.expressions and value is not None:
                sys.stdout.write(write(value) + "\n")
    except Reportable as error:
        sys.stdout.flush()
        sys.stderr.write(error.render(interpreter.sources) + "\n")
        if not options.is_interactive:
            return _FAILED
    except OSError as error:
        if error.filename != options.file:
            raise
        raise BadUsage(f"{options.file} cannot be read: {error.strerror}") from error
    if is_silent or options.is_interactive:
        from .repl import converse  # noqa: PLC0415  # a script needs no line editor

        return converse(interpreter)
    return 0


def _interpreter(options: Options, root: Path, libraries: Libraries) -> Interpreter:
    """Return the interpreter for a program in `root`, which is where its modules are."""
    from ..capabilities import Capabilities  # noqa: PLC0415  # it comes with the interpreter

    granted = Capabilities.all()
    if options.is_sandboxed or options.allowed:
        try:
            granted = Capabilities.of(*options.allowed)
        except NativeError as error:
            raise BadUsage(f"--allow: {error.reason}") from error
    interpreter = Interpreter(loader=directory_loader(root), args=options.args, capabilities=granted)
    interpreter.define_libraries(libraries(root))
    return interpreter


def _sources(options: Options) -> list[Source]:
    if options.expressions:
        return [Source(f"-e {at}", text) for at, text in enumerate(options.expressions, start=1)]
    if options.file is None:
        return []
    if options.file == "-":
        return [Source("standard input", _program(sys.stdin.read()))]
    try:
        text = Path(options.file).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadUsage(f"{options.file} is not UTF-8, at byte {error.start}") from error
    return [Source(options.file, _program(text))]


def _program(text: str) -> str:
    """Return the text with a first line `#!…`, by which systems start it, made a comment of the same length."""
    return f";{text[1:]}" if text.startswith("#!") else text
