"""The arguments of a script and their parser (language.md section 7, `cli`)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from ...errors import NativeError
from ...lists import EMPTY, List
from ...names import Keyword
from ..registry import Native, mark_native
from ..strings import integer_argument

__all__ = ["argument_natives", "parse"]

_KINDS = ("string", "int", "flag")


class _Option(NamedTuple):
    """One option that a script declares."""

    name: str
    short: str | None = None
    kind: str = "flag"
    required: bool = False
    default: object = None
    help: str = ""


def argument_natives(args: Sequence[str]) -> dict[str, Native]:
    """Return the natives that look at the arguments `args` of a script."""

    def argv() -> List:
        """Return the arguments of the script."""
        return List(args)

    def argv_get(index: object, default: object = None) -> object:
        """Return the argument at `index`, counted from 0, or `default`."""
        at = integer_argument("argv-get", index)
        if at < 0:
            raise NativeError("argv-get", "the index is negative")
        return args[at] if at < len(args) else default

    def parse_args(spec: object) -> List:
        """Return the arguments as a list of `(name value)`, as declared by a list of plists."""
        return parse(_options("parse-args", spec), args)

    def print_usage(spec: object, program: object = "script") -> None:
        """Write how a script is called to standard error."""
        sys.stderr.write(_usage(_options("print-usage", spec), str(program)))

    functions: dict[str, Callable[..., object]] = {
        "argv": argv,
        "argv-get": argv_get,
        "parse-args": parse_args,
        "print-usage": print_usage,
    }
    return {name: mark_native(function, name) for name, function in functions.items()}


def _options(function: str, spec: object) -> list[_Option]:
    if not isinstance(spec, List):
        raise NativeError(function, "spec must be a list")
    return [_option(function, entry) for entry in spec]


def _option(function: str, entry: object) -> _Option:
    if not isinstance(entry, List) or len(entry) % 2:
        raise NativeError(function, "each spec must be a plist")
    slots: dict[str, Any] = {}
    parts = iter(entry)
    for key, value in zip(parts, parts, strict=True):
        name = key.name if isinstance(key, Keyword) else ""
        if name not in _Option._fields:
            raise NativeError(function, f"unknown spec key :{name}")
        slots[name] = value.name if isinstance(value, Keyword) else value
    if not isinstance(slots.get("name"), str):
        raise NativeError(function, ":name required")
    if slots.get("kind", "flag") not in _KINDS:
        raise NativeError(function, f"unknown :kind {slots['kind']}", fix=f"Known: {', '.join(_KINDS)}.")
    return _Option(**slots)


def parse(options: Sequence[_Option], args: Sequence[str]) -> List:
    """Return what `args` say of `options`, and under the empty name what belongs to none of them."""
    words = iter(args)
    given: dict[str, object] = {}
    positional: list[object] = []
    for word in words:
        if not word.startswith("-") or word == "-":
            positional.append(word)
            continue
        option = _named(options, word)
        given[option.name] = True if option.kind == "flag" else _value(option, words)
    found = [pair for option in options for pair in _outcome(option, given)]
    return List.own([*found, List(("", List(positional) if positional else EMPTY))])


def _named(options: Sequence[_Option], word: str) -> _Option:
    for option in options:
        if word == f"--{option.name}" or (option.short is not None and word == f"-{option.short}"):
            return option
    raise NativeError("parse-args", f"unknown flag {word}")


def _value(option: _Option, words: Iterator[str]) -> object:
    word = next(words, None)
    if word is None:
        raise NativeError("parse-args", f"--{option.name} expects {_expected(option)}")
    if option.kind == "string":
        return word
    try:
        return int(word)
    except ValueError:
        raise NativeError("parse-args", f"--{option.name} bad int: {word}") from None


def _expected(option: _Option) -> str:
    return "a value" if option.kind == "string" else "an integer"


def _outcome(option: _Option, given: dict[str, object]) -> list[List]:
    if option.name in given:
        return [List((option.name, given[option.name]))]
    if option.required is True:
        raise NativeError("parse-args", f"missing required flag --{option.name}")
    if option.kind == "flag":
        return [List((option.name, False))]
    return [] if option.default is None else [List((option.name, option.default))]


def _usage(options: Sequence[_Option], program: str) -> str:
    lines = [f"usage: {program} [options]"]
    for option in options:
        short = f"-{option.short}, " if option.short else ""
        value = "" if option.kind == "flag" else f" <{option.kind}>"
        lines.append(f"  {short}--{option.name}{value}  {option.help}".rstrip())
    return "\n".join(lines) + "\n"
