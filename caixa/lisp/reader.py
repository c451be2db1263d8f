"""The reader: text to syntax tree, in linear time and without recursion (language.md section 1).

The whole text is cut into tokens before any of it is parsed, so that a lexical error anywhere wins over a
structural one before it. Comments and blank lines are kept, as trivia of what follows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from .errors import ReaderError
from .source import Source
from .syntax import Atom, Bracket, Form, Node, Prefix, PrefixKind, Trivia
from .values import Char, Keyword, Symbol

__all__ = ["MAX_DEPTH", "Program", "read", "read_atom"]

MAX_DEPTH = 10_000
MAX_INTEGER_DIGITS = 4300  # CPython's own limit for converting text, above which it turns quadratic

# Unicode White_Space; `\s` would add U+001C to U+001F.
WHITESPACE = "\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_TOKEN = re.compile(
    rf"""
    (?P<blank>   [{WHITESPACE}]+ )
  | (?P<comment> ;[^\n]* )
  | (?P<block>   \#\| )
  | (?P<datum>   \#; )
  | (?P<open>    [(\[{{] )
  | (?P<close>   [)\]}}] )
  | (?P<prefix>  ,@ | ['`,] )
  | (?P<string>  "[^"\\]*+(?:\\.[^"\\]*+)*+" )
  | (?P<char>    \#\\(?: u\{{[0-9A-Fa-f]{{1,6}}\}} | [^\W\d_][\w-]*+ | . ) )
  | (?P<bar>     \|[^|\\]*+(?:\\.[^|\\]*+)*+\| )
  | (?P<atom>    [^{WHITESPACE}()\[\]{{}}'`,";]++ )
  | (?P<lost>    . )
    """,
    re.VERBOSE | re.DOTALL,
)
_DEEPER = {"open": 1, "close": -1}
_BLOCK_EDGE = re.compile(r"#\||\|#")
_INTEGER = re.compile(r"[+-]?[0-9]+\Z", re.ASCII)
_FLOAT = re.compile(
    r"[+-]?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|inf|infinity|nan)\Z", re.ASCII | re.IGNORECASE
)
_ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|(.))", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0"}
_BRACKETS = {bracket.value[0]: bracket for bracket in Bracket}
_PREFIXES = {kind.text: kind for kind in PrefixKind}
_CHARACTERS = {
    "space": " ", "newline": "\n", "tab": "\t", "return": "\r", "nul": "\0", "null": "\0",
    "alarm": "\a", "backspace": "\b", "delete": "\x7f", "escape": "\x1b",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Program:
    """The top-level forms of a text, and the comments after the last."""

    source: Source
    forms: tuple[Node, ...]
    trailing: tuple[Trivia, ...]


class _Token(NamedTuple):
    kind: str
    text: str
    start: int  # characters, not bytes
    end: int


@dataclass(slots=True)
class _Frame:
    """An open bracket, a prefix that waits for its form, or the program itself."""

    start: int
    bracket: Bracket | None = None
    prefix: PrefixKind | None = None
    discards: bool = False
    leading: tuple[Trivia, ...] = ()
    items: list[Node] = field(default_factory=list)

    @property
    def waits_for_one(self) -> bool:
        return self.prefix is not None or self.discards


def read(source: Source) -> Program:
    """Read every form of `source`.

    Raises ReaderError with the subkind `unterminated-string`, `unmatched-close-paren`,
    `unmatched-open-paren`, `eof`, or one of the decided extensions (`unterminated-comment`,
    `unterminated-symbol`, `unknown-character`, `odd-map`, `too-deep`, `integer-too-large`).
    """
    return _Parser(source).parse(list(_tokens(source)))


def _tokens(source: Source) -> Iterator[_Token]:
    text, at, depth = source.text, 0, 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None and match.lastgroup is not None  # the last alternative takes anything
        kind, end = match.lastgroup, match.end()
        if kind == "block":
            end = _end_of_block(source, at)
        elif kind == "lost":
            raise _unterminated(source, at)
        elif kind == "atom" and text[at] == "|":
            raise ReaderError("unterminated-symbol", "this symbol has no closing bar", source.span(at, at + 1))
        depth += _DEEPER.get(kind, 0)
        if depth > MAX_DEPTH:  # noticed here, so that a megabyte of `(` costs no more than its first part
            message = f"forms are nested more than {MAX_DEPTH} deep"
            raise ReaderError("too-deep", message, source.span(at, at + 1))
        yield _Token(kind, text[at:end], at, end)
        at = end


def _unterminated(source: Source, at: int) -> ReaderError:
    span = source.span(at, at + 1)
    if source.text[at] == '"':
        return ReaderError("unterminated-string", "this string has no closing quote", span, fix='Add a `"`.')
    return ReaderError("eof", "the text ends in the middle of a character", span)


def _end_of_block(source: Source, start: int) -> int:
    depth, at = 0, start
    while True:
        edge = _BLOCK_EDGE.search(source.text, at)
        if edge is None:
            span = source.span(start, start + 2)
            raise ReaderError("unterminated-comment", "this comment has no closing `|#`", span)
        depth += 1 if edge.group() == "#|" else -1
        at = edge.end()
        if depth == 0:
            return at


class _Parser:
    """The open brackets and prefixes on a stack of their own, so that depth costs no Python frames."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.stack = [_Frame(0)]
        self.trivia: list[Trivia] = []
        self.depth = 0

    def parse(self, tokens: list[_Token]) -> Program:
        handlers = {kind: getattr(self, f"_{kind}") for kind in _TOKEN.groupindex if kind != "lost"}
        for token in tokens:
            handlers[token.kind](token)
        self._check_all_closed()
        return Program(self.source, tuple(self.stack[0].items), self._take_trivia())

    # -- trivia ---------------------------------------------------------------------------------------------

    def _blank(self, token: _Token) -> None:
        if token.text.count("\n") >= 2:
            self.trivia.append(Trivia(self.source.span(token.start, token.end), ""))

    def _comment(self, token: _Token) -> None:
        self.trivia.append(Trivia(self.source.span(token.start, token.end), token.text.rstrip("\r")))

    _block = _comment

    def _take_trivia(self) -> tuple[Trivia, ...]:
        taken = tuple(self.trivia)
        self.trivia.clear()
        return taken

    # -- structure ------------------------------------------------------------------------------------------

    def _push(self, frame: _Frame) -> None:
        self.stack.append(frame)
        if len(self.stack) > MAX_DEPTH:
            span = self.source.span(frame.start, frame.start + 1)
            raise ReaderError("too-deep", f"more than {MAX_DEPTH} brackets and prefixes are open", span)

    def _open(self, token: _Token) -> None:
        self._push(_Frame(token.start, _BRACKETS[token.text], leading=self._take_trivia()))

    def _datum(self, token: _Token) -> None:
        self._push(_Frame(token.start, discards=True, leading=self._take_trivia()))

    def _prefix(self, token: _Token) -> None:
        if token.text == "," and self.stack[-1].bracket is Bracket.MAP:
            return  # between the entries of a map a comma is a blank
        self._push(_Frame(token.start, prefix=_PREFIXES[token.text], leading=self._take_trivia()))

    def _close(self, token: _Token) -> None:
        frame = self.stack[-1]
        if frame.waits_for_one:
            raise self._nothing_after(frame)
        if frame.bracket is None or frame.bracket.value[1] != token.text:
            raise self._unmatched_close(frame, token)
        self.stack.pop()
        span = self.source.span(frame.start, token.end)
        if frame.bracket is Bracket.MAP and len(frame.items) % 2:
            last = frame.items[-1].span
            raise ReaderError("odd-map", "this key of a map has no value", last, fix="Give the key a value.")
        self._add(Form(span, tuple(frame.items), frame.bracket, frame.leading, self._take_trivia()), token.end)

    def _add(self, node: Node, end: int) -> None:
        """Put a finished node where it belongs, finishing the prefixes that waited for it."""
        while self.stack[-1].waits_for_one:
            frame = self.stack.pop()
            span = self.source.span(frame.start, end)
            if frame.prefix is None:
                self.trivia[:0] = (*frame.leading, Trivia(span, self.source.slice(span)))
                return
            node = Prefix(span, frame.prefix, node, frame.leading)
        self.stack[-1].items.append(node)

    # -- atoms ----------------------------------------------------------------------------------------------

    def _value(self, token: _Token, value: object) -> None:
        span = self.source.span(token.start, token.end)
        self._add(Atom(span, value, self._take_trivia()), token.end)

    def _atom(self, token: _Token) -> None:
        if len(token.text) > MAX_INTEGER_DIGITS and _INTEGER.match(token.text):
            span = self.source.span(token.start, token.end)
            message = f"an integer literal has at most {MAX_INTEGER_DIGITS} digits"
            raise ReaderError("integer-too-large", message, span, fix="Compute it, with `expt` for example.")
        self._value(token, read_atom(token.text))

    def _string(self, token: _Token) -> None:
        self._value(token, self._unescape(token))

    def _bar(self, token: _Token) -> None:
        self._value(token, Symbol(self._unescape(token)))

    def _unescape(self, token: _Token) -> str:
        inner = token.text[1:-1]
        return _ESCAPE.sub(_escaped, inner) if "\\" in inner else inner

    def _char(self, token: _Token) -> None:
        name = token.text[2:]
        if len(name) == 1:
            return self._value(token, Char(name))
        if name.startswith("u{") and int(name[2:-1], 16) < 0x110000:
            return self._value(token, Char(chr(int(name[2:-1], 16))))
        if name in _CHARACTERS:
            return self._value(token, Char(_CHARACTERS[name]))
        names = ", ".join(sorted(_CHARACTERS))
        span = self.source.span(token.start, token.end)
        raise ReaderError("unknown-character", f"no character is named `{name}`", span, fix=f"Known: {names}.")

    # -- errors ---------------------------------------------------------------------------------------------

    def _unmatched_close(self, frame: _Frame, token: _Token) -> ReaderError:
        span = self.source.span(token.start, token.end)
        if frame.bracket is None:
            message, fix = f"this `{token.text}` closes nothing", "Remove it, or open a bracket before it."
        else:
            opened = self.source.position(self.source.byte_offset(frame.start))
            message = f"this `{token.text}` does not close the `{frame.bracket.value[0]}` at {opened}"
            fix = f"Write `{frame.bracket.value[1]}`."
        return ReaderError("unmatched-close-paren", message, span, fix=fix)

    def _nothing_after(self, frame: _Frame) -> ReaderError:
        text = frame.prefix.text if frame.prefix else "#;"
        span = self.source.span(frame.start, frame.start + len(text))
        return ReaderError("eof", f"nothing stands after this `{text}`", span, fix="Write a form after it.")

    def _check_all_closed(self) -> None:
        frame = self.stack[-1]
        if frame.waits_for_one:
            raise self._nothing_after(frame)
        if frame.bracket is not None:
            opening, closing = frame.bracket.value
            span = self.source.span(frame.start, frame.start + 1)
            message = f"this `{opening}` is never closed"
            raise ReaderError("unmatched-open-paren", message, span, fix=f"Add a `{closing}`.")


def _escaped(match: re.Match[str]) -> str:
    code, character = match.groups()
    if code is None:
        return _ESCAPES.get(character, character)
    return chr(int(code, 16)) if int(code, 16) < 0x110000 else match.group()[1:]


def read_atom(text: str) -> object:
    """Return the value of an atom's text: a boolean, keyword, integer, float or symbol (language.md 1.2)."""
    if text == "#t":
        return True
    if text == "#f":
        return False
    if text[0] == ":":
        return Keyword(text[1:])
    if _INTEGER.match(text):
        return int(text)
    if _FLOAT.match(text):
        return float(text)
    return Symbol(text)
