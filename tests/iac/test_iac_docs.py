"""The page on infrastructure: what it shows is what happens."""

import io
import json
import re
from pathlib import Path

import pytest
from iac_parsing import program

from caixa.iac.arch import INVARIANTS
from caixa.iac.forms import FORMS
from feira.cli import run
from feira.table import VERBS
from feira.terminal import Terminal

PAGE = (Path(__file__).parents[2] / "docs" / "iac.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def feira(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rc = tmp_path / "rc"
    rc.write_text("disable_checkpoint = true\n")
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(rc))

    def words(*words):
        said = io.StringIO()
        status = run(words, Terminal(said, said, {}))
        assert status == 0, said.getvalue()
        return said.getvalue()

    words("init", "loja")
    monkeypatch.chdir(tmp_path / "loja")
    for text in blocks("lisp"):
        path = Path(re.match(r"; (\S+\.lisp)\n", text)[1])
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return words


def test_the_example_renders_to_what_the_page_shows(feira):
    (session,) = blocks("console")
    command, _, answer = session.partition("\n")
    assert feira(*command.removeprefix("$ feira ").split()) == answer
    (shown,) = blocks("json")
    assert Path(".caixa/tofu/main.tf.json").read_text() == shown


def test_the_example_is_made_and_destroyed_by_terraform_itself(feira):
    program("tofu", "terraform")
    said = json.loads(feira("tofu", "apply", "--yes", "--json"))
    assert [change["address"] for change in said["changes"]] == ["terraform_data.banco", "terraform_data.rede"]
    assert "db.eu-west-1.example.org" in "\n".join(said["output"])
    assert "✓ destroyed 2 resources" in feira("tofu", "destroy", "--yes")


def test_the_example_builds_and_the_linter_has_nothing_to_say_of_it(feira):
    assert "✓ infra/main.lisp  4 forms" in feira("build")
    assert "no findings" in feira("lint")


def test_the_page_names_every_form_slot_verb_and_invariant():
    for head, form in FORMS.items():
        (row,) = re.findall(rf"^\| `{head}` \|.*$", PAGE, re.MULTILINE)
        assert re.findall(r"`:([a-z-]+)`", row) == _in_order(form.slots)
    for verb in VERBS:
        assert not verb.name.startswith("tofu ") or f"feira {verb.name}" in PAGE
    assert all(f"`{rule.name}`" in PAGE for rule in INVARIANTS)


def _in_order(slots):
    """Needed ones first, each kind as it is declared."""
    return [slot.keyword for slot in sorted(slots, key=lambda slot: not slot.required)]
