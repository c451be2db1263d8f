"""Terraform or OpenTofu, as tests of infrastructure run it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from iac_parsing import program

sys.path.append(str(Path(__file__).parents[1]))  # where the runner of vectors is, for the mended defects


@pytest.fixture
def terraform(tmp_path):
    """Run terraform or tofu in a directory of its own, without any network."""
    path = program("tofu", "terraform")
    rc = tmp_path / "rc"
    rc.write_text("disable_checkpoint = true\n")
    environment = {**os.environ, "TF_CLI_CONFIG_FILE": str(rc), "TF_IN_AUTOMATION": "1"}

    def run(*words, files=()):
        folder = tmp_path / "tf"
        folder.mkdir(exist_ok=True)
        for name, text in dict(files).items():
            (folder / name).write_text(text, encoding="utf-8")
        ran = subprocess.run(
            [path, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    return run
