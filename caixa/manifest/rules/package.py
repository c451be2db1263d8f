"""The rules on a package: its files, its kind, and what belongs to every kind."""

from __future__ import annotations

from typing import Final

from caixa.lisp.diagnostics import Severity

from .rule import Rule, Where

__all__ = ["PACKAGE"]

_LIBRARY = "lib/x.lisp"

_FILES: Final = (
    Rule(
        "missing-manifest",
        Where.FILES,
        "A package is a directory with a caixa.lisp.",
        "Give the directory of a package, or make one with `feira init`.",
        "caixa.lisp\nlib/x.lisp",
        "lib/x.lisp",
        is_april=True,
    ),
    Rule(
        "unreadable-package",
        Where.FILES,
        "Every file of a package is a file that can be read, and the manifest is UTF-8.",
        "Put a readable file in its place.",
        "caixa.lisp\nlib/x.lisp",
        "caixa.lisp/\nlib/x.lisp",
        is_april=True,
    ),
    Rule(
        "unsafe-path",
        Where.FILES,
        "No path and no link leads out of the package.",
        "Copy what it points at into the package, or remove it.",
        "caixa.lisp\nlib/x.lisp\nlib/y.lisp -> x.lisp",
        "caixa.lisp\nlib/x.lisp -> ../../x.lisp",
        is_april=True,
    ),
    Rule(
        "missing-entry",
        Where.BIBLIOTECA,
        "What a manifest names is there.",
        "Create the file, or name another.",
        ':bibliotecas ("lib/x.lisp")',
        ':bibliotecas ("lib/y.lisp")',
        files=(_LIBRARY,),
        is_april=True,
    ),
    Rule(
        "missing-lib",
        Where.BIBLIOTECA,
        "A Biblioteca that names no :bibliotecas is the one file lib/<nome>.lisp.",
        "Create that file, or name the libraries.",
        ':nome "x"',
        ':nome "y"',
        files=(_LIBRARY,),
        is_april=True,
    ),
    Rule(
        "path-outside-package",
        Where.SERVICO,
        "A path leads to a file of the package, once `.` and `..` are taken out.",
        "Write a path relative to caixa.lisp, without `..`.",
        ':behavior (:on-init "lib/init.lisp")',
        ':behavior (:on-init "lib/../../init.lisp")',
    ),
    Rule(
        "exe-outside-dir",
        Where.BINARIO,
        "Programs live under exe/.",
        "Move it to exe/.",
        ':exe ("exe/x.lisp")',
        ':exe ("bin/x.lisp")',
        files=("exe/x.lisp", "bin/x.lisp"),
        is_april=True,
    ),
    Rule(
        "servico-outside-dir",
        Where.SERVICO,
        "ComputeUnits live under servicos/.",
        "Move it to servicos/.",
        ':servicos ("servicos/x.yaml")',
        ':servicos ("x.yaml")',
        files=("servicos/x.yaml", "x.yaml"),
        is_april=True,
    ),
)

_KINDS: Final = (
    Rule(
        "supervisor-owns-code",
        Where.SUPERVISOR,
        "A Supervisor only joins other caixas together, and has no code.",
        "Move the code to a caixa of its own.",
        "",
        ':exe ("exe/x.lisp")',
        files=("exe/x.lisp",),
        is_april=True,
    ),
    Rule(
        "aplicacao-owns-code",
        Where.APLICACAO,
        "An Aplicacao only joins other caixas together, and has no code.",
        "Move the code to a caixa of its own.",
        "",
        ':bibliotecas ("lib/x.lisp")',
        files=(_LIBRARY,),
        is_april=True,
    ),
    Rule(
        "binario-without-exe",
        Where.BINARIO,
        "A Binario names at least one program.",
        'Add :exe ("exe/main.lisp").',
        ':exe ("exe/x.lisp")',
        ":exe ()",
        files=("exe/x.lisp",),
        is_april=True,
    ),
    Rule(
        "servico-without-servicos",
        Where.SERVICO,
        "A Servico names its ComputeUnit.",
        'Add :servicos ("servicos/<nome>.computeunit.yaml").',
        ':servicos ("servicos/x.yaml")',
        ":servicos ()",
        files=("servicos/x.yaml",),
        is_april=True,
    ),
    Rule(
        "slot-unused",
        Where.SERVICO,
        "A slot is one that the kind of caixa uses.",
        "Remove it, or change :kind.",
        ':limits (:memory "64MiB")',
        ':children ((:caixa "worker" :versao "^0.1"))',
        severity=Severity.WARNING,
        mends=True,
    ),
)

_LISTS: Final = (
    Rule(
        "dep-duplicate",
        Where.BIBLIOTECA,
        "A dependency is listed once.",
        "Remove one of them.",
        ':deps ((:nome "a" :versao "^1"))',
        ':deps ((:nome "a" :versao "^1") (:nome "a" :versao "^2"))',
    ),
    Rule(
        "dep-is-self",
        Where.BIBLIOTECA,
        "A package does not need itself.",
        "Remove it.",
        ':nome "x" :deps ((:nome "a" :versao "^1"))',
        ':nome "x" :deps ((:nome "x" :versao "^1"))',
        severity=Severity.WARNING,  # that the resolver cannot order it is the error
    ),
    Rule(
        "fonte-many-pins",
        Where.BIBLIOTECA,
        "A git source is pinned by one of :tag, :rev and :branch.",
        "Keep one of them.",
        ':deps ((:nome "a" :versao "^1" :fonte (:tipo git :repo "github:o/a" :tag "v1")))',
        ':deps ((:nome "a" :versao "^1" :fonte (:tipo git :repo "github:o/a" :tag "v1" :branch "main")))',
        severity=Severity.WARNING,
    ),
    Rule(
        "path-duplicate",
        Where.BIBLIOTECA,
        "A file is listed once.",
        "Remove one of them.",
        ':bibliotecas ("lib/x.lisp")',
        ':bibliotecas ("lib/x.lisp" "lib/./x.lisp")',
        mends=True,
    ),
)

PACKAGE: Final = _FILES + _KINDS + _LISTS
