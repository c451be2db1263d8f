"""Publishing: a tag that tells the truth, pushed or taken back."""

import json

import pytest


@pytest.fixture
def released(feira, git, tmp_path):
    """A committed package with a bare remote."""
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "remote.git")
    git(feira.folder, "init", "--quiet", "--initial-branch=main")
    git(feira.folder, "remote", "add", "origin", str(tmp_path / "remote.git"))
    feira("init", "hello", "--path", ".")
    git(feira.folder, "add", ".")
    git(feira.folder, "commit", "--quiet", "-m", "Begin")
    return feira


def test_publish_tags_the_version_and_pushes_the_tag(released, git, tmp_path):
    outcome = released("publish")
    assert (outcome.status, outcome.out) == (0, "v0.1.0\n"), outcome.err
    assert git(released.folder, "cat-file", "-t", "v0.1.0") == "tag\n"
    assert "hello 0.1.0 (v0.1.0)" in git(released.folder, "tag", "-n", "--list", "v0.1.0")
    assert git(tmp_path / "remote.git", "tag") == "v0.1.0\n"


def test_publish_without_a_push_only_tags(released, git, tmp_path):
    data = json.loads(released("publish", "--no-push", "--prefix", "release-", "--json").out)
    assert (data["tag"], data["remote"]) == ("release-0.1.0", None)
    assert git(tmp_path / "remote.git", "tag") == ""


def test_another_remote_can_be_named(released, git, tmp_path):
    git(tmp_path, "init", "--quiet", "--bare", "other.git")
    git(released.folder, "remote", "add", "other", str(tmp_path / "other.git"))
    assert released("publish", "--remote", "other").status == 0
    assert git(tmp_path / "other.git", "tag") == "v0.1.0\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--versao", "0.2.0"), "is at version 0.1.0, not 0.2.0"),
        (("--prefix", "-d "), "git takes no such name"),
        (("--prefix", "--delete"), "git takes no such name"),
        (("--remote", "--upload-pack=x"), "git takes no such name"),
        (("--remote", "nowhere"), "no remote 'nowhere'"),
    ],
)
def test_a_release_that_would_not_be_what_it_says_is_refused(released, git, words, said):
    outcome = released("publish", *words)
    assert outcome.status == 1
    assert said in outcome.err
    assert git(released.folder, "tag") == ""


def test_a_package_outside_a_repository_is_told_how_to_get_one(feira):
    feira("init", "hello", "--path", ".")
    outcome = feira("publish")
    assert outcome.status == 1
    assert "hello is not in a git repository" in outcome.err
    assert "fix: git init" in outcome.err


@pytest.mark.parametrize("path", ["caixa.lisp", "new file"])
def test_a_dirty_tree_is_refused(released, git, path):
    target = released.folder / path
    target.write_text((target.read_text() if target.exists() else "") + "\n; more\n")
    outcome = released("publish")
    assert f"1 file not committed: {path}" in outcome.err
    assert git(released.folder, "tag") == ""


def test_a_tag_that_is_there_is_not_moved(released):
    assert released("publish").status == 0
    assert "the tag v0.1.0 is there already" in released("publish").err


def test_a_push_that_fails_takes_the_tag_back(released, git):
    git(released.folder, "remote", "set-url", "origin", str(released.folder / "gone.git"))
    outcome = released("publish")
    assert outcome.status == 1
    assert "git push failed" in outcome.err
    assert git(released.folder, "tag") == ""


def test_a_package_below_the_top_is_refused_since_resolvers_look_at_the_top(released, git):
    released("init", "below")
    git(released.folder, "add", ".")
    git(released.folder, "commit", "--quiet", "-m", "More")
    assert "below is not at the top" in released("publish", "--path", "below").err


def test_a_folder_that_is_no_repository_is_refused(feira):
    feira("init", "hello")
    assert feira("publish", "--path", "hello").status == 1


def test_a_path_source_is_warned_about(released, git):
    released("add", "other", "--caminho", "../other")
    git(released.folder, "commit", "--quiet", "-a", "-m", "Need other")
    outcome = released("publish", "--no-push")
    assert outcome.status == 0
    assert "other has a path source" in outcome.err
