"""What a change leaves behind, as a table: what was made, what then changed, and what is stale by it."""

import pytest

from caixa.manifest.package import Package
from caixa.session.dependents import dependents, parts
from caixa.session.events import CaixaPut, ComponentPut, Derived, FilePut
from caixa.session.staleness import consequences, stale
from caixa.session.state import SessionState, apply, returned

from .strategies import manifest, package

SHOP = """(defcaixa :nome "shop" :versao "0.1.0" :kind Aplicacao
  :membros ((:caixa "cart" :versao "^0.1") (:caixa "catalog" :versao "^0.1"))
  :contratos ((:de "cart" :para "catalog" :wit "wasi:http/proxy" :endpoint "/a"))
  :placement (:estrategia SingleNode :clusters ("rio")))"""
TREE = """(defcaixa :nome "tree" :versao "0.1.0" :kind Supervisor :estrategia OneForOne
  :children ((:caixa "payment" :versao "*" :restart Permanent)))"""
USER = """(defcaixa :nome "user" :versao "0.1.0" :kind Biblioteca
  :deps ((:nome "greetings" :versao "^0.1" :fonte (:tipo path :caminho "../greetings"))))"""
GREETINGS = '(defcaixa :nome "greetings" :versao "{}" :kind Biblioteca)'


def put(text):
    return CaixaPut(Package.from_text(text))


CART, CART_2 = CaixaPut(package("cart")), CaixaPut(package("cart", "0.2.0"))
CART_AGAIN = put("; a comment\n" + manifest("cart"))
CATALOG, PAYMENT = CaixaPut(package("catalog")), CaixaPut(package("payment"))
PAYMENT_2 = CaixaPut(package("payment", "1.0.0"))
BASE = (CART, CATALOG, PAYMENT, put(SHOP), put(TREE))

TABLE = [
    ("nothing was made", (), (CART_2,), []),
    ("manifests of the caixa", (Derived("render", "cart"),), (CART_2,), ["render cart: cart"]),
    ("manifests of a mesh with it", (Derived("render", "shop"),), (CART_2,), ["render shop: cart"]),
    ("manifests of a mesh without it", (Derived("render", "shop"),), (PAYMENT_2,), []),
    ("a tree", (Derived("graph", "tree"),), (PAYMENT_2,), ["graph tree: payment"]),
    ("a comment", (Derived("build", "cart"),), (CART_AGAIN,), []),
    ("a file", (Derived("build", "cart"),), (FilePut("cart", "lib/a.lisp", b"1"),), ["build cart: cart"]),
    ("a component and a source", (ComponentPut("cart", b"w"),), (FilePut("cart", "lib/a.lisp", b"1"),),
     ["component cart: cart"]),
    ("a component and a form", (ComponentPut("cart", b"w"),), (CART_2,), ["component cart: cart"]),
    ("a component and a ComputeUnit", (ComponentPut("cart", b"w"),),
     (FilePut("cart", "servicos/cart.computeunit.yaml", b"kind: x"),), []),
    ("a component and a member", (ComponentPut("cart", b"w"),), (CaixaPut(package("catalog", "0.2.0")),), []),
    ("it was changed back", (Derived("render", "shop"),), (CART_2, CART), []),
    ("it was made anew", (Derived("render", "shop"),), (CART_2, Derived("render", "shop")), []),
    ("two of them", (Derived("render", "shop"),), (CART_2, CaixaPut(package("catalog", "0.2.0"))),
     ["render shop: cart, catalog"]),
]  # fmt: skip


def after(*events, state=None):
    state = state or SessionState()
    for event in events:
        state = apply(state, event)
    return state


@pytest.mark.parametrize(
    ("made", "changed", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_stale_is_what_was_made_of_something_that_is_different_now(made, changed, expected):
    state = after(*BASE, *made, *changed)
    assert [f"{each.what} {each.nome}: {', '.join(each.because)}" for each in stale(state)] == expected


def test_a_redefinition_rechecks_those_that_need_it_and_names_what_is_stale():
    before = after(*BASE, Derived("render", "shop", "cell 6"), ComponentPut("cart", b"w"))
    assert consequences(before, after(CART_2, state=before)).text() == (
        "cart changed:\n"
        "  ✗ shop: membro cart ^0.1 does not accept 0.2.0\n"
        "  stale: manifests of shop, cell 6; %caixa render shop\n"
        "  stale: component of cart; %%wasm cart"
    )


def test_a_dependent_that_still_accepts_it_is_said_to():
    before = after(*BASE)
    (found,) = consequences(before, after(CaixaPut(package("payment", "9.0.0")), state=before)).rechecked
    assert (found.nome, found.holds, found.because) == ("tree", True, "child payment * accepts 9.0.0")


def test_a_dependency_reaches_those_who_need_it_through_another():
    mesh = SHOP.replace('"catalog"', '"user"')
    before = after(put(GREETINGS.format("0.1.0")), put(USER), CART, put(mesh))
    found = consequences(before, after(put(GREETINGS.format("0.2.0")), state=before))
    assert [(each.nome, each.holds, each.because) for each in found.rechecked] == [
        ("user", False, "dep greetings ^0.1 does not accept 0.2.0"),
        ("shop", True, "needs it through user"),
    ]


def test_what_makes_no_difference_to_the_others_is_not_told():
    before = after(*BASE, Derived("graph", "shop"))
    assert not consequences(before, after(FilePut("cart", "lib/a.lisp", b"1"), state=before))
    described = put(manifest("cart").replace(":kind", ':descricao "a cart" :kind'))
    assert not consequences(before, after(described, state=before)).rechecked


def test_what_changes_nothing_else_is_not_told():
    before = after(CART)
    assert not consequences(before, after(CART_2, state=before))
    assert not consequences(after(*BASE), after(*BASE))


def test_what_was_stale_before_is_not_told_again():
    before = after(*BASE, Derived("render", "shop"), CART_2)
    assert not consequences(before, after(CaixaPut(package("payment", "1.0.0")), state=before)).stale


def test_going_back_keeps_what_was_handed_out_and_takes_back_what_was_held():
    then = after(*BASE)
    now = after(CART_2, Derived("render", "shop", "cell 9"), ComponentPut("cart", b"w"), state=then)
    back = returned(now, then)
    assert set(back.derived) == {("render", "shop")}
    assert [str(each) for each in stale(back)] == ["manifests of shop, cell 9"]
    assert not back.components


def test_a_caixa_that_is_gone_is_said_to_be():
    then = SessionState()
    now = after(*BASE, Derived("render", "shop", "cell 9"))
    found = consequences(now, returned(now, then))
    assert found.stale[0].fix == "shop is no longer in the session"
    assert not found.rechecked


def test_needs_that_go_round_in_a_circle_come_to_an_end():
    a = USER.replace('"user"', '"a"').replace("greetings", "b")
    b = USER.replace('"user"', '"b"').replace("greetings", "a")
    packages = after(put(a), put(b)).packages
    assert dependents(packages, "a") == ("b",)
    assert set(parts(packages, "a")) == {"a", "b"}
