"""A cell is committed whole or not at all, wherever in it the failure is and of whichever kind."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caixa.lisp.printer import write
from caixa.session.session import Session

NAMES = ("a", "b", "c")
definitions = st.one_of(
    st.builds("(define {} {})".format, st.sampled_from(NAMES), st.integers(0, 9)),
    st.builds("(set! {} {})".format, st.sampled_from(NAMES), st.integers(10, 19)),
    st.builds("(define ({}) {})".format, st.sampled_from(("f", "g")), st.integers(0, 9)),
    st.builds("(defmacro {} () {})".format, st.sampled_from(("m", "n")), st.integers(0, 9)),
)
failures = st.sampled_from(
    ["(car 1)", "(stop)", "(throw :x)", "(", "(if)", "(exhaust)", "unbound-name", "(let ((x)) 1)"]
)


@st.composite
def cells(draw):
    """Draw the forms of a cell, and where in it the failure stands, if anywhere."""
    forms = draw(st.lists(definitions, min_size=1, max_size=4))
    failure = draw(st.none() | st.tuples(st.integers(0, len(forms)), failures))
    if failure is not None:
        forms.insert(*failure)
    return " ".join(forms), failure is not None


def seen(session: Session) -> list[str]:
    """Return what every name and macro of the tests means, as text."""
    names = {name: write(value) for name, value in session.interpreter.names.items() if name in NAMES}
    macros = [session.interpreter.describe(name) is not None for name in ("f", "g", "m", "n")]
    return [str(sorted(names.items())), str(macros), str(len(session.log))]


def stop() -> None:
    raise KeyboardInterrupt


def exhaust() -> None:
    raise MemoryError


@given(st.lists(cells(), min_size=1, max_size=5))
@settings(max_examples=30, deadline=None)
def test_a_definition_is_committed_only_if_its_whole_cell_succeeds(drawn):
    session = Session()
    session.interpreter.names.update(stop=stop, exhaust=exhaust, a=0, b=0, c=0)
    for number, (text, fails) in enumerate(drawn):
        before = seen(session)
        if not fails:
            session.run(text, f"cell {number}")
            continue
        with pytest.raises((Exception, KeyboardInterrupt)):
            session.run(text, f"cell {number}")
        assert seen(session) == before
