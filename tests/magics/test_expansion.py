"""`%caixa expand` shows the steps as text and folded as HTML; `%caixa restart` sets what nobody chooses."""

import json
from html.parser import HTMLParser

import pytest

from caixa.lisp.diagnostics import Reportable
from caixa.lisp.errors import LispError
from caixa_magics.mime import bundle

MACROS = "(defmacro twice (e) `(+ ,e ,e)) (defmacro many () '(list " + "(twice 1) " * 20 + "))"
RESTARTABLE = "(restart-case (throw 1) (use-value (v) v))"


@pytest.fixture(autouse=True)
def macros(run):
    run(MACROS, "cell 0")


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append(tag)


def test_each_step_shows_the_form_before_and_after_with_the_change_marked(run):
    assert run("%caixa expand (list 0 (twice (f 1)))") == (
        "1. twice\n   (list 0 «(twice (f 1))»)\n   =>\n   (list 0 «(+ (f 1) (f 1))»)"
    )


def test_a_long_form_is_broken_into_lines(run):
    argument = "(something-with-a-long-name and-an-argument-of-it 12345)"
    assert run(f"%caixa expand (define (f x) (twice {argument}))").split("   =>\n")[1] == (
        "   (define (f x)\n"
        "     «(+ (something-with-a-long-name and-an-argument-of-it 12345)\n"
        "       (something-with-a-long-name and-an-argument-of-it 12345))»)"
    )


def test_a_form_without_macros_says_so(run):
    assert run("%caixa expand (+ 1 2)") == "(+ 1 2)\nThere is no macro call in it."


def test_many_steps_are_shown_with_all(run):
    assert run("%caixa expand (many)").endswith("… 9 more steps: %caixa expand --all")
    assert "21. twice" in run("%caixa expand --all (many)")


def test_the_steps_are_data_with_json(run):
    [step] = json.loads(run("%caixa expand --json (list (twice 1))"))["steps"]
    assert step == {
        "macro": "twice",
        "before": "(list (twice 1))",
        "after": "(list (+ 1 1))",
        "path": [1],
        "call": "(twice 1)",
        "result": "(+ 1 1)",
    }


def test_a_cell_below_the_magic_is_one_form(run):
    assert run("%%expand\n(list\n  (twice 1))").startswith("1. twice\n   (list «(twice 1)»)")
    assert run("%%caixa expand\n(twice 1)") == run("%caixa expand (twice 1)")


def test_each_step_folds_in_the_page(notebook):
    html = bundle(notebook.run_cell("%caixa expand (twice (twice 1))", "cell 1"))[0]["text/html"]
    tags = Tags(html).tags
    assert (tags.count("details"), tags.count("del"), tags.count("ins")) == (3, 3, 3)


@pytest.mark.parametrize(
    "text", ["%caixa expand", "%caixa expand 1 2", "%caixa expand (a", "%%expand --most\n(a)"]
)
def test_what_is_no_form_is_refused_at_its_place(text, run):
    with pytest.raises(Reportable) as caught:
        run(text)
    assert caught.value.diagnostics[0].span is not None


def test_an_error_of_a_macro_is_shown_in_the_cell(notebook):
    with pytest.raises(LispError) as caught:
        notebook.run_cell("%caixa expand (list (twice))", "cell 1")
    assert "(list (twice))" in caught.value.render(notebook.sources())


def test_a_restart_is_taken_when_nobody_is_there(run):
    assert run("%caixa restart").startswith("No restart")
    assert run("%caixa restart use-value (+ 2 3)").endswith("the restart `use-value` is taken with 5.")
    assert run(RESTARTABLE) == "5"
    run("%caixa restart off")
    with pytest.raises(LispError):
        run(RESTARTABLE)


def test_the_words_are_completed_and_explained(notebook):
    found = notebook.complete("%caixa ex", 9)
    assert "expand" in [match.text for match in found.matches]
    assert "--all" in [match.text for match in notebook.complete("%caixa expand --", 16).matches]
    names = [match.text for match in notebook.complete("%caixa expand (twi", 18).matches]
    assert "(twice" in names
    assert "FORM" in notebook.inspect("%caixa expand (twice 1)", 8)["text/plain"]
    assert notebook.run_cell("%caixa help restart", "cell 1").text().startswith("%caixa restart")
