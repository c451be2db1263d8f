"""The older system's resolver as caixa.md section 3.4 states it, defects and all, to hold ours against.

Breadth first; the first source seen for a name wins; refs reach git unguarded; nothing is locked.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from caixa.lacre.closure import fechamento, raiz
from caixa.lacre.digest import hash_bytes
from caixa.lacre.sources import cache_key, expand_shorthand, source_of
from caixa.manifest.model import Dep, Fonte, PathFonte
from caixa.manifest.package import Package
from caixa.manifest.profile import Profile


class MissingPin(Exception):
    """A git source without rev, tag and branch."""


class MissingPath(Exception):
    """A path source that is not there."""


@dataclass
class Node:
    """A package as it is locked."""

    versao: str
    conteudo: str
    needs: list[str]
    fechamento: str = ""


class OlderResolver:
    """Resolves with one cache; `forges` say what the shorthands stand for, `at` is the working directory."""

    def __init__(self, cache: Path, forges: Mapping[str, str], at: Path):
        self.cache, self.forges, self.at = cache, forges, at

    def resolve(self, root: Package) -> dict[str, Node]:
        queue, found = list(root.caixa.deps), {}
        while queue:
            dep = queue.pop(0)
            if dep.nome in found:
                continue
            conteudo, package = self.fetch(dep, source_of(dep))
            needs = [each.nome for each in package.caixa.deps]
            found[dep.nome] = Node(package.caixa.versao, conteudo, needs)
            queue += package.caixa.deps
        self.close(found)
        return found

    def fetch(self, dep: Dep, fonte: Fonte) -> tuple[str, Package]:
        if isinstance(fonte, PathFonte):
            text = self.at / fonte.caminho / "caixa.lisp"
            if not text.is_file():
                raise MissingPath(dep.nome)
            return f"path:{fonte.caminho}", Package.from_text(text.read_text(), profile=Profile.APRIL)
        ref = fonte.rev or fonte.tag or fonte.branch
        if ref is None:
            raise MissingPin(dep.nome)
        url = expand_shorthand(fonte.repo, self.forges)
        clone = self.cache / "sources" / cache_key(url, ref)
        if (clone / ".git").exists():
            self.git(clone, "fetch", "--tags", "--prune", "--force")
        else:
            self.cache.mkdir(parents=True, exist_ok=True)
            self.git(self.cache, "clone", "--quiet", "--no-checkout", url, str(clone))
        self.git(clone, "checkout", "--quiet", "--detach", ref)
        rev = self.git(clone, "rev-parse", "HEAD").strip()
        text = (clone / "caixa.lisp").read_text()
        return f"git:{rev}", Package.from_text(text, profile=Profile.APRIL)

    def git(self, directory: Path, *words: str) -> str:
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.cache), "LC_ALL": "C"}
        done = subprocess.run(
            ["git", *words], cwd=directory, env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    @staticmethod
    def close(found: dict[str, Node]) -> None:
        for _ in found:
            for node in found.values():
                children = [found[need].fechamento for need in node.needs]
                if all(children):
                    node.fechamento = fechamento(node.conteudo, children)
        for node in found.values():
            node.fechamento = node.fechamento or hash_bytes(b"unresolved")

    @staticmethod
    def root(found: dict[str, Node]) -> str:
        return raiz((nome, node.fechamento) for nome, node in found.items())
