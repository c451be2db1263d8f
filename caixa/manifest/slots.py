"""The slots of `(defcaixa …)`, each declared once (DESIGN 3.1; caixa.md sections 1.2 and 1.3).

Reading, JSON, canonical printing, the STRICT rules, completion, hover and the reference table all follow from
these declarations: adding a slot is a field in `model` and an entry here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import codecs, model
from .model import Kind
from .profile import Profile
from .records import Record, Slot, Tagged
from .shapes import Boolean, Choice, Integer, ListOf, Quantity, Text

__all__ = ["BEHAVIOR", "CAIXA", "CONTRATO", "DEP", "FONTE", "LIMITS", "POLITICAS", "SLOTS", "UPGRADE_FROM"]

TEXT = Text()
TEXTS = ListOf(TEXT)
PATH = Text("path")
PATHS = ListOf(PATH)
LABEL = Text("label")
MEMBRO_NAME = Text("membro")
REQUIREMENT = Text("requirement")


def _plainly(printer: Callable[[Any], str]) -> Callable[[Any, Profile], str]:
    """Adapt a printer that is the same in both profiles."""
    return lambda value, _profile: printer(value)


SIZE = Quantity('a size such as "64MiB"', codecs.parse_bytes, _plainly(codecs.print_bytes))
DURATION = Quantity('a duration such as "30s"', codecs.parse_duration, codecs.print_duration)
CPU = Quantity('a share of a CPU such as "500m"', codecs.parse_millicores, _plainly(codecs.print_millicores))
RATE = Quantity('a rate such as "100/s"', codecs.parse_rate, _plainly(codecs.print_rate))
COUNT = Integer(highest=codecs.U32_MAX)

FONTE = Tagged(
    "tipo",
    {
        "git": Record(
            "a git source",
            model.GitFonte,
            [
                Slot(
                    "repo",
                    TEXT,
                    "The repository: a URL, or `github:owner/name`.",
                    '"github:o/x"',
                    required=True,
                ),
                Slot("tag", TEXT, "Pin to a tag.", '"v0.1.0"'),
                Slot("rev", TEXT, "Pin to a commit.", '"4f1cdc6"'),
                Slot("branch", TEXT, "Follow a branch.", '"main"'),
            ],
        ),
        "path": Record(
            "a path source",
            model.PathFonte,
            [Slot("caminho", TEXT, "A directory, relative to this package.", '"../x"', required=True)],
        ),
    },
)

DEP = Record(
    "a dependency",
    model.Dep,
    [
        Slot("nome", LABEL, "The name of the package.", '"caixa-teia"', required=True),
        Slot("versao", REQUIREMENT, "Which versions will do, as Cargo writes it.", '"^0.1"', required=True),
        Slot(
            "fonte", FONTE, "Where it comes from; the default host when absent.", '(:tipo path :caminho "../x")'
        ),
        Slot("opcional", Boolean(), "Whether it may be missing.", "#t", default=False, omit_default=True),
        Slot("caracteristicas", TEXTS, "Features to turn on.", '("tls")', default=(), omit_default=True),
    ],
)

LIMITS = Record(
    "limits",
    model.Limits,
    [
        Slot(
            "memory", SIZE, "The most memory an instance may have.", '"64MiB"', positive=True, highest=4 * 2**30
        ),
        Slot("fuel", Integer(), "How many units of work one call may do.", "1000000", positive=True),
        Slot("wall-clock", DURATION, "How long one call may take.", '"30s"', positive=True),
        Slot("cpu", CPU, "The share of a CPU, in thousandths of a core.", '"500m"', positive=True),
    ],
)

BEHAVIOR = Record(
    "a behavior",
    model.Behavior,
    [
        Slot("on-init", PATH, "Runs once, before any traffic (OTP init/1).", '"lib/init.lisp"'),
        Slot("on-call", PATH, "Answers a request (OTP handle_call/3).", '"lib/handlers.lisp"'),
        Slot("on-cast", PATH, "Takes a message that wants no answer (OTP handle_cast/2).", '"lib/cast.lisp"'),
        Slot("on-info", PATH, "Takes timers and monitor signals (OTP handle_info/2).", '"lib/info.lisp"'),
        Slot(
            "on-state-change", PATH, "Migrates the state on upgrade (OTP code_change/3).", '"lib/migrate.lisp"'
        ),
        Slot("on-terminate", PATH, "Runs before a graceful end (OTP terminate/2).", '"lib/end.lisp"'),
    ],
)

_MODULE = Slot("module", Text("module"), "The module to act on.", '"hello-rio"', required=True)
_SCRIPT = Slot("script", PATH, "The migration to run.", '"lib/migrations/v01-to-v02.lisp"', required=True)
INSTRUCTION = Tagged(
    "kind",
    {
        "load-module": Record("load-module", model.LoadModule, [_MODULE]),
        "state-change": Record("state-change", model.StateChange, [_SCRIPT]),
        "soft-purge": Record("soft-purge", model.SoftPurge, [_MODULE]),
        "purge": Record("purge", model.Purge, [_MODULE]),
        "restart": Record("restart", model.Restart, []),
    },
)

UPGRADE_FROM = Record(
    "an upgrade",
    model.UpgradeFrom,
    [
        Slot("from", Text("from-version"), "The running version that this upgrades.", '"0.1.0"', required=True),
        Slot("instructions", ListOf(INSTRUCTION), "What to do, in order.", "((:kind restart))", default=()),
    ],
)

CHILD = Record(
    "a child",
    model.Child,
    [
        Slot("caixa", LABEL, "The caixa to start.", '"worker"', required=True),
        Slot("versao", REQUIREMENT, "Which versions of it will do.", '"^0.1"', required=True),
        Slot(
            "restart",
            Choice(model.RestartKind),
            "When it is restarted.",
            "Permanent",
            default=model.RestartKind.PERMANENT,
        ),
    ],
)

MEMBRO = Record(
    "a membro",
    model.Membro,
    [
        Slot("caixa", LABEL, "The caixa that takes part.", '"catalog"', required=True),
        Slot("versao", REQUIREMENT, "Which versions of it will do.", '"^0.1"', required=True),
    ],
)

CONTRATO = Record(
    "a contrato",
    model.Contrato,
    [
        Slot("de", MEMBRO_NAME, "The member that calls.", '"cart"', required=True),
        Slot("para", MEMBRO_NAME, "The member that is called.", '"catalog"', required=True),
        Slot(
            "wit",
            Text("wit"),
            "The WIT world they speak; its prefix gives the shape.",
            '"wasi:http/proxy"',
            required=True,
        ),
        Slot("endpoint", TEXT, "The path of an HTTP contract (`wasi:http/…`).", '"/products/:id"'),
        Slot("subject", TEXT, "The subject of a pub-sub contract (`nats:…`, `kafka:…`).", '"orders.charged"'),
        Slot("slot", TEXT, "The store of a key-value contract (`wasi:keyvalue/…`).", '"sessions"'),
    ],
)

CIRCUIT_BREAKER = Record(
    "a circuit breaker",
    model.CircuitBreaker,
    [
        Slot("max-failures", COUNT, "How many failures open it.", "5", required=True, positive=True),
        Slot("window", DURATION, "Within what time.", '"60s"', required=True, positive=True),
    ],
)

POLITICAS = Record(
    "politicas",
    model.Politicas,
    [
        Slot("timeout", DURATION, "How long a call may take.", '"30s"', positive=True),
        Slot("retries", COUNT, "How often a failed call is tried again.", "3", positive=True),
        Slot("circuit-breaker", CIRCUIT_BREAKER, "When to stop calling.", '(:max-failures 5 :window "60s")'),
        Slot("mtls-required", Boolean(), "Whether both ends must prove who they are.", "#t"),
        Slot("rate-limit", RATE, "How many calls per s, m or h.", '"100/s"', positive=True),
    ],
)

PLACEMENT = Record(
    "a placement",
    model.Placement,
    [
        Slot(
            "estrategia",
            Choice(model.PlacementEstrategia),
            "On one cluster, on each, or sharded.",
            "Replicated",
            default=model.PlacementEstrategia.REPLICATED,
        ),
        Slot("clusters", ListOf(LABEL), "The clusters to run on.", '("rio" "mar")', default=()),
        Slot("affinity", TEXT, "A hint for placing instances.", '"data-locality"'),
        Slot("shard-key", TEXT, "What entities are spread by.", '"$tenantId"'),
    ],
)

ENTRADA = Record(
    "an entrada",
    model.Entrada,
    [
        Slot("host", TEXT, "The host name that the world uses.", '"checkout.quero.cloud"', required=True),
        Slot("para", MEMBRO_NAME, "The member that answers.", '"cart"', required=True),
        Slot("paths", TEXTS, "The paths that are let in.", '("/api/cart")', default=()),
        Slot("port", Integer(highest=65535), "The port of that member.", "8080", default=8080, positive=True),
    ],
)

_CODE = (Kind.BIBLIOTECA, Kind.BINARIO, Kind.SERVICO)
_BINARIO, _SERVICO = (Kind.BINARIO,), (Kind.SERVICO,)
_SUPERVISOR, _APLICACAO = (Kind.SUPERVISOR,), (Kind.APLICACAO,)

CAIXA = Record(
    "a caixa",
    model.Caixa,
    [
        Slot("nome", LABEL, "The name of the package, a DNS label.", '"hello-rio"', required=True),
        Slot("versao", Text("version"), "Its version, as SemVer has it.", '"0.1.0"', required=True),
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
            kinds=_SUPERVISOR,
        ),
        Slot(
            "restart-window",
            Text("duration"),
            "The time in which restarts are counted; never forgotten when absent.",
            '"60s"',
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
    ],
)
SLOTS = CAIXA.slots
