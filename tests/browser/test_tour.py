"""The tour in a real browser: opened from the file list, run from the menu, looked at."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCREENSHOTS = ROOT / "build" / "screenshots"

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
def tour(tmp_path_factory: pytest.TempPathFactory) -> Iterator["playwright.Page"]:
    """The tour opened in Lab, its stored outputs cleared and every cell run again."""
    root, state = tmp_path_factory.mktemp("root"), tmp_path_factory.mktemp("state")
    shutil.copytree(ROOT / "notebooks", root, dirs_exist_ok=True)
    with jupyter.jupyterlab(root, state) as lab, jupyter.browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        jupyter.open_notebook(page, lab, "00-tour.ipynb")
        jupyter.choose(page, "Edit", "Clear Outputs of All Cells")
        jupyter.choose(page, "Run", "Run All Cells")
        run_all(page)
        yield page


def run_all(page: "playwright.Page") -> None:
    """Wait until the last cell has run; a picture of where it stands is kept if that does not come."""
    try:
        jupyter.wait_until_run(page, timeout_ms=120_000)
    except playwright.TimeoutError:
        screenshot(page, "stuck")
        raise


def look_at(page: "playwright.Page", place: "playwright.Locator") -> None:
    """Scroll a place to the top; twice, since what is scrolled past gets its height only when it is drawn."""
    for _ in range(2):
        place.evaluate("element => element.scrollIntoView({block: 'start'})")
        page.wait_for_timeout(100)


def screenshot(page: "playwright.Page", name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


def outputs(page: "playwright.Page") -> str:
    return "\n".join(page.locator(".jp-OutputArea-output").all_text_contents())


def test_the_tour_opens_with_our_kernel(tour: "playwright.Page") -> None:
    assert tour.locator(".jp-Toolbar-kernelName").first.inner_text() == "tatara-lisp (caixa)"


def test_lisp_is_highlighted(tour: "playwright.Page") -> None:
    keywords = tour.locator(".jp-CodeCell .cm-content span[class]").all_text_contents()
    assert "define" in keywords


def test_every_cell_was_run(tour: "playwright.Page") -> None:
    code_cells = [
        cell for cell in notebook()["cells"] if cell["cell_type"] == "code" and "".join(cell["source"]).strip()
    ]

    def numbered() -> int:
        prompts = tour.locator(".jp-CodeCell .jp-InputPrompt").all_text_contents()
        return len([prompt for prompt in prompts if any(map(str.isdigit, prompt))])

    for _ in range(100):  # Lab draws what is out of sight when it has the time
        if numbered() == len(code_cells):
            break
        tour.wait_for_timeout(200)
    assert numbered() == len(code_cells)


def test_the_mesh_is_drawn_in_the_page(tour: "playwright.Page") -> None:
    mesh = tour.locator(".jp-CodeCell").filter(has_text=re.compile(r":nome +\"checkout\"")).first
    look_at(tour, mesh)
    picture = mesh.locator(
        ".jp-OutputArea-output img[src^='data:image/svg+xml'], .jp-OutputArea-output svg"
    ).first
    box = picture.bounding_box()
    assert box is not None
    assert box["width"] > 200
    assert box["height"] > 100
    screenshot(tour, "mesh")


def test_a_manifest_unfolds(tour: "playwright.Page") -> None:
    folded = tour.locator(".jp-OutputArea-output details:not([open])", has_text="apiVersion").first
    look_at(tour, folded)
    manifest = folded.element_handle()  # opened, it is no longer what the locator looks for
    manifest.query_selector("summary").click()
    assert "apiVersion" in manifest.inner_text()
    screenshot(tour, "manifests")


def test_no_python_traceback_reaches_the_reader(tour: "playwright.Page") -> None:
    text = outputs(tour)
    assert "Traceback (most recent call last)" not in text
    assert "site-packages" not in text


def test_each_part_of_the_tour_is_pictured(tour: "playwright.Page") -> None:
    headings = tour.locator(".jp-MarkdownCell h2")
    assert headings.count() >= 7
    for number in range(headings.count()):
        look_at(tour, headings.nth(number))
        screenshot(tour, f"tour-{number + 1:02}")


def notebook() -> dict[str, list[dict[str, object]]]:
    loaded: dict[str, list[dict[str, object]]] = json.loads((ROOT / "notebooks" / "00-tour.ipynb").read_text())
    return loaded
