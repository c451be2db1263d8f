"""Names of packages from a repository: found through the lock, in the cache, and not to be changed."""

from __future__ import annotations

import io
import os
import subprocess
from pathlib import Path

import pytest

from caixa.tools.server import navigation
from caixa.tools.server.checking import check
from caixa.tools.server.project import Disk, Project
from feira.cli import run
from feira.terminal import Terminal

LIBRARY = "(provide area)\n(define (area side) (* side side))\n"
PROGRAM = '(importar :caixa "shapes")\n(define (total) (shapes/area 2))\n'


def git(folder: Path, *words: str) -> str:
    settings = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *settings, *words], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package whose one dependency was locked from a repository and is in the cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    shapes, root = tmp_path / "shapes", tmp_path / "program"
    (shapes / "lib").mkdir(parents=True)
    (root / "lib").mkdir(parents=True)
    (shapes / "caixa.lisp").write_text('(defcaixa :nome "shapes" :versao "0.1.0" :kind Biblioteca)')
    (shapes / "lib" / "shapes.lisp").write_text(LIBRARY)
    git(shapes, "init", "-q")
    git(shapes, "add", ".")
    git(shapes, "commit", "-q", "-m", "Begin")
    git(shapes, "tag", "-a", "v0.1.0", "-m", "v0.1.0")
    fonte = f'(:tipo git :repo "file://{shapes}" :tag "v0.1.0")'
    dep = f'(:nome "shapes" :versao "^0.1" :fonte {fonte})'
    (root / "caixa.lisp").write_text(
        f'(defcaixa :nome "p" :versao "0.1.0" :kind Biblioteca :bibliotecas ("lib/p.lisp") :deps ({dep}))'
    )
    (root / "lib" / "p.lisp").write_text(PROGRAM)
    streams = io.StringIO(), io.StringIO()
    assert run(["lock", "--path", str(root)], Terminal(*streams, {})) == 0, streams[1].getvalue()
    return root / "lib" / "p.lisp"


def test_a_definition_in_a_locked_package_is_found_in_a_file_that_can_be_opened(program: Path) -> None:
    project = Project(Disk())
    index = project.index(str(program))
    assert index is not None
    assert check(project, index) == []
    (found,) = navigation.definitions(project, index, PROGRAM.index("area") + 1)
    assert Path(found.path).read_text() == LIBRARY
    assert LIBRARY[found.place.start : found.place.end] == "area"
    assert not os.stat(found.path).st_mode & 0o222


def test_a_name_of_a_locked_package_is_not_renamed(program: Path) -> None:
    project = Project(Disk())
    index = project.index(str(program))
    assert index is not None
    with pytest.raises(navigation.RenameRefused) as refused:
        navigation.renamable(project, index, PROGRAM.index("area") + 1)
    assert "a package that the lock pins" in str(refused.value.diagnostics[0].message)


def test_what_is_not_in_the_cache_is_told_as_missing(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(program.parent / "elsewhere"))
    project = Project(Disk())
    index = project.index(str(program))
    assert index is not None
    assert [each.diagnostic.code for each in check(project, index)] == ["library-not-found"]
