"""Everything is documented: a sentence, parameters, examples that hold, pages that are up to date."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from caixa.lisp import introspection
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.reference.checks import Outcome, checks, failures
from caixa.lisp.reference.topics import topics

GUIDE = Path(__file__).parents[2] / "docs" / "language"
ENTRIES = [(topic.slug, entry) for topic in topics() for entry in topic.entries]
CHAPTERS = sorted(GUIDE.glob("[0-9]*.md"))
BLOCK = re.compile(r"^```lisp\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def interpreter():
    made = Interpreter(args=("data.csv", "--count", "3"))
    start = made.snapshot()
    yield made
    made.restore(start)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("examples")


@pytest.fixture
def fresh(interpreter, folder, monkeypatch):
    """Return the interpreter as it starts, in a folder of its own."""
    monkeypatch.chdir(folder)
    monkeypatch.delenv("TATARA_LOG", raising=False)
    start = interpreter.snapshot()
    yield interpreter
    interpreter.restore(start)


@pytest.fixture(scope="module")
def language(interpreter):
    """Return the description of every name of the language."""
    found = {name: interpreter.describe(name) for name in introspection.names(interpreter.main)}
    return dict(sorted(found.items()))


# -- every name -----------------------------------------------------------------------------------------------


def test_every_name_has_a_docstring_of_one_plain_sentence(language):
    first_lines = {name: (found.doc.splitlines() or [""])[0] for name, found in language.items()}
    assert [name for name, line in first_lines.items() if not re.fullmatch(r"[A-Z`][^\n]*[.:]", line)] == []


def test_every_name_says_how_it_is_called(language):
    unsaid = [
        name
        for name, found in language.items()
        if found.kind != "value" and name not in found.signature and name not in ("quote", "quasiquote")
    ]
    assert unsaid == []


def test_every_name_has_an_example(language):
    assert [name for name, found in language.items() if not found.examples] == []


def test_every_example_belongs_to_a_name_of_the_language_and_to_one_topic(language):
    named = [name for _, entry in ENTRIES for name in entry.names]
    assert sorted(set(named) - set(language)) == []
    assert sorted(name for name in set(named) if named.count(name) > 1) == []


def test_names_that_share_examples_mean_the_same(language):
    for _, entry in ENTRIES:
        assert len({language[name].doc.split(";")[0] for name in entry.names}) == 1 or _are_macro_words(
            entry
        ), entry


def _are_macro_words(entry):
    return {"defmacro", "lambda", "letrec"} & set(entry.names)


@pytest.mark.parametrize(
    ("slug", "entry"), ENTRIES, ids=[f"{slug}-{entry.names[0]}" for slug, entry in ENTRIES]
)
def test_the_examples_of_a_name_hold(fresh, slug, entry):
    text = "\n" * (entry.line - 1) + entry.examples
    assert "\n".join(failures(fresh, text, f"examples/{slug}.tlisp")) == ""


def test_every_entry_says_what_comes_of_some_form():
    silent = [entry.names for _, entry in ENTRIES if not any(_says(check) for check in checks(entry.examples))]
    assert silent == []


def _says(check):
    return check.expected != Outcome() or check.form.startswith(
        ("(log-debug", "(sleep", "(comment", "(declare")
    )
