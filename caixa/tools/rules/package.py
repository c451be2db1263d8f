"""The rules on a package as a whole: its lock, its mesh, and the invariants of a repository."""

from __future__ import annotations

from typing import Final

from caixa.lisp.diagnostics import Severity

from .rule import Rule, Where

__all__ = ["PACKAGE"]


def _files(**files: str) -> str:
    """Return an example package: each file after a line with its path."""
    names = {"manifest": "caixa.lisp", "lock": "lacre.lisp", "library": "lib/x.lisp", "unit": "servicos/x.yaml"}
    return "\n".join(f"==> {names.get(name, name)}\n{text}" for name, text in files.items())


_HEAD: Final = '(defcaixa :nome "x" :versao "0.1.0" :descricao "Greets." '
_DEP: Final = _HEAD + ':kind Biblioteca :deps ((:nome "y" :versao "^0.1" :fonte (:tipo path :caminho "../y"))))'
_MESH: Final = (
    _HEAD + ":kind Aplicacao"
    ' :membros ((:caixa "cart" :versao "*") (:caixa "stock" :versao "*") (:caixa "audit" :versao "*"))'
    ' :contratos ((:de "cart" :para "stock" :wit "wasi:http/proxy" :endpoint "/a")'
    ' (:de "{}" :para "stock" :wit "wasi:http/proxy" :endpoint "/b"))'
    ' :entrada (:host "shop.example" :para "cart") :placement (:clusters ("rio")))'
)
_LOCK: Final = (
    '(deflacre :versao-lacre "0.1.0" :raiz "{}" :entradas ((:nome "{}" :versao "0.1.0"'
    ' :fonte (:tipo path :caminho "../y") :conteudo "blake3:0" :fechamento "blake3:1")))'
)
_LIB: Final = _HEAD + ':kind Biblioteca :bibliotecas ("lib/x.lisp"))'
_UNLISTED: Final = _HEAD + ":kind Biblioteca)"

PACKAGE: Final = (
    Rule(
        "stale-lock",
        Severity.WARNING,
        "The lock has an entry for each dependency, at a version that the manifest allows.",
        "Run `feira resolve`.",
        _files(manifest=_DEP),
        _files(manifest=_DEP, lock=_LOCK.format("blake3:0", "z")),
        where=Where.PACKAGE,
    ),
    Rule(
        "unused-contract",
        Severity.INFO,
        "A request can reach the caller of each contract, from the entrance of the mesh.",
        "Remove the contract, or let something reach its caller.",
        _files(manifest=_MESH.format("cart")),
        _files(manifest=_MESH.format("audit")),
        where=Where.PACKAGE,
    ),
    Rule(
        "manifest-membership",
        Severity.WARNING,
        "Every source under lib/, exe/ and servicos/ is named by the manifest, or required by one that is.",
        "Name it in the manifest, or remove the file.",
        _files(manifest=_LIB, library="(define x 1)"),
        _files(manifest=_LIB, library="(define x 1)", **{"lib/y.lisp": "(define y 1)"}),
        where=Where.PACKAGE,
        is_strict=True,
    ),
    Rule(
        "claude-md-pointer",
        Severity.WARNING,
        "CLAUDE.md, where there is one, points at the manifest.",
        "Mention caixa.lisp in it.",
        _files(manifest=_UNLISTED, **{"CLAUDE.md": "See caixa.lisp."}),
        _files(manifest=_UNLISTED, **{"CLAUDE.md": "A package."}),
        where=Where.PACKAGE,
        is_strict=True,
    ),
    Rule(
        "hand-roll",
        Severity.WARNING,
        "What is rendered from the manifest is not written by hand: charts, Flux objects and flakes.",
        "Render it with `feira chart` or `feira deploy`.",
        _files(manifest=_UNLISTED),
        _files(manifest=_UNLISTED, **{"chart/Chart.yaml": "name: x"}),
        where=Where.PACKAGE,
        is_strict=True,
    ),
    Rule(
        "deployment-coverage",
        Severity.WARNING,
        "A Servico has limits, and says what it does when it is called.",
        "Add :limits and :behavior.",
        _files(
            manifest=_HEAD + ':kind Servico :servicos ("servicos/x.yaml") :limits (:memory "64MiB")'
            ' :behavior (:on-call "lib/x.lisp"))'
        ),
        _files(manifest=_HEAD + ':kind Servico :servicos ("servicos/x.yaml"))'),
        where=Where.PACKAGE,
        is_strict=True,
    ),
    Rule(
        "module-trio-adoption",
        Severity.WARNING,
        "A flake with modules for one kind of system (NixOS, nix-darwin, home-manager) has them for all three.",
        "Export the modules that are missing.",
        _files(
            manifest=_UNLISTED,
            **{"flake.nix": "{ nixosModules = {}; darwinModules = {}; homeManagerModules = {}; }"},
        ),
        _files(manifest=_UNLISTED, **{"flake.nix": "{ nixosModules = {}; }"}),
        where=Where.PACKAGE,
        is_strict=True,
    ),
    Rule(
        "caixa-naivete",
        Severity.WARNING,
        "A folder that is laid out as a package (lib/, exe/ or servicos/ with sources) has a manifest.",
        "Write its caixa.lisp, or move the sources into the package around it.",
        _files(manifest=_UNLISTED, **{"inner/caixa.lisp": _UNLISTED, "inner/lib/x.lisp": "(define x 1)"}),
        _files(manifest=_UNLISTED, **{"inner/lib/x.lisp": "(define x 1)"}),
        where=Where.PACKAGE,
        is_strict=True,
    ),
)
