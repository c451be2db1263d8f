"""The history of a session as a person sees and uses it."""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from caixa.lisp.diagnostics import Reportable
from caixa.session.secrets import Secrets

from .cells import CART, CATALOG, SHOP, WASM

CART_2 = CART.replace("0.1.0", "0.2.0")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def cells(notebook):
    """Run cells, numbered as a notebook numbers them, and return the text of the last value."""
    numbers = iter(range(1, 1000))

    def cells(*texts):
        value = None
        for text in texts:
            value = notebook.run_cell(text, f"cell {next(numbers)}")
        return None if value is None else notebook.bundle(value)[0]["text/plain"]

    return cells


def refused(cells, text):
    with pytest.raises(Reportable) as caught:
        cells(text)
    return caught.value.render()


# -- log, at, undo, redo ------------------------------------------------------------------------------------


def test_the_log_says_what_each_step_did_and_what_was_undone(cells):
    cells(
        CART,
        "(define (f x) x)",
        "(f 1)",
        "%%file cart lib/a.lisp\n1\n",
        CART_2,
        "%%python\nz = 3",
        "%caixa undo",
    )
    cells("%caixa undo", "%caixa render cart --as computeunit")
    lines = [line.split("Z  ")[1][14:] for line in cells("%caixa log").splitlines()]
    assert lines == [
        "cell 1  + cart 0.1.0",
        "cell 2  defined f",
        "cell 3  (f 1)",
        "cell 4  + cart/lib/a.lisp",
        "cell 5  (~ cart 0.1.0 → 0.2.0)  undone",
        "cell 6  (defined z)  undone",
        "cell 7  back to #5",
        "cell 8  back to #4",
        "cell 9  render of cart",
    ]


def test_the_log_as_json_has_every_event_and_whole_digests(cells, notebook):
    cells(CART, "(define x 1)")
    answer = json.loads(cells("%caixa log --json"))
    assert answer["digest"] == notebook.session.log.digest
    assert [event["kind"] for step in answer["steps"] for event in step["events"]] == [
        "caixa-put",
        "cell-run",
        "cell-run",
    ]


def test_a_log_of_nothing_says_so(cells):
    assert cells("%caixa log") == "nothing has happened in this session yet"


def test_looking_at_a_step_changes_nothing_and_going_there_does(cells, notebook):
    cells(CART, "(define x 1)", CATALOG)
    digest = notebook.session.log.steps()[1].digest
    seen = cells(f"%caixa at {digest[7:15]}")
    assert seen.splitlines()[1:] == ["  cart 0.1.0  Servico  aaba94d1ede0", "  1 Lisp name: x"]
    assert len(notebook.session.state.packages) == 2
    assert cells("%caixa at #2 --restore").startswith("✓ restore\nThe session is as it was at #2")
    assert list(notebook.session.state.packages) == ["cart"]
    cells("%caixa undo")
    assert list(notebook.session.state.packages) == ["cart", "catalog"]


def test_undo_takes_back_caixas_and_definitions_and_says_what_it_leaves(cells, notebook):
    cells("(define x 1)", f"{CART}\n(define x 2)")
    said = cells("%caixa undo")
    assert said.startswith("✓ undo #2: + cart 0.1.0, defined x\nThe session is as it was at #1")
    assert "channels" in said
    assert cells("x") == "1"
    assert cells("%caixa redo").startswith("✓ redo #2")
    assert cells("x") == "2"
    assert "cart" in notebook.session.state.packages


def test_what_a_python_cell_gave_to_lisp_is_undone_and_python_keeps_it(cells):
    cells("(define x 1)", "%%python\ny = 2")
    assert cells("y") == "2"
    cells("%caixa undo")
    assert "y" in refused(cells, "y")
    assert cells("%%python\ny + x") == "3"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("%caixa undo", "nothing-to-move"),
        ("%caixa redo", "nothing-to-move"),
        ("%caixa at #9", "unknown-moment"),
        ("%caixa at nonsense --restore", "unknown-moment"),
        ("%caixa replay no-such.jsonl", "file-problem"),
        ("%caixa record runbook.txt", "usage"),
        ("%caixa secret", None),
        ("%caixa secret nothing-of-the-kind", "unbound-symbol"),
    ],
)
def test_bad_words_are_one_error_and_change_nothing(cells, notebook, cell, code):
    cells("(+ 1 2)")
    log = notebook.session.log
    if code is None:
        assert cells(cell) == "Hidden: nothing."
    else:
        assert refused(cells, cell).startswith(f"error[{code}]")
    assert notebook.session.log == log


def test_an_undo_beside_other_changes_is_taken_back_with_them(cells, notebook):
    cells("(define x 1)")
    assert "cell of its own" in refused(cells, "%caixa undo\n(define y 1)")
    assert cells("x") == "1"


def test_diff_compares_two_steps_and_two_names_as_before(cells):
    cells(CART, "(define x 1)", CATALOG, CART_2, "(define x 2)")
    assert cells("%caixa diff #1 #4").splitlines()[:6] == [
        "# the session, from #1 to #4",
        "~ caixa cart",
        "+ caixa catalog",
        "+ x",
        "# cart, form by form",
        "~ versao: 0.1.0 → 0.2.0",
    ]
    assert cells("%caixa diff #4").splitlines() == ["# the session, from #4 to #5", "~ x"]
    assert cells("%caixa diff #5").splitlines() == ["# the session, from #5 to #5", "no change"]
    assert cells("%caixa diff cart").startswith("# cart, form by form\n~ versao: 0.1.0 → 0.2.0")


# -- what follows from a change -----------------------------------------------------------------------------


def test_a_redefinition_is_followed_by_what_it_means_for_the_others(cells, notebook):
    cells(CART, CATALOG, SHOP, "%caixa render shop --as mesh", WASM)
    notebook.display.clear()
    cells(CART_2)
    assert notebook.display.texts == [
        "cart changed:\n"
        "  ✗ shop: membro cart ^0.1 does not accept 0.2.0\n"
        "  stale: manifests of shop, cell 4; %caixa render shop\n"
        "  stale: component of cart; %%wasm cart"
    ]
    assert "stale" in notebook.display.shown[0]["text/html"]
    assert cells("%caixa list").splitlines() == [
        "cart     0.2.0  Servico  stale: component of cart",
        "catalog  0.1.0  Servico",
        "shop     0.1.0  Aplicacao  stale: manifests of shop, cell 4",
    ]
    assert "  stale: manifests of shop, cell 4" in cells("%caixa show shop")
    cells("%caixa undo")
    assert cells("%caixa list").splitlines() == [
        "cart     0.1.0  Servico",
        "catalog  0.1.0  Servico",
        "shop     0.1.0  Aplicacao  stale: digest of shop, cell 8",
    ]


def test_a_cell_that_fails_tells_nothing(cells, notebook):
    cells(CART, CATALOG, SHOP)
    notebook.display.clear()
    refused(cells, f"{CART_2}\n(car 1)")
    assert notebook.display.texts == []


# -- export, replay, record ---------------------------------------------------------------------------------


def test_an_exported_session_is_verified_and_run_again(cells, notebook, tmp_path):
    cells(CART, "(define (f x) (* x 2))", "%%file cart lib/a.lisp\n(f 2)\n", CART_2, "%caixa undo")
    cells("%caixa export session.jsonl")
    said = cells("%caixa replay session.jsonl --run")
    assert notebook.session.log.digest in said
    assert said.endswith("✓ run again, 5 steps lead to the same caixas and names")
    assert len(list(tmp_path.iterdir())) == 1


def test_a_recorded_notebook_is_one_that_nbval_accepts(cells, tmp_path):
    cells("; a runbook\n(define (double x) (* x 2))", CART, "(define gone 1)")
    cells("%caixa undo", "(double 21)", f"{CATALOG}\n{SHOP}", CART_2, "%caixa list", "%caixa log")
    with pytest.raises(Reportable):
        cells("(car 1)")
    said = cells("%caixa record runbook.ipynb")
    assert said.startswith("✓ runbook.ipynb: 6 cells")
    recorded = nbformat.read(tmp_path / "runbook.ipynb", as_version=4)
    nbformat.validate(recorded)
    text = "\n".join(cell.source for cell in recorded.cells)
    assert "gone" not in text
    assert "(car 1)" not in text
    assert "%caixa log" not in text
    sanitize = ROOT / "notebooks" / "nbval-sanitize.cfg"
    check = ["--nbval", "--nbval-sanitize-with", sanitize, "-p", "no:cacheprovider", "--rootdir", tmp_path]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *check, "runbook.ipynb"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "6 passed" in done.stdout, done.stdout


# -- secrets ------------------------------------------------------------------------------------------------

SECRET = "v3ry-s3cret-value"


def test_a_secret_reaches_no_output_no_log_and_no_file(cells, notebook, tmp_path, monkeypatch):
    monkeypatch.setenv("DEPLOY_TOKEN", SECRET)
    notebook.session.secrets = Secrets()
    shown = [
        cells('(define token (env-get "DEPLOY_TOKEN"))', "token"),
        cells('(list 1 token (string-append "Bearer " token))'),
        cells(f'(define literal "{SECRET}")', CART, "%caixa log"),
        cells("%caixa log --json"),
        cells("%%python\n'<' + token + '>'"),
        cells("%caixa export session.jsonl"),
        cells("%caixa record runbook.ipynb"),
        cells("%caixa save cart saved"),
    ]
    refusal = refused(cells, f'%%file cart lib/a.lisp\n(define t "{SECRET}")\n')
    assert "DEPLOY_TOKEN" in refusal
    shown += [json.dumps(bundle) for bundle in notebook.display.shown]
    assert "•••" in shown[0]
    assert not [text for text in shown if text and SECRET in text]
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) >= 3
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]


def test_a_person_can_hide_the_value_of_any_name(cells):
    cells(f'(define pass-phrase "{SECRET}")', "%caixa secret pass-phrase")
    assert cells("pass-phrase") == '"•••"'
    assert cells("%caixa secret").startswith("Hidden: ")
