"""Everything is documented: a sentence, parameters, examples that hold, pages that are up to date."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from caixa.lisp import introspection
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.reference.checks import Outcome, checks, failures
from caixa.lisp.reference.pages import pages
from caixa.lisp.reference.topics import topics
from caixa.lisp.source import Source

GUIDE = Path(__file__).parents[2] / "docs" / "language"
ENTRIES = [(topic.slug, entry) for topic in topics() for entry in topic.entries]
CHAPTERS = sorted(GUIDE.glob("[0-9]*.md"))
MODULE = re.compile(r"^```text\n;; (\S+)\.tlisp\n(.*?)^```$", re.DOTALL | re.MULTILINE)
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


# -- what the language was said to have -----------------------------------------------------------------------

REPLACED = {
    "compile-list-pattern": "a helper of `match`, which is compiled in another way: match-list, match-sequence",
    "compile-match-clauses": "a helper of `match`: match-clause",
    "compile-match-pattern": "a helper of `match`: match-parts",
    "defn-typed-args": "a helper of `defn-typed`: typed-arguments",
    "defn-typed-checks": "a helper of `defn-typed`: typed-arguments",
    "range-impl": "a helper of `range`, which is a native and does not recurse",
}
PUBLISHED = (Path(__file__).parents[1] / "data" / "language-names.txt").read_text("utf-8").split()[1::2]


def test_every_published_name_exists_but_for_replaced_helpers(language):
    assert sorted(set(PUBLISHED) - set(language) - set(REPLACED)) == []
    assert sorted(set(REPLACED) & set(language)) == []


# -- the guide and the pages ----------------------------------------------------------------------------------


@pytest.mark.parametrize("chapter", CHAPTERS, ids=[path.stem for path in CHAPTERS])
def test_each_line_of_a_chapter_does_what_is_said_of_it(chapter, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = chapter.read_text("utf-8")
    modules = {f"{found[1]}.tlisp": found[2] for found in MODULE.finditer(text)}
    reader = Interpreter(loader=lambda path: Source(path, modules[path]) if path in modules else None)
    wrong = [
        failure
        for found in BLOCK.finditer(text)
        for failure in failures(reader, _at_line(text, found), chapter.name)
    ]
    assert "\n".join(wrong) == ""


def _at_line(text, found):
    """Return the lines of a block, after as many empty ones as stand before it."""
    return "\n" * text.count("\n", 0, found.start(1)) + found[1]


def test_every_chapter_is_in_the_table_of_contents_and_its_links_lead_somewhere():
    contents = (GUIDE / "README.md").read_text("utf-8")
    assert [path.name for path in CHAPTERS if f"({path.name})" not in contents] == []
    for page in [*GUIDE.glob("*.md"), *GUIDE.glob("reference/*.md")]:
        text = page.read_text("utf-8")
        targets = {target.split("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text)} - {""}
        assert [target for target in targets if not (page.parent / target).exists()] == [], page.name


def test_every_link_to_a_name_leads_to_its_anchor():
    texts = {page.name: page.read_text("utf-8") for page in GUIDE.glob("reference/*.md")}
    anchors = {name: set(re.findall(r'<a id="([^"]+)"', text)) for name, text in texts.items()}
    for name, text in texts.items():
        for target, anchor in re.findall(r"\]\(([\w.-]*)#([\w-]+)\)", text):
            assert anchor in anchors[target or name], (name, anchor)


def test_the_pages_are_up_to_date(interpreter):
    made = pages(topics(), interpreter.describe)
    kept = {page.name: page.read_text("utf-8") for page in GUIDE.glob("reference/*.md")}
    stale = sorted(name for name in made.keys() | kept.keys() if made.get(name) != kept.get(name))
    assert stale == [], "run `python -m caixa.lisp.reference docs/language/reference`"
