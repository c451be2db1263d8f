"""Where a module comes from: the URL grammar of a ComputeUnit (caixa.md section 8.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from .errors import InvalidValue
from .profile import Profile

__all__ = ["Forge", "ForgeFile", "Git", "Http", "Local", "ModuleUrl", "Oci", "Unknown", "parse_module_url"]

_FORGES: Final = {"github": "GitHub", "gitlab": "GitLab", "codeberg": "Codeberg"}
_PIN: Final = re.compile(r"#blake3=([0-9a-f]{64})\Z")


@dataclass(frozen=True, slots=True)
class Local:
    """A file of this machine."""

    path: str


@dataclass(frozen=True, slots=True)
class Forge:
    """One of the forges with a shorthand."""

    scheme: str
    title: str


@dataclass(frozen=True, slots=True)
class ForgeFile:
    """A file in a repository of a forge; without `rev` it floats."""

    forge: Forge
    owner: str
    repo: str
    path: str
    rev: str | None = None


@dataclass(frozen=True, slots=True)
class Oci:
    """An artefact of a registry."""

    reference: str
    blake3: str | None = None


@dataclass(frozen=True, slots=True)
class Git:
    """A repository by its own URL, `git+` included."""

    url: str
    dir: str | None = None
    rev: str | None = None


@dataclass(frozen=True, slots=True)
class Http:
    """A file behind a web address; `blake3` pins its bytes."""

    url: str
    blake3: str | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A text that no rule takes; it is kept, so that it can be shown."""

    text: str


ModuleUrl = Local | ForgeFile | Oci | Git | Http | Unknown


def parse_module_url(text: str, profile: Profile = Profile.STRICT) -> ModuleUrl:
    """Return what a module URL means; STRICT also reads a `#blake3=` pin, which APRIL leaves in the URL.

    Raises InvalidValue with the code `empty` for a blank text.
    """
    url = text.strip()
    if not url:
        raise InvalidValue(
            "a module URL is empty", fix="Write one, as in oci://host/name:tag.", code="empty-module-url"
        )
    if url.startswith(("./", "/")):
        return Local(url)
    scheme, _, rest = url.partition(":")
    if scheme in _FORGES:
        return _forge_file(Forge(scheme, _FORGES[scheme]), rest) or Unknown(url)
    if url.startswith("git+"):
        return Git(url)
    bare, pin = (url, None) if profile is Profile.APRIL else _pinned(url)
    if url.startswith("oci://"):
        return Oci(bare, pin)
    if url.startswith(("http://", "https://")):
        return Http(bare, pin)
    return Unknown(url)


def _forge_file(forge: Forge, rest: str) -> ForgeFile | None:
    place, _, query = rest.partition("?")
    parts = place.split("/", 2)
    if len(parts) < 2:
        return None
    refs = (item.removeprefix("ref=") for item in query.split("&") if item.startswith("ref="))
    return ForgeFile(forge, parts[0], parts[1], parts[2] if len(parts) > 2 else "", next(refs, None))


def _pinned(url: str) -> tuple[str, str | None]:
    match = _PIN.search(url)
    return (url[: match.start()], match[1]) if match else (url, None)
