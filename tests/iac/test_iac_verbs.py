"""`feira tofu` as a person uses it: what is written, shown, asked, done, and how it ends."""

import io
import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from iac_parsing import SCHEMA, program

from caixa_magics.notebook import Notebook
from feira.cli import run
from feira.terminal import Terminal

MAIN = """(defvariavel :nome region :tipo string :padrao "eu")
(defteia :tipo terraform/data :nome net :atributos (:input (texto "net-" (var region))))
(defsaida :nome net :valor (ref terraform/data net output))
"""


@pytest.fixture
def feira(tmp_path, monkeypatch):
    """Run `feira WORDS` in a package with infrastructure, without colours or any network."""
    rc = tmp_path / "rc"
    rc.write_text("disable_checkpoint = true\n")
    monkeypatch.setenv("TF_CLI_CONFIG_FILE", str(rc))
    monkeypatch.chdir(tmp_path)

    def words(*words):
        out, err = io.StringIO(), io.StringIO()
        status = run(words, Terminal(out, err, {}))
        return SimpleNamespace(status=status, out=out.getvalue(), err=err.getvalue())

    assert words("init", "net", "--path", "net").status == 0
    monkeypatch.chdir(tmp_path / "net")
    write("infra/main.lisp", MAIN)
    return words


def write(path, text):
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def document():
    return json.loads(Path(".caixa/tofu/main.tf.json").read_text())


# -- render -----------------------------------------------------------------------------------------------


def test_render_writes_the_document_and_tells_the_verdict(feira):
    ran = feira("tofu", "render")
    assert (ran.status, ran.out) == (0, "")
    assert "Proven: 1 instance(s); 0 violations" in ran.err
    assert document()["resource"]["terraform_data"]["net"] == {"input": "net-${var.region}"}
    assert "= .caixa/tofu/main.tf.json" in feira("tofu", "render").err


def test_lib_comes_before_infra_and_deeper_folders_are_not_read(feira):
    write("lib/net.lisp", "(define (net) 1)\n(deflocal :nome a :valor 1)")
    write("infra/deep/other.lisp", "(deflocal :nome b :valor 1)")
    assert feira("tofu", "render").status == 0
    assert document()["locals"] == {"a": 1}


def test_providers_come_from_the_command_line_with_their_configurations(feira):
    words = ["--provider", "aws=hashicorp/aws@~>5.0", "--provider", "tls=hashicorp/tls"]
    assert (
        feira(
            "tofu",
            "render",
            *words,
            "--provider-config",
            '{"region": "${var.region}", "default_tags": [{"a": 1}]}',
        ).status
        == 0
    )
    assert document()["terraform"][0]["required_providers"] == {
        "aws": {"source": "hashicorp/aws", "version": "~>5.0"},
        "tls": {"source": "hashicorp/tls"},
    }
    assert document()["provider"] == [
        {"aws": {"default_tags": [{"a": 1}], "region": "${var.region}"}},
        {"tls": {}},
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--provider", "aws"], "is not name=source@version"),
        (["--provider", "a b=c"], "is not name=source@version"),
        (["--provider-config", "{}"], "more --provider-config than"),
        (["--provider", "a=b", "--provider-config", "{"], "is not JSON"),
        (["--provider", "a=b", "--provider-config", "[]"], "is not a JSON object"),
    ],
)
def test_words_that_are_no_provider_are_no_use_of_the_verb(feira, words, says):
    ran = feira("tofu", "render", *words)
    assert ran.status == 2
    assert says in ran.err


def test_without_a_source_there_is_no_infrastructure(feira):
    shutil.rmtree("infra")
    shutil.rmtree("lib")
    ran = feira("tofu", "render")
    assert ran.status == 1
    assert "error[no-infrastructure]" in ran.err


def test_a_mistake_is_shown_with_the_caret_under_it_and_nothing_is_written(feira):
    write("infra/main.lisp", "(defteia :tipo terraform/data :nome net :atributos (x))")
    ran = feira("tofu", "render")
    assert ran.status == 1
    assert "error[key-expected]" in ran.err
    assert " | " + " " * 52 + "^" in ran.err
    assert not Path(".caixa/tofu").exists()


def test_what_breaks_safety_is_rejected_and_what_breaks_less_only_with_strict(feira):
    write("infra/more.lisp", "(defteia :tipo a/b :nome x :atributos (:cidr-block nowhere))")
    assert "hint[cidr-block-looks-valid]" in feira("tofu", "render").err
    assert feira("tofu", "render", "--strict").status == 1
    write("infra/more.lisp", "(defteia :tipo terraform-data :nome net)")
    ran = feira("tofu", "render")
    assert ran.status == 1
    assert "error[arch-rejected]: the architecture is rejected: 2 instance(s)" in ran.err
    assert (
        "error[unique-resource-names]: terraform_data.net is declared twice, first as terraform/data" in ran.err
    )


def test_the_rules_of_the_package_are_read_from_spec(feira):
    rule = '(defregra :nome short :classe Safety :mensagem "too long" :regra (lambda (teia) #f))'
    write("spec/rules.lisp", rule)
    ran = feira("tofu", "render")
    assert ran.status == 1
    assert "error[short]: terraform_data.net: too long" in ran.err


def test_other_forms_are_printed_and_not_written(feira):
    assert 'resource "terraform_data" "net" {' in feira("tofu", "render", "--as", "hcl").out
    assert "resource(:terraform_data, :net) do" in feira("tofu", "render", "--as", "pangea").out
    assert json.loads(feira("tofu", "render", "--stdout").out)["output"]
    assert not Path(".caixa/tofu").exists()


def test_types_are_checked_by_schemas_of_a_file_and_of_forms_beside(feira):
    write("infra/mine.lisp", '(defteia :tipo nuvem/vpc :nome v :atributos (:cidr-blok "10.0.0.0/16"))')
    assert feira("tofu", "render").status == 0
    ran = feira("tofu", "render", "--schema", str(SCHEMA))
    assert ran.status == 1
    assert "Did you mean `:cidr-block`?" in ran.err
    assert feira("tofu", "forge", str(SCHEMA), "--out", "infra").status == 0
    assert "Did you mean `:cidr-block`?" in feira("tofu", "render").err


def test_forge_writes_over_what_it_made_and_nothing_else(feira):
    words = ["tofu", "forge", str(SCHEMA), "--out", "infra"]
    assert feira(*words).status == feira(*words).status == 0
    write("infra/vpc.lisp", MAIN)
    ran = feira(*words)
    assert ran.status == 1
    assert "infra already has vpc.lisp" in ran.err
    assert Path("infra/vpc.lisp").read_text() == MAIN


def test_forge_writes_go_as_well(feira):
    ran = feira("tofu", "forge", str(SCHEMA), "--as", "go", "--json")
    assert json.loads(ran.out)["files"][:2] == ["go.mod", "runtime.go"]
    assert Path(".caixa/forge/nuvem/provider.go").is_file()
    assert feira("tofu", "forge", str(SCHEMA), "--provider", "aws").status == 2


# -- plan, apply, destroy ---------------------------------------------------------------------------------


@pytest.fixture
def real():
    program("tofu", "terraform")


def state():
    return json.loads(Path(".caixa/tofu/terraform.tfstate").read_text())["resources"]


def test_a_plan_is_shown_changes_nothing_and_can_be_carried_out(feira, real):
    ran = feira("tofu", "plan", "--", "-var=region=us")
    assert ran.status == 0
    assert "# terraform_data.net will be created" in ran.out
    assert "1 change of net planned; apply --plan .caixa/tofu/plan.tfplan" in ran.err
    assert not Path(".caixa/tofu/terraform.tfstate").exists()
    assert Path(".caixa/tofu/plan.tfplan").stat().st_mode & 0o077 == 0
    ran = feira("tofu", "apply", "--plan", ".caixa/tofu/plan.tfplan")
    assert ran.status == 0
    assert "# terraform_data.net will be created" in ran.out
    assert state()[0]["instances"][0]["attributes"]["input"]["value"] == "net-us"
    assert not Path(".caixa/tofu/plan.tfplan").exists()


def test_apply_shows_its_plan_and_does_nothing_until_told_to(feira, real):
    ran = feira("tofu", "apply")
    assert ran.status == 1
    assert "nothing was done: --yes, or --plan" in ran.err
    assert not Path(".caixa/tofu/terraform.tfstate").exists()
    ran = feira("tofu", "apply", "--yes")
    assert ran.status == 0
    assert "✓ applied 1 change of net" in ran.err
    again = feira("tofu", "apply")
    assert again.status == 0
    assert "= net is already as declared" in again.err


@pytest.mark.parametrize(("answer", "status"), [("net", 0), ("yes", 1), (None, 1)])
def test_destroy_asks_and_only_the_name_is_a_yes(feira, real, monkeypatch, answer, status):
    feira("tofu", "apply", "--yes")
    asked = []
    if answer is not None:
        monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
        monkeypatch.setattr("builtins.input", lambda prompt: asked.append(prompt) or answer)
    ran = feira("tofu", "destroy")
    assert "# terraform_data.net will be destroyed" in ran.out
    assert ran.status == status
    assert len(state()) == status
    assert asked == ([] if answer is None else ["Destroy 1 resource of net? Type its name to agree: "])


def test_as_json_the_changes_are_data(feira, real):
    said = json.loads(feira("tofu", "apply", "--yes", "--json").out)
    assert said["changes"] == [{"address": "terraform_data.net", "actions": ["create"]}]
    assert said["applied"]


def test_the_value_of_a_sensitive_variable_is_nowhere_to_be_seen(feira, real, monkeypatch):
    monkeypatch.setenv("TF_VAR_region", "correct-horse")
    write(
        "infra/main.lisp",
        MAIN.replace(":padrao", ":sensivel #t :padrao").replace(":valor", ":sensivel #t :valor"),
    )
    ran = feira("tofu", "apply", "--yes", "--json")
    assert ran.status == 0
    assert "correct-horse" not in ran.out + ran.err


def test_what_terraform_refuses_is_the_reason(feira, real):
    write("infra/main.lisp", '(deflocal :nome x :valor (expr "nothing("))')
    ran = feira("tofu", "plan")
    assert ran.status == 1
    assert "error[program-failed]" in ran.err


def test_a_program_that_is_not_there_is_named(feira):
    ran = feira("tofu", "plan", "--bin", "no-such-tofu")
    assert ran.status == 1
    assert "there is no no-such-tofu on PATH" in ran.err


def test_a_plan_that_is_not_there_is_a_problem_with_a_file(feira, real):
    assert "there is no plan at" in feira("tofu", "apply", "--plan", "x.tfplan").err
    assert feira("tofu", "apply", "--plan", "x.tfplan", "--", "-target=a").status == 2


# -- in a notebook ----------------------------------------------------------------------------------------


class Shown:
    """A display that keeps what it is shown."""

    def __init__(self):
        self.texts = []

    def show(self, bundle, metadata=None, *, display_id=None, update=False):
        self.texts.append(bundle["text/plain"])

    def clear(self, *, wait=False):
        self.texts.clear()


def test_a_notebook_plans_the_infrastructure_of_a_caixa_in_a_folder_of_its_own(tmp_path, monkeypatch, real):
    monkeypatch.chdir(tmp_path)
    display = Shown()
    notebook = Notebook(display)
    notebook.run_cell('(defcaixa :nome "net" :versao "0.1.0" :kind Biblioteca)', "cell 1")
    notebook.run_cell(f"%%file net infra/main.lisp\n{MAIN}", "cell 2")
    assert "Proven" in notebook.run_cell("%caixa tofu render net", "cell 3").text()
    planned = notebook.run_cell("%caixa tofu plan net", "cell 4")
    assert planned.has_changes
    assert "# terraform_data.net will be created" in "".join(display.texts)
    assert (tmp_path / ".caixa/tofu/net/plan.tfplan").is_file()
    monkeypatch.setattr("builtins.input", lambda _prompt: "net")
    assert notebook.run_cell("%caixa tofu apply net --yes", "cell 5").is_applied
    destroyed = notebook.run_cell("%caixa tofu destroy net", "cell 6")
    assert destroyed.is_applied
    assert destroyed.text().endswith("✓ destroyed 1 resource of net")
