"""What can go wrong in rendering, as one tree.

Reportable
└── RenderError
    ├── WrongKind                  the caixa is of a kind that this target does not take   (also TypeError)
    │   ├── NotAServico
    │   ├── NotAnAplicacao
    │   └── NotASupervisor
    ├── BadObjectName              an object would have a name that Kubernetes refuses     (also ValueError)
    ├── InvalidAplicacao           the mesh breaks a rule; carries every error found       (also ValueError)
    ├── UnsupportedServicoCount    a chart and a programs entry describe exactly one unit  (also ValueError)
    ├── MissingField               a document lacks a field that the target needs          (also LookupError)
    ├── MissingComputeUnit         the file named in :servicos is not in the package       (also LookupError)
    ├── MalformedYaml              a file does not read; says line and column              (also ValueError)
    ├── MalformedModule            bytes that are neither module nor component             (also ValueError)
    └── MalformedFlake             a (defflake …) that does not decode                     (also ValueError)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from caixa.lisp.diagnostics import Diagnostic, Reportable, Severity
from caixa.lisp.source import Source, Span
from caixa.manifest.model import Kind

__all__ = [
    "BadObjectName",
    "InvalidAplicacao",
    "MalformedFlake",
    "MalformedModule",
    "MalformedYaml",
    "MissingComputeUnit",
    "MissingField",
    "NotAServico",
    "NotASupervisor",
    "NotAnAplicacao",
    "RenderError",
    "UnsupportedServicoCount",
    "WrongKind",
]


class RenderError(Reportable):
    """Something cannot be rendered."""

    code = "render"

    def __init__(
        self, message: str, span: Span | None = None, *, why: str = "", fix: str = "", **data: Any
    ) -> None:
        """Say what was found, where, why it is wrong and what to do; `data` are the values of caixa.md 2.5."""
        super().__init__(Diagnostic(self.code, Severity.ERROR, span, message, why=why, fix=fix, data=data))

    @property
    def diagnostic(self) -> Diagnostic:
        """The first finding."""
        return self.diagnostics[0]


class WrongKind(RenderError, TypeError):
    """A caixa of a kind that the target has nothing for."""

    code = "wrong-kind"
    wanted: ClassVar[Kind]

    def __init__(self, nome: str, kind: Kind) -> None:
        """Name the caixa and the kind it has."""
        super().__init__(
            f"{nome} is {kind.indefinite}, and this needs {self.wanted.indefinite}",
            fix=f"name {self.wanted.indefinite}; `render --as all` shows what {kind.indefinite} becomes",
            kind=kind.value,
            nome=nome,
        )
        self.kind = kind


class NotAServico(WrongKind):
    """A ComputeUnit, a chart or a programs entry was asked of something that is no Servico."""

    code = "not-a-servico"
    wanted = Kind.SERVICO


class NotAnAplicacao(WrongKind):
    """A mesh was asked of something that is no Aplicacao."""

    code = "not-an-aplicacao"
    wanted = Kind.APLICACAO


class NotASupervisor(WrongKind):
    """A supervision tree was asked of something that is no Supervisor."""

    code = "not-a-supervisor"
    wanted = Kind.SUPERVISOR


class BadObjectName(RenderError, ValueError):
    """A name for an object that a cluster would refuse."""

    code = "bad-object-name"

    def __init__(self, what: str, name: str) -> None:
        """Say which name of what it is."""
        super().__init__(
            f"{name!r} cannot be the name of {what}",
            why="Kubernetes takes a-z, 0-9 and `-`, with a letter or digit at both ends",
            fix=f"give the name that {what} has in the cluster",
            name=name,
        )


class InvalidAplicacao(RenderError, ValueError):
    """A mesh that breaks a rule is not rendered, since the cluster would run something else than was meant."""

    code = "invalid-aplicacao"

    def __init__(self, errors: Iterable[Diagnostic]) -> None:
        """Carry every error that the reading found."""
        Reportable.__init__(self, *errors)


class UnsupportedServicoCount(RenderError, ValueError):
    """A Servico with no ComputeUnit or with several."""

    code = "unsupported-servico-count"

    def __init__(self, nome: str, count: int, span: Span | None = None) -> None:
        """Say how many entries `:servicos` has."""
        super().__init__(
            f"{nome} lists {count} ComputeUnits in :servicos, and exactly one can be rendered",
            span,
            why="a chart and a programs entry describe one unit, named after the caixa",
            fix='keep one, as in :servicos ("servicos/NAME.computeunit.yaml"), and split the rest off',
            count=count,
        )
        self.count = count


class MissingField(RenderError, LookupError):
    """A document lacks a field, or has something else in its place."""

    code = "missing-field"

    def __init__(self, field: str, document: str, span: Span | None = None) -> None:
        """Name the field (a path, with what should be there) and the document."""
        super().__init__(f"{document} has no `{field}`", span, fix=f"add `{field}` to {document}", field=field)
        self.field = field


class MissingComputeUnit(RenderError, LookupError):
    """The file that `:servicos` names is not in the package."""

    code = "missing-computeunit"

    def __init__(self, path: str, span: Span | None = None) -> None:
        """Name the file."""
        super().__init__(f"{path} is not in the package", span, fix=f"write {path}", path=path)
        self.path = path


class MalformedYaml(RenderError, ValueError):
    """A YAML text that does not read."""

    code = "malformed-yaml"

    def __init__(self, source: Source, reason: str, span: Span) -> None:
        """Say what is wrong and where; the source comes along so that the line can be shown."""
        position = source.position(span.start)
        super().__init__(
            f"{source.name}, {position}: {reason}",
            span,
            fix="correct this place; YAML takes spaces, never tabs, and `: ` or `#` inside a text need quotes",
            file=source.name,
            line=position.line,
            column=position.column,
        )
        self.source = source


class MalformedModule(RenderError, ValueError):
    """Bytes that should be WebAssembly, and do not read as such."""

    code = "malformed-module"

    def __init__(self, name: str, reason: str) -> None:
        """Name the file and say what is wrong with it."""
        fix = f"build {name} again, as a component"
        super().__init__(f"{name} is no WebAssembly: {reason}", fix=fix, path=name)


class MalformedFlake(RenderError, ValueError):
    """A `(defflake …)` form that does not decode."""

    code = "malformed-flake"

    def __init__(self, *problems: Diagnostic) -> None:
        """Carry every problem of the form."""
        Reportable.__init__(self, *problems)
