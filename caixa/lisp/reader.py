"""The reader: text to syntax tree, in linear time and without recursion (language.md section 1).

A lexical error anywhere wins over a structural one before it, so on a structural error what is left of the
text is cut into tokens too. Comments and blank lines are kept, as trivia of what follows them.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

from .atoms import (
    CHARACTERS,
    CLOSE_ERROR,
    MAX_INTEGER_DIGITS,
    OPEN_ERROR,
    WHITESPACE,
    character,
    is_integer,
    read_atom,
    unescape,
)
from .data import quote
from .errors import ReaderError
from .source import Source, Span
from .syntax import Atom, Bracket, Form, Node, Prefix, PrefixKind, Trivia, symbol_name
from .values import Char, ErrorValue, Keyword, Symbol

new_span = tuple.__new__  # what the class itself does, without a Python call
__all__ = ["MAX_DEPTH", "Program", "read"]

MAX_DEPTH = 10_000
LARGE: Final = 50_000  # characters, from which on a text is read with the garbage collector paused

# One token and the blanks before it, the most frequent first; `atom` must come after what it would swallow.
_TOKEN = re.compile(
    rf"""
    [{WHITESPACE}]*+
    (?: (?P<keyword> :\|[^|\\]*+(?:\\.[^|\\]*+)*+\| )
    | (?P<plain>   (?!:\|) [^{WHITESPACE}()\[\]{{}}'`,";|\#][^{WHITESPACE}()\[\]{{}}'`,";]*+ )
    | (?P<open>    [(\[{{] | \#\{{ )
    | (?P<close>   [)\]}}] )
    | (?P<prefix>  ,@ | ['`,] )
    | (?P<string>  "[^"\\]*+(?:\\.[^"\\]*+)*+" )
    | (?P<comment> ;[^\n]* )
    | (?P<block>   \#\| )
    | (?P<datum>   \#; )
    | (?P<shebang> \A\#![^\n]* )
    | (?P<error>   {re.escape(OPEN_ERROR)}(?![^{WHITESPACE}()\[\]{{}}'`,";]) )
    | (?P<char>    \#\\(?: u\{{[0-9A-Fa-f]{{1,6}}\}} | [^\W\d_][\w-]*+ | . ) )
    | (?P<bar>     \|[^|\\]*+(?:\\.[^|\\]*+)*+\| )
    | (?P<atom>    [^{WHITESPACE}()\[\]{{}}'`,";]++ )
    | (?P<end>     \Z )
    | (?P<lost>    . )
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_INDEX = _TOKEN.groupindex
_PLAIN, _END = _INDEX["plain"], _INDEX["end"]
_BLOCK_EDGE = re.compile(r"#\||\|#")
_BRACKETS = {bracket.value[0]: bracket for bracket in Bracket}
_CLOSING = {opening[0]: bracket.value[1] for opening, bracket in _BRACKETS.items()}
_MAP = Bracket.MAP  # looking a member up costs Python 3.11 a call
_BRACES = (Bracket.MAP, Bracket.SET)
_PREFIXES = {kind.text: kind for kind in PrefixKind}


class Program(NamedTuple):
    """The top-level forms of a text, and the comments after the last."""

    source: Source
    forms: tuple[Node, ...]
    trailing: tuple[Trivia, ...]


class _Frame:
    """An open bracket, a prefix that waits for its form, or the program itself."""

    __slots__ = ("bracket", "is_error", "items", "leading", "prefix", "start", "takes_many")

    def __init__(  # noqa: PLR0913  # what is open has many parts
        self,
        start: int,
        leading: tuple[Trivia, ...] = (),
        bracket: Bracket | None = None,
        prefix: PrefixKind | None = None,
        *,
        is_error: bool = False,
        takes_many: bool = True,
    ) -> None:
        """Begin at the character `start`; what does not take many forms waits for one, or for a `>`."""
        self.start = start
        self.leading = leading
        self.bracket = bracket
        self.prefix = prefix
        self.is_error = is_error
        self.takes_many = takes_many
        self.items: list[Node] = []


class _StructureError(Exception):
    """Brackets or atoms are wrong; `at` is how far the text had been cut into tokens."""

    def __init__(self, error: ReaderError, at: int) -> None:
        super().__init__(error.message)
        self.error, self.at = error, at


def read(source: Source) -> Program:
    """Read every form of `source`.

    Raises ReaderError with the subkind `unterminated-string`, `unmatched-close-paren`,
    `unmatched-open-paren`, `eof`, or one of the decided extensions (`unterminated-comment`,
    `unterminated-symbol`, `unknown-character`, `odd-map`, `too-deep`, `integer-too-large`).
    """
    with _no_collection(len(source.text)):
        parser = _Parser(source)
        try:
            return parser.parse()
        except BaseException:
            parser.forget()  # before the collector, when it goes on, looks at all of it
            raise


@contextmanager
def _no_collection(size: int) -> Iterator[None]:
    """Keep the garbage collector from going through a large tree again and again while it grows."""
    pause = size > LARGE and gc.isenabled()
    if pause:
        gc.disable()
    try:
        yield
    finally:
        if pause:
            gc.enable()


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
        self.text = source.text
        self.stack = [_Frame(0)]
        self.trivia: list[Trivia] = []
        self.atoms: dict[str, object] = {}

    def parse(self) -> Program:
        at = 0
        try:
            while at >= 0:
                at = self._parse_from(at)
            self._check_all_closed()
        except _StructureError as error:
            self._check_tokens(error.at)
            raise error.error from None
        return Program(self.source, tuple(self.stack[0].items), self._take_trivia())

    def forget(self) -> None:
        """Let go of the tree so far, whoever still holds this parser."""
        for frame in self.stack:
            frame.items.clear()

    def _parse_from(self, at: int) -> int:
        """Parse to the end (return -1), or to a token that ends elsewhere than its match (return where)."""
        text, atoms, span_of = self.text, self.atoms, self.source.span
        stack, is_ascii, name = self.stack, self.source.is_ascii, self.source.name
        for match in _TOKEN.finditer(text, at):
            kind = match.lastindex
            start, end = match.span(kind)  # type: ignore[arg-type]  # every alternative is a group
            if start - at > 1 and text.count("\n", at, start) >= 2:
                self.trivia.append(Trivia(span_of(at, start), ""))
            at = end
            frame = stack[-1]
            if kind == _PLAIN and frame.takes_many:  # the most frequent token, without a call
                word = match.group(kind)
                value = atoms.get(word)
                if value is None:  # nothing that a word stands for is nil
                    value = atoms[word] = self._atom_value(word, start, end)
                span = new_span(Span, (name, start, end)) if is_ascii else span_of(start, end)
                frame.items.append(Atom(span, value, self._take_trivia() if self.trivia else ()))
                continue
            after = _HANDLERS[kind](self, start, end)  # type: ignore[index]  # likewise
            if after != end:
                return after
        return -1

    def _check_tokens(self, at: int) -> None:
        """Raise for the first lexical error from `at` on, if there is one."""
        while at < len(self.text):
            match = _TOKEN.match(self.text, at)
            assert match is not None  # the last alternative takes anything
            assert match.lastgroup is not None
            start, at = match.span(match.lastgroup)
            if match.lastgroup == "block":
                at = _end_of_block(self.source, start)
            elif match.lastgroup == "lost":
                raise _unterminated(self.source, start)
            elif match.lastgroup == "atom":
                self._refuse_bar(start)

    # -- trivia ---------------------------------------------------------------------------------------------

    def _end(self, _start: int, end: int) -> int:
        return end

    def _lost(self, start: int, _end: int) -> int:
        raise _unterminated(self.source, start)

    def _shebang(self, start: int, end: int) -> int:
        return self._comment(start, end)

    def _comment(self, start: int, end: int) -> int:
        self.trivia.append(Trivia(self.source.span(start, end), self.text[start:end].rstrip("\r")))
        return end

    def _block(self, start: int, _end: int) -> int:
        return self._comment(start, _end_of_block(self.source, start))

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

    def _open(self, start: int, end: int) -> int:
        leading = self._take_trivia() if self.trivia else ()
        self._push(_Frame(start, leading, _BRACKETS[self.text[start:end]]))
        return end

    def _datum(self, start: int, end: int) -> int:
        self._push(_Frame(start, self._take_trivia(), takes_many=False))
        return end

    def _error(self, start: int, end: int) -> int:
        self._push(_Frame(start, self._take_trivia(), is_error=True, takes_many=False))
        return end

    def _prefix(self, start: int, end: int) -> int:
        text = self.text[start:end]
        if text != "," or self.stack[-1].bracket not in _BRACES:  # in braces a comma is a blank
            prefix = _PREFIXES[text]
            self._push(_Frame(start, self._take_trivia(), prefix=prefix, takes_many=False))
        return end

    def _close(self, start: int, end: int) -> int:
        frame = self.stack[-1]
        if not frame.takes_many:
            raise _StructureError(self._nothing_after(frame), end)
        if frame.bracket is None or _CLOSING[self.text[frame.start]] != self.text[start]:
            raise _StructureError(self._unmatched_close(frame, start), end)
        self.stack.pop()
        span = self.source.span(frame.start, end)
        if frame.bracket is _MAP and len(frame.items) % 2:
            last = frame.items[-1].span
            message = "this key of a map has no value"
            raise _StructureError(ReaderError("odd-map", message, last, fix="Give the key a value."), end)
        trailing = self._take_trivia() if self.trivia else ()
        form = Form(span, tuple(frame.items), frame.bracket, frame.leading, trailing)
        outer = self.stack[-1]
        if not outer.takes_many:
            return self._add(form, end)
        outer.items.append(form)
        return end

    def _add(self, node: Node, end: int) -> int:
        """Put a finished node where it belongs, finishing the prefixes that waited for it; return `end`."""
        while not self.stack[-1].takes_many:
            frame = self.stack[-1]
            if frame.is_error and symbol_name(node) != CLOSE_ERROR:
                frame.items.append(node)
                break
            self.stack.pop()
            span = self.source.span(frame.start, end)
            if frame.is_error:
                node = Atom(span, self._error_value(frame, span, end), frame.leading)
                continue
            if frame.prefix is None:
                self.trivia[:0] = (*frame.leading, Trivia(span, self.source.slice(span)))
                return end
            node = Prefix(span, frame.prefix, node, frame.leading)
        else:
            self.stack[-1].items.append(node)
        return end

    def _error_value(self, frame: _Frame, span: Span, end: int) -> ErrorValue:
        """Return the error that a tag, a message and perhaps a map of data stand for."""
        tag, message = ([quote(item) for item in frame.items[:2]] + [None] * 2)[:2]
        data = frame.items[2:]
        are_data = not data or (len(data) == 1 and isinstance(data[0], Form) and data[0].bracket is Bracket.MAP)
        if isinstance(tag, Keyword) and isinstance(message, str) and are_data:
            parts = [quote(part) for form in data if isinstance(form, Form) for part in form.items]
            return ErrorValue(tag, message, zip(parts[::2], parts[1::2], strict=True))
        problem = "an error is written with its tag, its message and perhaps a map of data"
        fix = f'Write `{OPEN_ERROR} :tag "message" {{key value}}{CLOSE_ERROR}`.'
        raise _StructureError(ReaderError("bad-error", problem, span, fix=fix), end)

    # -- atoms ----------------------------------------------------------------------------------------------

    def _value(self, start: int, end: int, value: object) -> int:
        span = self.source.span(start, end)
        return self._add(Atom(span, value, self._take_trivia() if self.trivia else ()), end)

    def _plain(self, start: int, end: int) -> int:
        return self._value(start, end, self._atom_value(self.text[start:end], start, end))

    def _atom(self, start: int, end: int) -> int:
        self._refuse_bar(start)
        return self._plain(start, end)

    def _refuse_bar(self, start: int) -> None:
        if self.text.startswith(("|", ":|"), start):
            span = self.source.span(start, start + 1)
            raise ReaderError("unterminated-symbol", "this symbol has no closing bar", span)

    def _atom_value(self, text: str, start: int, end: int) -> object:
        if len(text) > MAX_INTEGER_DIGITS and is_integer(text):
            message = f"an integer literal has at most {MAX_INTEGER_DIGITS} digits"
            fix = "Compute it, with `expt` for example."
            error = ReaderError("integer-too-large", message, self.source.span(start, end), fix=fix)
            raise _StructureError(error, end)
        return read_atom(text)

    def _string(self, start: int, end: int) -> int:
        return self._value(start, end, unescape(self.text[start + 1 : end - 1]))

    def _bar(self, start: int, end: int) -> int:
        return self._value(start, end, Symbol(unescape(self.text[start + 1 : end - 1])))

    def _keyword(self, start: int, end: int) -> int:
        return self._value(start, end, Keyword(unescape(self.text[start + 2 : end - 1])))

    def _char(self, start: int, end: int) -> int:
        name = self.text[start + 2 : end]
        found = character(name)
        if found is not None:
            return self._value(start, end, Char(found))
        names = ", ".join(sorted(CHARACTERS))
        span = self.source.span(start, end)
        message = f"no character is named `{name}`"
        raise _StructureError(ReaderError("unknown-character", message, span, fix=f"Known: {names}."), end)

    # -- errors ---------------------------------------------------------------------------------------------

    def _unmatched_close(self, frame: _Frame, start: int) -> ReaderError:
        span, closing = self.source.span(start, start + 1), self.text[start]
        if frame.bracket is None:
            message, fix = f"this `{closing}` closes nothing", "Remove it, or open a bracket before it."
        else:
            opened = self.source.position(self.source.byte_offset(frame.start))
            message = f"this `{closing}` does not close the `{frame.bracket.value[0]}` at {opened}"
            fix = f"Write `{frame.bracket.value[1]}`."
        return ReaderError("unmatched-close-paren", message, span, fix=fix)

    def _nothing_after(self, frame: _Frame) -> ReaderError:
        text = frame.prefix.text if frame.prefix else OPEN_ERROR if frame.is_error else "#;"
        span = self.source.span(frame.start, frame.start + len(text))
        if frame.is_error:
            return ReaderError("eof", f"this `{text}` has no `{CLOSE_ERROR}`", span)
        return ReaderError("eof", f"nothing stands after this `{text}`", span, fix="Write a form after it.")

    def _check_all_closed(self) -> None:
        frame = self.stack[-1]
        if not frame.takes_many:
            raise self._nothing_after(frame)
        if frame.bracket is not None:
            opening, closing = frame.bracket.value
            span = self.source.span(frame.start, frame.start + len(opening))
            message = f"this `{opening}` is never closed"
            raise ReaderError("unmatched-open-paren", message, span, fix=f"Add a `{closing}`.")


_HANDLERS: dict[int, Callable[[_Parser, int, int], int]] = {
    index: getattr(_Parser, f"_{kind}") for kind, index in _INDEX.items()
}
