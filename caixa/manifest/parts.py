"""The values within slots, each key declared once (DESIGN 3.1; caixa.md section 1.3).

The slots of the form itself are in `slots`, and are declared in the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import codecs, model
from .profile import Profile
from .records import Record, Slot, Tagged
from .shapes import Boolean, Choice, Integer, ListOf, Literal, Quantity, Text

__all__ = [
    "BEHAVIOR",
    "CHILD",
    "CONTRATO",
    "COUNT",
    "DEP",
    "ENTRADA",
    "FONTE",
    "HOUR",
    "LABEL",
    "LIMITS",
    "MEMBRO",
    "MIGRATION",
    "PATH",
    "PATHS",
    "PLACEMENT",
    "POLITICAS",
    "STATE_FIELD",
    "TEXT",
    "TEXTS",
    "UPGRADE_FROM",
    "VERSION",
]

TEXT = Text()
TEXTS = ListOf(TEXT)
PATH = Text("path")
PATHS = ListOf(PATH)
LABEL = Text("label")
MEMBRO_NAME = Text("membro")
REQUIREMENT = Text("requirement")
VERSION = Text("version")


def _plainly(printer: Callable[[Any], str]) -> Callable[[Any, Profile], str]:
    """Adapt a printer that is the same in both profiles."""
    return lambda value, _profile: printer(value)


SIZE = Quantity('a size such as "64MiB"', codecs.parse_bytes, _plainly(codecs.print_bytes), is_whole=True)
DURATION = Quantity('a duration such as "30s"', codecs.parse_duration, codecs.print_duration, is_whole=True)
CPU = Quantity('a share of a CPU such as "500m"', codecs.parse_millicores, _plainly(codecs.print_millicores))
RATE = Quantity(
    'a rate such as "100/s"',
    codecs.parse_rate,
    _plainly(codecs.print_rate),
    lambda rate: model.RateLimit(rate, 1),
)
COUNT = Integer(highest=codecs.U32_MAX)
HOUR = 3600 * 10**9  # ns: the longest time that the later system takes anywhere

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
        Slot(
            "fuel",
            Integer(),
            "How many units of work one call may do.",
            "1000000",
            positive=True,
            highest=10**12,
        ),
        Slot("wall-clock", DURATION, "How long one call may take.", '"30s"', positive=True, highest=HOUR),
        Slot(
            "cpu",
            CPU,
            "The share of a CPU, in thousandths of a core.",
            '"500m"',
            positive=True,
            highest=128_000,
        ),
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

_MODULE = Slot(
    "module", Text("module"), "The module to act on.", '"hello-rio"', required=True, rule="upgrade-module"
)
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

STATE_FIELD = Record(
    "a state field",
    model.StateField,
    [
        Slot("nome", Text("word"), "The name of the field.", '"visits"', required=True),
        Slot("tipo", Choice(model.StateType), "What it holds.", "Int", required=True),
        Slot("padrao", Literal(), "What it is in a state that does not have it yet.", "0"),
        Slot("antes", Text("word"), "What it was called in the version before.", '"hits"'),
    ],
)

MIGRATION = Record(
    "a migration",
    model.Migration,
    [
        Slot("from", VERSION, "The version of the state that it takes.", '"0.1.0"', required=True),
        Slot("to", VERSION, "The version of the state that it makes.", '"0.9.0"', required=True),
        Slot("script", PATH, "The source that does it.", '"lib/migrations/v01-to-v02.lisp"', required=True),
        Slot("inverse", PATH, "The source that leads back.", '"lib/migrations/v02-to-v01.lisp"'),
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

CIRCUIT_BREAKER = Record(
    "a circuit breaker",
    model.CircuitBreaker,
    [
        Slot(
            "max-failures", COUNT, "How many failures open it.", "5", required=True, positive=True, highest=1000
        ),
        Slot("window", DURATION, "Within what time.", '"60s"', required=True, positive=True, highest=HOUR),
    ],
)

POLITICAS = Record(
    "politicas",
    model.Politicas,
    [
        Slot("timeout", DURATION, "How long a call may take.", '"30s"', positive=True, highest=HOUR),
        Slot("retries", COUNT, "How often a failed call is tried again.", "3", positive=True, highest=10),
        Slot("circuit-breaker", CIRCUIT_BREAKER, "When to stop calling.", '(:max-failures 5 :window "60s")'),
        Slot("mtls-required", Boolean(), "Whether both ends must prove who they are.", "#t"),
        Slot("rate-limit", RATE, "How many calls per s, m or h.", '"100/s"', positive=True, highest=10**6),
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
        Slot(
            "method",
            Choice(model.HttpMethod),
            "The one method of an HTTP contract. Without it, any.",
            "GET",
            later=True,
        ),
        Slot(
            "politicas",
            POLITICAS,
            "What holds on this edge in place of what the mesh sets.",
            '(:timeout "5s")',
            later=True,
        ),
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
