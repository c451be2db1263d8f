"""A cell commits whole or not at all, whatever ends it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caixa.lisp.diagnostics import Reportable
from caixa.lisp.values import Symbol
from caixa.manifest.errors import InvalidManifest, UnsafePath
from caixa.session import Session, UnknownCaixa
from caixa.session.events import CaixaPut, CellRun

from .strategies import manifest, package

SERVICO = manifest("cart")


def picture(session):
    """Everything of a session that a cell may change."""
    names = session.interpreter.names
    return session.state, session.log, {name: names[name] for name in names}


# Forms that change the session in each way there is, and forms that fail in each.
CHANGES = ["(define x 1)", "(define (f y) (* y 2))", "(set! kept 9)", "(defmacro m (a) `(list ,a))", SERVICO,
           manifest("cart", "0.2.0"), manifest("catalog"), '"a value"']  # fmt: skip
FAILURES = ["(car 1)", "(no-such-name)", "(throw 'away)", "(", "(defcaixa :nome 1)", "(if)", ")"]


changes = st.lists(st.sampled_from(CHANGES), max_size=4)


@settings(max_examples=40, deadline=None)
@given(changes, st.sampled_from(FAILURES), changes)
def test_after_any_failing_cell_the_session_is_as_it_was(before, failure, change):
    session = Session()
    session.run("(define kept 1)", "cell 1")
    for number, form in enumerate(before):
        session.run(form, f"cell {number + 2}")
    expected = picture(session)
    with pytest.raises(Reportable):
        session.run("\n".join([*change, failure]), "the failing cell")
    assert picture(session) == expected


def test_a_macro_of_a_failing_cell_is_forgotten():
    session = Session()
    with pytest.raises(Reportable):
        session.run("(defmacro twice (x) `(list ,x ,x))\n(car 1)", "cell 1")
    with pytest.raises(Reportable):
        session.run("(twice 2)", "cell 2")


def test_a_stopped_cell_leaves_nothing():
    session = Session()

    def stop():
        raise KeyboardInterrupt

    session.interpreter.names["stop"] = stop
    expected = picture(session)
    with pytest.raises(KeyboardInterrupt):
        session.run(f"(define x 1)\n{SERVICO}\n(stop)", "cell 1")
    assert picture(session) == expected


def test_a_cell_yields_the_value_of_its_last_form():
    assert Session().run("(define x 20)\n(+ x 1)\n(quote done)", "cell 1").value is Symbol("done")


def test_a_definition_carries_package_digest_and_place():
    outcome = Session().run(SERVICO, "cell 1")
    (definition,) = outcome.definitions
    assert outcome.value is definition
    assert definition.package.nome == "cart"
    assert definition.digest.startswith("blake3:")
    assert definition.package.manifest.text == SERVICO


def test_all_caixas_of_a_cell_are_its_definitions_in_order():
    outcome = Session().run(manifest("cart") + manifest("catalog"), "cell 1")
    assert [each.package.nome for each in outcome.definitions] == ["cart", "catalog"]
    assert Session().run("1", "cell 2").definitions == ()


def test_a_refused_form_brings_all_its_problems():
    with pytest.raises(InvalidManifest) as caught:
        Session().run('(defcaixa :nome "Not A Name" :versao "one" :kind Servico)', "cell 1")
    assert len(caught.value.diagnostics) >= 3
    assert all(
        diagnostic.span and diagnostic.span.source == "cell 1" for diagnostic in caught.value.diagnostics
    )


def test_defining_again_keeps_the_files():
    session = Session()
    session.run(SERVICO, "cell 1")
    session.put_file("cart", "lib/handlers.lisp", b"(define x 1)")
    session.run(manifest("cart", "0.2.0"), "cell 2")
    assert session.package("cart").files["lib/handlers.lisp"] == b"(define x 1)"
    assert session.package("cart").caixa.versao == "0.2.0"
    assert session.previous("cart").caixa.versao == "0.1.0"


def test_running_the_same_definition_again_is_no_change():
    session = Session()
    session.run(SERVICO, "cell 1")
    session.run(manifest("cart", "0.2.0"), "cell 2")
    session.run(manifest("cart", "0.2.0"), "cell 2")
    assert session.previous("cart").caixa.versao == "0.1.0"
    assert [type(entry.event) for entry in session.log] == [CaixaPut, CellRun, CaixaPut, CellRun, CellRun]


def test_a_macro_can_define_a_caixa():
    session = Session()
    form = '(defcaixa :nome ,nome :versao "0.1.0" :kind Servico :servicos ("servicos/x.computeunit.yaml"))'
    session.run(f"(defmacro servico (nome) `{form})", "cell 1")
    session.run('(servico "cart")', "cell 2")
    assert session.package("cart").caixa.versao == "0.1.0"
    assert "defcaixa" in session.package("cart").manifest.text


def test_a_transaction_takes_files_and_components_back_too():
    session = Session()
    session.run(SERVICO, "cell 1")
    expected = picture(session)

    def change_and_fail():
        with session.transaction():
            session.put_file("cart", "lib/a.lisp", b"1")
            session.put_component("cart", b"wasm")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    assert picture(session) == expected


def test_a_path_that_leads_out_of_the_tree_is_refused():
    session = Session()
    session.run(SERVICO, "cell 1")
    with pytest.raises(UnsafePath):
        session.put_file("cart", "../outside", b"")
    with pytest.raises(UnsafePath):
        session.put_file("cart", "/etc/passwd", b"")


def test_a_component_belongs_to_a_caixa():
    session = Session()
    session.run(SERVICO, "cell 1")
    assert session.component("cart") is None
    session.put_component("cart", b"wasm")
    assert session.component("cart") == b"wasm"
    with pytest.raises(UnknownCaixa):
        session.put_component("carts", b"wasm")
    with pytest.raises(UnknownCaixa):
        session.component("carts")


REQUIREMENTS = [("^0.1", True), ("*", True), ("=0.1.0", True), ("^0.2", False)]


@pytest.mark.parametrize(("requirement", "found"), REQUIREMENTS)
def test_a_member_must_satisfy_its_requirement(requirement, found):
    session = Session()
    session.add(package("cart"))
    assert (session.members("cart", requirement) is not None) is found
    assert session.members("absent", requirement) is None


def test_the_log_of_a_session_verifies_and_replays():
    session = Session(clock=iter(range(100)).__next__)
    session.run(SERVICO, "cell 1")
    session.put_file("cart", "lib/a.lisp", b"1")
    session.run("(define x 1)", "cell 2")
    session.log.verify()
    assert session.log.replay() == session.state
    assert [entry.time for entry in session.log] == [0, 1, 2, 3]
