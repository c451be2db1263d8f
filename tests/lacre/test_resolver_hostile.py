"""Repositories that mean harm: nothing of them runs, nothing leads out, nothing goes on without end."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from caixa.git import GitProcess
from caixa.lacre.errors import (
    FetchTimedOut,
    FetchTooLarge,
    GitFailed,
    LacreError,
    SourceUnreachable,
    UnusablePackage,
)
from caixa.lacre.fetcher import SourceFetcher
from caixa.lacre.git_source import GitSource, Limits
from caixa.lacre.git_tree import read_tree_object
from caixa.lacre.origins import GitOrigin
from caixa.lacre.store import Store
from caixa.manifest.errors import UnsafePath

from .repositories import Repository, git
from .universe import manifest


@pytest.fixture
def leaf(tmp_path):
    repository = Repository(tmp_path / "leaf")
    repository.publish("leaf", "0.1.0")
    return repository


@pytest.fixture
def fetch(tmp_path, leaf):
    def run(limits: Limits | None = None):
        rev = git(leaf.path, "rev-parse", "HEAD").strip()
        fetcher = SourceFetcher(tmp_path, Store(tmp_path / "cache"), limits=limits)
        return fetcher.fetch("leaf", GitOrigin(leaf.url), rev, "refs/heads/main").package

    return run


def test_hooks_and_filters_of_a_repository_do_not_run(leaf, fetch, tmp_path):
    mark = tmp_path / "ran"
    for hook in ("post-checkout", "post-merge", "reference-transaction", "pre-auto-gc", "post-upload-pack"):
        path = leaf.path / ".git" / "hooks" / hook
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\ntouch {mark}\n")
        path.chmod(0o755)
    mark.unlink(missing_ok=True)
    leaf.path.joinpath(".gitattributes").write_text("* filter=evil ident export-subst\n")
    git(leaf.path, "add", ".gitattributes")
    git(leaf.path, "-c", "core.hooksPath=/dev/null", "commit", "--quiet", "-m", "attributes")
    template = tmp_path / "template" / "hooks"
    template.mkdir(parents=True)
    assert fetch().files["lib/leaf.lisp"] == b";; 0.1.0\n"
    assert not mark.exists()
    assert not list((tmp_path / "cache" / "git").glob("*/hooks/*"))


def test_a_submodule_is_neither_fetched_nor_part_of_the_package(leaf, fetch, tmp_path):
    git(leaf.path, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},deps/sub")
    leaf.path.joinpath(".gitmodules").write_text(
        '[submodule "deps/sub"]\n\tpath = deps/sub\n\turl = -u./payload\n'
    )
    git(leaf.path, "add", ".gitmodules")
    git(leaf.path, "commit", "--quiet", "-m", "submodule")
    assert set(fetch().files) == {"lib/leaf.lisp"}


def test_a_link_within_the_tree_is_the_file_it_leads_to(leaf, fetch):
    (leaf.path / "lib" / "again.lisp").symlink_to("leaf.lisp")
    (leaf.path / "third.lisp").symlink_to("lib/again.lisp")
    leaf.commit({})
    files = fetch().files
    assert files["lib/again.lisp"] == files["third.lisp"] == files["lib/leaf.lisp"]


@pytest.mark.parametrize("target", ["/etc/passwd", "../../outside", "lib", "gone", "self.lisp"])
def test_a_link_that_leads_to_no_file_of_the_tree_is_refused(leaf, fetch, target):
    (leaf.path / "self.lisp").symlink_to(target)
    leaf.commit({})
    with pytest.raises(UnusablePackage, match="leaf") as caught:
        fetch()
    assert caught.value.diagnostics[1].code == "unsafe-path"


@pytest.mark.parametrize("name", [b"../x", b"a/b", b"/etc"])
def test_a_name_that_leads_out_of_the_tree_is_refused(name):
    data = b"100644 " + name + b"\0" + b"\1" * 20
    with pytest.raises(UnsafePath):
        list(read_tree_object(data, "lib"))


def test_git_directories_and_what_leads_up_are_left_out():
    data = b"".join(b"100644 " + name + b"\0" + b"\1" * 20 for name in (b"..", b".git", b".", b"target"))
    assert not list(read_tree_object(data, ""))


def test_a_tree_that_unfolds_without_end_is_refused_before_it_does(leaf, fetch, tmp_path):
    blob = git(leaf.path, "hash-object", "-w", "--stdin", given=b"x").strip()
    tree = git(
        leaf.path, "mktree", given="".join(f"100644 blob {blob}\tf{i}\n" for i in range(12)).encode()
    ).strip()
    for _ in range(9):
        lines = "".join(f"040000 tree {tree}\td{i}\n" for i in range(12))
        tree = git(leaf.path, "mktree", given=lines.encode()).strip()
    commit = git(leaf.path, "commit-tree", tree, "-m", "bomb").strip()
    git(leaf.path, "update-ref", "refs/heads/main", commit)
    begun = time.monotonic()
    with pytest.raises(UnusablePackage) as caught:
        fetch()
    assert "at most 10000 files" in caught.value.diagnostics[1].why
    assert time.monotonic() - begun < 20


def test_directories_that_are_nested_too_deeply_are_refused(leaf, fetch):
    leaf.commit({"/".join(["d"] * 70) + "/x.lisp": "1"})
    with pytest.raises(UnusablePackage) as caught:
        fetch()
    assert "64 deep" in caught.value.diagnostics[1].why


def test_more_bytes_than_a_package_may_have_are_not_read(leaf, tmp_path):
    source = GitSource(leaf.url, tmp_path / "bare", Limits())
    rev = git(leaf.path, "rev-parse", "HEAD").strip()
    source.fetch(rev, None)
    with pytest.raises(FetchTooLarge):
        list(source.objects([f"{rev}^{{tree}}"], most=10))


SLOW_GIT = """\
#!/bin/sh
case "$*" in
  *" fetch "*) {slow} ;;
  *) exec {git} "$@" ;;
esac
"""


@pytest.fixture
def slow_git(tmp_path):
    def make(what: str) -> str:
        path = tmp_path / "slow-git"
        real = subprocess.run(["sh", "-c", "command -v git"], capture_output=True, text=True, check=True)
        path.write_text(SLOW_GIT.format(slow=what, git=real.stdout.strip()))
        path.chmod(0o755)
        return str(path)

    return make


def test_a_fetch_that_does_not_end_is_ended(leaf, tmp_path, slow_git):
    source = GitSource(leaf.url, tmp_path / "bare", Limits(seconds=0.5), program=slow_git("exec sleep 60"))
    begun = time.monotonic()
    with pytest.raises(FetchTimedOut):
        source.fetch("1" * 40, None)
    assert time.monotonic() - begun < 10


def test_a_fetch_that_grows_past_its_limit_is_ended(leaf, tmp_path, slow_git):
    program = slow_git("head -c 4000000 /dev/zero > objects/pack/tmp_pack; exec sleep 60")
    source = GitSource(leaf.url, tmp_path / "bare", Limits(fetched_bytes=2**20), program=program)
    with pytest.raises(FetchTooLarge):
        source.fetch("1" * 40, None)


def test_stop_ends_the_git_that_runs(tmp_path):
    """The process is interrupted as Stop does it; the child, in a session of its own, must not live on."""
    pid_file = tmp_path / "pid"
    program = tmp_path / "git"
    program.write_text(f"#!/bin/sh\necho $$ > {pid_file}\nexec sleep 60\n")
    program.chmod(0o755)
    code = f"""
        from pathlib import Path
        from caixa.git import GitProcess
        GitProcess(Path({str(tmp_path)!r}), program={str(program)!r}).execute("fetch", within=50)
    """
    child = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stderr=subprocess.DEVNULL)
    until = time.monotonic() + 30
    while not (pid_file.exists() and pid_file.read_text().strip()) and time.monotonic() < until:
        time.sleep(0.02)
    child.send_signal(2)
    assert child.wait(timeout=30) != 0
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid_file.read_text()), 0)


@pytest.mark.parametrize("url", ["ext::sh -c 'touch {mark}'", "http://127.0.0.1:9/x", "git://127.0.0.1:9/x"])
def test_git_itself_is_told_which_protocols_may_be_used(tmp_path, url):
    """The address is refused before; this is the second wall."""
    mark = tmp_path / "mark"
    with pytest.raises((GitFailed, SourceUnreachable)) as caught:
        GitSource(url.format(mark=mark), tmp_path / "bare", Limits()).refs()
    assert "not allowed" in caught.value.diagnostics[0].why
    assert not mark.exists()


def test_a_password_in_an_address_is_not_repeated(tmp_path):
    source = GitSource("https://ana:hunter2@127.0.0.1:9/x.git", tmp_path / "bare", Limits())
    with pytest.raises(LacreError) as caught:
        source.refs()
    assert "hunter2" not in caught.value.render()


def test_a_program_that_is_missing_is_said(tmp_path):
    with pytest.raises(FileNotFoundError):
        GitProcess(Path(tmp_path), program="no-such-git").execute("version")
    with pytest.raises(LacreError, match="git is not installed"):
        GitSource("https://example.org/x", tmp_path / "bare", Limits(), program="no-such-git").refs()


def test_a_manifest_with_errors_is_reported_with_all_of_them(leaf, fetch):
    leaf.commit({"caixa.lisp": manifest("leaf", "one")})
    with pytest.raises(UnusablePackage) as caught:
        fetch()
    assert len(caught.value.diagnostics) > 1


# -- what a manifest can be -----------------------------------------------------------------------------------


def test_a_manifest_that_is_a_directory_is_no_package(leaf, fetch):
    git(leaf.path, "rm", "--quiet", "caixa.lisp")
    leaf.commit({"caixa.lisp/caixa.lisp": manifest("leaf", "0.1.0")})
    with pytest.raises(UnusablePackage) as caught:
        fetch()
    assert caught.value.diagnostics[1].code == "missing-manifest"


def test_a_manifest_that_is_a_submodule_is_no_package(leaf, fetch):
    git(leaf.path, "rm", "--quiet", "caixa.lisp")
    git(leaf.path, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},caixa.lisp")
    git(leaf.path, "commit", "--quiet", "-m", "submodule")
    with pytest.raises(UnusablePackage) as caught:
        fetch()
    assert caught.value.diagnostics[1].code == "missing-manifest"


@pytest.mark.parametrize("target", ["/dev/zero", "../caixa.lisp", "lib"])
def test_a_manifest_that_is_a_link_out_of_the_tree_is_refused(leaf, fetch, target):
    (leaf.path / "caixa.lisp").unlink()
    (leaf.path / "caixa.lisp").symlink_to(target)
    leaf.commit({})
    with pytest.raises(UnusablePackage) as caught:
        fetch()
    assert caught.value.diagnostics[1].code == "unsafe-path"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("; " + "a" * 10_000_000 + "\n" + manifest("leaf", "0.1.0"), "unreadable-package"),
        ("(" * 200_000, "reader"),
        (manifest("leaf", "0.1.0", rest=":etiquetas " + "(" * 9_000 + ")" * 9_000), ""),
        (manifest("leaf", "0.1.0")[:-5], ""),
        ("\x00\x01" * 1000, ""),
    ],
)
def test_a_manifest_that_cannot_be_read_is_one_refusal(leaf, fetch, text, code):
    leaf.commit({"caixa.lisp": text})
    with pytest.raises(UnusablePackage) as caught:
        fetch()
    assert code in caught.value.diagnostics[1].code


def test_a_manifest_in_bytes_that_are_no_text_is_refused(leaf, fetch):
    (leaf.path / "caixa.lisp").write_bytes(b'(defcaixa :nome "\xff")')
    leaf.commit({})
    with pytest.raises(UnusablePackage) as caught:
        fetch()
    assert "not UTF-8" in caught.value.diagnostics[1].message


def test_a_hostile_package_leaves_nothing_in_the_cache_but_its_repository(leaf, fetch, tmp_path):
    (leaf.path / "evil").symlink_to("/etc/passwd")
    leaf.commit({})
    with pytest.raises(UnusablePackage):
        fetch()
    kept = {path.name for path in (tmp_path / "cache").iterdir()}
    assert kept <= {"git", "writers.lock"}


# -- refs -----------------------------------------------------------------------------------------------------


def releases(leaf, tmp_path, limits=None):
    fetcher = SourceFetcher(tmp_path, Store(tmp_path / "cache"), limits=limits)
    return fetcher.releases("leaf", GitOrigin(leaf.url))


def plant(leaf, *refs: str) -> str:
    """Write refs that git itself would refuse to make."""
    rev = git(leaf.path, "rev-parse", "HEAD").strip()
    header = "# pack-refs with: peeled fully-peeled sorted\n"
    lines = "".join(f"{rev} {ref}\n" for ref in sorted(refs))
    (leaf.path / ".git" / "packed-refs").write_text(header + lines)
    return rev


def test_fifty_thousand_tags_are_read_in_seconds_and_the_versions_among_them_found(leaf, tmp_path):
    plant(leaf, *(f"refs/tags/v0.0.{number}" for number in range(50_000)), "refs/tags/" + "x" * 3000)
    begun = time.monotonic()
    found = releases(leaf, tmp_path)
    assert (found[0].tag, len(found)) == ("v0.1.0", 50_001)
    assert time.monotonic() - begun < 20


def test_more_refs_than_a_list_may_have_are_refused(leaf, tmp_path):
    plant(leaf, *(f"refs/tags/v0.0.{number}" for number in range(2_000)))
    with pytest.raises(FetchTooLarge, match="too many refs"):
        releases(leaf, tmp_path, Limits(listed_bytes=10_000))


@pytest.mark.parametrize("tag", ["--upload-pack=touch x", "-v1.0.0", "v1.0.0-", "vv1.0.0", "v01.0.0"])
def test_a_tag_that_git_could_take_for_an_option_or_is_no_version_offers_nothing(leaf, tmp_path, tag):
    plant(leaf, f"refs/tags/{tag}")
    assert [release.tag for release in releases(leaf, tmp_path)] == ["v0.1.0"]


@pytest.mark.parametrize("what", ["blob", "tree"])
def test_a_version_tag_of_what_is_no_commit_is_an_error(leaf, tmp_path, what):
    name = git(leaf.path, "rev-parse", "HEAD:caixa.lisp" if what == "blob" else "HEAD^{tree}").strip()
    git(leaf.path, "tag", "v9.0.0", name)
    fetcher = SourceFetcher(tmp_path, Store(tmp_path / "cache"))
    (release, _) = fetcher.releases("leaf", GitOrigin(leaf.url))
    with pytest.raises(LacreError) as caught:
        fetcher.fetch("leaf", GitOrigin(leaf.url), release.rev, "refs/tags/v9.0.0")
    assert caught.value.diagnostics[0].code == "ref-missing"


def test_a_tag_of_a_tag_of_a_tag_is_its_commit(leaf, tmp_path):
    rev = git(leaf.path, "rev-parse", "HEAD").strip()
    git(leaf.path, "tag", "-a", "-m", "1", "inner", "HEAD")
    git(leaf.path, "tag", "-a", "-m", "2", "middle", "inner")
    git(leaf.path, "tag", "-a", "-m", "3", "v3.0.0", "middle")
    assert releases(leaf, tmp_path)[0].rev == rev
