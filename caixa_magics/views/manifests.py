"""Manifests: a fold for each file and each object in it, highlighted, to copy and to save.

Saving is a link that holds the file; copying is a handler on the button. Both work in an output of a trusted
notebook without an extension; where a front end strips handlers, the text is there to be selected.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from caixa_renderers.artifact import Artifact
from caixa_renderers.yaml import dump
from feira.verbs.render import Rendered

from ..elements import Element, h
from ..highlight import highlighted
from ..view import View
from .findings import findings
from .registry import view

__all__ = ["artifact"]

# A constant, so that nothing a user wrote can become part of it.
_COPY: Final = (
    "fetch(this.nextElementSibling.href).then(r=>r.text()).then(t=>navigator.clipboard.writeText(t))"
    ".then(()=>{this.textContent='Copied'},()=>{this.textContent='Select the text to copy it'})"
)
_TYPES: Final = {".yaml": "application/yaml", ".md": "text/markdown"}


@view.register
def _(value: Rendered) -> View:
    rendering = value.rendering
    proposal = None if value.proposal is None else h("p", "Accept it with ", h("code", value.proposal.words))
    body = h(
        "section",
        [artifact(each, is_open=len(rendering.artifacts) == 1) for each in rendering.artifacts],
        findings(rendering.findings, value.sources),
        proposal,
        aria_label=f"manifests of {value.nome}",
    )
    return View(value.text(), body)


def artifact(made: Artifact, *, is_open: bool = False) -> Element:
    """Return one file: its path, what is in it, and the two tools."""
    count = len(made.objects)
    what = _identity(made.objects[0]) if count == 1 else f"{count} objects" if count else ""
    summary = h("summary", h("b", made.path), " ", h("span", what, class_="cx-dim"))
    return h("details", summary, _tools(made), list(_objects(made)), open=is_open)


def _tools(made: Artifact) -> Element:
    if made.data is not None:
        return h("p", f"{len(made.data):,} bytes", class_="cx-dim")
    data = b64encode(made.text.encode()).decode()
    path = PurePosixPath(made.path)
    link = f"data:{_TYPES.get(path.suffix, 'text/plain')};charset=utf-8;base64,{data}"
    return h(
        "div",
        h("button", "Copy", type="button", onclick=_COPY, aria_label=f"Copy {made.path}"),
        h("a", "Save", href=link, download=path.name, aria_label=f"Save {made.path}"),
        class_="cx-tools",
    )


def _objects(made: Artifact) -> Iterator[Element]:
    """Yield the text; of a file with several objects, each on its own."""
    if made.data is None and len(made.objects) < 2:
        yield highlighted(made.text, made.language)
        return
    for each in made.objects:
        yield h("details", h("summary", _identity(each)), highlighted(dump(each), "yaml"))


def _identity(document: Mapping[str, Any]) -> str:
    metadata = document.get("metadata")
    name = metadata.get("name") if isinstance(metadata, Mapping) else document.get("name")
    return " ".join(str(part) for part in (document.get("kind", "entry"), name) if part)
