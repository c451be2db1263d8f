"""From nothing to a release that others resolve, for every kind, with real repositories all the way."""

from __future__ import annotations

import json

import pytest

from caixa.lacre.lock import read_lock_bytes

KINDS = ("Biblioteca", "Binario", "Servico", "Supervisor", "Aplicacao")
MEMBERS = {"Supervisor": "first-worker", "Aplicacao": "first-web"}
CHECKS = (("lint",), ("fmt", "--check"), ("build",))


@pytest.fixture
def remote(tmp_path, git):
    """A bare repository, as a forge makes it."""
    path = tmp_path / "forge" / "pleme-io" / "first.git"
    path.mkdir(parents=True)
    git(path, "init", "--quiet", "--bare", "--initial-branch=main")
    return path


@pytest.fixture
def member(feira, git, tmp_path, forge):
    """A function that publishes a Servico, made by `init`, to the forge."""

    def publish(nome: str) -> None:
        path = tmp_path / "forge" / "pleme-io" / f"{nome}.git"
        path.mkdir(parents=True)
        git(path, "init", "--quiet", "--bare", "--initial-branch=main")
        work = tmp_path / "members" / nome
        assert feira("init", nome, "--kind", "Servico", "--path", str(work)).status == 0
        committed(git, work, path)
        assert feira("publish", "--path", str(work)).status == 0

    return publish


def committed(git, work, remote):
    if not (work / ".git").exists():
        git(work, "init", "--quiet", "--initial-branch=main")
    if "origin" not in git(work, "remote"):
        git(work, "remote", "add", "origin", str(remote))
    git(work, "add", ".")
    git(work, "commit", "--quiet", "-m", "Begin")
    git(work, "push", "--quiet", "origin", "main")


def check(feira, where):
    for words in CHECKS:
        outcome = feira(*words, "--path", where)
        assert (words, outcome.status) == (words, 0), outcome.err


@pytest.mark.parametrize("is_repository", [False, True], ids=["fresh", "in a repository"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_goes_from_init_to_a_release_that_others_resolve(
    feira, git, forge, remote, member, tmp_path, kind, is_repository
):
    forge("leaf", "0.1.0")
    forge("leaf", "0.1.5")
    if kind in MEMBERS:
        member(MEMBERS[kind])
    where = "work"
    if is_repository:
        git(feira.folder, "init", "--quiet", "--initial-branch=main", where)
        feira.write("work/README.md", "mine\n")
        feira.write("work/.gitignore", "*.log\n")

    assert feira("init", "first", "--kind", kind, "--path", where).status == 0
    check(feira, where)
    assert feira("add", "leaf", "--versao", "^0.1", "--path", where).status == 0
    locked = feira("lock", "--path", where)
    assert locked.status == 0, locked.err
    check(feira, where)
    assert feira("lint", "--strict", "--path", where).status == 0
    versions = {entry.nome: entry.versao for entry in lock_of(feira.folder / where).entradas}
    assert versions == {"leaf": "0.1.5"} | ({MEMBERS[kind]: "0.1.0"} if kind in MEMBERS else {})

    refused = feira("publish", "--path", where)
    assert refused.status == 1
    committed(git, feira.folder / where, remote)
    published = feira("publish", "--path", where)
    assert (published.status, published.out) == (0, "v0.1.0\n"), published.err
    assert git(remote, "cat-file", "-t", "v0.1.0") == "tag\n"
    assert git(remote, "rev-parse", "v0.1.0^{commit}") == git(remote, "rev-parse", "main")
    if is_repository:
        assert feira.files()["work/README.md"] == b"mine\n"
        assert feira.files()["work/.gitignore"] == b"*.log\n"

    assert feira("init", "user").status == 0
    assert feira("add", "first", "--versao", "^0.1", "--path", "user").status == 0
    assert feira("lock", "--path", "user").status == 0
    lock = lock_of(feira.folder / "user")
    assert {entry.nome: entry.versao for entry in lock.entradas} == {"first": "0.1.0"} | versions
    assert lock.entry("first").fonte.rev == git(remote, "rev-parse", "main").strip()
    assert tree_of(feira, "user")["first"]["deps"] == sorted(versions)


def lock_of(folder):
    return read_lock_bytes("lacre.lisp", (folder / "lacre.lisp").read_bytes())


def tree_of(feira, where):
    return json.loads(feira("tree", "--path", where, "--json").out)["packages"]


@pytest.fixture
def used(feira, git, forge, remote):
    """A library that was published from `work`, and locked by the package in `user`."""
    assert feira("init", "first", "--path", "work").status == 0
    committed(git, feira.folder / "work", remote)
    assert feira("publish", "--path", "work").status == 0
    assert feira("init", "user").status == 0
    assert feira("add", "first", "--path", "user").status == 0
    assert feira("lock", "--path", "user").status == 0


def test_what_one_published_another_imports_and_runs_as_it_was_locked(feira, used):
    from caixa.lacre.libraries import libraries_beside
    from caixa.session.session import Session

    session = Session(libraries=libraries_beside(feira.folder / "user"))
    said = session.run('(importar :caixa "first") (first/greeting "world")', "cell 1")
    assert said.value == "Hello, world!"


def test_a_second_release_needs_a_second_version_and_is_taken_on_an_update(feira, git, remote, used):
    assert "is there already" in feira("publish", "--path", "work").err

    manifest = feira.folder / "work/caixa.lisp"
    manifest.write_text(manifest.read_text().replace("0.1.0", "0.2.0"))
    committed(git, feira.folder / "work", remote)
    assert feira("publish", "--path", "work").out == "v0.2.0\n"
    assert "unchanged" in feira("lock", "--path", "user").err
    assert "~ first 0.1.0 → 0.2.0" in feira("update", "--path", "user").err
