"""The infrastructure of a package: which sources declare it, and where what it becomes is kept."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from caixa.lisp.source import Source

from .declaration import Face, current_face
from .errors import UsageProblem
from .workspace import Workspace, read_text

if TYPE_CHECKING:
    from caixa.iac.arch import ArchReport
    from caixa.iac.model import Infrastructure, Provider
    from caixa.iac.reader import TeiaReading
    from caixa.iac.schema import ProviderSchema
    from caixa.lisp.diagnostics import Diagnostic
    from caixa.manifest.package import Package

__all__ = [
    "Checked",
    "check_infrastructure",
    "directory_of",
    "document_text",
    "parse_providers",
    "read_provider_schemas",
    "with_providers",
]

_DECLARING = ("lib", "infra")  # in this order (caixa.md section 5)
_RULES = ("spec",)


@dataclass(frozen=True)
class Checked:
    """The infrastructure of a package, what was found in its forms, and the report on it as a whole."""

    package: Package
    infrastructure: Infrastructure
    findings: tuple[Diagnostic, ...]
    report: ArchReport
    sources: Mapping[str, Source]


def check_infrastructure(
    workspace: Workspace,
    subject: str | None,
    providers: Sequence[Provider],
    schemas: Sequence[str],
    *,
    strict: bool,
) -> Checked:
    """Read and check the infrastructure of a package, `providers` added to what it declares.

    Raises NoInfrastructure, InvalidTeia, and ArchRejected for a breach of safety, with `strict` for any.
    """
    from caixa.iac.arch import check_architecture  # noqa: PLC0415 - other verbs need no infrastructure
    from caixa.iac.checks import read_checks  # noqa: PLC0415 - as above
    from caixa.iac.errors import ArchRejected, NoInfrastructure  # noqa: PLC0415 - as above
    from caixa.iac.reader import require_infrastructure  # noqa: PLC0415 - as above

    package = workspace.package(subject)
    declaring = _sources(workspace, subject, _DECLARING)
    if not declaring:
        raise NoInfrastructure(package.nome)
    reading = require_infrastructure(declaring)
    rules = _sources(workspace, subject, _RULES)
    infrastructure = with_providers(reading.infrastructure, providers)
    findings = (*reading.findings, *_against_schemas(workspace, schemas, declaring, reading))
    report = check_architecture(infrastructure, read_checks(rules))
    if report.is_rejected or (strict and report.violations):
        raise ArchRejected(report.summary, [violation.diagnostic for violation in report.violations])
    sources = {source.name: source for source in (*declaring, *rules)}
    return Checked(package, infrastructure, findings, report, sources)


def _sources(workspace: Workspace, subject: str | None, folders: Sequence[str]) -> list[Source]:
    """Return the Lisp sources directly in `folders` of the package, folder by folder."""
    names = workspace.text_names(subject)
    root = PurePosixPath(names[0]).parent
    found: dict[str, list[str]] = {folder: [] for folder in folders}
    for name in names[1:]:
        path = PurePosixPath(name)
        relative = path.relative_to(root) if path.is_relative_to(root) else path
        if len(relative.parts) == 2 and relative.parts[0] in found:
            found[relative.parts[0]].append(name)
    return [workspace.text(subject, name) for folder in folders for name in sorted(found[folder])]


def _against_schemas(
    workspace: Workspace, files: Sequence[str], sources: Sequence[Source], reading: TeiaReading
) -> Sequence[Diagnostic]:
    """Return what schemas say against the declarations: those of `files`, and of forms in the sources.

    Raises InvalidTeia for errors.
    """
    known = read_provider_schemas(workspace, files, sources)
    if not known:
        return ()
    from caixa.iac.conformity import conformity  # noqa: PLC0415 - most renderings have no schema
    from caixa.iac.errors import InvalidTeia  # noqa: PLC0415 - as above

    findings = tuple(conformity(reading.infrastructure, known))
    if any(finding.is_error for finding in findings):
        raise InvalidTeia((*reading.findings, *findings))
    return findings


def read_provider_schemas(
    workspace: Workspace, files: Sequence[str], sources: Sequence[Source] = ()
) -> list[ProviderSchema]:
    """Return the schemas in `files`, JSON or `(defteia-schema …)` forms by their names, and in `sources`."""
    from caixa.iac.forge import read_schema_forms  # noqa: PLC0415 - as above
    from caixa.iac.schema import read_schemas  # noqa: PLC0415 - as above

    texts = [read_text(workspace.locate(path)) for path in files]
    forms = [text for text in (*sources, *texts) if "(defteia-schema" in text.text and not _is_json(text)]
    of_json = [schema for text in texts if _is_json(text) for schema in read_schemas(text.text)]
    return of_json + read_schema_forms(forms)


def _is_json(text: Source) -> bool:
    return text.name.endswith(".json")


def directory_of(workspace: Workspace, package: Package, out: str | None) -> Path:
    """Return where a package's `main.tf.json` and its state are kept; in a notebook each caixa has its own."""
    if out is not None:
        return workspace.locate(out)
    folder = Path(".caixa/tofu")
    return workspace.root_of(package) / (folder / package.nome if current_face() is Face.MAGIC else folder)


def document_text(workspace: Workspace, checked: Checked, directory: Path) -> str:
    """Return the text of `main.tf.json` as it is right in `directory`."""
    from caixa.iac.document import terraform_json  # noqa: PLC0415 - as above

    root = os.path.relpath(workspace.root_of(checked.package).absolute(), directory.absolute())
    return terraform_json(checked.infrastructure, Path(root).as_posix())


def with_providers(infrastructure: Infrastructure, more: Sequence[Provider]) -> Infrastructure:
    """Return the infrastructure with the providers of the command line after its own."""
    return replace(infrastructure, providers=(*infrastructure.providers, *more)) if more else infrastructure


def parse_providers(flags: Sequence[str], configurations: Sequence[str]) -> list[Provider]:
    """Return the providers that `name=source@version` flags name, each with the JSON at its place, if any.

    Raises UsageProblem for a flag or a JSON text that is none.
    """
    from caixa.iac.model import Provider  # noqa: PLC0415 - as above
    from caixa.iac.names import is_identifier  # noqa: PLC0415 - as above

    if len(configurations) > len(flags):
        fix = "give each --provider-config after the --provider that it configures"
        raise UsageProblem("there are more --provider-config than --provider", fix=fix)
    made = []
    for at, flag in enumerate(flags):
        name, is_there, rest = flag.partition("=")
        source, _, version = rest.partition("@")
        if not is_there or not source or not is_identifier(name):
            fix = "write --provider aws=hashicorp/aws@~>5.0; the version may be left out"
            raise UsageProblem(f"{flag!r} is not name=source@version", fix=fix)
        arguments = _configuration(configurations[at]) if at < len(configurations) else {}
        made.append(Provider(nome=name, fonte=source, versao=version or None, configuracao=arguments))
    return made


def _configuration(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise UsageProblem(f"a --provider-config is not JSON: {error}", fix='write {"region": "eu"}') from error
    if not isinstance(data, dict):
        raise UsageProblem("a --provider-config is not a JSON object", fix='write {"region": "eu"}')
    return {name: _value(each) for name, each in sorted(data.items())}


_EXPRESSION = re.compile(r"\$\{((?:(?!\$\{).)+)\}\Z", re.DOTALL)


def _value(data: Any) -> Any:
    """Return JSON data as the value of an attribute; a string that is `${…}` as a whole is an expression."""
    from caixa.iac.values import Raw  # noqa: PLC0415 - as above

    if isinstance(data, dict):
        return {name: _value(each) for name, each in sorted(data.items())}
    if isinstance(data, list):
        return tuple(map(_value, data))
    match = _EXPRESSION.match(data) if isinstance(data, str) else None
    return Raw(match[1]) if match else data
