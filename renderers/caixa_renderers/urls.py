"""A caixa's `:repositorio`, which may be a forge shorthand, as the real URLs that other tools take."""

from __future__ import annotations

import re

__all__ = ["git_url", "image_reference", "web_url"]

_FORGES = {"github": "github.com", "gitlab": "gitlab.com", "codeberg": "codeberg.org"}
_REGISTRIES = {"github.com": "ghcr.io", "gitlab.com": "registry.gitlab.com", "codeberg.org": "codeberg.org"}
_SHORTHAND = re.compile(r"(github|gitlab|codeberg):([^/?#\s]+)/([^/?#\s]+)(?:[/?#]\S*)?")
_SCP = re.compile(r"(?:\w[\w.-]*@)([\w.-]+):(?!//)(\S+)")
_URL = re.compile(r"(?:git\+)?(https?|ssh)://(?:[^@/\s]*@)?([^/\s]+)/([^\s?#]+)(?:[?#]\S*)?")


def web_url(repositorio: str) -> str | None:
    """Return the address that a browser opens, or None if the text names no place."""
    place = _place(repositorio)
    return place and f"{place[0]}://{place[1]}/{place[2]}"


def git_url(repositorio: str) -> str | None:
    """Return the address that git and Flux fetch from (https or ssh), or None if the text names no place."""
    text = repositorio.strip().removeprefix("git+")
    if text.startswith("ssh://"):
        return text
    scp = _SCP.fullmatch(text)
    if scp:
        return f"ssh://git@{scp[1]}/{scp[2]}"
    return web_url(text)


def image_reference(repositorio: str, versao: str) -> str | None:
    """Return the `oci://` address where a forge keeps the images of a repository, or None for other hosts."""
    place = _place(repositorio)
    registry = place and _REGISTRIES.get(place[1])
    return f"oci://{registry}/{place[2].lower()}:v{versao}" if place and registry else None


def _place(repositorio: str) -> tuple[str, str, str] | None:
    """Return (scheme, host, path), the path without `.git` and the scheme one that a browser knows."""
    text = repositorio.strip()
    short = _SHORTHAND.fullmatch(text)
    if short:
        return "https", _FORGES[short[1]], f"{short[2]}/{short[3].removesuffix('.git')}"
    scp = _SCP.fullmatch(text)
    if scp:
        return "https", scp[1], scp[2].removesuffix(".git")
    url = _URL.fullmatch(text)
    if url is None:
        return None
    host = url[2].partition(":")[0] if url[1] == "ssh" else url[2]  # a port of ssh is not one of a web server
    return ("http" if url[1] == "http" else "https"), host, url[3].rstrip("/").removesuffix(".git")
