"""The notebook of the language in a real browser, and a restart that a person chooses there."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "build" / "screenshots"
KERNEL = {"kernelspec": {"display_name": "tatara-lisp (caixa)", "language": "tatara-lisp", "name": "caixa"}}
ASKS = """(define (price fruit)
  (restart-case (or (get {"mango" 3} fruit) (throw (error :no-price fruit)))
    (use-value (v) :report "Use another price." v)
    (free () :report "Give it away." 0)))
(map price '("mango" "durian"))"""

playwright = pytest.importorskip(
    "playwright.sync_api", reason="playwright is not installed: pip install -e .[test]"
)
import lab as jupyter  # noqa: E402  # the module beside this one needs playwright

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        jupyter.browser_program() is None,
        reason=f"no browser is installed (looked for {', '.join(jupyter.BROWSERS)}): apt-get install chromium",
    ),
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator["jupyter.Lab"]:
    """A Lab with the notebooks, and one that asks."""
    root, state = tmp_path_factory.mktemp("root"), tmp_path_factory.mktemp("state")
    shutil.copytree(ROOT / "notebooks", root, dirs_exist_ok=True)
    nbformat.write(new_notebook(cells=[new_code_cell(ASKS)], metadata=KERNEL), root / "asks.ipynb")
    with jupyter.jupyterlab(root, state) as running:
        yield running


@pytest.fixture(scope="module")
def page(lab: "jupyter.Lab") -> Iterator["playwright.Page"]:
    """A browser."""
    with jupyter.browser() as browser:
        yield browser.new_page(viewport={"width": 1280, "height": 3800})


def screenshot(page: "playwright.Page", name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


def test_the_notebook_of_the_language_runs_from_the_menu(lab: "jupyter.Lab", page: "playwright.Page") -> None:
    jupyter.open_notebook(page, lab, "02-language.ipynb")
    jupyter.choose(page, "Edit", "Clear Outputs of All Cells")
    jupyter.choose(page, "Run", "Run All Cells")
    jupyter.wait_until_run(page, timeout_ms=60_000)
    page.wait_for_selector(".jp-OutputArea-output >> text=2 tests passed", timeout=10_000)
    screenshot(page, "language")


def test_a_person_chooses_a_restart_and_the_cell_goes_on(lab: "jupyter.Lab", page: "playwright.Page") -> None:
    page.set_viewport_size({"width": 1280, "height": 700})
    jupyter.open_notebook(page, lab, "asks.ipynb")
    page.click(".jp-Notebook .cm-content >> nth=0")
    page.keyboard.press("Shift+Enter")
    for prompt, answer in (("Which restart?", "1"), ("v =", "(* 2 4)")):
        page.wait_for_selector(f".jp-Stdin-prompt >> text={prompt}", timeout=30_000)
        page.wait_for_selector(".jp-Stdin-input:focus", timeout=10_000)  # sooner, what is typed is lost
        screenshot(page, "restart")
        page.keyboard.type(answer, delay=20)
        page.keyboard.press("Enter")
    page.wait_for_selector(".jp-OutputArea-output >> text=(3 8)", timeout=10_000)
