"""Hypothesis strategies for values of the language."""

from hypothesis import strategies as st

from caixa.lisp.values import Char, ErrorValue, Keyword, List, Map, Set, Symbol, Vector

names = st.text(max_size=6)
plain_names = st.from_regex(r"[a-z][a-z0-9-]{0,6}", fullmatch=True)
atoms = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    names.map(Symbol),
    plain_names.map(Keyword),
    st.characters(codec="utf-8").map(Char),
)


def _compound(children):
    pairs = st.lists(st.tuples(children, children), max_size=4)
    return st.one_of(
        st.lists(children, max_size=5).map(List),
        st.lists(children, max_size=5).map(Vector),
        pairs.map(Map),
    )


data = st.recursive(atoms, _compound, max_leaves=20)
"""What print and read carry over."""

values = st.recursive(
    atoms,
    lambda children: st.one_of(
        _compound(children),
        st.lists(children, max_size=4).map(Set),
        st.builds(
            ErrorValue,
            plain_names.map(Keyword),
            st.text(max_size=4),
            st.lists(st.tuples(children, children), max_size=2),
        ),
    ),
    max_leaves=20,
)
