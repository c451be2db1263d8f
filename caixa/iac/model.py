"""Infrastructure as values: what the forms mean, normalised, and independent of what they become."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any, Final

from caixa.lisp.source import Span
from caixa.manifest.reading import Path

from .names import terraform_type
from .values import Reference, Value

__all__ = [
    "ABSENT",
    "Backend",
    "Data",
    "Infrastructure",
    "Local",
    "Module",
    "Output",
    "Part",
    "Provider",
    "Resource",
    "Teia",
    "Validation",
    "Variable",
]


class Absent(Enum):
    """The type of ABSENT, since a default of null is a default."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


@dataclass(frozen=True, kw_only=True)
class Part:
    """Any declared part; `span` is where its form stands, `spans` and `keys` where values and names do."""

    span: Span | None = field(default=None, compare=False, repr=False)
    spans: Mapping[Path, Span] = field(default_factory=dict, compare=False, repr=False)
    keys: Mapping[Path, Span] = field(default_factory=dict, compare=False, repr=False)

    @property
    def address(self) -> str:
        """What others refer to it by, and what it is called in messages; of one address there is one part."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Teia(Part):
    """A resource or a data source: a type of a provider, with a name and attributes."""

    tipo: str
    nome: str
    atributos: Mapping[str, Value] = field(default_factory=dict)
    depende_de: tuple[Reference, ...] = ()
    provedor: str | None = None
    contagem: Value = None
    para_cada: Value = None

    @property
    def type(self) -> str:
        """The type as Terraform spells it."""
        return terraform_type(self.tipo)

    @property
    def provider(self) -> str | None:
        """The address of the configuration that is named by its alias."""
        return None if self.provedor is None else f"{self.type.partition('_')[0]}.{self.provedor}"

    @property
    def address(self) -> str:
        """What others refer to it by."""
        return f"{self.type}.{self.nome}"


@dataclass(frozen=True, kw_only=True)
class Resource(Teia):
    """Something that is made, changed and destroyed; `ciclo` says how, as Terraform's `lifecycle` does."""

    ciclo: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Data(Teia):
    """Something that is there already, and is looked up."""

    @property
    def address(self) -> str:
        """What others refer to it by."""
        return f"data.{self.type}.{self.nome}"


@dataclass(frozen=True, kw_only=True)
class Validation:
    """A condition that a variable's value fulfils, and what is said if it does not."""

    condicao: Value
    mensagem: str


@dataclass(frozen=True, kw_only=True)
class Variable(Part):
    """A value that whoever plans gives; `tipo` is a type constraint of Terraform."""

    nome: str
    tipo: str | None = None
    padrao: Value | Absent = ABSENT
    descricao: str | None = None
    sensivel: bool = False
    nulavel: bool = True
    validacao: tuple[Validation, ...] = ()

    @property
    def address(self) -> str:
        """What others refer to it by."""
        return f"var.{self.nome}"


@dataclass(frozen=True, kw_only=True)
class Output(Part):
    """A value that is shown after an apply, and that a calling module can use."""

    nome: str
    valor: Value
    descricao: str | None = None
    sensivel: bool = False
    depende_de: tuple[Reference, ...] = ()

    @property
    def address(self) -> str:
        """How it is named in messages."""
        return f"output.{self.nome}"


@dataclass(frozen=True, kw_only=True)
class Local(Part):
    """A value with a name."""

    nome: str
    valor: Value

    @property
    def address(self) -> str:
        """What others refer to it by."""
        return f"local.{self.nome}"


@dataclass(frozen=True, kw_only=True)
class Module(Part):
    """Infrastructure of another directory or registry, with its inputs."""

    nome: str
    fonte: str
    versao: str | None = None
    entradas: Mapping[str, Value] = field(default_factory=dict)
    provedores: Mapping[str, Value] = field(default_factory=dict)
    depende_de: tuple[Reference, ...] = ()
    contagem: Value = None
    para_cada: Value = None

    @property
    def address(self) -> str:
        """What others refer to it by."""
        return f"module.{self.nome}"


@dataclass(frozen=True, kw_only=True)
class Provider(Part):
    """Who makes resources: where it comes from, and one configuration of it."""

    nome: str
    fonte: str | None = None
    versao: str | None = None
    apelido: str | None = None
    configuracao: Mapping[str, Value] | None = None

    @property
    def address(self) -> str:
        """What a resource names to be made by it."""
        return f"{self.nome}.{self.apelido}" if self.apelido else self.nome


@dataclass(frozen=True, kw_only=True)
class Backend(Part):
    """Where the state is kept."""

    tipo: str
    configuracao: Mapping[str, Value] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """How it is named in messages: there is one at most."""
        return "backend"


@dataclass(frozen=True)
class Infrastructure:
    """All parts of one configuration, each kind in the order of its forms."""

    resources: Sequence[Resource] = ()
    data: Sequence[Data] = ()
    variables: Sequence[Variable] = ()
    locals: Sequence[Local] = ()
    modules: Sequence[Module] = ()
    outputs: Sequence[Output] = ()
    providers: Sequence[Provider] = ()
    backends: Sequence[Backend] = ()

    @classmethod
    def of(cls, parts: Sequence[Part]) -> Infrastructure:
        """Return the infrastructure that `parts` make."""
        kinds: dict[type[Part], str] = {
            Resource: "resources",
            Data: "data",
            Variable: "variables",
            Local: "locals",
            Module: "modules",
            Output: "outputs",
            Provider: "providers",
            Backend: "backends",
        }
        sorted_out: dict[str, list[Any]] = {name: [] for name in kinds.values()}
        for part in parts:
            sorted_out[kinds[type(part)]].append(part)
        return cls(**{name: tuple(found) for name, found in sorted_out.items()})

    def __iter__(self) -> Iterator[Any]:
        for each in fields(self):
            yield from getattr(self, each.name)

    @property
    def teias(self) -> tuple[Teia, ...]:
        """Resources, then data sources."""
        return (*self.resources, *self.data)
