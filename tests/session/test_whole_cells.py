"""Whatever fails or is stopped between them: the session is that of the cells which ended well."""

from hypothesis import given, settings
from hypothesis import strategies as st

from caixa.lisp.diagnostics import Reportable
from caixa.session import Session

from .strategies import manifest

GOOD = [
    "(define x 1)",
    "(set! kept (+ kept 1))",
    "(define (f y) (* y kept))",
    "(defmacro m (a) `(list ,a kept))",
    "(m 2)",
    "(define later (f 3))",
    manifest("cart"),
    manifest("cart", "0.2.0"),
    manifest("catalog"),
    "(do (define z 1) (define z 2))",
]
ENDS = ["(car 1)", "(throw 'away)", "(no-such)", "(defcaixa :nome 1)", "(stop)", "(", '"never closed', "(m)"]

good = st.lists(st.sampled_from(GOOD), min_size=1, max_size=3).map("\n".join)
bad = st.tuples(st.lists(st.sampled_from(GOOD), max_size=3), st.sampled_from(ENDS)).map(
    lambda parts: "\n".join([*parts[0], parts[1]])
)
actions = st.one_of(good, st.sampled_from(["undo", "redo"]), st.tuples(bad))


def play(script):
    """Run a script in a new session and return what each action came to, and what was left.

    A cell is Lisp text; one that is meant to fail comes wrapped; stop raises KeyboardInterrupt as Stop does.
    """

    def stop():
        raise KeyboardInterrupt

    session, ended = Session(clock=lambda: 0.0), []
    session.interpreter.names["stop"] = stop
    session.run("(define kept 0)", "cell")
    for action in script:
        try:
            if action in ("undo", "redo"):
                getattr(session, action)()
            else:
                session.run(action if isinstance(action, str) else action[0], "cell")
            ended.append(action)
        except (Reportable, KeyboardInterrupt):
            pass
    return session, ended


def picture(session):
    """Return everything that a cell may change, as values that two sessions can be compared by."""
    names = {name: value for name, value in session.interpreter.names.items() if isinstance(value, int)}
    return {
        "names": names,
        "all": set(session.interpreter.names),
        "macros": set(session.interpreter.main.macros),
        "announced": session.interpreter.main.announced,
        "packages": session.state.packages,
        "previous": session.state.previous,
        "log": session.log,
        "journal": session.journal.steps,
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(actions, max_size=8))
def test_a_session_is_that_of_its_cells_which_ended_well(script):
    session, ended = play(script)
    without, again = play(ended)
    assert again == ended
    assert picture(session) == picture(without)
    assert session.log.digest == without.log.digest
    session.log.verify()


@settings(max_examples=30, deadline=None)
@given(st.lists(good, max_size=3), st.lists(st.sampled_from(GOOD), max_size=2), st.integers(0, 40))
def test_a_stop_at_any_event_of_a_cell_leaves_nothing_of_it(before, cell, fuse):
    """Stop comes while the session itself works: the clock that every event asks raises it."""
    armed, left = [False], [fuse % 4]

    def clock():
        if armed[0]:
            if not left[0]:
                raise KeyboardInterrupt
            left[0] -= 1
        return 0.0

    session = Session(clock=clock)
    session.run("(define kept 0)", "cell")
    for text in before:
        try:
            session.run(text, "cell")
        except Reportable:
            continue
    expected, armed[0] = picture(session), True
    try:
        session.run("\n".join([*cell, manifest("payment"), manifest("payment", "2.0.0")]), "cell")
    except (KeyboardInterrupt, Reportable):
        assert picture(session) == expected
    else:
        assert session.log.last_step == expected["journal"] + 1
