"""The page: for each kind the form, the objects and why each exists, and what no object enforces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from caixa.lisp.diagnostics import Diagnostic

from .. import Options, Rendering, render
from .forms import FORMS, GREEDY, INTRODUCTIONS, member, package
from .reasons import reason_for

__all__ = ["renderers_page"]

_HEAD = """\
# What a caixa becomes

Made of real renderings by `python -m caixa_renderers.reference docs`; a test makes it again and compares.

`feira render` and `%caixa render NAME` show this for your own caixas, `feira diff --rendered` what an edit
changes in it, and `feira graph --kind layers` which object needs which other. Every object is checked against
the published schema of its kind, read strictly.
"""
_LOST = """\
## What is lost

A slot that no object enforces is said so by a finding, and never dropped in silence. A mesh that asks for
everything, on a cluster with the standard channel of the Gateway API:
"""
_SAID = ("not-enforced", "needs-experimental-channel", "not-checked")


def renderers_page() -> str:
    """Return the page as Markdown."""
    parts = [_HEAD, _contents(), *(_kind(kind) for kind in FORMS), _losses()]
    return "\n".join(parts)


def _contents() -> str:
    links = [f"- [{kind}](#{kind.lower()})" for kind in FORMS] + ["- [What is lost](#what-is-lost)"]
    return "\n".join(links) + "\n"


def _kind(kind: str) -> str:
    rendering = _rendering(kind)
    lines = [f"## {kind}", "", INTRODUCTIONS[kind], "", *_code("lisp", FORMS[kind]), ""]
    lines += [*_table(("object", "file", "why"), _objects(rendering)), ""]
    lines += list(_findings(rendering.findings))
    lines += list(_files(rendering))
    return "\n".join(lines) + "\n"


def _rendering(kind: str) -> Rendering:
    """Return all that a form becomes; of a Servico also what Flux takes on a cluster of its own."""
    everything = render(package(FORMS[kind]), "all", member)
    if kind != "Servico":
        return everything
    alone = render(package(FORMS[kind]), "flux", member, Options(cluster="rio"))
    known = {artifact.path for artifact in everything.artifacts}
    return everything + Rendering(tuple(each for each in alone.artifacts if each.path not in known))


def _objects(rendering: Rendering) -> Iterator[tuple[str, str, str]]:
    for artifact in rendering.artifacts:
        for document in artifact.objects or ({},):
            yield _named(document), f"`{artifact.path}`", reason_for(document, artifact.path)


def _named(document: Mapping[str, Any]) -> str:
    name = (document.get("metadata") or {}).get("name", "")
    return f"{document['kind']} `{name}`" if "kind" in document else ""


def _files(rendering: Rendering) -> Iterator[str]:
    for artifact in rendering.artifacts:
        yield from ("<details>", f"<summary><code>{artifact.path}</code></summary>", "")
        yield from _code(artifact.language, artifact.text.rstrip("\n"))
        yield from ("", "</details>")


def _findings(findings: Sequence[Diagnostic]) -> Iterator[str]:
    said = [finding for finding in findings if finding.code in _SAID]
    if said:
        yield "Said when it is rendered:"
        yield ""
        yield from (f"- {_sentence(finding)}" for finding in said)
        yield ""


def _sentence(finding: Diagnostic) -> str:
    lead = "not checked: " if finding.code == "not-checked" else ""
    return f"{lead}{finding.message}: {finding.why}" if finding.why else f"{lead}{finding.message}"


def _losses() -> str:
    found = render(package(GREEDY), "all", member, Options(channel="standard")).findings
    rows = (
        (finding.message, finding.why or "", finding.fix or "") for finding in found if finding.code in _SAID
    )
    table = _table(("what", "why", "instead"), rows)
    return "\n".join([_LOST, *_code("lisp", GREEDY), "", *table]) + "\n"


def _code(language: str, text: str) -> Iterator[str]:
    fence = "`" * (4 if "```" in text else 3)
    yield from (f"{fence}{language}", text, fence)


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(map(_cell, row))} |" for row in rows)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
