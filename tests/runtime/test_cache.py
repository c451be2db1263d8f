"""Compiled code is loaded from files that this user's cache wrote, and from no others."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caixa.runtime.engine import Engine
from caixa.runtime.engine_process.cache import CodeCache, default_directory


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "caixa" / "code"


def only_file(directory: Path) -> Path:
    (path,) = directory.glob("*.cwasm")
    return path


def test_what_was_stored_is_loaded_by_a_later_process(directory: Path) -> None:
    CodeCache(directory).store("a", b"code")
    assert CodeCache(directory).load("a") == b"code"
    assert CodeCache(directory).load("b") is None


def test_files_belong_to_this_user_alone(directory: Path) -> None:
    CodeCache(directory).store("a", b"code")
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in directory.iterdir()} == {0o600}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.binary(max_size=200))
def test_foreign_bytes_are_refused(directory: Path, foreign: bytes) -> None:
    cache = CodeCache(directory)
    cache.store("a", b"code")
    path = only_file(directory)
    if foreign != path.read_bytes():
        path.write_bytes(foreign)
        assert cache.load("a") is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.integers(0, 10_000), st.integers(1, 255))
def test_one_changed_byte_is_noticed(directory: Path, place: int, change: int) -> None:
    cache = CodeCache(directory)
    cache.store("a", bytes(range(256)))
    path = only_file(directory)
    data = bytearray(path.read_bytes())
    data[place % len(data)] ^= change
    path.write_bytes(data)
    assert cache.load("a") is None


def test_a_file_under_another_name_is_refused(directory: Path) -> None:
    cache = CodeCache(directory)
    cache.store("a", b"code")
    only_file(directory).rename(directory / "b.cwasm")
    assert cache.load("b") is None


def test_a_file_of_another_cache_is_refused(directory: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    CodeCache(theirs).store("a", b"evil")
    CodeCache(directory).store("b", b"code")
    (theirs / "a.cwasm").rename(directory / "a.cwasm")
    assert CodeCache(directory).load("a") is None


@pytest.mark.parametrize("mode", [0o644, 0o620, 0o666, 0o602])
def test_a_file_that_others_may_touch_is_refused(directory: Path, mode: int) -> None:
    cache = CodeCache(directory)
    cache.store("a", b"code")
    only_file(directory).chmod(mode)
    assert cache.load("a") is None


def test_links_pipes_and_folders_are_refused(directory: Path, tmp_path: Path) -> None:
    cache = CodeCache(directory)
    cache.store("a", b"code")
    path = only_file(directory)
    elsewhere = path.rename(tmp_path / "elsewhere")
    path.symlink_to(elsewhere)
    assert cache.load("a") is None
    path.unlink()
    os.mkfifo(path, 0o600)
    assert cache.load("a") is None
    path.unlink()
    path.mkdir()
    assert cache.load("a") is None


def test_a_directory_that_others_may_write_is_not_used(directory: Path) -> None:
    directory.mkdir(parents=True)
    directory.chmod(0o777)
    cache = CodeCache(directory)
    cache.store("a", b"code")
    assert cache.load("a") is None
    assert list(directory.iterdir()) == []


def test_a_directory_that_cannot_be_made_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = CodeCache(tmp_path / "file" / "code")
    cache.store("a", b"code")
    assert cache.load("a") is None


def test_no_draft_is_left_behind(directory: Path) -> None:
    cache = CodeCache(directory)
    for name in "abcab":
        cache.store(name, b"code")
    assert sorted(path.name for path in directory.iterdir()) == ["a.cwasm", "b.cwasm", "c.cwasm", "key"]


def test_the_directory_follows_xdg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert default_directory() == Path("/somewhere/caixa/code")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert default_directory() == Path.home() / ".cache/caixa/code"


def test_an_engine_with_a_poisoned_cache_compiles_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    engine = Engine()
    wasm = engine.wat('(module (func (export "f") (result i32) (i32.const 7)))')
    engine.close()
    path = only_file(tmp_path / "caixa" / "code")
    good = path.read_bytes()
    path.write_bytes(b"\0" * len(good))
    assert engine.run(wasm, "f", [], None).values == (7,)
    engine.close()
    assert only_file(tmp_path / "caixa" / "code").read_bytes() == good
