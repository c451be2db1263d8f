"""The words of the command line, read by hand: loading a parser would take longer than a small script does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

__all__ = ["HELP", "BadUsage", "Options", "read_words"]

HELP = """\
usage: caixa-lisp [options] FILE [ARGS…]     run a program; (argv) returns ARGS, (exit n) ends it
       caixa-lisp [options] -e EXPR …        evaluate expressions and print their values
       caixa-lisp [options] -                run the program on standard input
       caixa-lisp [options] --test PATH …    run the tests of files, and of the files in directories
       caixa-lisp [options]                  talk to the interpreter

  -e EXPR         evaluate EXPR; may be repeated
  -i              talk to the interpreter afterwards
  -k PATTERN      with --test: only tests whose name the regular expression finds
  --json          with --test: print the results as JSON
  --sandbox       let the program reach nothing outside of itself
  --allow TOKEN   let it do what TOKEN says and nothing else; may be repeated
  --version       print the version
  --help          print this text
"""


class BadUsage(Exception):
    """Words that make no sense together."""


@dataclass(slots=True)
class Options:
    """What the words ask for."""

    file: str | None = None  # `-` for standard input
    args: list[str] = field(default_factory=list)
    expressions: list[str] = field(default_factory=list)
    tests: list[str] = field(default_factory=list)
    pattern: re.Pattern[str] | None = None
    allowed: list[str] = field(default_factory=list)
    is_test: bool = False
    is_json: bool = False
    is_sandboxed: bool = False
    is_interactive: bool = False
    wants_version: bool = False
    wants_help: bool = False


_FLAGS = {
    "-i": "is_interactive",
    "--test": "is_test",
    "--json": "is_json",
    "--sandbox": "is_sandboxed",
    "--version": "wants_version",
    "--help": "wants_help",
    "-h": "wants_help",
}
_VALUED = {"-e": "expressions", "--allow": "allowed", "-k": "pattern"}


def read_words(words: Sequence[str]) -> Options:
    """Return what `words` ask for; those after a file, or after `--`, are the program's. Raises BadUsage."""
    options, rest = Options(), list(words)
    while rest and rest[0] != "--":
        word = rest[0]
        if word.startswith("-") and word != "-":
            _take_option(options, rest)
        elif options.is_test:
            options.tests.append(rest.pop(0))
        else:
            break
    _check(options, rest[1:] if rest[:1] == ["--"] else rest)
    return options


def _take_option(options: Options, rest: list[str]) -> None:
    word = rest.pop(0)
    name, equals, value = word.partition("=") if word.startswith("--") else (word, "", "")
    if word in _FLAGS:
        setattr(options, _FLAGS[word], True)
    elif name not in _VALUED:
        raise BadUsage(f"there is no option {word}")
    else:
        _take_value(options, name, value if equals else _next(name, rest))


def _next(name: str, rest: list[str]) -> str:
    if not rest:
        raise BadUsage(f"{name} needs a value")
    return rest.pop(0)


def _take_value(options: Options, name: str, value: str) -> None:
    if name != "-k":
        getattr(options, _VALUED[name]).append(value)
        return
    try:
        options.pattern = re.compile(value)
    except re.error as error:
        raise BadUsage(f"-k {value}: {error}") from error


def _check(options: Options, rest: list[str]) -> None:
    """Take what is left as the program and its arguments, and refuse what does not go together."""
    if options.is_test:
        options.tests += rest
        if not options.tests:
            raise BadUsage("--test needs a file or directory")
        if options.expressions or options.is_interactive:
            raise BadUsage("--test goes with neither -e nor -i")
    elif options.pattern is not None or options.is_json:
        raise BadUsage("-k and --json go with --test")
    elif options.expressions:
        options.args = rest
    elif rest:
        options.file, options.args = rest[0], rest[1:]
