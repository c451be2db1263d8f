"""The pages of the reference are up to date, complete, and what the declarations say."""

from __future__ import annotations

from pathlib import Path

import pytest

from caixa.manifest.reference.__main__ import main
from caixa.manifest.rules.table import RULES
from caixa.manifest.slots import CAIXA

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("page", ["manifest.md", "diagnostics.md"])
def test_a_page_is_what_its_source_makes(page, tmp_path):
    assert main([str(tmp_path)]) == 0
    made = (tmp_path / page).read_text(encoding="utf-8")
    assert made == (DOCS / page).read_text(encoding="utf-8"), "run python -m caixa.manifest.reference docs"


def test_every_rule_has_an_anchor_that_the_tables_link_to():
    text = (DOCS / "diagnostics.md").read_text(encoding="utf-8")
    assert [code for code in RULES if f'<a id="{code}"></a>' not in text or f"(#{code})" not in text] == []


def test_every_slot_has_a_row():
    text = (DOCS / "manifest.md").read_text(encoding="utf-8")
    assert [slot.keyword for slot in CAIXA.slots if f"| `:{slot.keyword}`" not in text] == []


def test_words_that_name_no_folder_are_refused(capsys):
    assert main([]) == 2
    assert "FOLDER" in capsys.readouterr().err
