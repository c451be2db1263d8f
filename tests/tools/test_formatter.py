"""The formatter: its layout, that it loses nothing, and that twice is once."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caixa.lisp.errors import ReaderError
from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.lisp.syntax import Atom, Form, Node, Prefix, Trivia
from caixa.tools.formatter import Style, format_source


def formatted(text: str, width: int = 100) -> str:
    return format_source(Source("x.lisp", text), Style(line_width=width))


def shape(node: Node) -> object:
    """Return a node's meaning, for comparing."""
    if isinstance(node, Form):
        return (node.bracket, tuple(map(shape, node.items)))
    if isinstance(node, Prefix):
        return (node.kind, shape(node.inner))
    return repr(node.value)


def comments(text: str) -> list[str]:
    program = read(Source("x", text))
    found: list[Trivia] = []

    def walk(node: Node) -> None:
        found.extend(node.leading)
        for inner in (
            node.items if isinstance(node, Form) else (node.inner,) if isinstance(node, Prefix) else ()
        ):
            walk(inner)
        if isinstance(node, Form):
            found.extend(node.trailing)

    for form in program.forms:
        walk(form)
    found += program.trailing
    return [each.text for each in found if not each.is_blank]


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("(a   b\n c)", 100, "(a b c)\n"),
        ("( )", 100, "()\n"),
        ("", 100, ""),
        ("; only", 100, "; only\n"),
        ("'x `(a ,b ,@cs)", 100, "'x\n\n`(a ,b ,@cs)\n"),
        ("1e5 1e-7 3.0 +5", 100, "100000.0\n\n0.0000001\n\n3.0\n\n5\n"),
        ('"a\nb"', 100, '"a\\nb"\n'),
        ("[1  2] {:a   1}", 100, "[1 2]\n\n{:a 1}\n"),
        (
            '(:nome "caixa-teia" :versao "^0.1" :fonte (:tipo git :repo "github:o/x" :tag "v1"))',
            40,
            '(\n  :nome "caixa-teia"\n  :versao "^0.1"\n  :fonte (\n'
            '    :tipo git\n    :repo "github:o/x"\n    :tag "v1"))\n',
        ),
        ("{:aaaaaaaaaa 1 :bbbbbbbbbb 2}", 20, "{\n  :aaaaaaaaaa 1\n  :bbbbbbbbbb 2}\n"),
        # comments, of which the older formatter keeps only those before a top-level form
        ("(a ; inner\n b)", 100, "(a ; inner\n  b)\n"),
        ("(a\n ; above\n b)", 100, "(a\n  ; above\n  b)\n"),
        ("(a b ; last\n)", 100, "(a\n  b ; last\n)\n"),
        ("(a)\n; tail", 100, "(a)\n\n; tail\n"),
        ("(; first\n a)", 100, "(\n  ; first\n  a)\n"),
        ("(f :a 1 ; one\n :b 2)", 100, "(f\n  :a 1 ; one\n  :b 2)\n"),
        ("(f :a ; of a\n 1)", 100, "(f ; of a\n  :a 1)\n"),
        ("'; quoted\n x", 100, "; quoted\n'x\n"),
        ("(a #;(gone) b)", 100, "(a #;(gone)\n  b)\n"),
        ("( ; empty\n)", 100, "(\n  ; empty\n)\n"),
    ],
)
def test_the_layout(text, width, expected):
    assert formatted(text, width) == expected


ATOM = st.sampled_from(["a", ":k", "1", "2.5", '"s"', "#t", "nil", "a/b", "12", '"x\\ny"', "#\\a"])
COMMENT = st.sampled_from(["; c\n", "; d\n\n", "\n; e\n", "#| b |#", "#;x "])
TOKEN = st.recursive(
    ATOM,
    lambda inner: st.one_of(
        st.lists(inner | COMMENT, max_size=5).map(lambda items: f"({' '.join(items)})"),
        st.lists(inner, max_size=3).map(lambda items: f"[{' '.join(items)}]"),
        inner.map(lambda item: f"'{item}"),
        st.tuples(inner, inner).map(lambda pair: f"(f :a {pair[0]} :bb {pair[1]})"),
    ),
    max_leaves=12,
)
PROGRAM = st.lists(TOKEN | COMMENT, max_size=4).map(" ".join)


@settings(max_examples=200)
@given(PROGRAM, st.integers(1, 40))
def test_nothing_is_lost_and_twice_is_once(text, width):
    try:
        before = read(Source("x", text))
    except ReaderError:  # a `#;` with nothing after it
        return
    after = formatted(text, width)
    assert list(map(shape, read(Source("y", after)).forms)) == list(map(shape, before.forms))
    assert sorted(comments(after)) == sorted(comments(text))
    assert formatted(after, width) == after


def test_a_text_that_does_not_read_is_refused():
    with pytest.raises(ReaderError):
        formatted("(a")


def test_deep_and_long_texts_are_formatted_in_proportion():
    deep = "(" * 4000 + "x" + ")" * 4000
    assert read(Source("x", formatted(deep))).forms

    def seconds(count: int) -> float:
        text = "(f " + " ".join(f"(g {n})" for n in range(count)) + ")"
        start = time.perf_counter()
        formatted(text)
        return time.perf_counter() - start

    assert seconds(8000) < 40 * max(seconds(800), 0.01)


def test_atoms_are_nodes():
    assert isinstance(read(Source("x", "1")).forms[0], Atom)
