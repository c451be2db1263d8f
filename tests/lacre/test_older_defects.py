"""The defects R1 to R11 (caixa.md section 3.5) side by side: what the older resolver does, and ours."""

from __future__ import annotations

import subprocess
from types import SimpleNamespace

import pytest

from caixa.lacre.errors import DependencyCycle, SourceConflict, UnsafeSource, VersionConflict, WrongPackage
from caixa.lacre.fetcher import SourceFetcher
from caixa.lacre.lock import Lock
from caixa.lacre.origins import Addressing
from caixa.lacre.package_digest import package_digest
from caixa.lacre.resolution import moved_tags
from caixa.lacre.resolver import Request, resolve
from caixa.lacre.sources import cache_key
from caixa.lacre.store import Store
from caixa.manifest.package import Package

from .older_resolver import MissingPath, MissingPin, OlderResolver
from .repositories import Repository, git
from .universe import dep, manifest

NOTHING_LOCKED = Lock.of(())


@pytest.fixture
def both(tmp_path):
    """The two resolvers on one forge and one folder of packages, each with a cache of its own."""
    forges = {"github": f"file://{tmp_path}/forge/{{}}"}
    (tmp_path / "app").mkdir()
    older = OlderResolver(tmp_path / "older-cache", forges, tmp_path / "app")

    def ours(root: Package, locked: Lock = NOTHING_LOCKED) -> Lock:
        fetcher = SourceFetcher(tmp_path / "app", Store(tmp_path / "cache"))
        return resolve(Request(root, locked, Addressing(forges=forges)), fetcher).lock()

    return SimpleNamespace(older=older, old=older.resolve, new=ours)


@pytest.fixture
def forge(tmp_path):
    return lambda nome: Repository(tmp_path / "forge" / "pleme-io" / nome)


@pytest.fixture
def folder(tmp_path):
    def write(nome: str, *deps: str, called: str | None = None) -> None:
        (tmp_path / nome).mkdir(exist_ok=True)
        (tmp_path / nome / "caixa.lisp").write_text(manifest(called or nome, "0.1.0", deps))

    return write


def root(*deps: str, nome: str = "app") -> Package:
    return Package.from_text(manifest(nome, "1.0.0", deps))


def pinned(nome: str, ref: str = 'tag "v0.1.0"', versao: str = "*") -> str:
    return dep(nome, versao, f'(:tipo git :repo "github:pleme-io/{nome}" :{ref})')


def beside(nome: str, rest: str = "", path: str = "") -> str:
    return dep(nome, "*", f'(:tipo path :caminho "{path or f"../{nome}"}")', rest)


def test_r1_a_dependency_without_a_source_was_never_found(both, forge):
    forge("leaf").publish("leaf", "0.1.0")
    with pytest.raises(MissingPin):
        both.old(root(dep("leaf")))
    assert both.new(root(dep("leaf"))).entry("leaf").versao == "0.1.0"


def test_r2_a_requirement_was_not_looked_at(both, forge):
    forge("leaf").publish("leaf", "0.1.0")
    assert both.old(root(pinned("leaf", versao="^9.0")))["leaf"].versao == "0.1.0"
    with pytest.raises(VersionConflict):
        both.new(root(pinned("leaf", versao="^9.0")))


def test_r3_any_package_would_do(both, folder):
    folder("leaf", called="fell")
    assert "leaf" in both.old(root(beside("leaf")))
    with pytest.raises(WrongPackage):
        both.new(root(beside("leaf")))


def test_r4_the_first_of_two_sources_won_in_silence(both, folder):
    folder("leaf")
    folder("other-leaf", called="leaf")
    folder("mid", beside("leaf", path="../other-leaf"))
    wanted = root(beside("leaf"), beside("mid"))
    assert both.old(wanted)["leaf"].conteudo == "path:../leaf"
    with pytest.raises(SourceConflict):
        both.new(wanted)


def test_r5_unrelated_cycles_had_one_digest(both, folder):
    for one, other in (("a", "b"), ("c", "d")):
        folder(one, beside(other))
        folder(other, beside(one))
    old = {**both.old(root(beside("a"))), **both.old(root(beside("c")))}
    assert len({node.fechamento for node in old.values()}) == 1
    for nome in ("a", "c"):
        with pytest.raises(DependencyCycle):
            both.new(root(beside(nome)))


def test_r6_a_branch_was_not_found_and_the_default_one_never_moved(both, forge):
    leaf = forge("leaf")
    leaf.publish("leaf", "0.1.0")
    git(leaf.path, "branch", "next")
    with pytest.raises(subprocess.CalledProcessError):
        both.old(root(pinned("leaf", 'branch "next"')))
    assert both.new(root(pinned("leaf", 'branch "next"'))).entry("leaf").versao == "0.1.0"

    main = root(pinned("leaf", 'branch "main"'))
    assert both.old(main)["leaf"].versao == both.new(main).entry("leaf").versao == "0.1.0"
    leaf.publish("leaf", "0.2.0")
    assert both.old(main)["leaf"].versao == "0.1.0"
    assert both.new(main).entry("leaf").versao == "0.2.0"


def test_r7_a_tag_that_moved_was_followed_without_a_word(both, forge):
    leaf, wanted = forge("leaf"), root(pinned("leaf"))
    first = leaf.publish("leaf", "0.1.0")
    assert both.old(wanted)["leaf"].conteudo == f"git:{first}"
    lock = both.new(wanted)
    second = leaf.commit({"lib/leaf.lisp": "evil"}, "v0.1.0")
    assert both.old(wanted)["leaf"].conteudo == f"git:{second}"
    assert both.new(wanted, lock) == lock
    assert [note.code for note in moved_tags(lock, both.new(wanted))] == ["tag-moved"]


def test_r8_the_digest_was_of_the_spelling_of_a_path_and_not_of_what_is_there(both, folder, tmp_path):
    folder("leaf")
    one, other = root(beside("leaf")), root(beside("leaf", path="../app/../leaf"))
    old, new = both.old(one)["leaf"], both.new(one)
    assert both.old(other)["leaf"].fechamento != old.fechamento
    assert both.new(other).seals == new.seals
    (tmp_path / "leaf" / "lib").mkdir()
    (tmp_path / "leaf" / "lib" / "leaf.lisp").write_text("changed")
    assert both.old(one)["leaf"].fechamento == old.fechamento
    assert both.new(one).seals != new.seals


def test_r9_an_optional_dependency_had_to_be_there_and_features_meant_nothing(both, folder):
    gone = root(beside("gone", ":opcional #t"))
    with pytest.raises(MissingPath):
        both.old(gone)
    assert both.new(gone).entradas == ()

    folder("tls")
    folder("http", beside("tls", ":opcional #t"))
    plain, asking = root(beside("http")), root(beside("http", ':caracteristicas ("tls")'))
    assert set(both.old(plain)) == set(both.old(asking)) == {"http", "tls"}
    assert [entry.nome for entry in both.new(plain).entradas] == ["http"]
    assert [entry.nome for entry in both.new(asking).entradas] == ["http", "tls"]


def test_r10_all_packages_without_dependencies_were_one(both):
    one, other = root(nome="one"), root(nome="other").with_file("lib/other.lisp", b"(define x 1)")
    assert both.older.root(both.old(one)) == both.older.root(both.old(other))
    assert package_digest(one) != package_digest(other)


def test_r11_a_ref_could_be_an_option_of_git(both, forge):
    forge("leaf").publish("leaf", "0.1.0")
    wanted = root(pinned("leaf", 'tag "--force"'))
    assert both.old(wanted)["leaf"].versao == "0.1.0"  # no such tag is there: git checked out something else
    with pytest.raises(UnsafeSource):
        both.new(wanted)


def test_r11_two_at_once_were_in_each_others_way(both, forge, tmp_path):
    forge("leaf").publish("leaf", "0.1.0")
    url = f"file://{tmp_path}/forge/pleme-io/leaf"
    begun = both.older.cache / "sources" / cache_key(url, "v0.1.0") / ".git"  # what a clone makes first
    begun.mkdir(parents=True)
    with pytest.raises(subprocess.CalledProcessError):
        both.old(root(pinned("leaf")))
    store = Store(tmp_path / "cache")
    with store.repository(url) as directory:
        (directory / "objects").mkdir(parents=True)
    assert both.new(root(pinned("leaf"))).entry("leaf").versao == "0.1.0"
