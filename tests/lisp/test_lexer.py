"""The lexer for Pygments: it gives back every text, and tells definitions, forms, keywords and literals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygments.token import Token

from caixa.lisp.lexer import LispLexer


def tokens(text: str) -> list[tuple[str, str]]:
    found = LispLexer(stripnl=False, ensurenl=False).get_tokens(text)
    return [(str(kind).removeprefix("Token."), piece) for kind, piece in found if piece.strip()]


@given(st.text(alphabet="();\"|#\\:,`' \n[]{}ab1.-!t") | st.text())
def test_the_tokens_of_any_text_are_that_text_but_for_its_line_ends(text):
    found = LispLexer(stripnl=False, ensurenl=False).get_tokens(text)
    pieces = "".join(piece for _, piece in found)
    assert pieces == text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("; words", "Comment.Single"),
        ("#| a #| b |# c |#", "Comment.Multiline"),
        ('"a \\\\" b"', "Literal.String"),
        ("#\\space", "Literal.String.Char"),
        (":key", "Name.Tag"),
        ("-12.5e3", "Literal.Number"),
        ("1+", "Name"),
        ("#t", "Keyword.Constant"),
        ("nil", "Keyword.Constant"),
        ("nilly", "Name"),
        ("|odd name|", "Name.Variable"),
    ],
)
def test_an_atom_is_of_its_kind(text, kind):
    assert {found for found, _ in tokens(text)} == {kind} or tokens(text)[0][0] == kind


def test_the_head_of_a_form_says_what_the_form_is():
    assert tokens("(define (f x) (if x (g x)))") == [
        ("Punctuation", "("), ("Keyword.Declaration", "define"), ("Punctuation", "("), ("Name.Function", "f"),
        ("Name", "x"), ("Punctuation", ")"), ("Punctuation", "("), ("Keyword", "if"), ("Name", "x"),
        ("Punctuation", "("), ("Name.Function", "g"), ("Name", "x"), ("Punctuation", ")"), ("Punctuation", ")"),
        ("Punctuation", ")"),
    ]  # fmt: skip


def test_no_token_is_an_error():
    assert all(kind is not Token.Error for kind, _ in LispLexer().get_tokens('(" #\\ | #; ,@ 1e'))
