"""The theme: the table of caixa.md section 6.5."""

from __future__ import annotations

import pytest

from caixa.tools.theme import DARK, LIGHT, NORD, THEMES, Color, Semantic, paint


@pytest.mark.parametrize(
    ("title", "dark", "light"),
    [
        ("Keyword", "#81A1C1", "#5E81AC"),
        ("Symbol", "#D8DEE9", "#2E3440"),
        ("KeywordArg", "#88C0D0", "#5E81AC"),
        ("Comment", "#4C566A", "#434C5E"),
        ("Literal", "#EBCB8B", "#D08770"),
        ("Error", "#BF616A", "#BF616A"),
        ("Unchanged", "#D8DEE9", "#2E3440"),
    ],
)
def test_a_meaning_has_a_colour_in_each_theme(title, dark, light):
    semantic = Semantic.named(title)
    assert (DARK.color(semantic).hex, LIGHT.color(semantic).hex) == (dark, light)


def test_every_meaning_has_a_name_of_its_own():
    assert len({semantic.title for semantic in Semantic}) == len(Semantic) == 16
    assert len(NORD) == 16
    assert set(THEMES) == {"blackmatter-dark", "blackmatter-light"}


def test_paint_sets_and_resets():
    assert paint("boom", Color.of("#BF616A")) == "\x1b[38;2;191;97;106mboom\x1b[0m"
