"""What a person types, and what the page says."""

import pytest

from caixa.lisp.diagnostics import Reportable

from .cells import CART, CATALOG, CYCLE, SHOP, WASM


def refused(notebook, text):
    """Run a cell that must be refused, check that the session is as it was, and return the error's text."""
    state, names = notebook.session.state, dict(notebook.session.interpreter.names)
    with pytest.raises(Reportable) as caught:
        notebook.run_cell(text, "bad cell")
    assert notebook.session.state == state
    assert notebook.session.interpreter.names == names
    return caught.value.render(notebook.sources())


# -- cards and meshes ---------------------------------------------------------------------------------------


def test_a_definition_is_answered_with_its_card(run):
    assert run(CART) == (
        "cart 0.1.0 · Servico · blake3:aaba94d1ede0\n"
        "  limits: memory 1MiB, fuel 10,000, wall clock 1s\n"
        "  ✓ form proved: its canonical form reads back as the same caixa\n"
        "  ✗ files refuted: there is no servicos/cart.computeunit.yaml\n"
        "  - component not checked: it has none; `%%wasm cart` writes one"
    )


def test_each_caixa_of_a_cell_has_its_card(notebook, run):
    assert run(f"{CART}\n{CATALOG}").startswith("catalog 0.1.0")
    assert [text.split()[0] for text in notebook.display.texts] == ["cart"]


def test_a_value_after_the_definitions_is_the_result(notebook, run):
    assert run(f"{CART}\n(+ 40 2)") == "42"
    assert len(notebook.display.shown) == 1


def test_a_mesh_is_drawn_before_its_card(notebook, run):
    run(f"{CART}\n{CATALOG}")
    notebook.display.clear()
    assert "no deadlock proved: answering in the order catalog, cart" in run(SHOP)
    (picture,) = notebook.display.shown
    assert picture["text/plain"] == (
        "shop 0.1.0\n  SingleNode on rio: cart, catalog\n  [cart] ───▶ [catalog]  wasi:http/proxy /products/:id"
    )
    assert "<svg" in picture["image/svg+xml"]
    assert picture["text/vnd.graphviz"].startswith("digraph")
    assert 'src="data:image/svg+xml;base64,' in picture["text/html"]


def test_a_refused_mesh_is_drawn_where_it_is_refused(notebook):
    notebook.run_cell(f"{CART}\n{CATALOG}", "cell 1")
    notebook.display.clear()
    text = refused(notebook, CYCLE)
    assert "calls go round in a circle: cart → catalog → cart" in text
    assert "^^^" in text
    assert notebook.display.texts[0].count("refused: calls go round") == 2


def test_every_problem_of_a_form_is_said_at_its_place(notebook):
    text = refused(notebook, '(defcaixa :nome "A B" :versao "x"\n  :kind Servico :limts ())')
    assert text.count("error[") >= 3
    assert text.count("in bad cell, line") >= 3
    assert "Did you mean `:limits`?" in text


def test_a_refused_redefinition_leaves_the_caixa_as_it_was(notebook, run):
    run(CART)
    refused(notebook, CART.replace("0.1.0", "one"))
    assert run("%caixa list") == "cart  0.1.0  Servico"


# -- cells --------------------------------------------------------------------------------------------------


def test_a_cell_may_begin_with_magics_and_go_on_with_forms(notebook, run):
    run(CART)
    assert run("; look\n%caixa list\n(+ 1 2)") == "3"
    assert notebook.display.texts[-1] == "cart  0.1.0  Servico"


def test_a_cell_with_magics_and_forms_commits_whole_or_not_at_all(notebook, run):
    run(CART)
    refused(notebook, f"%caixa render cart --as computeunit --accept\n{CATALOG}\n(car 1)")
    assert not notebook.session.package("cart").files


def test_an_error_below_magic_lines_points_at_the_line_of_the_cell(notebook):
    assert "in bad cell, line 3, column" in refused(notebook, "%caixa list\n\n(car 1)")


def test_a_cell_of_nothing_has_no_value(run):
    assert run("") is None
    assert run("; only a comment") is None
    assert run("(define x 1)") is None


def test_a_file_of_the_virtual_tree_is_written_and_written_again(run, notebook):
    run(CART)
    cell = "%%file cart lib/handlers.lisp\n(define (on-call x) x)\n"
    assert run(cell) == "cart: lib/handlers.lisp written, 23 bytes"
    assert run(cell) == "cart: lib/handlers.lisp unchanged, 23 bytes"
    assert run(cell.replace(" x)\n", " 1)\n")) == "cart: lib/handlers.lisp changed, 23 bytes"
    assert notebook.session.package("cart").files["lib/handlers.lisp"] == b"(define (on-call x) 1)\n"


def test_a_name_of_lisp_is_given_to_a_verb(run, tmp_path):
    run(CART)
    run("%caixa render cart --as computeunit --accept")
    run(f'(define folder "{tmp_path}/saved")')
    run("%caixa save cart $folder")
    assert (tmp_path / "saved" / "caixa.lisp").read_text().startswith("(defcaixa")


# -- components ---------------------------------------------------------------------------------------------


def test_a_component_is_assembled_and_run_under_the_limits(run):
    run(CART)
    assert run(WASM).splitlines()[1:] == [
        "  exports add(p0: i32, p1: i32) -> i32",
        "  exports spin()",
        "  exports crash()",
    ]
    assert run("%caixa run cart add 40 2").splitlines()[0] == "42"


@pytest.mark.parametrize(("function", "code"), [("spin", "fuel-exhausted"), ("crash", "guest-trap")])
def test_a_violation_is_shown_as_what_it_is_and_the_session_goes_on(notebook, run, function, code):
    run(CART)
    run(WASM)
    assert refused(notebook, f"%caixa run cart {function}").startswith(f"error[{code}]")
    assert run("%caixa run cart add 1 1").splitlines()[0] == "2"


def test_a_component_is_loaded_from_a_file(notebook, run, tmp_path, engine):
    run(CART)
    (tmp_path / "cart.wasm").write_bytes(engine.wat('(module (func (export "f") (result i32) i32.const 7))'))
    run("%caixa load cart cart.wasm")
    assert run("%caixa run cart f").splitlines()[0] == "7"


# -- the verbs ----------------------------------------------------------------------------------------------


def test_a_proposed_computeunit_is_accepted_into_the_tree(notebook, run):
    run(CART)
    assert "accept it with  %caixa render cart --as computeunit --accept" in run(
        "%caixa render cart --as computeunit"
    )
    run("%caixa render cart --as computeunit --accept")
    assert "✓ files proved" in run(CART)
    assert "servicos/cart.computeunit.yaml" in notebook.session.package("cart").files


def test_diff_shows_what_the_last_edit_changed(run):
    run(f"{CART}\n{CATALOG}\n{SHOP}")
    run(SHOP.replace("/products/:id", "/items/:id"))
    said = run("%caixa diff shop").splitlines()
    assert said[:4] == [
        "# shop, form by form",
        "~ contratos[0].endpoint: /products/:id → /items/:id",
        "# shop, object by object",
        "~ CiliumNetworkPolicy tatara-system/shop-cart-to-catalog",
    ]
    (path,) = [line for line in said if "rules.http[0].path" in line]
    assert "products" in path.partition(" → ")[0]
    assert "items" in path.partition(" → ")[2]


def test_what_is_saved_is_what_is_opened(notebook, run):
    run(CART)
    run("%caixa render cart --as computeunit --accept")
    run(WASM)
    run("%caixa save cart out")
    before = notebook.session.state
    run("%caixa open out")
    assert notebook.session.state == before


def test_what_is_saved_is_what_feira_builds(run, tmp_path):
    from feira.verbs.build import build
    from feira.workspace import DirectoryWorkspace

    run(CART)
    run("%caixa render cart --as computeunit --accept")
    run("%%file cart lib/handlers.lisp\n(define (on-call x) x)\n")
    run("%caixa save cart out")
    report = build(DirectoryWorkspace(tmp_path / "out"))
    assert report.ok
    assert report.digest in run("%caixa show cart")


def test_an_empty_session_says_how_to_begin(run):
    assert "(defcaixa …)" in run("%caixa list")
    assert run("%caixa").startswith("Usage: %caixa")


# -- bad input ----------------------------------------------------------------------------------------------

BAD_INPUT = [
    ("%caixa shwo cart", "usage", "did you mean %caixa show?"),
    ("%caixa show carts", "unknown-caixa", "Did you mean `cart`?"),
    ("%caixa render cart --az helm", "usage", "--as"),
    ("%caixa render cart --as hlem", "usage", "helm"),
    ("%caixa deploy cart --cluster rio --k8s-repo nowhere --commit", "repository-missing", "nowhere"),
    ("%caixa load cart nowhere.wasm", "file-problem", "nowhere.wasm"),
    ("%caixa open nowhere", "missing-manifest", "caixa.lisp"),
    ("%caixa run cart add 1 2", "no-component", "%%wasm cart"),
    ("%caixa save", "usage", "DIR"),
    ('%caixa show "cart', "magic-usage", "Close the quote."),
    ("%caixa save cart $nowhere", "magic-usage", "(define nowhere …)"),
    ("%caxia list", "unknown-magic", "Did you mean `%caixa`?"),
    ("%%wsam cart\n(module)", "unknown-magic", "Did you mean `%%wasm`?"),
    ("%wasm cart", "magic-usage", "`%%wasm NAME`"),
    ("(f)\n%caixa list", "unbound-symbol", "`f`"),
    ("%%file cart", "magic-usage", "%%file NAME PATH"),
    ("%%file carts lib/a.lisp\n1", "unknown-caixa", "Did you mean `cart`?"),
    ("%%file cart ../a.lisp\n1", "unsafe-path", "../a.lisp"),
    ("%%file cart caixa.lisp\n1", "magic-usage", "(defcaixa …)"),
    ("%%wasm cart\n(module\n  (func i32.ad))", "invalid-module", "line 3, column 9"),
    ("%%wasm carts\n(module)", "unknown-caixa", "Did you mean `cart`?"),
    ("(", "reader", "never closed"),
]


@pytest.mark.parametrize(
    ("text", "code", "says"), BAD_INPUT, ids=[text.splitlines()[0] for text, *_ in BAD_INPUT]
)
def test_bad_input_gets_one_clear_error_and_changes_nothing(notebook, run, text, code, says):
    run(CART)
    said = refused(notebook, text)
    assert said.startswith(f"error[{code}]")
    assert says in said
    assert run("%caixa list") == "cart  0.1.0  Servico"


def test_wasm_that_does_not_validate_points_into_the_cell(notebook, run):
    run(CART)
    text = refused(notebook, "%%wasm cart\n(module\n  (func (result i32) local.gt 0))")
    assert "3 |   (func (result i32) local.gt 0))" in text
    assert "^^^^^^^^" in text


def test_stop_while_a_component_runs_reaches_the_engine(notebook, run):
    import threading

    run(CART.replace(':limits (:memory "1MiB" :fuel 10000 :wall-clock "1s")', ':limits (:wall-clock "30s")'))
    run(WASM)
    state = notebook.session.state
    threading.Timer(0.2, notebook.interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        notebook.run_cell("%caixa run cart spin", "cell 3")
    assert notebook.session.state == state
