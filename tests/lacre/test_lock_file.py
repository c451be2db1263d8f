"""The lock file: its layout to the byte, what it refuses, and members resolved through it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa.lacre.errors import InvalidLock
from caixa.lacre.lock import Lock, LockEntry, read_lock, stub_lock, write_lock
from caixa.lacre.members import locked_members
from caixa.lisp.source import Source
from caixa.manifest.model import Caixa, Dep, GitFonte, Kind, PathFonte
from caixa.manifest.package import Package

WORD = st.text('aé"\\ :(-', min_size=1, max_size=6)
FONTE = st.builds(PathFonte, WORD) | st.builds(
    GitFonte, WORD, st.none() | WORD, st.none() | WORD, st.none() | WORD
)
ENTRY = st.builds(LockEntry, WORD, WORD, FONTE, WORD, WORD, st.lists(WORD, max_size=2).map(tuple))


def test_the_writer_lays_a_lock_out_as_the_older_system_does():
    fonte = GitFonte("github:o/b", tag="v1", rev="abc")
    lock = Lock("0.1.0", "blake3:00", (LockEntry("b", "0.1.0", fonte, "git:abc", "blake3:11", ("c",)),))
    assert write_lock(lock) == (
        "(deflacre\n"
        '  :versao-lacre "0.1.0"\n'
        '  :raiz "blake3:00"\n'
        "  :entradas (\n"
        '    (:conteudo "git:abc" :deps-diretas ("c") :fechamento "blake3:11" '
        ':fonte (:repo "github:o/b" :rev "abc" :tag "v1" :tipo "git") :nome "b" :versao "0.1.0")\n'
        "  ))\n"
    )


def test_an_empty_lock_is_one_short_form():
    text = write_lock(stub_lock(Caixa("x", "0.1.0", Kind.BIBLIOTECA)))
    assert text.endswith("  :entradas ())\n")
    assert read_lock(Source("lacre.lisp", text)).is_coherent


@given(st.lists(ENTRY, max_size=4, unique_by=lambda entry: entry.nome))
def test_a_lock_that_is_written_is_read_back(entries):
    lock = Lock.of(entries)
    assert read_lock(Source("lacre.lisp", write_lock(lock))) == lock
    assert lock.is_coherent


def test_a_changed_entry_makes_the_root_incoherent():
    lock = stub_lock(Caixa("x", "0.1.0", Kind.BIBLIOTECA, deps=(Dep("a", "*"), Dep("b", "*"))))
    assert not Lock(lock.versao_lacre, lock.raiz, lock.entradas[:1]).is_coherent


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not-deflacre"),
        ("42", "not-deflacre"),
        ("(defcaixa)", "not-deflacre"),
        ("(deflacre", "reader"),
        ('(deflacre :versao-lacre "0.1.0")', "slot-missing"),
        ('(deflacre :versao-lacre "0.1.0" :raiz "x" :entrada ())', "slot-unknown"),
        ('(deflacre :versao-lacre "0.1.0" :raiz "x" :entradas ((:nome "a")))', "slot-missing"),
    ],
)
def test_a_lock_that_does_not_read_says_why(text, code):
    with pytest.raises(InvalidLock) as caught:
        read_lock(Source("lacre.lisp", text))
    assert caught.value.diagnostics[0].code == code


@pytest.fixture
def resolve(tmp_path):
    package = Package.from_text(
        '(defcaixa :nome "cart" :versao "0.1.5" :kind Biblioteca)', {"lib/cart.lisp": b"1"}
    )
    package.write_to(tmp_path / "cart")
    entries = [
        LockEntry("cart", "0.1.5", PathFonte("../cart"), "path:../cart", "blake3:1"),
        LockEntry("gone", "0.1.0", PathFonte("../gone"), "path:../gone", "blake3:2"),
        LockEntry("far", "0.1.0", GitFonte("github:o/far", tag="v1"), "git:1", "blake3:3"),
    ]
    (tmp_path / "app").mkdir()
    return locked_members(Lock.of(entries), tmp_path / "app")


def test_a_member_with_a_path_source_is_read(resolve):
    assert resolve("cart", "^0.1").caixa.versao == "0.1.5"


@pytest.mark.parametrize(
    ("nome", "versao"), [("cart", "^0.2"), ("cart", "nonsense"), ("gone", "*"), ("far", "*"), ("nobody", "*")]
)
def test_a_member_that_cannot_be_had_is_none(resolve, nome, versao):
    assert resolve(nome, versao) is None
