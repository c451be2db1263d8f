"""A package as a value: what `(defcaixa …)` means once it is read (caixa.md sections 1.2 and 1.3).

Field names are the keywords in snake_case, lists are tuples, and sizes and durations are numbers. Nothing here
knows how it is written: the slots are declared in `slots`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

__all__ = [
    "Activation",
    "Behavior",
    "Caixa",
    "Child",
    "CircuitBreaker",
    "Contrato",
    "ContratoShape",
    "Dep",
    "Entrada",
    "Estrategia",
    "Fonte",
    "GitFonte",
    "HttpMethod",
    "Instruction",
    "Kind",
    "Limits",
    "LoadModule",
    "Membro",
    "Migration",
    "PathFonte",
    "Placement",
    "PlacementEstrategia",
    "Politicas",
    "Purge",
    "RateLimit",
    "Restart",
    "RestartKind",
    "Scalar",
    "SoftPurge",
    "StateChange",
    "StateField",
    "StateType",
    "UpgradeFrom",
]


class Kind(StrEnum):
    """What a caixa is; the value is its written name."""

    BIBLIOTECA = "Biblioteca"
    BINARIO = "Binario"
    SERVICO = "Servico"
    SUPERVISOR = "Supervisor"
    APLICACAO = "Aplicacao"

    @property
    def indefinite(self) -> str:
        """The kind with its article, as in `an Aplicacao`."""
        return f"an {self}" if self[0] in "AEIOU" else f"a {self}"


class Estrategia(StrEnum):
    """Which children a supervisor restarts when one fails, as in OTP."""

    ONE_FOR_ONE = "OneForOne"
    ONE_FOR_ALL = "OneForAll"
    REST_FOR_ONE = "RestForOne"
    SIMPLE_ONE_FOR_ONE = "SimpleOneForOne"


class RestartKind(StrEnum):
    """When a child is restarted: always, never, or only after an abnormal end."""

    PERMANENT = "Permanent"
    TEMPORARY = "Temporary"
    TRANSIENT = "Transient"


class PlacementEstrategia(StrEnum):
    """On which of its clusters an Aplicacao runs."""

    SINGLE_NODE = "SingleNode"
    REPLICATED = "Replicated"
    SHARDED = "Sharded"


class Activation(StrEnum):
    """When a Servico has instances: all the time, while it is called, or one for all callers."""

    ALWAYS = "Always"
    ON_DEMAND = "OnDemand"
    SINGLETON = "Singleton"


class HttpMethod(StrEnum):
    """What an HTTP request asks for (RFC 9110 section 9; PATCH from RFC 5789)."""

    GET = "GET"
    HEAD = "HEAD"
    POST = "POST"
    PUT = "PUT"
    DELETE = "DELETE"
    CONNECT = "CONNECT"
    OPTIONS = "OPTIONS"
    TRACE = "TRACE"
    PATCH = "PATCH"


class StateType(StrEnum):
    """What a field of a Servico's state holds."""

    INT = "Int"
    FLOAT = "Float"
    BOOL = "Bool"
    STRING = "String"
    LIST = "List"
    MAP = "Map"


class ContratoShape(StrEnum):
    """What kind of traffic a contract allows; it follows from the prefix of `wit`."""

    HTTP = "Http"
    PUBSUB = "PubSub"
    STORE = "Store"
    CAPABILITY = "Capability"

    @property
    def payload_slot(self) -> str | None:
        """The slot that this shape must have, or None for a capability edge, which has none."""
        return _PAYLOAD_SLOTS.get(self)

    @property
    def is_synchronous(self) -> bool:
        """Whether the caller waits, so that a cycle of such edges is a deadlock."""
        return self is not ContratoShape.PUBSUB


_PAYLOAD_SLOTS = {ContratoShape.HTTP: "endpoint", ContratoShape.PUBSUB: "subject", ContratoShape.STORE: "slot"}
_SHAPE_PREFIXES = (
    (("wasi:http/", "http:"), ContratoShape.HTTP),
    (("nats:", "kafka:"), ContratoShape.PUBSUB),
    (("wasi:keyvalue/", "kv:"), ContratoShape.STORE),
)


@dataclass(frozen=True, slots=True)
class GitFonte:
    """A dependency's source in git: one of tag, revision or branch pins it."""

    tipo: ClassVar[str] = "git"
    repo: str
    tag: str | None = None
    rev: str | None = None
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class PathFonte:
    """A dependency's source in a directory of this machine."""

    tipo: ClassVar[str] = "path"
    caminho: str


Fonte = GitFonte | PathFonte


@dataclass(frozen=True, slots=True)
class Dep:
    """A package that this one needs; `versao` is a requirement."""

    nome: str
    versao: str
    fonte: Fonte | None = None
    opcional: bool = False
    caracteristicas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What one instance may use: bytes, fuel units, nanoseconds, millicores. None is no limit."""

    memory: int | None = None
    fuel: int | None = None
    wall_clock: int | None = None
    cpu: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is limited."""
        return self == Limits()


@dataclass(frozen=True, slots=True)
class Behavior:
    """The six callbacks of an actor, each the path of a source in the package."""

    on_init: str | None = None
    on_call: str | None = None
    on_cast: str | None = None
    on_info: str | None = None
    on_state_change: str | None = None
    on_terminate: str | None = None

    @property
    def declared(self) -> tuple[tuple[str, str], ...]:
        """The callbacks that are set, as (field, path), in their order."""
        paths = ((name, getattr(self, name)) for name in self.__dataclass_fields__)
        return tuple((name, path) for name, path in paths if path is not None)


@dataclass(frozen=True, slots=True)
class LoadModule:
    """Load the new version beside the old."""

    kind: ClassVar[str] = "load-module"
    module: str


@dataclass(frozen=True, slots=True)
class StateChange:
    """Run a script that turns the old state into the new."""

    kind: ClassVar[str] = "state-change"
    script: str


@dataclass(frozen=True, slots=True)
class SoftPurge:
    """Let a module finish what it does, then drop it."""

    kind: ClassVar[str] = "soft-purge"
    module: str


@dataclass(frozen=True, slots=True)
class Purge:
    """Drop a module at once."""

    kind: ClassVar[str] = "purge"
    module: str


@dataclass(frozen=True, slots=True)
class Restart:
    """Stop the old version and start the new."""

    kind: ClassVar[str] = "restart"


Instruction = LoadModule | StateChange | SoftPurge | Purge | Restart


@dataclass(frozen=True, slots=True)
class UpgradeFrom:
    """How a running instance of version `from_` becomes this version."""

    from_: str
    instructions: tuple[Instruction, ...] = ()


Scalar = bool | int | float | str


@dataclass(frozen=True, slots=True)
class StateField:
    """A field of a Servico's state: what a migration adds it with (`padrao`), and what it was called before."""

    nome: str
    tipo: StateType
    padrao: Scalar | None = None
    antes: str | None = None


@dataclass(frozen=True, slots=True)
class Migration:
    """A script that takes a state of version `from_` to version `to`; `inverse` leads back."""

    from_: str
    to: str
    script: str
    inverse: str | None = None


@dataclass(frozen=True, slots=True)
class Child:
    """A caixa that a supervisor starts and watches."""

    caixa: str
    versao: str
    restart: RestartKind = RestartKind.PERMANENT


@dataclass(frozen=True, slots=True)
class Membro:
    """A caixa that takes part in a mesh."""

    caixa: str
    versao: str


@dataclass(frozen=True, slots=True)
class Contrato:
    """An allowed edge of a mesh, from `de` to `para`, over the WIT world `wit`.

    `method` is the only one that an HTTP contract allows; without it, any. What its own `politicas` set holds
    on this edge in place of what the mesh sets.
    """

    de: str
    para: str
    wit: str
    endpoint: str | None = None
    subject: str | None = None
    slot: str | None = None
    method: HttpMethod | None = None
    politicas: Politicas | None = None

    @property
    def edge(self) -> tuple[str | None, ...]:
        """What makes two contracts the same one, whatever policies they carry."""
        return self.de, self.para, self.wit, self.endpoint, self.subject, self.slot, self.method

    @property
    def shape(self) -> ContratoShape:
        """The traffic that this contract allows (section 1.3)."""
        for prefixes, shape in _SHAPE_PREFIXES:
            if self.wit.startswith(prefixes):
                return shape
        return ContratoShape.CAPABILITY

    @property
    def payload(self) -> str | None:
        """The endpoint, subject or store slot that belongs to the shape; None where there is none."""
        slot = self.shape.payload_slot
        return getattr(self, slot) if slot else None


@dataclass(frozen=True, slots=True)
class CircuitBreaker:
    """Stop calling after `max_failures` within `window` nanoseconds."""

    max_failures: int
    window: int


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `rate` calls in each `window_seconds`."""

    rate: int
    window_seconds: int


@dataclass(frozen=True, slots=True)
class Politicas:
    """What holds on every edge of a mesh; `timeout` in nanoseconds."""

    timeout: int | None = None
    retries: int | None = None
    circuit_breaker: CircuitBreaker | None = None
    mtls_required: bool | None = None
    rate_limit: RateLimit | None = None


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a mesh runs."""

    estrategia: PlacementEstrategia = PlacementEstrategia.REPLICATED
    clusters: tuple[str, ...] = ()
    affinity: str | None = None
    shard_key: str | None = None


@dataclass(frozen=True, slots=True)
class Entrada:
    """The door of a mesh: requests to `host` go to the member `para`."""

    host: str
    para: str
    paths: tuple[str, ...] = ()
    port: int = 8080


@dataclass(frozen=True, slots=True)
class Caixa:
    """A typed package: the meaning of one `(defcaixa …)`."""

    nome: str
    versao: str
    kind: Kind
    edicao: str | None = None
    descricao: str | None = None
    repositorio: str | None = None
    licenca: str | None = None
    autores: tuple[str, ...] = ()
    etiquetas: tuple[str, ...] = ()
    deps: tuple[Dep, ...] = ()
    deps_dev: tuple[Dep, ...] = ()
    exe: tuple[str, ...] = ()
    bibliotecas: tuple[str, ...] = ()
    servicos: tuple[str, ...] = ()
    limits: Limits | None = None
    behavior: Behavior | None = None
    upgrade_from: tuple[UpgradeFrom, ...] = ()
    estrategia: Estrategia | None = None
    max_restarts: int | None = None
    restart_window: str | None = None
    children: tuple[Child, ...] = ()
    membros: tuple[Membro, ...] = ()
    contratos: tuple[Contrato, ...] = ()
    politicas: Politicas | None = None
    placement: Placement | None = None
    entrada: Entrada | None = None
    capabilities: tuple[str, ...] = ()
    state_schema: tuple[StateField, ...] = ()
    schema_migrations: tuple[Migration, ...] = ()
    snapshot: str | None = None
    receive_state: str | None = None
    activation: Activation | None = None
    on_capability_miss: str | None = None

    @property
    def hooks(self) -> tuple[tuple[str, str], ...]:
        """The sources beside the behavior that a run time calls, as (field, path), those that are set."""
        fields = ("snapshot", "receive_state", "on_capability_miss")
        paths = ((name, getattr(self, name)) for name in fields)
        return tuple((name, path) for name, path in paths if path is not None)
