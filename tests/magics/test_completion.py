"""Tab and Shift-Tab on text that is being typed: a cursor is marked with `|`."""

import sys
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caixa_magics.completion import atom_at
from caixa_magics.notebook import Notebook

from .cells import CART, CATALOG, SHOP
from .conftest import RecordingDisplay

NOTEBOOK = Notebook(RecordingDisplay())  # shared by the examples of a property, which change nothing
DEFINITIONS = '(define (my-total price) "Adds up." price)\n(define ção 1)'


@pytest.fixture
def ready(notebook):
    notebook.run_cell(f"{DEFINITIONS}\n{CART}\n{CATALOG}", "cell 1")
    return notebook


def completed(notebook, marked):
    cursor = marked.index("|")
    text = marked.replace("|", "", 1)
    found = notebook.complete(text, cursor)
    return [match.text for match in found.matches], text[found.start : found.end]


COMPLETIONS = [
    ("%ca|", ["%caixa"], "%ca"),
    ("%%w|", ["%%wasm"], "%%w"),
    ("%caixa va|", ["validate"], "va"),
    ("%caixa app gr|", ["graph"], "gr"),
    ("%caixa show ca|", ["cart", "catalog"], "ca"),
    ("%caixa show ca|x", ["cart", "catalog"], "cax"),
    ("%caixa render cart --as h|", ["helm"], "h"),
    ("%caixa render cart --acc|", ["--accept"], "--acc"),
    ("%caixa list\n(my-t|", ["my-total"], "my-t"),
    ("%%file cat|", ["catalog"], "cat"),
    ("%%file cart |", ["servicos/cart.computeunit.yaml"], ""),
    ("%%file cart lib/a.lisp\n(my-t|", ["my-total"], "my-t"),
    ("%%file cart a.yaml\nmy-t|", [], ""),
    ("%%wasm car|", ["cart"], "car"),
    ("%%caixa\n(my-t|", ["my-total"], "my-t"),
    ("(+ 1 (my-t|", ["my-total"], "my-t"),
    ('"açaí" (çã|', ["ção"], "çã"),
    ('(defcaixa :nome "x" :kind Servico :lim|', [":limits"], ":lim"),
    ('(defcaixa :nome "x" :kind Servico :mem|', [], ":mem"),
    ('(defcaixa :nome "ção" :kind Servico :limits (:mem|', [":memory"], ":mem"),
    ('(defcaixa :nome "x" :kind Apl|', ["Aplicacao"], "Apl"),
    ('(defcaixa :nome "x" :kind Supervisor :estrategia Rest|', ["RestForOne"], "Rest"),
]


@pytest.mark.parametrize(("marked", "matches", "replaced"), COMPLETIONS)
def test_tab_offers_what_may_stand_there(ready, marked, matches, replaced):
    assert completed(ready, marked) == (matches, replaced)


def test_a_function_is_offered_with_its_signature(ready):
    (match,) = ready.complete("(my-t", 5).matches
    assert (match.type, match.signature) == ("function", "(my-total price)")


INSPECTIONS = [
    ("(my-to|tal 1)", "Adds up."),
    ("(my-total |", "Adds up."),
    ("(my-total (+ 1 2) |", "Adds up."),
    ("%caixa rend|er cart", "Show the manifests"),
    ("%cai|xa", "%caixa"),
    ("%%fi|le cart x\ntext", "virtual tree"),
    ('(defcaixa :nome "x" :lim|its', ":limits"),
]


@pytest.mark.parametrize(("marked", "says"), INSPECTIONS)
def test_shift_tab_explains_what_the_cursor_is_on(ready, marked, says):
    assert says in ready.inspect(marked.replace("|", "", 1), marked.index("|"))["text/plain"]


@pytest.mark.parametrize("marked", ["(no-such-name| 1)", "|", "%%wasm cart\n(mod|ule)", "%nosuch|"])
def test_what_is_not_known_is_not_explained(ready, marked):
    assert ready.inspect(marked.replace("|", "", 1), marked.index("|")) is None


def test_neither_changes_the_session(ready):
    before = ready.session.state, ready.session.log, dict(ready.session.interpreter.names)
    for marked, *_ in (*COMPLETIONS, *INSPECTIONS):
        text, cursor = marked.replace("|", "", 1), marked.index("|")
        ready.complete(text, cursor)
        ready.inspect(text, cursor)
    assert (ready.session.state, ready.session.log, dict(ready.session.interpreter.names)) == before


@given(st.text(alphabet='%ca()" :\nç|', max_size=24), st.data())
@settings(max_examples=60, deadline=None)
def test_no_text_and_no_cursor_make_it_fail(text, data):
    cursor = data.draw(st.integers(0, len(text)))
    found = NOTEBOOK.complete(text, cursor)
    assert 0 <= found.start <= cursor <= found.end <= len(text)
    NOTEBOOK.inspect(text, cursor)
    assert NOTEBOOK.completeness(text).status in ("complete", "incomplete", "invalid")


@given(st.text(max_size=20), st.data())
def test_an_atom_holds_no_delimiter(text, data):
    start, end = atom_at(text, data.draw(st.integers(0, len(text))))
    assert not set(text[start:end]) & set("()[]{}'`,\"; \n")


def test_an_editor_may_ask_while_a_cell_defines(ready):
    failures, is_done = [], threading.Event()

    def ask():
        while not is_done.is_set():
            try:
                ready.complete("(ab", 3)
                ready.inspect("(my-total ", 10)
            except Exception as error:
                failures.append(error)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    asker = threading.Thread(target=ask)
    asker.start()
    try:
        for number in range(60):
            ready.run_cell("".join(f"(define ab{number}-{each} 1)" for each in range(5)), "cell 2")
    finally:
        is_done.set()
        asker.join()
        sys.setswitchinterval(interval)
    assert not failures


COMPLETENESS = [
    ("(+ 1 2)", "complete"),
    ("(+ 1", "incomplete"),
    (")", "invalid"),
    ("%caixa list", "complete"),
    ("%caixa list\n(+ 1", "incomplete"),
    ("%%file cart a.lisp\n(", "incomplete"),
    ("%%file cart a.lisp\n(\n\n", "complete"),
    (SHOP[:-1], "incomplete"),
]


@pytest.mark.parametrize(("text", "status"), COMPLETENESS)
def test_completeness_is_that_of_the_forms(notebook, text, status):
    assert notebook.completeness(text).status == status
