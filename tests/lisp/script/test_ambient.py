"""No native reaches outside of the program without saying so where it is registered."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_a_native_that_declares_no_need_does_nothing_outside_of_the_program():
    command = [sys.executable, "-m", "tests.lisp.script.ambient"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = ran.stdout.splitlines()
    planted = [line for line in found if line.startswith("planted-")]
    assert [line for line in found if line not in planted] == []
    assert {line.split(":")[0] for line in planted} == {
        f"planted-{name}" for name in ("file", "list", "socket", "process", "clock", "environment")
    }
