"""The state is a pure function of the events."""

import pytest
from hypothesis import given

from caixa.session.errors import UnknownCaixa
from caixa.session.events import CaixaPut, CellRun, ComponentPut, FilePut
from caixa.session.state import SessionState, apply

from .strategies import histories, package


def after(*events):
    state = SessionState()
    for event in events:
        state = apply(state, event)
    return state


@given(histories())
def test_no_event_changes_the_state_it_is_applied_to(history):
    state = SessionState()
    for event in history:
        copy = SessionState(dict(state.packages), dict(state.previous), dict(state.components))
        following = apply(state, event)
        assert (state.packages, state.previous, state.components) == (
            copy.packages,
            copy.previous,
            copy.components,
        )
        state = following


@given(histories())
def test_the_previous_caixa_is_the_one_before_the_last_change(history):
    seen = {}
    for event in history:
        if isinstance(event, (CaixaPut, FilePut)):
            nome = event.package.nome if isinstance(event, CaixaPut) else event.nome
            seen.setdefault(nome, [])
    state = SessionState()
    for event in history:
        before = state
        state = apply(state, event)
        for nome, packages in seen.items():
            if state.packages.get(nome) is not before.packages.get(nome):
                packages.append(before.packages.get(nome))
    for nome, packages in seen.items():
        assert state.previous.get(nome) == (packages[-1] if packages else None)


def test_a_file_is_in_the_tree_of_its_caixa_only():
    state = after(CaixaPut(package("cart")), CaixaPut(package("catalog")), FilePut("cart", "lib/a.lisp", b"1"))
    assert dict(state.packages["cart"].files) == {"lib/a.lisp": b"1"}
    assert not state.packages["catalog"].files


def test_a_component_is_not_a_change_of_the_package():
    state = after(CaixaPut(package("cart")), ComponentPut("cart", b"wasm"))
    assert state.components["cart"] == b"wasm"
    assert "cart" not in state.previous


def test_running_a_cell_changes_nothing_by_itself():
    state = after(CaixaPut(package("cart")))
    assert apply(state, CellRun("cell 1", "(+ 1 2)")) == state


@pytest.mark.parametrize("event", [FilePut("carts", "lib/a.lisp", b""), ComponentPut("carts", b"")])
def test_an_unknown_caixa_is_refused_with_the_nearest_name(event):
    with pytest.raises(UnknownCaixa) as caught:
        apply(after(CaixaPut(package("cart"))), event)
    assert "Did you mean `cart`?" in caught.value.render()


def test_an_unknown_caixa_of_an_empty_session_is_told_how_to_begin():
    with pytest.raises(UnknownCaixa) as caught:
        SessionState().package("cart")
    assert "(defcaixa" in caught.value.render()
