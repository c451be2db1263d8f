"""Section 2.1: what a package must have as files, every breach of it, in the order of the section."""

from __future__ import annotations

import pytest

from caixa.lisp.source import Source
from caixa.manifest.decode import read_manifest
from caixa.manifest.ground import Ground
from caixa.manifest.layout import verify
from caixa.manifest.profile import Profile


def verdict(slots: str, files: str = "", profile: Profile = Profile.STRICT) -> list[str]:
    text = f'(defcaixa :nome "x" :versao "0.1.0" {slots})'
    caixa = read_manifest(Source("caixa.lisp", text), profile=profile).caixa
    present = {"caixa.lisp", *files.split()}
    return [found.code for found in verify(caixa, present.__contains__, Ground(profile=profile))]


@pytest.mark.parametrize(
    ("slots", "files", "codes"),
    [
        (":kind Biblioteca", "lib/x.lisp", []),
        (":kind Biblioteca", "", ["missing-lib"]),
        (':kind Biblioteca :bibliotecas ("lib/a" "lib/b")', "lib/a", ["missing-entry"]),
        (":kind Binario", "", ["binario-without-exe"]),
        (':kind Binario :exe ("exe/a")', "exe/a", []),
        (':kind Binario :exe ("exe/a" "b")', "", ["missing-entry", "missing-entry", "exe-outside-dir"]),
        (':kind Binario :exe ("./exe/a")', "exe/a", []),
        (':kind Binario :exe ("exe/../../evil")', "exe/../../evil", ["missing-entry", "exe-outside-dir"]),
        (":kind Servico", "", ["servico-without-servicos"]),
        (':kind Servico :servicos ("servicos/a")', "servicos/a", []),
        (':kind Servico :servicos ("servicos")', "servicos", ["servico-outside-dir"]),
        (
            ':kind Servico :servicos ("servicos/a") :behavior (:on-call "lib/c" :on-init "lib/i")',
            "servicos/a lib/i",
            ["missing-entry"],
        ),
        (
            ':kind Servico :servicos ("servicos/a")'
            ' :upgrade-from ((:from "0.0.1" :instructions ((:restart) (:state-change "lib/m"))))',
            "servicos/a",
            ["missing-entry"],
        ),
        (':kind Supervisor :exe ("exe/a")', "exe/a", ["supervisor-owns-code"]),
        (':kind Aplicacao :servicos ("servicos/a")', "servicos/a", ["aplicacao-owns-code"]),
    ],
)
def test_the_files_of_each_kind(slots, files, codes):
    assert verdict(slots, files) == codes


def test_the_older_profile_does_not_normalise():
    assert verdict(':kind Binario :exe ("exe/../../evil")', "exe/../../evil", Profile.APRIL) == []


def test_a_tree_without_a_manifest_is_the_first_finding():
    caixa = read_manifest(Source("c", '(defcaixa :nome "x" :versao "0.1.0" :kind Biblioteca)')).caixa
    assert [found.code for found in verify(caixa, lambda _path: False)] == ["missing-manifest", "missing-lib"]
