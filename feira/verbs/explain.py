"""`explain`: what a code means, why it is a rule, and how to put a breach right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import Any, Final

from caixa.lisp.diagnostics import Reportable

from ..errors import UsageProblem
from ..results import Piece, Result, Role
from ..workspace import Workspace

__all__ = ["Codes", "Explanation", "codes", "explain"]

_ERROR_TREES: Final = (
    "caixa.lisp.errors",
    "caixa.manifest.errors",
    "caixa.lacre.errors",
    "caixa.session.errors",
    "caixa.tools.errors",
    "caixa.runtime.errors",
    "caixa.cluster.errors",
    "caixa.iac.errors",
    "caixa_renderers.errors",
    "feira.errors",
)


@dataclass(frozen=True, slots=True)
class Explanation(Result):
    """One code: what it asks or tells, what to do, and an example of each side where there is one."""

    code: str
    family: str
    severity: str
    says: str
    fix: str = ""
    accepts: str = ""
    refuses: str = ""
    examples_of: str = ""
    mends: bool = False

    def pieces(self) -> Iterator[Piece]:
        """Yield the headline, the rule, what to do and the examples."""
        yield Piece(self.severity, Role(self.severity))
        yield Piece(f"[{self.code}]  {self.family}\n  {self.says}\n")
        if self.fix:
            yield Piece(f"  fix: {self.fix}{' A finding brings the edit.' if self.mends else ''}\n")
        if self.refuses:
            yield Piece(f"\nrefused ({self.examples_of}):\n", Role.MUTED)
            yield Piece(_indented(self.refuses))
            yield Piece("\naccepted:\n", Role.MUTED)
            yield Piece(_indented(self.accepts or "; nothing more"))

    def to_json(self) -> dict[str, Any]:
        """Return every field."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Codes(Result):
    """Every code, in its family."""

    explanations: tuple[Explanation, ...]

    def pieces(self) -> Iterator[Piece]:
        """Yield a line for each code."""
        width = max(len(each.code) for each in self.explanations)
        family = ""
        for each in self.explanations:
            if each.family != family:
                yield Piece(("\n" if family else "") + f"{each.family}\n", Role.ACCENT)
                family = each.family
            yield Piece(f"  {each.code:<{width}}  {each.says}\n")

    def to_json(self) -> dict[str, Any]:
        """Return the codes with what they say."""
        return {"codes": [each.to_json() for each in self.explanations]}


def explain(workspace: Workspace, code: str | None = None) -> Explanation | Codes:  # noqa: ARG001 - every verb takes one
    """Explain a code of the manifest's rules, the linter's rules or any error; without one, list them all.

    Raises UsageProblem for a code that is none.
    """
    known = _explanations()
    if code is None:
        families = list(dict.fromkeys(each.family for each in known.values()))
        return Codes(tuple(sorted(known.values(), key=lambda each: families.index(each.family))))
    found = known.get(code.strip("[]"))
    if found is None:
        near = get_close_matches(code.lower().replace("_", "-"), known, n=1)
        fix = f"did you mean {near[0]}?" if near else "explain without a code lists them all"
        raise UsageProblem(f"there is no code {code!r}", fix=fix, word=code)
    return found


def codes() -> list[str]:
    """Return every code there is, for completion."""
    return list(_explanations())


def _explanations() -> Mapping[str, Explanation]:
    """Return every code; where several know one, what says most comes first."""
    found: dict[str, Explanation] = {}
    for each in (*_of_manifests(), *_of_the_linter(), *_of_infrastructure(), *_of_errors()):
        found.setdefault(each.code, each)
    return found


def _of_manifests() -> Iterator[Explanation]:
    from caixa.manifest.rules.table import RULES  # noqa: PLC0415 - only this verb shows the table

    for rule in RULES.values():
        kind = f"slots of the kind {rule.where.value}" if rule.where.is_kind else rule.where.value
        yield Explanation(
            rule.code,
            f"a rule on manifests, profile {rule.profiles.replace(', ', ' and ')}",
            rule.severity.value,
            rule.says,
            rule.fix,
            rule.accepts,
            rule.refuses,
            kind,
            rule.mends,
        )


def _of_the_linter() -> Iterator[Explanation]:
    from caixa.tools.rules import RULES, Mending  # noqa: PLC0415 - as above

    for rule in RULES.values():
        yield Explanation(
            rule.code,
            "a rule of lint" + (" --strict" if rule.is_strict else ""),
            rule.severity.value,
            rule.says,
            rule.fix,
            rule.accepts,
            rule.refuses,
            rule.where.value,
            rule.mending is not Mending.NONE,
        )


def _of_infrastructure() -> Iterator[Explanation]:
    from caixa.iac.rules import RULES  # noqa: PLC0415 - as above

    for rule in RULES.values():
        family, severity = "a rule on infrastructure", rule.severity.value
        yield Explanation(
            rule.code, family, severity, rule.says, rule.fix, rule.accepts, rule.refuses, "infra/main.lisp"
        )


def _of_errors() -> Iterator[Explanation]:
    for name in _ERROR_TREES:
        import_module(name)
    waiting: list[type[Reportable]] = [Reportable]
    while waiting:
        error = waiting.pop(0)
        waiting += error.__subclasses__()
        code = error.__dict__.get("kind") or error.__dict__.get("code")
        if isinstance(code, str) and code and error.__doc__:
            family = "an error of the language" if "kind" in error.__dict__ else f"an error of {_home(error)}"
            yield Explanation(code, family, "error", error.__doc__.splitlines()[0])


def _home(error: type[Reportable]) -> str:
    """Return the part of the house that raises an error: `caixa.lacre.errors` is `lacre`."""
    return error.__module__.removesuffix(".errors").removeprefix("caixa.").removeprefix("caixa_")


def _indented(text: str) -> str:
    shown = text.encode("utf-8", "backslashreplace").decode()
    return "".join(f"  {line}\n" for line in shown.splitlines())
