"""The parts that the reference is made of: example files, checked forms, Markdown."""

from __future__ import annotations

import pytest

from caixa.lisp.introspection import Description
from caixa.lisp.reference.__main__ import main
from caixa.lisp.reference.checks import Outcome, checks, failures
from caixa.lisp.reference.document import Code, Heading, Link, Listing, Paragraph, Table, prose, render
from caixa.lisp.reference.pages import pages
from caixa.lisp.reference.topics import Entry, Topic, parse_topic

TEXT = """;;;; Title
;;;; It says
;;;; more.

;;; one uno
(+ 1 1) ; => 2

;;; two
(f) ;;; not a heading
"""


def test_a_topic_has_a_title_an_introduction_and_entries_at_their_lines():
    assert parse_topic("slug", TEXT) == Topic(
        "slug",
        "Title",
        "It says more.",
        (Entry(("one", "uno"), "(+ 1 1) ; => 2", 6), Entry(("two",), "(f) ;;; not a heading", 9)),
    )


def test_a_file_without_a_title_is_called_by_its_name():
    assert parse_topic("slug", "").title == "slug"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(f)", Outcome()),
        ("(f) ; => (1 2)", Outcome("(1 2)")),
        ("(f) ; prints a\n; prints\n; => 1", Outcome("1", ("a", ""))),
        ("(f) ; !! type-mismatch", Outcome(None, (), ("type-mismatch",))),
        ("(f ; => inside\n 1) ; prose", Outcome()),
        ('(f "; => 1")\n  ; => 2', Outcome("2")),
    ],
)
def test_comments_after_a_form_say_what_comes_of_it(text, expected):
    (check,) = checks(text)
    assert check.expected == expected


def test_each_form_has_its_line_and_its_own_comments():
    found = list(checks("a ; => 1\n\n; prose\n(b\n c) ; => 2\n"))
    assert [(check.form, check.line, check.expected.value) for check in found] == [
        ("a", 1, "1"),
        ("(b\n c)", 4, "2"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "(+ 1 1) ; => 2",
        "(list 1 2) ; => (1 …)",
        "(println 5) ; prints 5",
        "(begin (println 5) 1) ; prints …\n; => 1",
        "(car nil) ; !! native-fn",
        '(throw (error :mine "m")) ; !! mine',
        "(throw 5) ; !! user",
        "(exit 2) ; !! exit",
        "(define x 1) x ; => 1",
    ],
)
def test_what_is_as_said_is_no_failure(interpreter, text):
    assert failures(interpreter, text, "page") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("(+ 1 1) ; => 3", "expected => 3\n  got      => 2"),
        ("(println 5)", "expected any value\n  got      => (); prints 5"),
        ("(+ 1 1) ; !! native-fn", "expected !! native-fn"),
        ("(car nil) ; => 1", "got      !! native-fn"),
        ("(car nil) ; !! user", "expected !! user"),
        ("\n(car nil)", "page:2: (car nil)"),
    ],
)
def test_what_is_not_as_said_is_told_with_its_line(interpreter, text, said):
    (failure,) = failures(interpreter, text, "page")
    assert said in failure


@pytest.mark.parametrize(
    ("block", "text"),
    [
        (Heading(2, (Code("car"), " and *")), "## `car` and \\*\n"),
        (Heading(1, ("a",), ("n-a",)), '<a id="n-a"></a>\n# a\n'),
        (Paragraph(prose("Return `x` as <b>.")), "Return `x` as \\<b\\>.\n"),
        (Paragraph((Code("`a"), Link(Code("b"), "c.md#d"))), "`` `a ``[`b`](c.md#d)\n"),
        (Listing("(a)\n(b)"), "```lisp\n(a)\n(b)\n```\n"),
        (Table(("a", "b"), (((Code("x|y"),), ("1",)),)), "| a | b |\n|---|---|\n| `x\\|y` | 1 |\n"),
    ],
)
def test_a_block_renders_as_markdown(block, text):
    assert render([block]) == text


def test_text_with_an_odd_back_quote_is_not_taken_for_code():
    assert prose("a ` b") == ("a ` b",)


def test_pages_explain_what_the_topics_name_and_refuse_what_is_unknown():
    topic = parse_topic("slug", TEXT)
    made = pages([topic], lambda name: Description(name, "function", f"({name})", "Return it.\n\n  More."))
    assert set(made) == {"README.md", "slug.md"}
    assert '<a id="n-uno"></a>' in made["slug.md"]
    assert "Function. Return it. More." in made["slug.md"]
    assert "| [`uno`](slug.md#n-uno) | Return it. |" in made["README.md"]
    with pytest.raises(LookupError, match="`one`"):
        pages([topic], lambda name: None)


def test_the_command_writes_the_pages_and_removes_stale_ones(tmp_path, capsys):
    (tmp_path / "gone.md").write_text("old")
    assert main([str(tmp_path)]) == 0
    assert "lists.md" in {page.name for page in tmp_path.iterdir()}
    assert not (tmp_path / "gone.md").exists()
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err
