"""The slots of `(defcaixa …)`, each declared once (DESIGN 3.1; caixa.md section 1.2).

Reading, JSON, canonical printing, the rules on one value, completion, hover, the reference table and what
`feira explain` says all follow from these declarations: adding a slot is a field in `model` and an entry here.
"""

from __future__ import annotations

from . import codecs, model
from .model import Kind
from .parts import (
    BEHAVIOR,
    CHILD,
    CONTRATO,
    DEP,
    ENTRADA,
    FONTE,
    HOUR,
    LABEL,
    LIMITS,
    MEMBRO,
    MIGRATION,
    PATH,
    PATHS,
    PLACEMENT,
    POLITICAS,
    STATE_FIELD,
    TEXT,
    TEXTS,
    UPGRADE_FROM,
    VERSION,
)
from .records import Record, Slot
from .shapes import Choice, Integer, ListOf, Text

__all__ = [
    "BEHAVIOR",
    "CAIXA",
    "CHILD",
    "CONTRATO",
    "DEP",
    "FONTE",
    "LIMITS",
    "POLITICAS",
    "SLOTS",
    "UPGRADE_FROM",
]

_CODE = (Kind.BIBLIOTECA, Kind.BINARIO, Kind.SERVICO)
_BINARIO, _SERVICO = (Kind.BINARIO,), (Kind.SERVICO,)
_SUPERVISOR, _APLICACAO = (Kind.SUPERVISOR,), (Kind.APLICACAO,)

CAIXA = Record(
    "a caixa",
    model.Caixa,
    [
        Slot("nome", LABEL, "The name of the package, a DNS label.", '"hello-rio"', required=True),
        Slot("versao", VERSION, "Its version, as SemVer has it.", '"0.1.0"', required=True),
        Slot("kind", Choice(Kind), "What it is.", "Servico", required=True),
        Slot("edicao", TEXT, "The edition of the language.", '"2026"'),
        Slot("descricao", TEXT, "One sentence on what it does.", '"A greeting service."'),
        Slot("repositorio", TEXT, "Where its source lives.", '"github:pleme-io/hello-rio"'),
        Slot("licenca", TEXT, "Its licence, as an SPDX identifier.", '"MIT"'),
        Slot("autores", TEXTS, "Who made it.", '("alice")', default=()),
        Slot("etiquetas", TEXTS, "Words to find it by.", '("http" "demo")', default=()),
        Slot(
            "deps", ListOf(DEP), "The packages it needs.", '((:nome "caixa-teia" :versao "^0.1"))', default=()
        ),
        Slot(
            "deps-dev", ListOf(DEP), "The packages its tests need.", '((:nome "check" :versao "*"))', default=()
        ),
        Slot("exe", PATHS, "Its programs, under exe/.", '("exe/tool.lisp")', default=(), kinds=_BINARIO),
        Slot(
            "bibliotecas",
            PATHS,
            "Its libraries; lib/<nome>.lisp when none is named.",
            '("lib/x.lisp")',
            default=(),
            kinds=_CODE,
        ),
        Slot(
            "servicos",
            PATHS,
            "Its ComputeUnits, under servicos/.",
            '("servicos/x.computeunit.yaml")',
            default=(),
            kinds=_SERVICO,
        ),
        Slot("limits", LIMITS, "What one instance may use.", '(:memory "64MiB" :fuel 1000000)', kinds=_SERVICO),
        Slot(
            "behavior",
            BEHAVIOR,
            "Its callbacks, as an OTP actor has them.",
            '(:on-call "lib/handlers.lisp")',
            kinds=_SERVICO,
        ),
        Slot(
            "upgrade-from",
            ListOf(UPGRADE_FROM),
            "How running versions become this one.",
            '((:from "0.1.0" :instructions ((:kind restart))))',
            default=(),
            kinds=_SERVICO,
        ),
        Slot(
            "estrategia",
            Choice(model.Estrategia),
            "Which children restart when one fails.",
            "OneForOne",
            kinds=_SUPERVISOR,
        ),
        Slot(
            "max-restarts",
            Integer(highest=codecs.U32_MAX, wraps=True),
            "How many restarts within the window are too many; 5 when absent.",
            "5",
            highest=1000,
            kinds=_SUPERVISOR,
        ),
        Slot(
            "restart-window",
            Text("duration"),
            "The time in which restarts are counted; never forgotten when absent.",
            '"60s"',
            positive=True,
            highest=HOUR,
            kinds=_SUPERVISOR,
        ),
        Slot(
            "children",
            ListOf(CHILD),
            "The caixas it starts and watches.",
            '((:caixa "worker" :versao "^0.1" :restart Permanent))',
            default=(),
            kinds=_SUPERVISOR,
        ),
        Slot(
            "membros",
            ListOf(MEMBRO),
            "The caixas that take part in the mesh.",
            '((:caixa "cart" :versao "^0.1"))',
            default=(),
            kinds=_APLICACAO,
        ),
        Slot(
            "contratos",
            ListOf(CONTRATO),
            "The edges that are allowed; all else is refused.",
            '((:de "cart" :para "catalog" :wit "wasi:http/proxy" :endpoint "/products/:id"))',
            default=(),
            kinds=_APLICACAO,
        ),
        Slot(
            "politicas",
            POLITICAS,
            "What holds on every edge.",
            '(:timeout "30s" :retries 3 :mtls-required #t)',
            kinds=_APLICACAO,
        ),
        Slot(
            "placement",
            PLACEMENT,
            "Where the mesh runs.",
            '(:estrategia Replicated :clusters ("rio"))',
            kinds=_APLICACAO,
        ),
        Slot(
            "entrada",
            ENTRADA,
            "The door for requests from outside.",
            '(:host "shop.example" :para "cart")',
            kinds=_APLICACAO,
        ),
        Slot(
            "capabilities",
            ListOf(Text("capability")),
            "What it may do and where, as tokens; they go into its ComputeUnit.",
            '("http-in:0.0.0.0:8080" "fs:/data:ro")',
            default=(),
            kinds=(Kind.BINARIO, Kind.SERVICO),
            omit_default=True,
            later=True,
        ),
        Slot(
            "state-schema",
            ListOf(STATE_FIELD),
            "The fields of its state, from which migrations are derived.",
            '((:nome "visits" :tipo Int :padrao 0))',
            default=(),
            kinds=_SERVICO,
            omit_default=True,
            later=True,
        ),
        Slot(
            "schema-migrations",
            ListOf(MIGRATION),
            "How a state of an older version becomes one of this.",
            '((:from "0.1.0" :to "0.2.0" :script "lib/migrations/v01-to-v02.lisp"))',
            default=(),
            kinds=_SERVICO,
            omit_default=True,
            later=True,
        ),
        Slot(
            "snapshot",
            PATH,
            "Gives the state of an instance that is to be replaced or moved.",
            '"lib/snapshot.lisp"',
            kinds=_SERVICO,
            later=True,
        ),
        Slot(
            "receive-state",
            PATH,
            "Takes the state that `:snapshot` gave.",
            '"lib/receive-state.lisp"',
            kinds=_SERVICO,
            later=True,
        ),
        Slot(
            "activation",
            Choice(model.Activation),
            "Whether instances are there always, on demand, or as one for all.",
            "OnDemand",
            kinds=_SERVICO,
            later=True,
        ),
        Slot(
            "on-capability-miss",
            PATH,
            "Decides what happens when it asks for what it was not granted.",
            '"lib/on-miss.lisp"',
            kinds=_SERVICO,
            later=True,
        ),
    ],
)
SLOTS = CAIXA.slots
