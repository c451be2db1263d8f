"""Where dependencies come from: shorthands, the default host, the cache's names (caixa.md section 3.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from caixa.manifest.model import Dep, Fonte, GitFonte

from .config import ResolverConfig
from .digest import PREFIX, hash_bytes

__all__ = ["FORGES", "cache_key", "expand_shorthand", "source_at", "source_of"]

FORGES: Final[Mapping[str, str]] = {
    "github": "https://github.com/{}.git",
    "gitlab": "https://gitlab.com/{}.git",
    "codeberg": "https://codeberg.org/{}.git",
    "sourcehut": "https://git.sr.ht/~{}",
    "sr.ht": "https://git.sr.ht/~{}",
}


def expand_shorthand(repo: str, forges: Mapping[str, str] = FORGES) -> str:
    """Return the URL that `github:owner/name` and its like stand for in `forges`; any other text as it is."""
    if "://" in repo or repo.startswith(("git@", "/", ".")):
        return repo
    forge, colon, path = repo.partition(":")
    pattern = forges.get(forge) if colon else None
    return pattern.format(path) if pattern else repo


def source_of(dep: Dep, config: ResolverConfig | None = None) -> Fonte:
    """Return where a dependency comes from; without `:fonte`, from the default host under its name."""
    return dep.fonte or source_at((config or ResolverConfig()).default_host, dep.nome)


def source_at(host: str, nome: str) -> GitFonte:
    """Return the repository of a name at a host such as `github:owner`; one without a forge is at GitHub."""
    forge, colon, owner = host.partition(":")
    return GitFonte(f"{forge}:{owner}/{nome}" if colon else f"github:{forge}/{nome}")


def cache_key(url: str, ref: str) -> str:
    """Return the directory name under which a repository at a ref is cached: 16 hex digits."""
    return hash_bytes(f"{url}#{ref}".encode()).removeprefix(PREFIX)[:16]
