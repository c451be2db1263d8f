"""What may stand at the cursor: magics, verbs, flags, caixas, slots of a manifest, names of the language.

Everything works on text that does not parse yet, changes nothing, and runs on another thread than the cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from caixa.lisp.source import Source

from .cells import ATOM, Cell, MagicLine, Word, parse_cell
from .language_verbs import LANGUAGE_VERBS
from .magics import Call, cell_magics, line_magics

if TYPE_CHECKING:
    from .notebook import Notebook

__all__ = ["Completions", "Match", "atom_at", "complete"]


@dataclass(frozen=True, slots=True)
class Match:
    """One completion: the text that replaces the range, what kind of thing it is, and how it is called."""

    text: str
    type: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Completions:
    """The matches, and the range `[start, end)` of the cell, in code points, that each would replace."""

    matches: list[Match]
    start: int
    end: int


def complete(notebook: Notebook, text: str, cursor: int) -> Completions:
    """Return what may stand at `cursor`, a number of code points."""
    cell = parse_cell(text)
    line = line_at(cell, cursor)
    if line is not None:
        return _in_magic(notebook, Call(line, Source("completion", text)), cursor)
    forms = forms_of(cell, text)
    return Completions([], cursor, cursor) if forms is None else _in_forms(notebook, forms, cursor)


def line_at(cell: Cell, cursor: int) -> MagicLine | None:
    """Return the magic line that the cursor is in, or None."""
    lines = (cell.magic.line,) if cell.magic else cell.lines
    return next((line for line in lines if line.start < cursor <= line.end), None)


def forms_of(cell: Cell, text: str) -> str | None:
    """Return the Lisp text of a cell at its own places; None for a cell in another language."""
    if cell.magic is None:
        return cell.forms
    words = [word.text for word in cell.magic.line.words]
    is_lisp = cell.magic.line.name == "caixa" or (
        cell.magic.line.name == "file" and words[1:] and words[1].endswith((".lisp", ".tlisp"))
    )
    return " " * (len(text) - len(cell.magic.body)) + cell.magic.body if is_lisp else None


# -- magics -------------------------------------------------------------------------------------------------


def _in_magic(notebook: Notebook, call: Call, cursor: int) -> Completions:
    text, start = call.source.text, call.line.start
    signs = "%%" if text.startswith("%%", start) else "%"
    name_end = start + len(signs) + len(call.line.name)
    if cursor <= name_end:
        written = text[start:cursor]
        known = [*line_magics().values(), *cell_magics().values()]
        matches = [Match(magic.name, "magic", magic.usage) for magic in known if magic.name.startswith(written)]
        return Completions(matches, start, name_end)
    word = next((word for word in call.words if word.start <= cursor <= word.end), Word("", cursor, cursor))
    before = [each.text for each in call.words if each.end <= word.start and each is not word]
    written = text[word.start : cursor].lstrip("\"'")
    matches = list(_words(notebook, signs + call.line.name, before, written))
    return Completions(matches, word.start, word.end)


def _words(notebook: Notebook, name: str, before: list[str], written: str) -> Iterator[Match]:
    """Yield what may stand after the words `before` of the magic `name`, beginning with `written`."""
    if name == "%caixa":
        from feira.commands import Face, complete  # noqa: PLC0415  # loads the declaration of the verbs

        for choice in complete(Face.MAGIC, [*before, written], notebook.workspace):
            yield Match(choice.value, choice.kind, choice.help)
        yield from _language_words(notebook, before, written)
    elif name in ("%%file", "%%wasm") and not before:
        packages = notebook.session.state.packages.values()
        yield from _starting(written, (Match(p.nome, "caixa", p.caixa.kind.value) for p in packages))
    elif name == "%%file" and len(before) == 1:
        yield from _starting(written, _paths(notebook, before[0]))


def _language_words(notebook: Notebook, before: list[str], written: str) -> Iterator[Match]:
    """Yield what may stand in the words that take Lisp: they themselves, their flags, names of the language."""
    if not before:
        yield from _starting(written, (Match(v.name, "verb", v.summary) for v in LANGUAGE_VERBS.values()))
        return
    verb = LANGUAGE_VERBS.get(before[0])
    if verb is None:
        return
    if written.startswith("-") or not written:
        yield from _starting(written, (Match(flag, "flag") for flag in verb.flags if flag not in before))
    if written:
        start, _ = atom_at(written, len(written))
        for name in notebook.session.interpreter.completions(written[start:]) if written[start:] else ():
            yield Match(written[:start] + name.name, name.kind, name.signature)


def _starting(written: str, matches: Iterable[Match]) -> Iterator[Match]:
    return (match for match in matches if match.text.startswith(written))


def _paths(notebook: Notebook, nome: str) -> Iterator[Match]:
    """Yield the paths that a caixa names, those without a file first, and then its other files."""
    package = notebook.session.state.packages.get(nome)
    if package is None:
        return
    caixa = package.caixa
    named = [*caixa.servicos, *caixa.bibliotecas, *caixa.exe]
    named += [path for _, path in caixa.behavior.declared] if caixa.behavior else []
    ordered = sorted(dict.fromkeys([*named, *package.files]), key=lambda path: path in package.files)
    for path in ordered:
        yield Match(path, "file", "" if path in package.files else "not written yet")


# -- forms --------------------------------------------------------------------------------------------------


def _in_forms(notebook: Notebook, forms: str, cursor: int) -> Completions:
    start, end = atom_at(forms, cursor)
    source = Source("completion", forms)
    slots = _slots(source, cursor)
    if slots is not None:
        return Completions(slots, start, end)
    names = notebook.session.interpreter.completions(forms[start:cursor])
    return Completions([Match(name.name, name.kind, name.signature) for name in names], start, end)


def _slots(source: Source, cursor: int) -> list[Match] | None:
    """Return what may stand inside a manifest, or None outside of one."""
    if "(defcaixa" not in source.text:
        return None
    from caixa.tools.assist import complete as assist  # noqa: PLC0415  # only manifests need it

    found = assist(source, source.byte_offset(cursor))
    return None if found is None else [Match(each.text, each.kind, each.detail) for each in found]


def atom_at(text: str, cursor: int) -> tuple[int, int]:
    """Return the range of the atom that ends at, begins at or holds the cursor; empty if there is none."""
    start = end = cursor
    while start and ATOM.match(text[start - 1]):
        start -= 1
    while end < len(text) and ATOM.match(text[end]):
        end += 1
    return start, end
