"""Completion, inspection, completeness and the pager: a notebook's answers as reply contents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from caixa_magics.notebook import Notebook

__all__ = ["complete", "completeness", "inspect", "page"]

Content = dict[str, Any]

TYPED_MATCHES = "_jupyter_types_experimental"  # what JupyterLab reads kinds and signatures from


def complete(notebook: Notebook, content: Content) -> Content:
    """Answer a complete_request; positions are code points."""
    code, cursor = content["code"], content.get("cursor_pos")
    found = notebook.complete(code, len(code) if cursor is None else cursor)
    typed = [
        {
            "start": found.start,
            "end": found.end,
            "text": match.text,
            "type": match.type,
            "signature": match.signature,
        }
        for match in found.matches
    ]
    return {
        "status": "ok",
        "matches": [match.text for match in found.matches],
        "cursor_start": found.start,
        "cursor_end": found.end,
        "metadata": {TYPED_MATCHES: typed},
    }


def inspect(notebook: Notebook, content: Content) -> Content:
    """Answer an inspect_request."""
    code, cursor = content["code"], content.get("cursor_pos")
    bundle = notebook.inspect(code, len(code) if cursor is None else cursor)
    return {"status": "ok", "found": bundle is not None, "data": bundle or {}, "metadata": {}}


def completeness(notebook: Notebook, content: Content) -> Content:
    """Answer an is_complete_request; the indent belongs to incomplete text only."""
    answer = notebook.completeness(content["code"])
    status = str(answer.status)
    return {"status": status, "indent": answer.indent} if status == "incomplete" else {"status": status}


_NAME = r"[^\s()\[\]{}\"';%?][^\s()\[\]{}\"';]*?"
_QUESTION = re.compile(rf"\s*(?:\?(?P<before>{_NAME})|(?P<after>{_NAME})\?{{1,2}})\s*")


def page(notebook: Notebook, code: str) -> list[Content] | None:
    """Return the payload that opens the pager, if the cell is a question (`?map`, `map?`, `map??`), else None.

    Names in Lisp may end in `?` themselves: `list?` asks about `list` only if there is no function `list?`.
    """
    match = _QUESTION.fullmatch(code)
    if match is None:
        return None
    whole = code.strip()
    if match["after"] and not whole.endswith("??") and notebook.inspect(whole, len(whole)):
        return None
    name = match["before"] or match["after"]
    bundle = notebook.inspect(name, len(name)) or {"text/plain": f"no documentation for {name}"}
    return [{"source": "page", "data": bundle, "start": 0}]
