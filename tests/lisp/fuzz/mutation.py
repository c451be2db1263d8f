"""Texts made out of texts: what a typing hand, a torn file or a wrong merge would leave of a program.

Drawing a program costs more than reading it, so each one that is drawn gives many: deletions, doublings, swaps,
cuts, splices with another, and tokens out of a dictionary of those that have a meaning of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from random import Random

__all__ = ["DICTIONARY", "minimal", "mutants", "tokens"]

_TOKEN = re.compile(r'\s+|#[|;{\\]|\|#|,@|[()\[\]{}\'`,"|;]|[^\s()\[\]{}\'`,"|;]+')
DICTIONARY = (
    "(", ")", "[", "]", "{", "}", "#{", "()", "[]", "{}", "'", "`", ",", ",@", "#|", "|#", "#;", "#\\a",
    "#\\u{41}", "|", "|x y|", ":|x y|", '"', '"a\\u{1f600}b"', "\\", ".", "#", "#<error", ">", "; c\n", "\n",
    " ", "é", "\ufeff", "\x00", "\ud800", "\u0301", "0", "-1", "1e400", "1/2", "nan", "inf", "9" * 40, "#t",
    "nil", ":k", ":", "x#", "&rest", "&optional", "&key", "_", "x", "f", "else", "=>", "->", "(define x 1)",
    "(lambda (x) x)", "(let ((x 1)) x)", "(let* f)", "(letrec ((x x)) x)", "(if)", "(cond (x))",
    "(try x (catch (e) e))", "(try x (finally y))", "(set! x 1)", "(quote x)", "(quasiquote (unquote x))",
    "(begin)", "(defmacro m (x) x)", "(do ((i 0 (+ i 1))) ((= i 2)))", "(match x ((a b) a))", "(delay x)",
    "(and x y)", "(or)", "(when x y)", "(for ((x xs)) x)", "(loop ((i 0)) (recur i))",
    "(let-values (((a b) x)) a)", "(-> x f)", "(dbg x)", "(defn f (x) x)", "(fn (x . y) y)", "(the :int x)",
    "(go x)", "(declare x :int)", "(parameterize ((x 1)) x)",
)  # fmt: skip

Pieces = list[str]
_Mutation = Callable[[Pieces, Pieces, Random], None]


def tokens(text: str) -> Pieces:
    """Cut `text` into pieces that together are the text."""
    return _TOKEN.findall(text)


def mutants(text: str, other: str, random: Random, count: int) -> Iterator[str]:
    """Yield `count` texts, each some steps away from `text`, with pieces of `other` in it at times."""
    own, foreign = tokens(text), tokens(other)
    for _ in range(count):
        pieces = own[:]
        for _ in range(random.randint(1, 4)):
            random.choice(_MUTATIONS)(pieces, foreign, random)
        yield "".join(pieces)


def _delete(pieces: Pieces, _foreign: Pieces, random: Random) -> None:
    if pieces:
        start = random.randrange(len(pieces))
        del pieces[start : start + random.randint(1, 3)]


def _double(pieces: Pieces, _foreign: Pieces, random: Random) -> None:
    if pieces:
        start = random.randrange(len(pieces))
        pieces[start:start] = pieces[start : start + random.randint(1, 6)]


def _swap(pieces: Pieces, _foreign: Pieces, random: Random) -> None:
    if pieces:
        one, other = random.randrange(len(pieces)), random.randrange(len(pieces))
        pieces[one], pieces[other] = pieces[other], pieces[one]


def _cut(pieces: Pieces, _foreign: Pieces, random: Random) -> None:
    del pieces[random.randint(0, len(pieces)) :]


def _splice(pieces: Pieces, foreign: Pieces, random: Random) -> None:
    if foreign:
        start, at = random.randrange(len(foreign)), random.randint(0, len(pieces))
        pieces[at:at] = foreign[start : start + random.randint(1, 8)]


def _insert(pieces: Pieces, _foreign: Pieces, random: Random) -> None:
    pieces.insert(random.randint(0, len(pieces)), random.choice(DICTIONARY))


def _replace(pieces: Pieces, _foreign: Pieces, random: Random) -> None:
    if pieces:
        pieces[random.randrange(len(pieces))] = random.choice(DICTIONARY)


def _change(pieces: Pieces, _foreign: Pieces, random: Random) -> None:
    if pieces:
        at = random.randrange(len(pieces))
        piece = pieces[at]
        where = random.randrange(len(piece) + 1)
        pieces[at] = (
            piece[:where] + chr(random.choice((33, 34, 35, 39, 40, 41, 58, 92, 124, 233))) + piece[where:]
        )


_BRACKETS = (("(", ")"), ("[", "]"), ("{", "}"), ("#{", "}"), ("(list ", ")"), ("'", ""))


def _wrap(pieces: Pieces, _foreign: Pieces, random: Random) -> None:
    start = random.randint(0, len(pieces))
    end = random.randint(start, len(pieces))
    opening, closing = random.choice(
        (("(", ")"), ("[", "]"), ("{", "}"), ("#{", "}"), ("(list ", ")"), ("'", ""))
    )
    pieces.insert(end, closing)
    pieces.insert(start, opening)


_MUTATIONS: Sequence[_Mutation] = (
    _delete, _double, _swap, _cut, _splice, _insert, _replace, _replace, _change, _wrap,
)  # fmt: skip


def minimal(text: str, is_bad: Callable[[str], bool]) -> str:
    """Return a text that is still bad, and no longer is without any of its pieces."""
    pieces = tokens(text)
    size = max(1, len(pieces) // 2)
    while True:
        at = 0
        while at < len(pieces):
            fewer = pieces[:at] + pieces[at + size :]
            if is_bad("".join(fewer)):
                pieces = fewer
            else:
                at += size
        if size == 1:
            return "".join(pieces)
        size //= 2
