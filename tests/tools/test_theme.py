"""The theme: the table of caixa.md section 6.5, what pages make of it, and that nothing else holds a colour."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from caixa.tools.theme import (
    DARK,
    LIGHT,
    NORD,
    SHADES,
    THEMES,
    WHITE,
    Color,
    Semantic,
    page_colors,
    paint,
)

HOUSE = Path(__file__).parents[2]
LAB_DARK = Color.of("#212121")
PACKAGES = ("caixa", "caixa_kernel", "caixa_magics", "feira", "renderers", "labextension", "caixa_operator")
COLOR = re.compile(r"#[0-9a-f]{6}\b|\b(?:rgb|hsl)a?\(\s*\d|[34]8;2;", re.IGNORECASE)

TABLE = """
Keyword 9 10 / Symbol 4 0 / KeywordArg 8 10 / String 14 14 / Number 15 15 / Literal 13 12 / Comment 3 2
Accent 8 10 / Muted 3 2 / Error 11 11 / Warning 12 12 / Info 8 10 / Hint 13 13 / Added 14 14 / Removed 11 11
Unchanged 4 0
"""
ROWS = [row.split() for line in TABLE.strip().splitlines() for row in line.split("/")]


@pytest.mark.parametrize(("title", "dark", "light"), ROWS)
def test_a_meaning_has_a_colour_in_each_theme(title, dark, light):
    semantic = Semantic.named(title)
    assert DARK.color(semantic) == NORD[int(dark)]
    assert LIGHT.color(semantic) == NORD[int(light)]


def test_every_meaning_has_a_name_of_its_own():
    assert [semantic.title for semantic in Semantic] == [title for title, *_ in ROWS]
    assert len(NORD) == 16
    assert set(THEMES) == {"blackmatter-dark", "blackmatter-light"}


def test_paint_sets_and_resets():
    assert paint("boom", Color.of("#BF616A")) == "\x1b[38;2;191;97;106mboom\x1b[0m"


def luminance(color: Color) -> float:
    """Return the relative luminance of WCAG 2.1."""
    parts = [each / 255 for each in color]
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Color, other: Color) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", SHADES)
def test_text_on_a_page_can_be_read_on_light_and_on_dark(name):
    shade = SHADES[name]
    assert contrast(shade.on_light, WHITE) >= 4.5
    assert contrast(shade.on_dark, LAB_DARK) >= 4.5


def test_the_style_sheet_names_its_colours_and_the_page_has_them():
    from caixa_magics.style import page

    sheet = (HOUSE / "caixa_magics/style.css").read_text(encoding="utf-8")
    assert set(re.findall(r"\$(\w+)", sheet)) == {name for name in page_colors() if not name.startswith("nord")}
    text = str(page())
    assert "$" not in text
    assert SHADES["good"].css in text


def test_nothing_else_holds_a_colour_of_its_own():
    held = [
        f"{path.relative_to(HOUSE)}:{number}"
        for package in PACKAGES
        for path in sorted((HOUSE / package).rglob("*"))
        if path.suffix in (".py", ".css", ".js", ".ts", ".html", ".svg") and "node_modules" not in path.parts
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if COLOR.search(line)
    ]
    assert {each.partition(":")[0] for each in held} == {"caixa/tools/theme.py"}
