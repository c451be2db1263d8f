"""The rules on what runs: upgrades, the state of a Servico, and its supervision."""

from __future__ import annotations

from typing import Final

from caixa.lisp.diagnostics import Severity

from .rule import Rule, Where

__all__ = ["ACTORS"]

_FIELD = '(:nome "visits" :tipo Int :padrao 0)'

_UPGRADES: Final = (
    Rule(
        "bad-from-version",
        Where.SERVICO,
        "An upgrade says from which version, as SemVer has it.",
        'Write it as in "0.1.0".',
        ':upgrade-from ((:from "0.0.9"))',
        ':upgrade-from ((:from "v0.0.9"))',
        mends=True,
    ),
    Rule(
        "empty-module",
        Where.SERVICO,
        "An instruction names the module to act on.",
        "Write the name of the module.",
        ':upgrade-from ((:from "0.0.9" :instructions ((:kind purge :module "x"))))',
        ':upgrade-from ((:from "0.0.9" :instructions ((:kind purge :module ""))))',
    ),
    Rule(
        "empty-script",
        Where.SERVICO,
        "A state-change names its script.",
        "Write the path of the script.",
        ':upgrade-from ((:from "0.0.9" :instructions ((:kind state-change :script "lib/up.lisp"))))',
        ':upgrade-from ((:from "0.0.9" :instructions ((:kind state-change :script ""))))',
    ),
    Rule(
        "upgrade-from-duplicate",
        Where.SERVICO,
        "There is one upgrade from a version.",
        "Remove one of them.",
        ':upgrade-from ((:from "0.0.8") (:from "0.0.9"))',
        ':upgrade-from ((:from "0.0.9") (:from "0.0.9"))',
    ),
    Rule(
        "upgrade-from-not-older",
        Where.SERVICO,
        "An upgrade comes from a version below that of the package.",
        "Write the version that runs now.",
        ':versao "0.2.0" :upgrade-from ((:from "0.1.0"))',
        ':versao "0.2.0" :upgrade-from ((:from "0.2.0"))',
        severity=Severity.WARNING,
    ),
)

_STATE: Final = (
    Rule(
        "capability-duplicate",
        Where.SERVICO,
        "A capability is granted once.",
        "Remove one of them.",
        ':capabilities ("cap-time")',
        ':capabilities ("cap-time" "cap-time")',
        mends=True,
    ),
    Rule(
        "state-field-duplicate",
        Where.SERVICO,
        "A field of the state has a name of its own.",
        "Rename one of them.",
        f":state-schema ({_FIELD})",
        f":state-schema ({_FIELD} {_FIELD})",
    ),
    Rule(
        "state-field-padrao-mistyped",
        Where.SERVICO,
        "The :padrao of a field is of the field's :tipo.",
        "Write a value of that type, or change the type.",
        f":state-schema ({_FIELD})",
        ':state-schema ((:nome "visits" :tipo Int :padrao "none"))',
    ),
    Rule(
        "migration-not-forward",
        Where.SERVICO,
        "A migration leads to a later version.",
        "Exchange :from and :to, or give the way back as :inverse.",
        ':schema-migrations ((:from "0.1.0" :to "0.2.0" :script "lib/up.lisp"))',
        ':schema-migrations ((:from "0.2.0" :to "0.1.0" :script "lib/up.lisp"))',
    ),
    Rule(
        "migration-duplicate",
        Where.SERVICO,
        "There is one migration from a version.",
        "Remove one of them.",
        ':schema-migrations ((:from "0.1.0" :to "0.2.0" :script "lib/up.lisp"))',
        ':schema-migrations ((:from "0.1.0" :to "0.2.0" :script "lib/up.lisp")'
        ' (:from "0.1.0" :to "0.3.0" :script "lib/up3.lisp"))',
    ),
    Rule(
        "snapshot-one-sided",
        Where.SERVICO,
        "State is moved by two hooks: :snapshot gives it, :receive-state takes it.",
        "Declare both, or neither.",
        ':snapshot "lib/snapshot.lisp" :receive-state "lib/receive.lisp"',
        ':snapshot "lib/snapshot.lisp"',
        severity=Severity.WARNING,
    ),
)

_SUPERVISION: Final = (
    Rule(
        "simple-one-for-one-with-static-children",
        Where.SUPERVISOR,
        "A SimpleOneForOne supervisor starts its children on demand, and lists none.",
        "Remove :children, or choose another :estrategia.",
        ":estrategia SimpleOneForOne :children ()",
        ':estrategia SimpleOneForOne :children ((:caixa "worker" :versao "^0.1"))',
        is_april=True,
    ),
    Rule(
        "no-children",
        Where.SUPERVISOR,
        "A supervisor has children to restart.",
        'Add :children ((:caixa "worker" :versao "^0.1")).',
        ':children ((:caixa "worker" :versao "^0.1"))',
        ":children ()",
        is_april=True,
    ),
    Rule(
        "zero-max-restarts",
        Where.SUPERVISOR,
        "A supervisor may restart at least once.",
        "Write 1 or more.",
        ":max-restarts 5",
        ":max-restarts 0",
        is_april=True,
    ),
    Rule(
        "empty-child-name",
        Where.SUPERVISOR,
        "A child names its caixa.",
        "Write the name of the caixa.",
        ':children ((:caixa "worker" :versao "^0.1"))',
        ':children ((:caixa "" :versao "^0.1"))',
        is_april=True,
    ),
    Rule(
        "empty-child-version",
        Where.SUPERVISOR,
        "A child says which versions will do.",
        'Write a requirement, as in "^0.1".',
        ':children ((:caixa "worker" :versao "^0.1"))',
        ':children ((:caixa "worker" :versao ""))',
        is_april=True,
    ),
    Rule(
        "child-duplicate",
        Where.SUPERVISOR,
        "A child is listed once.",
        "Remove one of them.",
        ':children ((:caixa "a" :versao "*") (:caixa "b" :versao "*"))',
        ':children ((:caixa "a" :versao "*") (:caixa "a" :versao "^1"))',
    ),
    Rule(
        "child-is-self",
        Where.SUPERVISOR,
        "A supervisor is not its own child.",
        "Remove it.",
        ':nome "tree" :children ((:caixa "worker" :versao "*"))',
        ':nome "tree" :children ((:caixa "tree" :versao "*"))',
    ),
)

ACTORS: Final = _UPGRADES + _STATE + _SUPERVISION
