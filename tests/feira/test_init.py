"""`init` makes a package of any kind in place of nothing, among what is there, or not at all."""

from __future__ import annotations

import errno
import os

import pytest

KINDS = ("Biblioteca", "Binario", "Servico", "Supervisor", "Aplicacao")


@pytest.mark.parametrize("kind", KINDS)
def test_a_fresh_package_passes_every_check(feira, kind):
    assert feira("init", "first", "--kind", kind).status == 0
    for words in (("lint",), ("fmt", "--check"), ("validate",), ("build",)):
        outcome = feira(*words, "--path", "first")
        assert (words, outcome.status) == (words, 0), outcome.err


@pytest.mark.parametrize("kind", KINDS)
def test_a_repository_that_is_there_becomes_a_package_and_keeps_what_it_has(feira, git, kind):
    git(feira.folder, "init", "--quiet", ".")
    feira.write("README.md", "mine\n")
    assert feira("init", "first", "--kind", kind, "--path", ".").status == 0
    assert (feira.folder / "README.md").read_text() == "mine\n"
    for words in (("lint",), ("fmt", "--check"), ("build",)):
        assert (words, feira(*words).status) == (words, 0)


def test_the_style_of_a_repository_is_kept(feira):
    feira.write(".caixa-fmt.lisp", "(deffmt-config :align-values #t :line-width 60)\n")
    outcome = feira("init", "first", "--path", ".")
    assert outcome.status == 0, outcome.err
    assert feira("fmt", "--check").status == 0
    assert ':nome        "first"' in (feira.folder / "caixa.lisp").read_text()


@pytest.mark.parametrize(
    "there",
    ["caixa.lisp", "lib/first.lisp", "lib", "caixa.lisp/x"],
)
def test_whatever_is_in_the_way_is_named_and_nothing_is_written(feira, there):
    feira.write(f"first/{there}", "mine\n")
    before = feira.files()
    outcome = feira("init", "first")
    assert outcome.status == 1
    assert f"already has {there.removesuffix('/x')}" in outcome.err
    assert feira.files() == before


def test_a_link_that_leads_nowhere_is_in_the_way(feira):
    (feira.folder / "first").mkdir()
    (feira.folder / "first/caixa.lisp").symlink_to("nowhere")
    assert "already has caixa.lisp" in feira("init", "first").err


def test_nothing_is_written_through_a_link_that_leads_out(feira, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (feira.folder / "first").mkdir()
    (feira.folder / "first/lib").symlink_to(outside)
    outcome = feira("init", "first")
    assert (outcome.status, list(outside.iterdir())) == (1, [])
    assert "error[unsafe-path]" in outcome.err


@pytest.mark.parametrize("nome", ["", "-a", "a-", "ä", "a.b", "a/b", "../a", "a b", "a\n", "A", "a" * 64])
def test_an_odd_name_is_refused_with_the_reason(feira, nome):
    outcome = feira("init", "--", nome)
    assert outcome.status == 1
    assert "error[bad-name]" in outcome.err
    assert "at most 63 of a-z, 0-9 and -" in outcome.err
    assert feira.files() == {}


@pytest.mark.parametrize(
    ("function", "after"),
    [("fsync", 0), ("fsync", 2), ("replace", 0), ("replace", 1), ("replace", 3), ("mkdir", 0), ("mkdir", 1)],
)
def test_a_full_disk_leaves_nothing_half_written(feira, monkeypatch, function, after):
    feira.write("first/README.md", "mine\n")
    before = sorted(feira.folder.rglob("*"))
    real, calls = getattr(os, function), []

    def full(*words, **named):
        calls.append(words)
        if len(calls) == after + 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(feira.folder))
        return real(*words, **named)

    monkeypatch.setattr(os, function, full)
    outcome = feira("init", "first", "--kind", "Servico")
    monkeypatch.undo()
    assert outcome.status == 1
    assert outcome.err.count("error[") == 1
    assert "no space left on device" in outcome.err
    assert sorted(feira.folder.rglob("*")) == before
