"""The magics in a plain Python notebook: a real IPython shell, with its displays captured."""

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

import caixa_magics

from .cells import CART, CATALOG, SHOP


@pytest.fixture(scope="module")
def shell():
    shell = InteractiveShell.instance()
    caixa_magics.load_ipython_extension(shell)
    yield shell
    caixa_magics.unload_ipython_extension(shell)
    InteractiveShell.clear_instance()


def run(shell, text):
    """Run a cell and return its result object and the outputs that it displayed."""
    with capture_output() as captured:
        result = shell.run_cell(text)
    return result, captured


def test_a_lisp_cell_is_evaluated(shell):
    result, _ = run(shell, "%%caixa\n(define x 20)\n(* x 2)")
    assert repr(result.result) == "40"


def test_a_definition_shows_its_card_and_its_mesh(shell):
    run(shell, f"%%caixa\n{CART}\n{CATALOG}")
    result, captured = run(shell, f"%%caixa\n{SHOP}")
    assert repr(result.result).startswith("shop 0.1.0 · Aplicacao")
    data, _ = result.result._repr_mimebundle_()
    assert "cx-card" in data["text/html"]
    assert any("image/svg+xml" in output.data for output in captured.outputs)


def test_the_verbs_are_the_same(shell):
    result, _ = run(shell, "%caixa list")
    assert "shop     0.1.0  Aplicacao" in repr(result.result)


def test_a_verb_can_be_assigned_to_a_python_name(shell):
    run(shell, "listing = %caixa list")
    assert len(shell.user_ns["listing"].value.entries) == 3


def test_files_and_components_are_written_under_the_one_name(shell):
    result, _ = run(shell, "%%caixa file cart lib/a.lisp\n(define a 1)")
    assert repr(result.result) == "cart: lib/a.lisp written, 13 bytes"
    run(shell, '%%wasm cart\n(module (func (export "seven") (result i32) i32.const 7))')
    result, _ = run(shell, "%caixa run cart seven")
    assert repr(result.result).startswith("7\n")


def test_ipythons_own_file_magic_is_left_alone(shell, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run(shell, "%%file note.txt\nhello")
    assert (tmp_path / "note.txt").read_text().strip() == "hello"


def test_an_error_is_shown_in_its_own_words(shell):
    result, captured = run(shell, "%%caixa\n(car\n  1)")
    assert result.error_in_exec is not None
    shown = captured.stdout + captured.stderr
    assert "error[type-mismatch]" in shown
    assert "line 2, column 1" in shown
    assert "Traceback" not in shown


def test_completion_knows_verbs_and_caixas(shell):
    with pytest.warns(PendingDeprecationWarning):
        _, matches = shell.complete("", "%caixa show sh", 14)
    assert [match for match in matches if match.startswith("sh")] == ["shop"]
