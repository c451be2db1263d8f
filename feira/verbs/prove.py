"""`prove`: what can be proved of a package, each claim with its evidence, and its certificates judged again.

The judge is the program `caixa_proof_checker`, run in a process of its own: it shares no code with what proves.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

from caixa.lisp.diagnostics import Reportable
from caixa.manifest.errors import InvalidManifest
from caixa.session.verdicts import Standing

from ..errors import FileProblem, UsageProblem
from ..results import Piece, Result, Role, plural
from ..workspace import Workspace

if TYPE_CHECKING:
    from caixa.manifest.package import Package
    from caixa_renderers.artifact import Channel
    from caixa_renderers.proofs.case import ComponentType

__all__ = ["MARKS", "Claim", "Judgement", "Proved", "prove"]

MARKS = {Standing.PROVED: "✓", Standing.REFUTED: "✗", Standing.UNCHECKED: "-"}
_ROLES = {Standing.PROVED: Role.ADDED, Standing.REFUTED: Role.ERROR, Standing.UNCHECKED: Role.WARNING}
_CHECKER = ("-I", "-m", "caixa_proof_checker", "--json", "-")
_PATIENCE = 120  # seconds


@dataclass(frozen=True, slots=True)
class Claim:
    """One row of the table: the claim, how it stands, why, and what a reader wants to see next."""

    name: str
    claim: str
    standing: Standing
    because: str
    evidence: tuple[str, ...] = ()

    @property
    def further(self) -> tuple[str, ...]:
        """The evidence that the reason does not say already."""
        return self.evidence[1:] if self.evidence[:1] == (self.because,) else self.evidence

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Claim:
        """Return the row of a proof's plain data."""
        standing = Standing(data["standing"])
        return cls(data["name"], data["claim"], standing, data["because"], tuple(data["evidence"]))


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the checker says of one certificate; `problem` is None if it holds."""

    name: str
    problem: str | None


@dataclass(frozen=True, slots=True)
class Proved(Result):
    """The table of claims, what the checker says of them, and all that it was given."""

    nome: str
    versao: str
    kind: str
    claims: tuple[Claim, ...]
    judgements: tuple[Judgement, ...] = ()
    dossier: Mapping[str, Any] = field(repr=False, default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether nothing is refuted, and every certificate holds."""
        refuted = any(each.standing is Standing.REFUTED for each in self.claims)
        return not refuted and not self.rejected

    @property
    def rejected(self) -> tuple[Judgement, ...]:
        """The certificates that do not hold."""
        return tuple(each for each in self.judgements if each.problem is not None)

    @property
    def headline(self) -> str:
        """How many claims stand in which way."""
        counts = {each: sum(claim.standing is each for claim in self.claims) for each in MARKS}
        return ", ".join(f"{count} {standing.value}" for standing, count in counts.items())

    @property
    def judged(self) -> str:
        """What the checker says, in one sentence."""
        if self.rejected:
            return f"the checker rejects {plural(len(self.rejected), 'certificate')}"
        return f"{plural(len(self.judgements), 'certificate')} checked again by caixa_proof_checker: all hold"

    def pieces(self) -> Iterator[Piece]:
        """Yield the headline, a row for each claim with its evidence below, then the checker's word."""
        yield Piece(f"{self.nome} {self.versao}", Role.ACCENT)
        yield Piece(f"  {self.kind}  {self.headline}\n")
        width = max(len(each.claim) for each in self.claims)
        for each in self.claims:
            yield Piece(f"  {MARKS[each.standing]} ", _ROLES[each.standing])
            yield Piece(f"{each.claim:<{width}}  ")
            yield Piece(f"{each.standing.value:<11}", _ROLES[each.standing])
            yield Piece(f"  {each.because}\n")
            for line in each.further:
                yield Piece(f"      {line}\n", Role.MUTED)
        yield Piece(f"  {self.judged}\n", Role.ERROR if self.rejected else Role.MUTED)
        for judgement in self.rejected:
            yield Piece(f"      {judgement.name}: {judgement.problem}\n", Role.ERROR)

    def to_json(self) -> dict[str, Any]:
        """Return the verdicts, the certificates, and what they were judged on: what `--check` reads."""
        return {
            "nome": self.nome,
            "ok": self.ok,
            **self.dossier,
            "checked": [{"name": each.name, "problem": each.problem} for each in self.judgements],
        }


def prove(
    workspace: Workspace,
    subject: str | None = None,
    *,
    gateway_api: str = "experimental",
    check: str | None = None,
) -> Proved:
    """Prove what can be proved of a package, or with `check` judge the proofs in that file again.

    A manifest that breaks a rule is judged as far as it goes. Raises what reading the package raises, and
    FileProblem or UsageProblem for a file that holds no proofs.
    """
    if check is not None:
        return _checked(_read(workspace, check))
    from caixa_renderers.artifact import Options  # noqa: PLC0415 - checking renders nothing
    from caixa_renderers.proofs import prove as prove_package  # noqa: PLC0415 - as above
    from caixa_renderers.proofs import prove_refused  # noqa: PLC0415 - as above

    options = Options(channel=cast("Channel", gateway_api))
    try:
        package = workspace.package(subject)
    except InvalidManifest as error:
        report = prove_refused(
            _as_far_as_it_goes(error), f"the manifest is refused: {error.reading.errors[0].code}", options
        )
        return _checked(_table(report.to_json()))
    members = workspace.members_of(package)
    report = prove_package(package, members, options, _components(workspace, package))
    return _checked(_table(report.to_json()))


def _as_far_as_it_goes(error: InvalidManifest) -> Package:
    """Return the package of a manifest that breaks a rule; raises the error of one that does not decode."""
    from caixa.lisp.source import Source  # noqa: PLC0415 - only a refused manifest needs it
    from caixa.manifest.package import MANIFEST, Package  # noqa: PLC0415 - as above

    if error.reading.caixa is None:
        raise error
    return Package(error.reading.caixa, Source(MANIFEST, ""), {}, error.reading)


def _components(workspace: Workspace, package: Package) -> dict[str, ComponentType]:
    """Return the types of the components at the ends of contracts; of what is no component, none."""
    wanted = {end for each in package.caixa.contratos for end in (each.de, each.para)}
    members = workspace.members_of(package)
    found: dict[str, ComponentType] = {}
    for membro in package.caixa.membros:
        part = members(membro.caixa, membro.versao) if membro.caixa in wanted else None
        wasm = None if part is None else workspace.stored_component(part)
        known = None if wasm is None else _type_of(workspace, wasm)
        found |= {} if known is None else {membro.caixa: known}
    return found


def _type_of(workspace: Workspace, wasm: bytes) -> ComponentType | None:
    from hashlib import sha256  # noqa: PLC0415 - few packages have components

    from caixa_renderers.proofs.case import ComponentType, Function  # noqa: PLC0415 - as above

    try:
        info = workspace.engine().inspect(wasm)
    except Reportable:
        return None
    if info.form != "component":
        return None
    asks, offers = (
        tuple(Function(each.name, each.params, each.results, each.is_plain) for each in functions)
        for functions in (info.asks, info.exports)
    )
    return ComponentType(sha256(wasm).hexdigest(), asks, offers)


def _read(workspace: Workspace, file: str) -> Proved:
    """Return the table of the proofs in a file, not judged yet."""
    try:
        data = json.loads(workspace.locate(file).read_text(encoding="utf-8"))
        return _table({key: data[key] for key in ("format", "case", "proofs")})
    except OSError as error:
        raise FileProblem.of(error) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        fix = "write one with feira prove --json"
        raise UsageProblem(f"{file} holds no proofs", usage="feira prove --check FILE", fix=fix) from error


def _table(dossier: Mapping[str, Any]) -> Proved:
    manifest = dossier["case"]["manifest"]
    claims = tuple(map(Claim.of, dossier["proofs"]))
    return Proved(manifest["nome"], manifest["versao"], manifest["kind"], claims, dossier=dossier)


def _checked(table: Proved) -> Proved:
    """Return a table with what the checker says of it."""
    return replace(table, judgements=tuple(_judge(table.dossier)))


def _judge(dossier: Mapping[str, Any]) -> Sequence[Judgement]:
    """Run the checker on a dossier; what it does not answer for is rejected."""
    try:
        ran = subprocess.run(  # noqa: S603 - this Python, and a module of this project
            [sys.executable, *_CHECKER],
            input=json.dumps(dossier).encode(),
            capture_output=True,
            timeout=_PATIENCE,
            start_new_session=True,  # Stop in a notebook is for the kernel
            check=False,
        )
    except subprocess.TimeoutExpired:
        late = f"the checker gave no answer in {_PATIENCE} s"
        return [Judgement(each["name"], late) for each in dossier["proofs"]]
    try:
        said = {each["name"]: each["problem"] for each in json.loads(ran.stdout)["judgements"]}
    except (ValueError, KeyError, TypeError):
        said = {}
    last = ran.stderr.decode("utf-8", "replace").strip().splitlines()[-1:] or ["it said nothing"]
    return [
        Judgement(each["name"], said.get(each["name"], f"the checker failed: {last[0]}"))
        for each in dossier["proofs"]
    ]
