"""`%caixa diff` with a step of the session, a file, or rendered YAML on one of its sides."""

from __future__ import annotations

import pytest

from caixa_magics.mime import bundle

from .cells import CART

CART_2 = CART.replace("0.1.0", "0.2.0")
FIRST = "# cart, form by form\n~ versao: 0.1.0 → 0.2.0\n"


@pytest.fixture
def said(notebook, tmp_path, monkeypatch):
    """Run a cell in an empty folder and return what its value says."""
    monkeypatch.chdir(tmp_path)
    return lambda text: bundle(notebook.run_cell(text, "cell"))[0]["text/plain"]


def test_a_caixa_is_compared_with_itself_at_a_step(said):
    said(CART)
    said(CART_2)
    assert said("%caixa diff #1 cart").startswith(FIRST)
    assert said("%caixa diff cart #1").startswith("# cart, form by form\n~ versao: 0.2.0 → 0.1.0\n")


def test_a_file_is_compared_with_the_caixa_of_its_name(said, tmp_path):
    (tmp_path / "old.lisp").write_text(CART)
    said(CART_2)
    assert said("%caixa diff old.lisp").startswith(FIRST)
    assert said("%caixa diff old.lisp cart --rendered").startswith("# cart, object by object\n~ ComputeUnit ")


def test_what_was_rendered_is_compared_with_what_would_be(said, tmp_path):
    (tmp_path / "old.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: gone}\n")
    said(CART)
    text = said("%caixa diff old.yaml cart")
    assert text.startswith("# cart, object by object\n+ ComputeUnit ")
    assert text.endswith("\n- ConfigMap gone")


def test_an_object_that_comes_is_shown_whole_and_one_that_changes_by_its_paths(notebook):
    notebook.run_cell(CART, "cell 1")
    notebook.run_cell(CART_2, "cell 2")
    page = bundle(notebook.run_cell("%caixa diff cart", "cell 3"))[0]["text/html"]
    assert "changed</p>" in page
    assert page.count("<details") == page.count("</details>") >= 2
