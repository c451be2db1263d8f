"""Undo, redo and restore: the log only grows, and each leads to exactly the state that was left."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caixa.session import Session
from caixa.session.errors import ForgottenStep, MoveNotAlone, NothingToMove, UnknownMoment
from caixa.session.log import GENESIS, Log
from caixa.session.timeline import live_steps, timeline

from .strategies import manifest

LIBRARY = '(defcaixa :nome "greetings" :versao "0.1.0" :kind Biblioteca)'


def session_of(*cells, **options):
    session = Session(clock=lambda: 0.0, **options)
    for number, text in enumerate(cells, start=1):
        session.run(text, f"cell {number}")
    return session


def held(session):
    """Return what a move must bring back: the caixas, their components, and every name with its value."""
    names = {name: id(value) for name, value in session.interpreter.names.items()}  # the very same values
    return (
        dict(session.state.packages),
        dict(session.state.components),
        names,
        dict(session.interpreter.main.macros),
    )


# What a person does, by a letter, and what is undoable and redoable then: numbers of steps.
# c changes, l only looks, u undoes, r redoes, 1 goes to step 1.
TABLE = [
    ("", [], []),
    ("c", [1], []),
    ("l", [], []),
    ("cl", [1], []),
    ("cc", [1, 2], []),
    ("ccu", [1], [2]),
    ("clu", [], [1]),
    ("ccuu", [], [2, 1]),
    ("ccur", [1, 2], []),
    ("ccuurr", [1, 2], []),
    ("ccul", [1], [2]),
    ("ccuc", [1, 4], []),
    ("ccc1", [1, 2, 3, 4], []),
    ("ccc1u", [1, 2, 3], [4]),
    ("ccc1ur", [1, 2, 3, 4], []),
]


@pytest.mark.parametrize(("done", "undoable", "redoable"), TABLE)
def test_what_can_be_undone_and_redone_follows_from_the_steps(done, undoable, redoable):
    session = session_of()
    do(session, done)
    found = timeline(session.log.steps())
    assert [jump.step for jump in found.undoable] == undoable
    assert [jump.step for jump in found.redoable] == redoable


@pytest.mark.parametrize(
    ("done", "live"), [("ccc", {1, 2, 3}), ("ccu", {1}), ("ccur", {1, 2}), ("ccuc", {1, 4}), ("ccc1c", {1, 5})]
)
def test_live_are_the_steps_that_made_the_session_what_it_is(done, live):
    session = session_of()
    do(session, done)
    assert live_steps(session.log.steps()) == live


def do(session, letters):
    for number, letter in enumerate(letters, start=1):
        if letter == "u":
            session.undo()
        elif letter == "r":
            session.redo()
        elif letter == "1":
            session.restore("#1")
        else:
            session.run(f"(define x (list {number}))" if letter == "c" else "(+ 1 2)", f"cell {number}")


CHANGES = [
    "(define x (list 1))",
    "(define (f y) (* y 2))",
    "(defmacro m (a) `(list ,a))",
    "(define m 3)",
    manifest("cart"),
    manifest("cart", "0.2.0"),
    "(+ 1 2)",
    "(define x (list 2))",
]
moves = st.sampled_from(["undo", "redo"])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(CHANGES), moves), max_size=10))
def test_every_undo_leads_back_and_every_redo_forth_exactly(actions):
    session, past, future = session_of(), [], []
    for action in actions:
        before, length = held(session), len(session.log)
        if action in ("undo", "redo"):
            source, target = (past, future) if action == "undo" else (future, past)
            if not source:
                with pytest.raises(NothingToMove):
                    getattr(session, action)()
                assert (held(session), len(session.log)) == (before, length)
                continue
            getattr(session, action)()
            assert held(session) == source.pop()
            target.append(before)
        else:
            session.run(action, "cell")
            if held(session) != before:
                past.append(before)
                future.clear()
        assert len(session.log) > length
    session.log.verify()
    assert dict(session.log.replay().packages) == dict(session.state.packages)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(CHANGES), min_size=1, max_size=6), st.data())
def test_any_step_can_be_gone_to_and_back_from(cells, data):
    session, states = session_of(), []
    states.append(held(session))
    for text in cells:
        session.run(text, "cell")
        states.append(held(session))
    number = data.draw(st.integers(0, len(cells)))
    session.restore(f"#{number}")
    assert held(session) == states[number]
    session.undo()
    assert held(session) == states[-1]


def test_a_macro_that_a_variable_hid_is_a_macro_again():
    session = session_of("(defmacro m (a) `(list ,a))", "(define m 3)")
    session.undo()
    assert session.run("(m 1)", "cell").value == session.run("(list 1)", "cell").value


def test_an_undone_import_leaves_its_names_and_the_module_is_loaded_again():
    session = session_of(LIBRARY)
    session.put_file("greetings", "lib/greetings.lisp", b"(provide one) (define one 1)")
    session.run('(importar :caixa "greetings")', "cell 2")
    session.undo()
    assert "greetings/one" not in session.interpreter.names
    session.put_file("greetings", "lib/greetings.lisp", b"(provide one) (define one 2)")
    assert session.run('(importar :caixa "greetings") greetings/one', "cell 3").value == 2


def test_a_cell_defined_after_an_undo_sees_what_was_brought_back():
    session = session_of("(define (f) 1)", "(define (g) (f))", "(define (f) 2)")
    assert session.run("(g)", "cell").value == 2
    session.undo()
    assert session.run("(g)", "cell").value == 1


def test_an_undo_that_fails_leaves_everything():
    session = session_of("(define x 1)", "(define x 2)", "(define x 3)", keep=1)
    expected = held(session), session.log
    session.undo()
    with pytest.raises(ForgottenStep) as caught:
        session.undo()
    assert "no longer kept" in caught.value.render()
    session.redo()
    assert held(session) == expected[0]


def run_both(session, actions):
    with session.transaction("cell"):
        for action in actions:
            session.undo() if action == "undo" else session.run("(define y 1)", "cell")


def test_a_move_is_alone_in_its_step():
    session = session_of("(define x 1)")
    expected = held(session), session.log
    for actions in [("undo", "run"), ("run", "undo"), ("undo", "undo")]:
        with pytest.raises(MoveNotAlone):
            run_both(session, actions)
        assert (held(session), session.log) == expected


def test_a_step_is_found_by_number_and_by_the_beginning_of_any_of_its_digests():
    session = session_of(manifest("cart"), "(define x 1)")
    first, second = session.log.steps()
    assert len(first.entries) == 2
    for entry in first.entries:
        assert session.log.find(entry.digest) == session.log.find(entry.digest[7:15]) == first
    assert session.log.find("#2") == session.log.find("2") == second
    assert session.log.find("#0") is session.log.find(GENESIS) is None


@pytest.mark.parametrize("moment", ["#3", "9", "abcdef0123", "", "ab", "blake3:", "no such"])
def test_what_names_no_step_is_one_error(moment):
    session = session_of("(define x 1)", "(define y 1)")
    with pytest.raises(UnknownMoment) as caught:
        session.restore(moment)
    assert "%caixa log" in caught.value.render()


def test_the_name_of_a_cell_and_the_time_are_not_hashed():
    first, second = Session(clock=lambda: 1.0), Session(clock=lambda: 2.0)
    first.run("(define x 1)", "cell 1")
    second.run("(define x 1)", "unnumbered cell 7")
    assert first.log.digest == second.log.digest


def test_a_log_that_moves_to_nowhere_is_broken():
    session = session_of("(define x 1)", "(define x 2)")
    session.undo()
    with pytest.raises(ValueError, match="does not follow"):
        Log(session.log.entries[2:]).replay()
