"""Binder picks up the files we mean it to, and their steps work in an empty environment."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_binder_builds_from_our_files_and_a_pinned_python(tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("jupyter-repo2docker")
    copy = tmp_path / "repository"
    shutil.copytree(ROOT / "binder", copy / "binder")
    ran = subprocess.run(
        [program, "--no-build", "--debug", copy], capture_output=True, text=True, check=False, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    dockerfile = ran.stdout + ran.stderr
    assert "binder/requirements.txt" in dockerfile
    assert "binder/postBuild" in dockerfile
    assert "python=3.11" in dockerfile
    assert "defaulting to python" not in dockerfile.lower()


def test_post_build_can_be_executed() -> None:
    assert os.access(ROOT / "binder" / "postBuild", os.X_OK)


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_the_steps_of_binder_work_in_a_fresh_environment(tmp_path: Path) -> None:
    """Needs the package index, so it is in the second tier."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    programs = tmp_path / "venv" / "bin"
    environment = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    for step in (["pip", "install", "--quiet", "-r", "binder/requirements.txt"], ["binder/postBuild"]):
        subprocess.run(step, cwd=clone, env=environment, check=True)
    listed = subprocess.run(
        ["jupyter", "kernelspec", "list"],
        env=environment,
        cwd=clone,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "caixa" in listed.stdout.split()
