"""What rendering yields: files that would be written, and what is to be said about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final, Literal

from caixa.lisp.diagnostics import Diagnostic
from caixa.lisp.source import Source
from caixa.manifest.names import is_host, is_label
from caixa.manifest.package import Members, nobody

from .errors import BadObjectName
from .mesh.backends import Backends

__all__ = [
    "DEFAULTS",
    "LIBRARY_CHART",
    "Artifact",
    "Channel",
    "ChartDependency",
    "Members",
    "Options",
    "Rendering",
    "Target",
    "nobody",
]

Target = Literal["computeunit", "helm", "flux", "mesh", "image", "workflow", "all"]
Channel = Literal["standard", "experimental"]

_LANGUAGES = {".yaml": "yaml", ".yml": "yaml", ".json": "json", ".nix": "nix", ".md": "markdown"}


@dataclass(frozen=True, slots=True)
class ChartDependency:
    """The chart that a generated chart stands on (caixa.md section 4.1)."""

    name: str = "pleme-computeunit"
    version: str = "~0.1.0"
    repository: str = "file://../pleme-computeunit"
    alias: str | None = None


LIBRARY_CHART: Final = ChartDependency()
BACKENDS: Final = Backends()


@dataclass(frozen=True, slots=True)
class Options:
    """What a rendering may be asked beyond the package itself.

    `channel` is the most that the objects may use of the Gateway API: `retry` is only in its experimental
    channel, and what the standard one lacks is reported as not enforced. `cluster`, where given, adds the Flux
    objects of that cluster. `chart_path` is where Flux finds the chart in the package's repository, by default
    where `feira chart` writes it. `certificate` is the Secret with the certificate of an entrance, by default
    `<nome>-tls`, and `issuer` the cluster issuer of cert-manager that makes it. `backends` are what a mesh
    shares with the rest of its cluster.
    """

    namespace: str = "tatara-system"
    cluster: str | None = None
    channel: Channel = "experimental"
    enabled: bool = False
    interval: str = "10m"
    chart_path: str | None = None
    dependency: ChartDependency = LIBRARY_CHART
    certificate: str | None = None
    issuer: str | None = None
    backends: Backends = BACKENDS

    def __post_init__(self) -> None:
        """Refuse names that no object can have. Raises BadObjectName."""
        if not is_label(self.namespace):
            raise BadObjectName("a namespace", self.namespace)
        for what, name in (("an issuer", self.issuer), ("a certificate", self.certificate)):
            if name is not None and (name.startswith("*") or not is_host(name)):
                raise BadObjectName(what, name)


DEFAULTS: Final = Options()


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file that would be written.

    `path` is relative to where its kind of file belongs: the chart directory, the package, or the directory
    of a cluster in a GitOps repository. `objects` are the documents in it, where it is YAML. `clusters` are
    those that the placement puts it on; empty means wherever it is sent. `data` is there for a file that is no
    text, whose `text` is then empty.
    """

    name: str
    path: str
    objects: tuple[dict[str, Any], ...]
    text: str
    kind: str
    clusters: tuple[str, ...] = ()
    data: bytes | None = field(default=None, repr=False)

    @property
    def content(self) -> bytes:
        """The bytes of the file."""
        return self.text.encode() if self.data is None else self.data

    @property
    def language(self) -> str:
        """The language of the text, for highlighting: yaml, json, nix or markdown."""
        return _LANGUAGES.get(PurePosixPath(self.path).suffix, "text")


@dataclass(frozen=True, slots=True)
class Rendering:
    """Files, findings, and the sources in which the findings lie that are not the manifest."""

    artifacts: tuple[Artifact, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    extra_sources: tuple[Source, ...] = ()

    def __add__(self, other: Rendering) -> Rendering:
        """Return both together; a finding or a source that both have is kept once."""
        return Rendering(
            self.artifacts + other.artifacts,
            self.findings + tuple(finding for finding in other.findings if finding not in self.findings),
            self.extra_sources + tuple(s for s in other.extra_sources if s not in self.extra_sources),
        )

    @property
    def objects(self) -> tuple[dict[str, Any], ...]:
        """Every document of every artifact, in order."""
        return tuple(document for artifact in self.artifacts for document in artifact.objects)

    @property
    def sources(self) -> Mapping[str, Source]:
        """The sources by name, for rendering findings."""
        return {source.name: source for source in self.extra_sources}
