"""Manifests, locks and settings that are broken in every way: one clear error, nothing touched."""

from __future__ import annotations

import json
import os

import pytest

MANIFEST = '(defcaixa :nome "app" :versao "1.0.0" :kind Biblioteca :deps ({}))\n'
LOCK = '(deflacre :versao-lacre "0.1.0" :raiz "blake3:00" :entradas ({}))\n'
ENTRY = (
    '(:nome "leaf" :versao "0.1.0" :fonte (:tipo path :caminho "../leaf")'
    ' :conteudo "path:../leaf" :fechamento "blake3:11")'
)
READING = ["build", "lock", "resolve", "update", "tree", "why leaf", "add other", "remove leaf", "publish"]
LOCKED = ["lock", "resolve", "update leaf", "tree", "why leaf"]


def tree_of(folder):
    """Every path below a folder, with what it is: content, target of a link, or that it is something else."""
    found = {}
    for path in sorted(folder.rglob("*")):
        is_file = path.is_file() and not path.is_symlink()
        found[path] = path.read_bytes() if is_file else os.readlink(path) if path.is_symlink() else None
    return found


@pytest.fixture
def refused(feira, tmp_path):
    """A function that runs a verb and checks that it fails with one error and changes nothing anywhere."""

    def run(words: str, code: str):
        before = tree_of(tmp_path)
        outcome = feira(*words.split())
        assert outcome.status == 1, outcome
        assert outcome.err.count("error[") >= 1
        assert f"error[{code}" in outcome.err, outcome.err[:500]
        assert "Traceback" not in outcome.err
        assert tree_of(tmp_path) == before
        data = json.loads(feira(*words.split(), "--json").out)
        assert data["errors"][0]["code"].startswith(code)
        return outcome

    return run


def whole(folder):
    (folder / "caixa.lisp").write_text(MANIFEST.format('(:nome "leaf" :versao "*")'))


# -- manifests ------------------------------------------------------------------------------------------------


def truncated(path):
    path.write_text(MANIFEST.format("")[:40])


def deep(path):
    path.write_text(MANIFEST.format("(" * 50_000 + ")" * 50_000))


def nested(path):
    path.write_text(MANIFEST.format("(" * 5_000 + ")" * 5_000))


def not_utf8(path):
    path.write_bytes(MANIFEST.format("").replace("app", "\xff").encode("latin-1"))


def ten_megabytes(path):
    path.write_text("; " + "a" * 10_000_000 + "\n" + MANIFEST.format(""))


def directory(path):
    (path / "x").mkdir(parents=True)


def pipe(path):
    os.mkfifo(path)


def without_end(path):
    path.symlink_to("/dev/zero")


def link_out(path):
    outside = path.parent.parent / "outside.lisp"
    outside.write_text(MANIFEST.format(""))
    path.symlink_to(outside)


def loop(path):
    path.symlink_to(path.name)


BROKEN = [
    (truncated, "reader"),
    (deep, "reader"),
    (nested, ""),
    (not_utf8, "unreadable-package"),
    (ten_megabytes, "unreadable-package"),
    (directory, "unreadable-package"),
    (pipe, "unreadable-package"),
    (without_end, "unreadable-package"),
    (link_out, "unsafe-path"),
    (loop, ""),
]


@pytest.mark.parametrize("words", READING)
@pytest.mark.parametrize(("breaking", "code"), BROKEN, ids=lambda each: getattr(each, "__name__", ""))
def test_a_broken_manifest_is_refused_by_every_verb_that_reads_it(feira, refused, words, breaking, code):
    breaking(feira.folder / "caixa.lisp")
    refused(words, code)


@pytest.mark.parametrize(("breaking", "code"), BROKEN, ids=lambda each: getattr(each, "__name__", ""))
def test_a_broken_manifest_of_a_dependency_is_refused_and_nothing_is_locked(feira, tmp_path, breaking, code):
    leaf = '(:nome "leaf" :versao "*" :fonte (:tipo path :caminho "../leaf"))'
    (feira.folder / "caixa.lisp").write_text(MANIFEST.format(leaf))
    (tmp_path / "leaf").mkdir()
    breaking(tmp_path / "leaf" / "caixa.lisp")
    outcome = feira("lock")
    assert outcome.status == 1
    assert "error[unusable-package]" in outcome.err or "error[missing-path]" in outcome.err
    assert f"error[{code}" in outcome.err
    assert sorted(path.name for path in feira.folder.iterdir()) == ["caixa.lisp"]


# -- locks ----------------------------------------------------------------------------------------------------

BROKEN_LOCKS = [
    ("", "not-deflacre"),
    ("<<<<<<< HEAD\n" + LOCK.format(""), "not-deflacre"),
    (LOCK.format(ENTRY)[:90], "reader"),
    ("(" * 50_000, "reader"),
    (LOCK.format("(" * 5_000 + ")" * 5_000), ""),
    (LOCK.format(ENTRY.replace("leaf", "\xff")).encode("latin-1"), "lock-unreadable"),
    (LOCK.format(ENTRY) + "; " + "a" * 10_000_000, "lock-too-large"),
    (LOCK.format(ENTRY + ENTRY), "entry-repeated"),
    (LOCK.format(ENTRY.replace(":versao", ":version")), ""),
]


@pytest.mark.parametrize("words", LOCKED)
@pytest.mark.parametrize(("text", "code"), BROKEN_LOCKS, ids=range(len(BROKEN_LOCKS)))
def test_a_broken_lock_is_refused_by_every_verb_that_reads_it(feira, refused, words, text, code):
    whole(feira.folder)
    feira.write("lacre.lisp", text)
    refused(words, code)


@pytest.mark.parametrize(("text", "code"), BROKEN_LOCKS, ids=range(len(BROKEN_LOCKS)))
def test_a_broken_lock_is_one_error_of_the_import_that_needs_it(feira, text, code):
    from caixa.lacre.libraries import libraries_beside
    from caixa.lisp.diagnostics import Reportable
    from caixa.session.session import Session

    whole(feira.folder)
    feira.write("lacre.lisp", text)
    with pytest.raises(Reportable) as caught:
        Session(libraries=libraries_beside(feira.folder)).run('(importar :caixa "leaf")', "cell 1")
    assert len(caught.value.diagnostics) >= 1
    assert code in caught.value.diagnostics[0].code


def test_a_lock_that_is_a_directory_is_not_replaced(feira):
    whole(feira.folder)
    (feira.folder / "lacre.lisp" / "x").mkdir(parents=True)
    before = tree_of(feira.folder)
    (feira.folder / "caixa.lisp").write_text(MANIFEST.format(""))
    outcome = feira("lock")
    assert (outcome.status, outcome.err.count("error[")) == (1, 1)
    (feira.folder / "caixa.lisp").write_text(MANIFEST.format('(:nome "leaf" :versao "*")'))
    assert tree_of(feira.folder) == before


def test_a_lock_is_never_written_through_a_link_that_leads_out(feira, tmp_path):
    (feira.folder / "caixa.lisp").write_text(MANIFEST.format(""))
    outside = tmp_path / "outside"
    outside.write_text("mine")
    (feira.folder / "lacre.lisp").symlink_to(outside)
    outcome = feira("lock")
    assert (outcome.status, outside.read_text()) == (1, "mine")
    assert "error[unsafe-path]" in outcome.err


# -- settings -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("config.lisp", b"(defresolver-config"),
        ("config.lisp", b"(" * 50_000),
        ("config.lisp", b'(defresolver-config :default-host "\xff")'),
        ("config.lisp", b'(defresolver-config :cache-dir "' + b"a" * 10_000_000),
        ("config.yaml", b"default_host: ["),
        ("config.yaml", b"[" * 50_000),
        ("config.yaml", b"default_host: \xff"),
        ("config.yaml", b"- a list"),
        ("config.yaml", b"default_host: {a: b}"),
    ],
)
def test_settings_that_do_not_read_are_one_error_and_not_the_defaults(feira, tmp_path, file, text):
    whole(feira.folder)
    place = tmp_path / "home" / "caixa" / file
    place.parent.mkdir()
    place.write_bytes(text)
    outcome = feira("lock")
    assert outcome.status == 1
    assert outcome.err.count("error[") == 1
    assert "lacre.lisp" not in feira.files()
