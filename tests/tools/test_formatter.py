"""The formatter: its layout, that it loses nothing, and that twice is once."""

from __future__ import annotations

import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from caixa.lisp.errors import ReaderError
from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.lisp.syntax import Atom, Form, Node, Prefix, Trivia
from caixa.tools.formatter import Layout, Style, format_source
from tests.lacre.arvore.programs import addresses, programs
from tests.lacre.arvore.programs import styles as writings


def formatted(text: str, width: int = 100, **choices: object) -> str:
    return format_source(Source("x.lisp", text), Style(line_width=width, **choices))


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
    return [each.text.rstrip() for each in found if not each.is_blank]


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("(a   b\n c)", 100, "(a b c)\n"),
        ("( )", 100, "()\n"),
        ("", 100, ""),
        ("; only", 100, "; only\n"),
        ("'x `(a ,b ,@cs)", 100, "'x\n\n`(a ,b ,@cs)\n"),
        ("1e5 1e-7 3.0 +5", 100, "100000.0\n\n0.0000001\n\n3.0\n\n5\n"),
        # atoms: what has a canonical spelling gets it, all else stays as written
        ('"a\nb"', 100, '"a\nb"\n'),
        ('"\\q\\n\t\\u{e9} é"', 100, '"q\\n\\t\\u{e9} é"\n'),
        ("007 -0 .5 1e400 nan", 100, "7\n\n0\n\n0.5\n\n1e400\n\nnan\n"),
        ("#\\a #\\space #\\( #\\u{3bb} #\\ ", 100, "#\\a\n\n#\\space\n\n#\\(\n\n#\\u{3bb}\n\n#\\space\n"),
        ("|a b| :|c d| x", 100, "|a b|\n\n:|c d|\n\nx\n"),
        (" #!x y", 100, "|#!x|\n\ny\n"),
        ("#!/usr/bin/env caixa-lisp\n(a)", 100, "#!/usr/bin/env caixa-lisp\n(a)\n"),
        ("`(a , @b)", 100, "`(a , @b)\n"),
        ("#{1  2} {:a 1, :b 2}", 100, "#{1 2}\n\n{:a 1 :b 2}\n"),
        ('#<error :a  "b"   {:c 1}>', 100, '#<error :a  "b"   {:c 1}>\n'),
        ('(define (f) "One.\n  Two."  1)', 100, '(define\n  (f)\n  "One.\n  Two."\n  1)\n'),
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
        ("(f :a ; of a\n 1)", 100, "(f\n  ; of a\n  :a 1)\n"),
        ("(a) ; beside\n(b) #| too |#", 100, "(a) ; beside\n\n(b) #| too |#\n"),
        ("; of the file\n\n; of a\n(a)", 100, "; of the file\n\n; of a\n(a)\n"),
        ("(a #| in | the #| midst |# |# b)", 100, "(a #| in | the #| midst |# |#\n  b)\n"),
        ("'; quoted\n x", 100, "; quoted\n'x\n"),
        ("(a #;(gone) b)", 100, "(a #;(gone)\n  b)\n"),
        ("( ; empty\n)", 100, "(\n  ; empty\n)\n"),
    ],
)
def test_the_layout(text, width, expected):
    assert formatted(text, width) == expected


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("(f :a 1 :bbb 2)", 10, "(f\n  :a   1\n  :bbb 2)\n"),
        ("(:a (:cc 1 :d 2) :bbb 2)", 12, "(\n  :a   (\n    :cc 1\n    :d  2)\n  :bbb 2)\n"),
        ('{"k" 1 [1 2] 2}', 10, '{\n  "k"   1\n  [1 2] 2}\n'),
        ("(f :a 1 ; one\n :bbb 2)", 99, "(f\n  :a   1 ; one\n  :bbb 2)\n"),
    ],
)
def test_values_stand_in_one_column_where_that_is_chosen(text, width, expected):
    assert formatted(text, width, align_values=True) == expected


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("(define (f x) (g x) (h x))", 20, "(define (f x)\n  (g x)\n  (h x))\n"),
        ("(let ((a 1) (b 2)) (list a b))", 16, "(let ((a 1)\n      (b 2))\n  (list a b))\n"),
        ("(let loop ((n 1)) (loop (+ n 1)))", 22, "(let loop ((n 1))\n  (loop (+ n 1)))\n"),
        ('(defn f "Doc." [x] (g x) (h x))', 20, '(defn f "Doc."\n  [x]\n  (g x)\n  (h x))\n'),
        ("'(one two three four)", 12, "'(one\n  two\n  three\n  four)\n"),
        ("((one) (two) (three))", 12, "((one)\n (two)\n (three))\n"),
        ("(define ; why\n x\n\n 1)", 99, "(define ; why\n  x\n\n  1)\n"),
        ("(f (a) ; one\n\n ; two\n\n (b))", 99, "(f\n  (a) ; one\n\n  ; two\n\n  (b))\n"),
        ("(f\n\n ; two\n (b)\n\n)", 99, "(f\n\n  ; two\n  (b))\n"),
    ],
)
def test_code_is_laid_out_as_lisp_programmers_do_where_that_is_chosen(text, width, expected):
    assert formatted(text, width, layout=Layout.LISP) == expected


def test_the_last_line_end_is_a_choice():
    assert formatted("(a)", trailing_newline=False) == "(a)"
    assert formatted("", trailing_newline=False) == ""


PLAIN_ATOM = st.sampled_from(
    ["a", ":k", "1", "2.5", '"s"', "#t", "nil", "a/b", "12", '"x\\ny"', "#\\a", "|a b|", ", @c", '"l\nm"', "if"]
)
ODD_ATOM = st.sampled_from(['#<error :t "m" {:k 1}>', "λ", '"\\u{301}"', "#\\ ", "let", "define", "+007"])
ATOM = PLAIN_ATOM | ODD_ATOM
COMMENT = st.sampled_from(
    ["; c\n", "; d  \n\n", "\n; e\n", "#| b |#", "#;x ", "#;(; i\n y)", "\n\n", "#|l\n  m|#"]
)
TOKEN = st.recursive(
    ATOM,
    lambda inner: st.one_of(
        st.lists(inner | COMMENT, max_size=5).map(lambda items: f"({' '.join(items)})"),
        st.lists(inner, max_size=3).map(lambda items: f"[{' '.join(items)}]"),
        st.lists(st.tuples(inner, inner), max_size=2).map(
            lambda pairs: "{" + " ".join(f"{key} {value}" for key, value in pairs) + "}"
        ),
        st.lists(inner | COMMENT, max_size=3).map(lambda items: "#{" + " ".join(items) + "}"),
        st.tuples(st.sampled_from(["'", "`", ",", ",@", "'; q\n"]), inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(f :a {pair[0]} :bb {pair[1]})"),
    ),
    max_leaves=12,
)
PROGRAM = st.lists(TOKEN | COMMENT, max_size=4).map(" ".join)
STYLE = st.builds(
    Style, st.integers(1, 40), st.integers(1, 4), st.booleans(), st.booleans(), st.sampled_from(Layout)
)


@settings(max_examples=300)
@given(PROGRAM, STYLE)
@example("(:k ; d  \n\n a)", Style(1, 1, False, False, Layout.PLAIN))
def test_nothing_is_lost_and_twice_is_once(text, style):
    try:
        before = read(Source("x", text))
    except ReaderError:  # a `#;` with nothing after it
        return
    after = format_source(Source("x", text), style)
    assert list(map(shape, read(Source("y", after)).forms)) == list(map(shape, before.forms))
    assert sorted(comments(after)) == sorted(comments(text))
    assert format_source(Source("y", after), style) == after


@settings(max_examples=30)
@given(programs(), writings(), STYLE)
def test_a_program_means_what_it_meant(program, writing, style):
    text = writing.write(program)
    before, after = addresses(text), addresses(format_source(Source("x", text), style))
    names = [writing.name(index) for index in range(len(program))]
    assert [after.of(name) for name in names] == [before.of(name) for name in names]


def test_a_text_that_does_not_read_is_refused():
    with pytest.raises(ReaderError):
        formatted("(a")


def test_deep_and_long_texts_are_formatted_in_proportion():
    for deep in ("(" * 4000 + "x" + ")" * 4000, "'" * 9000 + "x", "(a ; c\n" * 500 + ")" * 500):
        assert read(Source("x", formatted(deep))).forms

    def calls(count: int) -> int:
        """How many calls of functions it takes: what a clock would say, but always the same."""
        text, made = "(f " + " ".join(f"(g {n})" for n in range(count)) + ")", 0

        def count_call(_frame: object, event: str, _argument: object) -> None:
            nonlocal made
            made += event in ("call", "c_call")

        before = sys.getprofile()
        sys.setprofile(count_call)
        try:
            formatted(text)
        finally:
            sys.setprofile(before)
        return made

    calls(10)  # what is done once only
    assert calls(2000) < 2.2 * calls(1000)


def test_atoms_are_nodes():
    assert isinstance(read(Source("x", "1")).forms[0], Atom)
