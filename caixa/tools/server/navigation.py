"""Where a name is defined and mentioned, in this document and in all others; and giving it another name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from caixa.lisp.diagnostics import Diagnostic, Reportable, Severity
from caixa.lisp.syntax import Form, Node, Prefix, symbol_name

from .facts import Mention, Role
from .index import Index, Local, Part
from .manifests import link_at
from .pieces import parse
from .project import Meaning, Project
from .text import Range

__all__ = [
    "Located",
    "RenameRefused",
    "definitions",
    "highlights",
    "name_at",
    "references",
    "renamable",
    "renamed",
]


class Located(NamedTuple):
    """A range in a document."""

    path: str
    place: Range


class RenameRefused(Reportable):
    """A name that cannot be changed, or not to that."""

    def __init__(self, message: str, fix: str = "") -> None:
        """Say why, and what would be possible."""
        super().__init__(Diagnostic("rename-refused", Severity.ERROR, None, message, fix=fix))


def name_at(project: Project, index: Index, at: int) -> Local | tuple[Meaning, Range] | None:
    """Return what the name at `at` means: a local variable, or a global name and where it is written."""
    local = index.local_at(at)
    if local is not None:
        return local
    found = index.mention_at(at)
    if found is not None:
        part, mention = found
        meaning = _meaning_of(project, index, part, mention)
        return None if meaning is None else (meaning, mention.place.moved(part.start))
    return _test_at(index, at)


def _test_at(index: Index, at: int) -> tuple[Meaning, Range] | None:
    """Return what is defined at `at` without being a name of the program: a test."""
    for found in index.definitions.values():
        for each in found:
            if each.place.holds(at):
                return Meaning(index.path, each.name), each.place
    return None


def _meaning_of(project: Project, index: Index, part: Part, mention: Mention) -> Meaning | None:
    if mention.role is not Role.REFER or mention.need is None:
        return project.meaning(index, mention.name)
    need = part.facts.needs[mention.need]
    for path in project.modules(index.path, need.request, is_library=need.is_library):
        module = project.index(path)
        if module is not None and mention.name in module.provided:
            return project.meaning(module, mention.name)
    return None


def definitions(project: Project, index: Index, at: int) -> list[Located]:
    """Return where the thing at `at` is defined: a name, a module's file, a package, a file of a manifest."""
    found = name_at(project, index, at)
    if isinstance(found, Local):
        return [Located(index.path, found.place)]
    if found is not None:
        return _defined(project, found[0])
    for part, need in index.needs:
        if need.place.moved(part.start).holds(at):
            paths = project.modules(index.path, need.request, is_library=need.is_library)
            return [Located(path, Range(0, 0)) for path in paths]
    link = link_at(project, index, at)
    return [] if link is None else [Located(link.path, link.target)]


def _defined(project: Project, meaning: Meaning) -> list[Located]:
    index = project.index(meaning.path) if meaning.path is not None else None
    if index is None:
        return []
    return [Located(index.path, each.place) for each in index.definitions.get(meaning.name, ())]


def references(project: Project, index: Index, at: int, *, declared: bool = True) -> list[Located]:
    """Return where the name at `at` is mentioned, with its definitions if `declared`."""
    found = name_at(project, index, at)
    if found is None:
        return []
    if isinstance(found, Local):
        return [Located(index.path, place) for place in found.places() if declared or place != found.place]
    return [
        Located(path, mention.place.moved(part.start))
        for path, part, mention in _mentions(project, index, found[0])
        if declared or mention.role is not Role.DEFINE
    ]


def _mentions(project: Project, index: Index, meaning: Meaning) -> Iterator[tuple[str, Part, Mention]]:
    """Yield every mention of a global name: in the documents around this one and around its definition."""
    paths = dict.fromkeys(project.around(index.path))
    if meaning.path is not None:
        paths.update(dict.fromkeys(project.around(meaning.path)))
    for path in paths:
        each = project.index(path)
        if each is None:
            continue
        names = _names_for(project, each, meaning)
        for part, mention in each.mentions():
            is_meant = mention.name in names
            if mention.role is Role.REFER:
                is_meant = mention.name == meaning.name and _meaning_of(project, each, part, mention) == meaning
            if is_meant:
                yield path, part, mention


def _names_for(project: Project, index: Index, meaning: Meaning) -> set[str]:
    """Return the names that a document has for a global."""
    names = {name for name, meant in project.imports(index).items() if meant == meaning}
    return {name for name in {*names, meaning.name} if project.meaning(index, name) == meaning}


def highlights(project: Project, index: Index, at: int) -> list[tuple[Range, bool]]:
    """Return where in this document the name at `at` is written, and whether that changes what it means."""
    found = name_at(project, index, at)
    if found is None:
        return []
    if isinstance(found, Local):
        return [(place, place == found.place) for place in found.places()]
    names = _names_for(project, index, found[0])
    return [
        (mention.place.moved(part.start), mention.role in (Role.DEFINE, Role.WRITE))
        for part, mention in index.mentions()
        if mention.name in names
    ]


# -- renaming ---------------------------------------------------------------------------------------------


def renamable(project: Project, index: Index, at: int) -> Range:
    """Return the range of the name at `at`, which may be changed. Raises RenameRefused."""
    found = name_at(project, index, at)
    if found is None:
        raise RenameRefused("there is no name here that could be changed")
    if isinstance(found, Local):
        if _is_key(found):
            fix = "Change it by hand, at the calls too."
            raise RenameRefused(f"`{found.binding.name}` stands after &key: those who call it write it", fix)
        return next(place for place in found.places() if place.holds(at))
    meaning, place = found
    if meaning.path is None:
        raise RenameRefused(f"`{meaning.name}` belongs to the language", "Define a name of your own for it.")
    if project.is_pinned(meaning.path):
        fix = "Change it there, publish it, and update the lock."
        raise RenameRefused(f"`{meaning.name}` belongs to a package that the lock pins", fix)
    return _tail(index, place, meaning.name)


def _is_key(local: Local) -> bool:
    """Whether a parameter stands after `&key`."""
    place, parsed = local.binding.place, local.part.piece.parsed
    pending: list[Node] = list(parsed.forms)
    while pending:
        node = pending.pop()
        if not parsed.range(node.span.start, node.span.end).covers(place):
            continue
        if isinstance(node, Prefix):
            pending.append(node.inner)
        elif isinstance(node, Form):
            words = [symbol_name(item) for item in node.items]
            at = words.index("&key") if "&key" in words else len(words)
            if any(parsed.range(item.span.start, item.span.end).covers(place) for item in node.items[at + 1 :]):
                return True
            pending += node.items
    return False


def _tail(index: Index, place: Range, name: str) -> Range:
    """Return the part of `place` that is the name itself, without an alias before it."""
    text = index.text.value[place.start : place.end]
    return Range(place.end - len(name), place.end) if text.endswith(f"/{name}") else place


def renamed(project: Project, index: Index, at: int, new: str) -> dict[str, list[Range]]:
    """Return what `new` replaces, by document. Raises RenameRefused with the reason."""
    renamable(project, index, at)
    _check_name(new)
    found = name_at(project, index, at)
    if isinstance(found, Local):
        _check_local(found, new)
        return {index.path: found.places()}
    assert found is not None  # or `renamable` had refused
    meaning = found[0]
    changes: dict[str, list[Range]] = {}
    for path, part, mention in _mentions(project, index, meaning):
        each = project.index(path)
        assert each is not None  # it has just been looked at
        place = mention.place.moved(part.start)
        written = each.text.value[place.start : place.end]
        if written.rpartition("/")[2] != meaning.name and written != meaning.name:
            continue  # it has another name there, by `:rename`
        _check_global(project, each, part, mention, new)
        changes.setdefault(path, []).append(_tail(each, place, meaning.name))
    for located in _defined(project, meaning):  # a test is defined, and never mentioned
        changes.setdefault(located.path, [])
        if located.place not in changes[located.path]:
            changes[located.path].append(located.place)
    return changes


def _check_name(new: str) -> None:
    parsed = parse(new)
    is_symbol = parsed.error is None and len(parsed.forms) == 1 and symbol_name(parsed.forms[0]) == new
    if not is_symbol or "/" in new or new in ("nil", "true", "false") or new.startswith("&"):
        raise RenameRefused(f"`{new[:60]}` is not a name", "Write a symbol without a slash.")


def _check_local(local: Local, new: str) -> None:
    extent, facts = local.binding.extent, local.part.facts
    for each in facts.bindings:
        overlaps = each.extent.start < extent.end and extent.start < each.extent.end
        if each.name == new and each is not local.binding and overlaps:
            raise RenameRefused(f"`{new}` is a local variable here already", "Choose another name.")
    texts = local.part.piece.parsed.text
    used = [mention.place for mention in facts.mentions if mention.name == new]
    used += [place for place in facts.specials if texts[place.start : place.end] == new]
    if any(extent.covers(place) for place in used):
        raise RenameRefused(f"`{new}` means something else that is used here", "Choose another name.")


def _check_global(project: Project, index: Index, part: Part, mention: Mention, new: str) -> None:
    if new in index.definitions or new in project.imports(index):
        raise RenameRefused(f"`{new}` is defined already, or imported, in {index.path}", "Choose another name.")
    if any(other.name == new for _, other in index.mentions()):
        raise RenameRefused(f"`{new}` means something else that {index.path} uses", "Choose another name.")
    if any(each.name == new for each in part.facts.known_at(mention.place.start)):
        raise RenameRefused(f"a local variable `{new}` would hide it in {index.path}", "Choose another name.")
