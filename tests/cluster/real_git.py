"""git as a person at a terminal runs it, to set repositories up and to look at what a deploy did to them."""

import subprocess
from pathlib import Path


def git(directory: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=Ana", "-c", "user.email=ana@example.org", *arguments]
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=True)
    return done.stdout
