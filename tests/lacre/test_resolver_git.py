"""The resolver on real repositories: refs, pins, the cache, offline, and defects of the older one."""

from __future__ import annotations

import threading

import pytest

from caixa.lacre.config import ResolverConfig
from caixa.lacre.errors import MissingPath, NotCached, RefMissing, SourceUnreachable, UnusablePackage
from caixa.lacre.fetcher import SourceFetcher
from caixa.lacre.git_source import read_refs
from caixa.lacre.origins import Addressing
from caixa.lacre.resolution import moved_tags
from caixa.lacre.resolver import Request, resolve
from caixa.lacre.store import Store
from caixa.manifest.model import GitFonte

from .repositories import Repository, git
from .universe import dep, package


class Bench:
    """A forge of repositories in a folder, a cache, and a root package to resolve."""

    def __init__(self, tmp_path):
        self.tmp_path = tmp_path
        self.store = Store(tmp_path / "cache")
        self.addressing = Addressing(ResolverConfig(), {"github": f"file://{tmp_path}/forge/{{}}"})
        self.reported: list[str] = []

    def repository(self, nome: str) -> Repository:
        return Repository(self.tmp_path / "forge" / "pleme-io" / nome)

    def resolve(self, *deps: str, is_offline=False, **rest):
        root = package("app", "1.0.0", *deps)
        with SourceFetcher(
            self.tmp_path, self.store, is_offline=is_offline, report=self.reported.append
        ) as fetcher:
            return resolve(Request(root, addressing=self.addressing, **rest), fetcher)

    def versions(self, *deps: str, **rest):
        return {nome: each.versao for nome, each in self.resolve(*deps, **rest).packages.items()}


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def pinned(slot: str) -> str:
    return f'(:tipo git :repo "github:pleme-io/leaf" {slot})'


def test_r1_a_shorthand_resolves_to_the_highest_release_and_its_needs(bench):
    bench.repository("leaf").publish("leaf", "0.1.0")
    middle = bench.repository("middle")
    middle.publish("middle", "0.1.0", dep("leaf", "*"))
    rev = middle.publish("middle", "0.1.1", dep("leaf", "*", pinned(':tag "v0.1.0"')), tag="0.1.1")
    found = bench.resolve(dep("middle", "^0.1"))
    assert found.packages["middle"].needs == ("leaf",)
    assert found.packages["middle"].fonte == GitFonte("github:pleme-io/middle", tag="0.1.1", rev=rev)
    assert found.packages["leaf"].package.files["lib/leaf.lisp"] == b";; 0.1.0\n"


def test_r6_a_branch_that_is_not_the_default_one_is_found_and_followed(bench):
    leaf = bench.repository("leaf")
    leaf.publish("leaf", "0.1.0")
    git(leaf.path, "checkout", "--quiet", "-b", "next")
    leaf.publish("leaf", "0.2.0-dev", tag="other")
    wanted = dep("leaf", ">=0.2.0-dev", pinned(':branch "next"'))
    lock = bench.resolve(wanted).lock()
    assert lock.entry("leaf").versao == "0.2.0-dev"
    newer = leaf.publish("leaf", "0.2.0-dev", dep("leafy", "*", rest=":opcional #t"), tag="another")
    assert bench.resolve(wanted, locked=lock).lock() == lock
    assert bench.resolve(wanted).packages["leaf"].rev == newer


def test_the_default_branch_is_not_frozen_at_the_first_look(bench):
    leaf = bench.repository("leaf")
    leaf.publish("leaf", "0.1.0")
    wanted = dep("leaf", "*", pinned(':branch "main"'))
    assert bench.versions(wanted) == {"leaf": "0.1.0"}
    leaf.publish("leaf", "0.3.0")
    assert bench.versions(wanted) == {"leaf": "0.3.0"}


def test_a_revision_is_found_whether_whole_or_short_and_though_no_ref_leads_to_it_directly(bench):
    leaf = bench.repository("leaf")
    old = leaf.publish("leaf", "0.0.1", tag="first")
    git(leaf.path, "tag", "-d", "first")
    leaf.publish("leaf", "0.1.0")
    for rev in (old, old[:8]):
        found = bench.resolve(dep("leaf", "*", pinned(f':rev "{rev}"'))).packages["leaf"]
        assert (found.rev, found.versao) == (old, "0.0.1")


def test_r7_a_moved_tag_is_not_followed_and_an_update_reports_it(bench):
    leaf = bench.repository("leaf")
    old_rev = leaf.publish("leaf", "0.1.0")
    old = bench.resolve(dep("leaf")).lock()
    new_rev = leaf.commit({"lib/leaf.lisp": "evil"}, "v0.1.0")
    assert bench.resolve(dep("leaf"), locked=old).lock() == old
    (moved,) = moved_tags(old, bench.resolve(dep("leaf")).lock())
    assert (moved.data["old"], moved.data["new"]) == (old_rev, new_rev)


def test_a_locked_graph_needs_no_git_once_it_is_cached(bench, monkeypatch):
    bench.repository("leaf").publish("leaf", "0.1.0")
    lock = bench.resolve(dep("leaf")).lock()
    monkeypatch.setenv("PATH", "/nowhere")
    bench.reported.clear()
    assert bench.resolve(dep("leaf"), locked=lock).lock() == lock
    assert not bench.reported


def test_a_locked_commit_is_fetched_into_an_empty_cache(bench, tmp_path):
    leaf = bench.repository("leaf")
    leaf.publish("leaf", "0.1.0")
    lock = bench.resolve(dep("leaf")).lock()
    leaf.publish("leaf", "0.2.0")
    bench.store = Store(tmp_path / "other-cache")
    assert bench.resolve(dep("leaf"), locked=lock).lock() == lock


def test_a_locked_commit_that_is_gone_is_an_error_and_no_other_code_is_taken(bench, tmp_path):
    leaf = bench.repository("leaf")
    leaf.publish("leaf", "0.1.0")
    lock = bench.resolve(dep("leaf")).lock()
    git(leaf.path, "checkout", "--quiet", "--orphan", "fresh")
    leaf.commit({"lib/leaf.lisp": "other"}, "v0.1.0")
    git(leaf.path, "branch", "-D", "main")
    git(leaf.path, "reflog", "expire", "--expire=now", "--all")
    git(leaf.path, "gc", "--quiet", "--prune=now")
    bench.store = Store(tmp_path / "other-cache")
    with pytest.raises(RefMissing):
        bench.resolve(dep("leaf"), locked=lock)


def test_offline_what_is_cached_resolves_and_nothing_else(bench):
    leaf = bench.repository("leaf")
    leaf.publish("leaf", "0.1.0")
    with pytest.raises(NotCached):
        bench.resolve(dep("leaf"), is_offline=True)
    lock = bench.resolve(dep("leaf")).lock()
    leaf.publish("leaf", "0.2.0")
    assert bench.versions(dep("leaf"), is_offline=True) == {"leaf": "0.1.0"}
    assert bench.resolve(dep("leaf"), is_offline=True, locked=lock).lock() == lock


def test_r9_an_optional_dependency_whose_repository_is_missing_is_left_out(bench):
    found = bench.resolve(dep("gone", rest=":opcional #t"))
    assert not found.packages
    assert [note.code for note in found.notes] == ["optional-left-out"]
    with pytest.raises(SourceUnreachable):
        bench.resolve(dep("gone"))
    with pytest.raises(MissingPath):
        bench.resolve(dep("gone", "*", '(:tipo path :caminho "/does/not/exist")'))


def test_a_tag_that_is_not_there_is_an_error(bench):
    bench.repository("leaf").publish("leaf", "0.1.0")
    with pytest.raises(RefMissing):
        bench.resolve(dep("leaf", "*", pinned(':tag "v9"')))


def test_a_repository_without_a_manifest_is_no_package(bench):
    bench.repository("leaf").commit({"README.md": "nothing"}, "v0.1.0")
    with pytest.raises(UnusablePackage, match="leaf"):
        bench.resolve(dep("leaf"))


def test_a_relative_repository_is_taken_from_the_package(bench):
    bench.repository("leaf").publish("leaf", "0.1.0")
    fonte = '(:tipo git :repo "./forge/pleme-io/leaf")'
    assert bench.versions(dep("leaf", "*", fonte)) == {"leaf": "0.1.0"}


def test_an_annotated_tag_counts_as_its_commit():
    sha, peeled = "a" * 40, "b" * 40
    listing = f"{sha}\trefs/tags/v1\n{peeled}\trefs/tags/v1^{{}}\n{sha}\trefs/heads/main\nwarning: x\n"
    assert read_refs(listing) == {"refs/tags/v1": peeled, "refs/heads/main": sha}


# -- the cache ------------------------------------------------------------------------------------------------


def test_a_damaged_cache_is_noticed_and_fetched_again(bench):
    bench.repository("leaf").publish("leaf", "0.1.0")
    lock = bench.resolve(dep("leaf")).lock()
    (content,) = (bench.store.root / "contents").iterdir()
    content.write_bytes(content.read_bytes()[:-3])
    assert bench.store.files(lock.entry("leaf").fonte.rev) is None
    assert bench.resolve(dep("leaf"), locked=lock).lock() == lock


def test_r11_many_resolvers_share_one_cache(bench):
    for nome in ("leaf", "stem", "root"):
        bench.repository(nome).publish(nome, "0.1.0")
    found, wrong = [], []

    def work():
        try:
            found.append(bench.resolve(dep("leaf"), dep("stem"), dep("root")).lock())
        except BaseException as error:
            wrong.append(error)

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not wrong
    assert len({str(lock) for lock in found}) == 1
    assert sum("fetching leaf" in line for line in bench.reported) == 1
    assert not list(bench.store.root.rglob(".new-*"))


def test_the_cache_keeps_refs_by_address_and_contents_by_digest(tmp_path):
    store = Store(tmp_path)
    store.keep("a" * 40, {"caixa.lisp": b"x\0y", "lib/a.lisp": b""})
    store.keep("b" * 40, {"lib/a.lisp": b"", "caixa.lisp": b"x\0y"})
    assert store.files("a" * 40) == {"caixa.lisp": b"x\0y", "lib/a.lisp": b""}
    assert len(list((tmp_path / "contents").iterdir())) == 1
    store.keep_refs("u", {"refs/tags/v1": "a" * 40})
    assert store.refs("u") == {"refs/tags/v1": "a" * 40}
    assert store.refs("v") is None
