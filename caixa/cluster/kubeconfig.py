"""The contexts of a kubeconfig, read as YAML: enough to complete `--cluster` without a Kubernetes client.

Files are found as kubectl finds them: the list in KUBECONFIG, else `~/.kube/config`; files that are missing
are passed over, and the first mention of a context wins.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .errors import KubeconfigUnreadable

__all__ = ["contexts", "current_context", "kubeconfig_paths"]


def kubeconfig_paths(environment: Mapping[str, str] | None = None, home: Path | None = None) -> list[Path]:
    """Return the kubeconfig files to read, in order; `environment` and `home` default to this process's."""
    listed = (os.environ if environment is None else environment).get("KUBECONFIG", "")
    paths = [Path(part).expanduser() for part in listed.split(os.pathsep) if part]
    return paths or [(home or Path.home()) / ".kube" / "config"]


def contexts(path: Path | None = None) -> list[str]:
    """Return the names of the contexts in `path`, or in the files kubectl would read, in file order.

    Raises KubeconfigUnreadable.
    """
    names: dict[str, None] = {}
    for document in _documents(path):
        entries = document.get("contexts") or []
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, dict) and isinstance(entry.get("name"), str):
                names.setdefault(entry["name"])
    return list(names)


def current_context(path: Path | None = None) -> str | None:
    """Return the name of the context that kubectl would use, or None. Raises KubeconfigUnreadable."""
    for document in _documents(path):
        name = document.get("current-context")
        if isinstance(name, str) and name:
            return name
    return None


def _documents(path: Path | None) -> Iterable[Mapping[str, Any]]:
    return [_read(each) for each in ([path] if path else kubeconfig_paths()) if each.is_file()]


def _read(path: Path) -> Mapping[str, Any]:
    import yaml  # noqa: PLC0415 - a kernel that completes no cluster never needs it

    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise KubeconfigUnreadable(
            f"the kubeconfig {path} cannot be read",
            why=" ".join(str(error).split()),
            fix="put the file right, or name another in KUBECONFIG",
            path=str(path),
        ) from error
    if not isinstance(document, dict):
        raise KubeconfigUnreadable(
            f"the kubeconfig {path} is not a mapping",
            why="a kubeconfig begins with apiVersion: v1 and kind: Config",
            fix="name the right file in KUBECONFIG",
            path=str(path),
        )
    return document
