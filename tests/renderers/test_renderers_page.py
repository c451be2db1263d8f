"""docs/renderers.md is what the renderers make, and says of everything why it is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from caixa.manifest.model import Kind
from caixa_renderers import Options, render
from caixa_renderers.reference.__main__ import main
from caixa_renderers.reference.forms import FORMS, GREEDY, member, package
from caixa_renderers.reference.reasons import reason_for

PAGE = Path(__file__).parents[2] / "docs" / "renderers.md"


def test_the_page_is_what_the_renderers_make(tmp_path):
    assert main([str(tmp_path)]) == 0
    made = (tmp_path / "renderers.md").read_text(encoding="utf-8")
    assert made == PAGE.read_text(encoding="utf-8"), "run python -m caixa_renderers.reference docs"


def test_every_kind_has_its_part():
    assert {kind.value for kind in Kind} == set(FORMS)
    assert all(package(form).caixa.kind.value == kind for kind, form in FORMS.items())


@pytest.mark.parametrize("form", [*FORMS.values(), GREEDY])
def test_no_form_of_the_page_is_refused(form):
    found = render(package(form), "all", member)
    assert not [
        finding for finding in (*package(form).reading.diagnostics, *found.findings) if finding.is_error
    ]


def test_everything_that_is_lost_is_on_the_page():
    text = PAGE.read_text(encoding="utf-8")
    found = render(package(GREEDY), "all", member, Options(channel="standard")).findings
    lost = [finding for finding in found if finding.code == "not-enforced"]
    assert lost
    assert [finding.message for finding in lost if finding.message.replace("|", "\\|") not in text] == []


def test_what_nobody_gave_a_reason_for_is_refused():
    with pytest.raises(LookupError, match="why a Novelty is rendered"):
        reason_for({"kind": "Novelty", "metadata": {"name": "x"}}, "x.yaml")


def test_words_that_name_no_folder_are_refused(capsys):
    assert main([]) == 2
    assert "FOLDER" in capsys.readouterr().err
