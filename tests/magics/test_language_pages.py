"""The cells in the guide to the language answer what the guide shows; `…` stands for any text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from caixa.lisp.diagnostics import Reportable
from caixa_magics.mime import bundle

GUIDE = Path(__file__).parents[2] / "docs" / "language"
CELLS = re.compile(r"```cell\n(.*?)```\n(?:```shown\n(.*?)```)?", re.DOTALL)
PAGES = {
    path.name: found for path in sorted(GUIDE.glob("*.md")) if (found := CELLS.findall(path.read_text("utf-8")))
}


def answer(notebook, text: str, name: str) -> str:
    """Return what a cell shows: its value, or its error."""
    try:
        value = notebook.run_cell(text, name)
    except Reportable as error:
        return error.render(notebook.sources())
    return "" if value is None else bundle(value)[0]["text/plain"]


@pytest.mark.parametrize("page", PAGES)
def test_each_cell_of_a_page_shows_what_the_page_says(page, notebook):
    for number, (text, shown) in enumerate(PAGES[page], 1):
        said = answer(notebook, text.rstrip("\n"), f"cell {number}")
        expected = ".*".join(re.escape(part) for part in shown.strip("\n").split("…"))
        assert re.fullmatch(expected, said.strip("\n"), re.DOTALL), said


def test_the_pages_about_typed_forms_and_python_have_cells():
    assert {"12-domains.md", "14-python.md"} <= set(PAGES)
