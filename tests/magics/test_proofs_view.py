"""`%caixa prove NAME`: the table as text and as a panel, evidence open where a claim is refuted."""

from caixa_magics.mime import bundle

from .cells import CART, CATALOG, SHOP
from .test_views import checked


def test_a_panel_shows_what_the_text_says(notebook):
    notebook.run_cell(f"{CART}\n{CATALOG}\n{SHOP}", "cell 1")
    data, _ = bundle(notebook.run_cell("%caixa prove shop", "cell 2"))
    text, html = data["text/plain"], data["text/html"]
    assert "✗ capabilities are what the contracts need" in text
    assert "contract 0: cart has no http-out:catalog" in text
    assert "7 certificates checked again by caixa_proof_checker: all hold" in text
    tags = checked(html)
    assert tags.tags.count("tr") == 8
    assert html.count("cx-proved") > 1
    assert "no call waits for itself" in html


def test_evidence_of_what_is_refuted_is_open_and_names_are_data(notebook):
    evil = SHOP.replace("/products/:id", "/<b>/:id")
    notebook.run_cell(f"{CART}\n{CATALOG}\n{evil}", "cell 1")
    data, _ = bundle(notebook.run_cell("%caixa prove shop", "cell 2"))
    assert "<b>/:id" not in data["text/html"]


def test_the_proofs_are_data_for_who_asks(notebook):
    notebook.run_cell(f"{CART}\n{CATALOG}\n{SHOP}", "cell 1")
    value = notebook.run_cell("%caixa prove shop --json", "cell 2")
    assert value.to_json()["case"]["manifest"]["nome"] == "shop"
