"""`tofu render|plan|apply|destroy`: the infrastructure of a package, by OpenTofu or Terraform (caixa.md 5).

Nothing is changed that was not shown: `apply` and `destroy` make a plan, show it, and carry out that very plan.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caixa.lisp.diagnostics import Diagnostic
from caixa.lisp.source import Source

from ..declaration import Face, current_face
from ..errors import FileProblem, UsageProblem
from ..files import write_files
from ..infrastructure import Checked, check_infrastructure, directory_of, document_text, parse_providers
from ..relay import Relay
from ..results import Piece, Result, Role, aside, finding_pieces, plural, written_pieces
from ..sources import Chained
from ..workspace import Workspace

if TYPE_CHECKING:
    from caixa.iac.arch import ArchReport
    from caixa.iac.program import Program
    from caixa.session.secrets import Secrets

__all__ = ["TofuPlan", "TofuRendered", "apply", "destroy", "plan", "render"]

DOCUMENT = "main.tf.json"
PLAN = "plan.tfplan"


@dataclass(frozen=True, slots=True)
class TofuRendered(Result):
    """Infrastructure as text, the report on it, and where it was written, if it was."""

    nome: str
    form: str
    content: str
    report: ArchReport
    findings: tuple[Diagnostic, ...]
    directory: str | None = None
    changed: tuple[str, ...] = ()
    sources: Mapping[str, Source] = field(repr=False, default_factory=dict)

    def pieces(self) -> Iterator[Piece]:
        """Yield the findings and breaches, the verdict, and the text or where it was written."""
        breaches = [violation.diagnostic for violation in self.report.violations]
        yield from finding_pieces((*self.findings, *breaches), self.sources)
        yield aside(f"{self.report.verdict}: {self.report.summary}", Role.MUTED)
        if self.directory is None:
            yield Piece(self.content)
        else:
            yield from written_pieces(self.directory, (DOCUMENT,), self.changed)

    def to_json(self) -> dict[str, Any]:
        """Return the report, the findings and the text."""
        return {
            "nome": self.nome,
            "verdict": self.report.verdict,
            "summary": self.report.summary,
            "violations": [violation.diagnostic.to_json() for violation in self.report.violations],
            "findings": [finding.to_json() for finding in self.findings],
            "as": self.form,
            "text": self.content,
            "directory": self.directory,
            "changed": list(self.changed),
        }


@dataclass(frozen=True, slots=True)
class Change:
    """What a plan does to one resource: create, update, delete, read."""

    address: str
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TofuPlan(Result):
    """What terraform or tofu would do or did; `is_applied` says which, `advice` what to do if it was not."""

    nome: str
    program: str
    file: str
    changes: tuple[Change, ...]
    has_changes: bool
    is_applied: bool = False
    advice: str = ""
    is_refused: bool = False
    unseen: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether what was asked for was done."""
        return not self.is_refused

    def pieces(self) -> Iterator[Piece]:
        """Yield what was not shown yet, and how far it went."""
        if self.unseen:
            yield Piece("".join(f"{line}\n" for line in self.unseen))
        if not self.has_changes:
            yield aside(f"= {self.nome} is already as declared", Role.MUTED)
        elif self.is_applied:
            yield aside(f"✓ {self._done()}", Role.ADDED)
        else:
            role = Role.WARNING if self.is_refused else Role.PLAIN
            yield aside(f"{plural(len(self.changes), 'change')} of {self.nome} planned; {self.advice}", role)

    def _done(self) -> str:
        if self.changes and all(each.actions == ("delete",) for each in self.changes):
            return f"destroyed {plural(len(self.changes), 'resource')} of {self.nome}"
        return f"applied {plural(len(self.changes), 'change')} of {self.nome}"

    def to_json(self) -> dict[str, Any]:
        """Return the changes and whether they were made."""
        return {
            "nome": self.nome,
            "ok": self.ok,
            "program": self.program,
            "plan": self.file,
            "changes": [{"address": each.address, "actions": list(each.actions)} for each in self.changes],
            "hasChanges": self.has_changes,
            "applied": self.is_applied,
            "output": list(self.unseen),
        }


def render(  # noqa: PLR0913 - the flags of the verb, each by name
    workspace: Workspace,
    subject: str | None = None,
    *,
    out: str | None = None,
    providers: Sequence[str] = (),
    provider_configs: Sequence[str] = (),
    schemas: Sequence[str] = (),
    strict: bool = False,
    form: str = "json",
    stdout: bool = False,
) -> TofuRendered:
    """Write the infrastructure of a package as `main.tf.json`, or return it as text in another `form`.

    Raises NoInfrastructure, InvalidTeia, ArchRejected, UsageProblem and FileProblem.
    """
    extra = parse_providers(providers, provider_configs)
    checked = check_infrastructure(workspace, subject, extra, schemas, strict=strict)
    directory = directory_of(workspace, checked.package, out)
    is_written = form == "json" and not stdout
    text = _text(workspace, checked, directory, form)
    changed = write_files(directory, {DOCUMENT: text.encode()}) if is_written else ()
    return TofuRendered(
        checked.package.nome,
        form,
        text,
        checked.report,
        checked.findings,
        str(directory) if is_written else None,
        tuple(changed),
        Chained(checked.sources, workspace.sources),
    )


def _text(workspace: Workspace, checked: Checked, directory: Path, form: str) -> str:
    if form == "hcl":
        from caixa.iac.hcl import to_hcl  # noqa: PLC0415 - a form that few ask for

        return "\n".join(to_hcl(teia) for teia in checked.infrastructure.teias)
    if form == "pangea":
        from caixa.iac.pangea import to_pangea  # noqa: PLC0415 - as above

        return to_pangea(checked.infrastructure, checked.package.nome)
    return document_text(workspace, checked, directory)


def plan(
    workspace: Workspace,
    subject: str | None = None,
    *,
    program: str | None = None,
    words: Sequence[str] = (),
    **rendering: Any,
) -> TofuPlan:
    """Show what would be done, and keep it as a plan that `apply --plan` carries out; changes nothing.

    `words` are further arguments of the program's own `plan`. Raises as `render` does, and ProgramMissing and
    ProgramFailed.
    """
    run = _Run.begin(workspace, subject, program, rendering)
    run.initialize(is_always=True)
    advice = f"apply --plan {run.plan_file} carries out just this"
    return run.plan(words).result(advice=advice)


def apply(  # noqa: PLR0913 - the flags of the verb, each by name
    workspace: Workspace,
    subject: str | None = None,
    *,
    program: str | None = None,
    plan: str | None = None,
    yes: bool = False,
    words: Sequence[str] = (),
    **rendering: Any,
) -> TofuPlan:
    """Make the infrastructure as it is declared: show the plan, and with `yes` carry it out.

    With `plan`, a file that `plan` has written, show that and carry it out. Raises as `plan` does.
    """
    if plan is not None and words:
        raise UsageProblem("a plan that is there takes no arguments", fix="give them to tofu plan")
    run = _Run.begin(workspace, subject, program, rendering, is_rendered=plan is None)
    if plan is not None:
        return run.take_plan(workspace.locate(plan)).carry_out()
    run.initialize()
    run.plan(words)
    if yes or not run.has_changes:
        return run.carry_out()
    return run.result(advice=f"nothing was done: --yes, or --plan {run.plan_file}, applies it", is_refused=True)


def destroy(
    workspace: Workspace,
    subject: str | None = None,
    *,
    program: str | None = None,
    yes: bool = False,
    words: Sequence[str] = (),
    **rendering: Any,
) -> TofuPlan:
    """Take the infrastructure down: show the plan, ask, and carry it out. Raises as `plan` does."""
    run = _Run.begin(workspace, subject, program, rendering)
    run.initialize()
    run.plan(["-destroy", *words])
    if yes or not run.has_changes or _agrees(run.nome, len(run.changes)):
        return run.carry_out()
    return run.result(advice="nothing was destroyed", is_refused=True)


def _agrees(nome: str, count: int) -> bool:
    """Ask; only the name of the package is a yes, and where nobody can answer it is no."""
    if current_face() is Face.TERMINAL and not sys.stdin.isatty():
        return False
    try:
        answer = input(f"Destroy {plural(count, 'resource')} of {nome}? Type its name to agree: ")
    except EOFError:
        return False
    return answer.strip() == nome


@dataclass
class _Run:
    """One use of the program: where it works, and the plan that it made."""

    nome: str
    directory: Path
    engine: Program
    relay: Relay
    plan_file: Path
    has_changes: bool = True
    changes: tuple[Change, ...] = ()

    @classmethod
    def begin(
        cls,
        workspace: Workspace,
        subject: str | None,
        program: str | None,
        rendering: Mapping[str, Any],
        *,
        is_rendered: bool = True,
    ) -> _Run:
        """Find the program, and render unless a plan is there already."""
        from caixa.iac.program import Program, find_program  # noqa: PLC0415 - only these verbs run it

        path = find_program(program)
        package = workspace.package(subject)
        directory = directory_of(workspace, package, rendering.get("out"))
        if is_rendered:
            workspace.show(render(workspace, subject, **rendering))
        relay = Relay(workspace, _secrets(workspace, directory))
        return cls(package.nome, directory, Program(path, directory), relay, directory / PLAN)

    def initialize(self, *, is_always: bool = False) -> None:
        """Run `init`, which fetches providers and modules, where that is due."""
        marks = (self.directory / ".terraform", self.directory / ".terraform.lock.hcl")
        if is_always or not any(mark.exists() for mark in marks):
            self._run("init", "-input=false", "-no-color")

    def plan(self, words: Sequence[str]) -> _Run:
        """Make a plan, readable by nobody else, since it holds the values of secrets."""
        _make_private(self.plan_file)
        arguments = ("-input=false", "-no-color", "-detailed-exitcode", f"-out={self.plan_file.name}")
        status = self._run("plan", *arguments, *words, is_aside=False, accepted=(0, 2))
        self.has_changes = status == 2
        self.changes = self._read_changes()
        return self

    def take_plan(self, file: Path) -> _Run:
        """Show a plan that is there. Raises FileProblem."""
        if not file.is_file():
            raise FileProblem(f"there is no plan at {file}", fix="make one with tofu plan", path=str(file))
        self.plan_file = file.absolute()
        self._run("show", "-no-color", str(self.plan_file), is_aside=False)
        self.changes = self._read_changes()
        return self

    def carry_out(self) -> TofuPlan:
        """Apply the plan, which is then used up."""
        if self.has_changes:
            self._run("apply", "-input=false", "-no-color", str(self.plan_file.absolute()))
        self.plan_file.unlink(missing_ok=True)
        return self.result(is_applied=self.has_changes)

    def result(self, *, advice: str = "", is_applied: bool = False, is_refused: bool = False) -> TofuPlan:
        """Return what came of it."""
        return TofuPlan(
            self.nome,
            self.engine.name,
            str(self.plan_file),
            self.changes,
            self.has_changes,
            is_applied,
            advice,
            is_refused,
            tuple(self.relay.unseen),
        )

    def _run(self, *arguments: str, is_aside: bool = True, accepted: Sequence[int] = (0,)) -> int:
        self.relay.is_aside = is_aside
        try:
            return self.engine.run(*arguments, say=self.relay, accepted=accepted).status
        finally:
            self.relay.flush()

    def _read_changes(self) -> tuple[Change, ...]:
        """Return what the plan does, without the values, among which are secrets."""
        ended = self.engine.run("show", "-json", "-no-color", str(self.plan_file.absolute()), say=_unsaid)
        return _changes(ended.output)


def _unsaid(_line: str) -> None:
    """Say nothing."""


def _changes(text: str) -> tuple[Change, ...]:
    document = next((line for line in text.splitlines() if line.startswith("{")), "{}")
    found = json.loads(document).get("resource_changes", ())
    changes = (Change(each["address"], tuple(each["change"]["actions"])) for each in found)
    return tuple(change for change in changes if change.actions not in (("no-op",), ("read",)))


def _make_private(file: Path) -> None:
    file.unlink(missing_ok=True)
    os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))


def _secrets(workspace: Workspace, directory: Path) -> Secrets:
    """Return the secrets of the session or the environment, and the values of sensitive variables."""
    from caixa.session.secrets import Secrets  # noqa: PLC0415 - as above

    secrets = Secrets()
    with contextlib.suppress(UsageProblem):
        secrets = workspace.session.secrets
    document = directory / DOCUMENT
    variables = json.loads(document.read_text("utf-8")).get("variable", {}) if document.is_file() else {}
    for name, block in variables.items():
        if block.get("sensitive"):
            secrets.add(f"var.{name}", os.environ.get(f"TF_VAR_{name}"))
            secrets.add(f"var.{name}", block.get("default"))
    return secrets
