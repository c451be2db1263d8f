"""What is known of the thing at the cursor: a magic, a verb, a slot of a manifest, a function."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from caixa.lisp.diagnostics import Reportable
from caixa.lisp.source import Source

from .cells import parse_cell
from .completion import atom_at, forms_of, line_at
from .language_verbs import LANGUAGE_VERBS
from .magics import Call, Magic, cell_magics, line_magics

if TYPE_CHECKING:
    from caixa.lisp.interpreter import Interpreter

    from .notebook import Notebook

__all__ = ["inspect"]

Answer = dict[str, str] | None


def inspect(notebook: Notebook, text: str, cursor: int) -> Answer:
    """Return a MIME bundle about what stands at `cursor`, a number of code points, or None."""
    cell = parse_cell(text)
    line = line_at(cell, cursor)
    if line is not None:
        return _magic(notebook, Call(line, Source("inspection", text)))
    forms = forms_of(cell, text)
    return None if forms is None else _in_forms(notebook, forms, cursor)


def _magic(notebook: Notebook, call: Call) -> Answer:
    text, start = call.source.text, call.line.start
    name = ("%%" if text.startswith("%%", start) else "%") + call.line.name
    magic = {**line_magics(), **cell_magics()}.get(name)
    if magic is None:
        return None
    verb = _verb(notebook, [word.text for word in call.words]) if name == "%caixa" else None
    return _about(magic) if verb is None else {"text/plain": verb}


def _verb(notebook: Notebook, words: list[str]) -> str | None:
    """Return the help on the verb that `words` begin with, which may be two words; None if there is none."""
    if words and words[0] in LANGUAGE_VERBS:
        return LANGUAGE_VERBS[words[0]].help()
    from feira.commands import Face, run  # noqa: PLC0415  # loads the declaration of the verbs

    for topic in (words[:2], words[:1]):
        with suppress(Reportable):
            return run(Face.MAGIC, ["help", *topic], notebook.workspace).text()
    return None


def _about(magic: Magic) -> Answer:
    return {
        "text/plain": f"{magic.usage}\n\n{magic.summary}",
        "text/markdown": f"```\n{magic.usage}\n```\n\n{magic.summary}",
    }


def _in_forms(notebook: Notebook, forms: str, cursor: int) -> Answer:
    source = Source("inspection", forms)
    if "(defcaixa" in forms:
        from caixa.tools.assist import hover  # noqa: PLC0415  # only manifests need it

        slot = hover(source, source.byte_offset(cursor))
        if slot is not None:
            return {"text/plain": slot, "text/markdown": slot}
    start, end = atom_at(forms, cursor)
    interpreter = notebook.session.interpreter
    return _name(interpreter, forms[start:end]) or _name(interpreter, head_around(forms, start))


def _name(interpreter: Interpreter, name: str) -> Answer:
    found = interpreter.describe(name) if name else None
    if found is None:
        return None
    headline = found.signature or found.name
    doc = f"\n\n{found.doc}" if found.doc else ""
    plain = f"\n\n{found.examples}" if found.examples else ""
    return {
        "text/plain": f"{headline}\n{found.kind}{doc}{plain}",
        "text/markdown": found.markdown(),
    }


def head_around(text: str, cursor: int) -> str:
    """Return the first atom of the innermost list that is open at `cursor`; empty if there is none.

    Brackets in strings and comments are counted too: this only decides what is explained.
    """
    depth = 0
    for at in range(cursor - 1, -1, -1):
        if text[at] in ")]}":
            depth += 1
        elif text[at] in "([{":
            depth -= 1
            if depth < 0:
                start, end = atom_at(text, at + 1)
                return text[start:end] if start == at + 1 else ""
    return ""
