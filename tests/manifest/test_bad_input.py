"""Bad input is the normal case: one clear answer, whatever the bytes, and nothing half-written."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caixa.lisp.source import Source
from caixa.manifest.decode import read_manifest
from caixa.manifest.errors import InvalidManifest, MissingManifest, UnreadablePackage, UnsafePath
from caixa.manifest.package import Package

WHOLE = """; a shop
(defcaixa :nome "shop" :versao "0.1.0" :kind Aplicacao
  :membros ((:caixa "cart" :versao "^0.1") (:caixa "catalog" :versao "^0.1"))
  :contratos ((:de "cart" :para "catalog" :wit "wasi:http/proxy" :endpoint "/products/:id"
               :politicas (:timeout "5s" :circuit-breaker (:max-failures 5 :window "60s"))))
  :placement (:clusters ("rio")))
"""
MEGABYTE = 2**20


def refuse(text: str) -> InvalidManifest:
    with pytest.raises(InvalidManifest) as caught:
        Package.from_text(text)
    return caught.value


@pytest.mark.parametrize("length", range(0, len(WHOLE.rstrip()), 7))
def test_a_truncated_manifest_is_refused_wherever_it_ends(length):
    error = refuse(WHOLE[:length])
    assert all(found.message and found.code for found in error.diagnostics)


@settings(max_examples=150)
@given(st.integers(0, len(WHOLE)), st.text("()\"':;ka1- \n\\", max_size=6), st.integers(0, 12))
def test_a_damaged_manifest_is_read_or_refused_and_never_breaks_the_reader(at, inserted, dropped):
    reading = read_manifest(Source("caixa.lisp", WHOLE[:at] + inserted + WHOLE[at + dropped :]))
    assert reading.is_valid or reading.errors
    for found in reading.diagnostics:
        assert found.span is None or found.span.start <= found.span.end


@pytest.mark.parametrize(
    "text",
    [
        "(" * MEGABYTE,
        "(defcaixa :limits " + "(" * 100_000 + ")" * 100_000 + ")",
        "(defcaixa :limits " + "'" * 100_000 + "x)",
        '(defcaixa :nome "' + "a" * 10 * MEGABYTE + '" :versao "0.1.0" :kind Biblioteca)',
        "(defcaixa " + ":a 1 " * 5_000 + ")",
        ";" * 10 * MEGABYTE,
        "(defcaixa :nome " + "9" * 10_000 + ")",
    ],
    ids=[
        "open",
        "deep lists",
        "deep quotes",
        "a long name",
        "many unknown slots",
        "a comment",
        "a long number",
    ],
)
def test_a_huge_or_deep_manifest_is_refused_in_words_that_are_short(text):
    found = refuse(text).diagnostics[0]
    assert len(found.message) < 300
    assert found.code == "reader" or (found.why and found.fix)


@pytest.mark.parametrize(
    "data", [b"\xff\xfe(\x00d\x00", b'(defcaixa :nome "\xc3")', b"\x80", "(defcaixa)".encode("utf-16")]
)
def test_bytes_that_are_no_utf_8_are_named_with_their_place(tmp_path, data):
    (tmp_path / "caixa.lisp").write_bytes(data)
    with pytest.raises(UnreadablePackage, match="is not UTF-8: byte"):
        Package.from_directory(tmp_path)


def test_a_manifest_that_is_a_directory_is_said_to_be_one(tmp_path):
    (tmp_path / "caixa.lisp").mkdir()
    with pytest.raises(UnreadablePackage, match="is not a file"):
        Package.from_directory(tmp_path)


def test_a_directory_that_is_a_file_has_no_manifest(tmp_path):
    (tmp_path / "x").write_text("")
    with pytest.raises(MissingManifest):
        Package.from_directory(tmp_path / "x")


@pytest.mark.parametrize("name", ["caixa.lisp", "lib/x.lisp"])
def test_a_file_that_may_not_be_read_is_named(tmp_path, monkeypatch, name):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/x.lisp").write_text("")
    (tmp_path / "caixa.lisp").write_text('(defcaixa :nome "x" :versao "0.1.0" :kind Biblioteca)')
    real = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path == tmp_path / name:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    with pytest.raises(UnreadablePackage, match=f"{name} cannot be read: Permission denied"):
        Package.from_directory(tmp_path)


def test_a_manifest_that_is_a_link_out_of_the_package_is_refused(tmp_path):
    (tmp_path / "secret.lisp").write_text(WHOLE)
    (tmp_path / "x").mkdir()
    (tmp_path / "x/caixa.lisp").symlink_to("../secret.lisp")
    with pytest.raises(UnsafePath):
        Package.from_directory(tmp_path / "x")


@pytest.mark.parametrize("function", ["replace", "mkdir"])
@pytest.mark.parametrize("after", range(3))
def test_a_full_disk_leaves_a_directory_as_it_was(tmp_path, monkeypatch, function, after):
    root = tmp_path / "x"
    root.mkdir()
    (root / "caixa.lisp").write_text("; mine\n")
    package = Package.from_text(WHOLE, {"a/b/c.lisp": b"(c)", "d.lisp": b"(d)"})
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    real, calls = getattr(os, function), []

    def full(*words, **named):
        calls.append(words)
        if len(calls) == after + 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*words, **named)

    monkeypatch.setattr(os, function, full)
    with pytest.raises(OSError, match="No space left"):
        package.write_to(root)
    monkeypatch.undo()
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
    assert sorted(path.name for path in root.iterdir()) == ["caixa.lisp"]


def test_a_directory_that_was_made_for_nothing_goes_again(tmp_path, monkeypatch):
    def full(_path: Path, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        Package.from_text(WHOLE).write_to(tmp_path / "new/x")
    assert list(tmp_path.iterdir()) == []
