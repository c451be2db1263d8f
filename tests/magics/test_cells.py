"""Cells are taken apart without ever failing, and places are those of the cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa_magics.cells import parse_cell, split_words

SPLITS = [
    ("", []),
    ("  a  b ", ["a", "b"]),
    ('deploy "my caixa" --cluster rio', ["deploy", "my caixa", "--cluster", "rio"]),
    ("x 'a b' y", ["x", "a b", "y"]),
    (r'"say \"hi\"" \n', ['say "hi"', r"\n"]),
    (r"C:\dir\file.wasm", [r"C:\dir\file.wasm"]),
    ('a"b c"d', ["ab cd"]),
    ('""', [""]),
    ('"open to the end', ["open to the end"]),
    ('"ends in a backslash \\', ["ends in a backslash \\"]),
    ("olá ção", ["olá", "ção"]),
]


@pytest.mark.parametrize(("line", "words"), SPLITS)
def test_words_are_split_as_a_shell_does(line, words):
    assert [word.text for word in split_words(line)] == words


@given(st.text(max_size=40))
def test_each_word_stands_where_it_says(line):
    words = split_words(line)
    assert all(line[word.start : word.end].strip() for word in words)
    assert [word.start for word in words] == sorted({word.start for word in words})


def test_an_open_quote_is_said_to_be_open():
    assert [word.closed for word in split_words('a "b c')] == [True, False]


CELLS = [
    ("(+ 1 2)", [], "(+ 1 2)"),
    ("%caixa list", ["caixa"], "           "),
    ("%caixa list\n(+ 1 2)", ["caixa"], "           \n(+ 1 2)"),
    (
        "; a note\n\n%caixa list\n%caixa help\n(f)",
        ["caixa", "caixa"],
        "; a note\n\n           \n           \n(f)",
    ),
    ("(f)\n%caixa list", [], "(f)\n%caixa list"),
    ("", [], ""),
    ("%", [""], " "),
]


@pytest.mark.parametrize(("text", "names", "forms"), CELLS)
def test_magic_lines_come_first_and_forms_keep_their_places(text, names, forms):
    cell = parse_cell(text)
    assert [line.name for line in cell.lines] == names
    assert cell.forms == forms
    assert cell.magic is None


def test_a_cell_magic_takes_the_rest_of_the_cell():
    cell = parse_cell("; first\n%%file cart lib/handlers.lisp\n(define x 1)\n%not-a-magic\n")
    assert cell.magic is not None
    assert cell.magic.line.name == "file"
    assert [word.text for word in cell.magic.line.words] == ["cart", "lib/handlers.lisp"]
    assert cell.magic.body == "(define x 1)\n%not-a-magic\n"


@given(st.text(alphabet='%a "\n;(', max_size=60))
def test_forms_have_the_length_and_lines_of_the_cell(text):
    cell = parse_cell(text)
    if cell.magic is None:
        assert len(cell.forms) == len(text)
        assert [i for i, c in enumerate(cell.forms) if c == "\n"] == [
            i for i, c in enumerate(text) if c == "\n"
        ]
    for line in cell.lines:
        assert text[line.start] == "%"
        assert "\n" not in text[line.start : line.end]
