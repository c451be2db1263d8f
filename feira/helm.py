"""Helm, where this machine has it: the program, or the library helm-python-sdk. It packs charts."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from pathlib import Path
from typing import Final

from .errors import HelmFailed, HelmMissing

__all__ = ["package_chart"]

_SECONDS: Final = 120.0


def package_chart(chart: Path, destination: Path) -> str:
    """Fetch what `chart` stands on, pack it into `destination`, and return the name of the archive.

    Raises HelmMissing, and HelmFailed with what Helm says.
    """
    before = _archives(destination)
    program = shutil.which("helm")
    if program is not None:
        _run(program, "dependency", "update", "--skip-refresh", str(chart))
        _run(program, "package", str(chart), "--destination", str(destination))
    elif importlib.util.find_spec("helm_python") is not None:
        _by_library(chart, destination)
    else:
        raise HelmMissing
    made = [path.name for path, stamp in _archives(destination).items() if before.get(path) != stamp]
    if not made:
        raise HelmFailed("package", f"it wrote no archive into {destination}")
    return made[0]


def _archives(directory: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in directory.glob("*.tgz")}


def _run(program: str, *words: str) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - the program is Helm, the words are paths
            [program, *words],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            start_new_session=True,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise HelmFailed(words[0], str(error)) from error
    if done.returncode:
        raise HelmFailed(words[0], done.stderr.strip() or done.stdout.strip())


def _by_library(chart: Path, destination: Path) -> None:
    import helm_python  # noqa: PLC0415 - 85 MB, and rarely asked for

    try:
        helm_python.dependency_update(chart, skip_refresh=True)
        helm_python.package(chart, destination=destination)
    except helm_python.HelmError as error:
        raise HelmFailed("package", str(error)) from error
