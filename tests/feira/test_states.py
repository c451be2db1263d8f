"""The sides of a diff: packages, files, revisions of git and rendered YAML, on the command line."""

import json
import subprocess

import pytest
from forging import manifest

UNIT = "apiVersion: v1\nkind: ComputeUnit\nmetadata: {name: cart}\nspec: {capabilities: [a, b]}\n"


def git(folder, *words):
    subprocess.run(
        ["git", "-c", "user.name=Ana", "-c", "user.email=ana@example.org", *words],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip


@pytest.fixture
def history(feira):
    """A repository with two versions of a library, the second not yet committed, and one in a folder below."""
    feira.write("caixa.lisp", manifest("money"))
    feira.write("lib/money.lisp", "(define one 1)\n")
    feira.write("inner/caixa.lisp", manifest("inner"))
    git(feira.folder, "init", "-q")
    git(feira.folder, "add", ".")
    git(feira.folder, "commit", "-q", "-m", "first")
    feira.write("caixa.lisp", manifest("money", "0.2.0"))
    feira.write("inner/caixa.lisp", manifest("inner", "0.3.0"))
    return feira


@pytest.mark.parametrize("words", [("HEAD",), ("HEAD", "."), ("HEAD:caixa.lisp",), ("HEAD:", "caixa.lisp")])
def test_a_revision_is_compared_with_what_is_here(history, words):
    said = history("diff", *words)
    assert said.status == 0, said.err
    assert said.out.startswith("# money, form by form\n~ versao: 0.1.0 → 0.2.0\n")
    assert "\n~ flake.nix\n" in said.out


def test_a_revision_of_a_folder_below_is_that_package(history):
    said = history("diff", "HEAD:inner", "inner")
    assert said.out.startswith("# inner, form by form\n~ versao: 0.1.0 → 0.3.0\n")


def test_a_directory_of_a_repository_has_its_own_revisions(history, monkeypatch):
    monkeypatch.chdir(history.folder / "inner")
    assert history("diff", "HEAD").out.startswith("# inner, form by form\n~ versao: 0.1.0 → 0.3.0\n")


def test_only_what_is_rendered_is_compared_where_that_is_asked(history):
    said = history("diff", "--rendered", "HEAD", ".")
    assert said.out.startswith("# money, object by object\n~ flake.nix\n")
    data = json.loads(history("diff", "--rendered", "HEAD", ".", "--json").out)
    assert (data["forms"], data["summary"]) == (None, "1 changed")


def test_rendered_files_are_compared_object_by_object(feira):
    feira.write("old.yaml", f"# a comment\n---\n{UNIT}---\nkind: ConfigMap\nmetadata: {{name: gone}}\n")
    feira.write("new.yaml", UNIT.replace("[a, b]", "[b, c]"))
    said = feira("diff", "old.yaml", "new.yaml")
    assert said.out == (
        "# new.yaml, object by object\n~ ComputeUnit cart\n"
        '    spec.capabilities[]: "a" → nothing\n    spec.capabilities[]: nothing → "c"\n'
        "- ConfigMap gone\n"
    )


def test_a_rendered_file_of_a_revision_is_that_file(feira):
    feira.write("unit.yaml", UNIT)
    git(feira.folder, "init", "-q")
    git(feira.folder, "add", ".")
    git(feira.folder, "commit", "-q", "-m", "first")
    feira.write("unit.yaml", UNIT.replace("[a, b]", "[a]"))
    assert '"b" → nothing' in feira("diff", "HEAD:unit.yaml", "unit.yaml").out


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("nowhere", "no package, file or revision is called nowhere"),
        ("HEAD~9", "git says: fatal: not a valid object name"),
        ("HEAD:nowhere", "no package, file or revision is called HEAD:nowhere"),
        ("HEAD:lib", "HEAD:lib has no caixa.lisp"),
        ("HEAD:../..", "no package, file or revision"),
        ("--output=x:y", "No such option"),
        (":", "no package, file or revision is called :"),
    ],
)
def test_a_word_that_names_nothing_is_one_clear_error(history, word, said):
    before = history.files()
    answer = history("diff", word, ".")
    assert answer.status != 0
    assert said.lower() in " ".join(answer.err.split()).lower()
    assert history.files() == before


def test_yaml_that_does_not_read_is_said_with_its_file(feira):
    feira.write("bad.yaml", "a: [")
    answer = feira("diff", "bad.yaml", "bad.yaml")
    assert answer.status == 1
    assert "bad.yaml" in answer.err


def test_without_git_a_revision_is_a_word_that_names_nothing(feira):
    feira.write("caixa.lisp", manifest("money"))
    answer = feira("diff", "HEAD")
    assert answer.status == 2
    assert "no package, file or revision is called HEAD" in answer.err


def test_a_path_that_a_revision_lacks_is_named_with_what_git_says(history):
    said = history("diff", "HEAD:nowhere/caixa.lisp", "caixa.lisp")
    assert said.status == 2
    assert "is called HEAD:nowhere/caixa.lisp; git says: " in said.err
    assert "fix: a path in a revision starts at this directory" in said.err
