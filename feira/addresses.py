"""What a person means by `NAME`, `PACKAGE#NAME` or `PACKAGE#FILE:NAME`: a definition, with its addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from .errors import NothingNamed, UsageProblem
from .workspace import Workspace

if TYPE_CHECKING:
    from caixa.lacre.arvore import Addresses

__all__ = ["Place", "addresses_of", "find"]

_USAGE = "NAME, PACKAGE#NAME or PACKAGE#FILE:NAME"


class Place(NamedTuple):
    """A definition: where it stands, the addresses there, and its name."""

    where: str
    addresses: Addresses
    name: str


def addresses_of(workspace: Workspace, subject: str | None) -> Mapping[str, Addresses]:
    """Return the addresses of each Lisp file of a package. Raises what reading it raises, and LispError."""
    from caixa.lacre.arvore.packages import package_addresses  # noqa: PLC0415 - brings in blake3

    package = workspace.package(subject)
    return package_addresses(package, workspace.libraries())


def find(workspace: Workspace, designator: str) -> Place:
    """Return the definition that `designator` means. Raises UsageProblem for none, or more than one."""
    subject, has_subject, rest = designator.rpartition("#")
    file, _, name = rest.rpartition(":") if has_subject else ("", "", rest)
    everywhere = list(_places(workspace, subject or None, name))
    found = [each for each in everywhere if name in each.addresses.program.definitions]
    if file:
        found = [each for each in found if each.where == file]
    if len(found) == 1:
        return found[0]
    if found:
        files = ", ".join(f"{each.where}:{name}" for each in found)
        raise UsageProblem(f"{name} is defined in several files", usage=_USAGE, fix=f"name one: {files}")
    known = [each for place in everywhere for each in place.addresses.program.definitions]
    near = get_close_matches(name, known, n=1)
    elsewhere = "nothing is defined here; PACKAGE#NAME is the definition of a package"
    there = f"defined are: {', '.join(known[:12])}" if known else elsewhere
    fix = f"did you mean {near[0]}?" if near else there
    raise UsageProblem(f"nothing is defined by the name {designator}", usage=_USAGE, fix=fix, word=designator)


def _places(workspace: Workspace, subject: str | None, name: str) -> Iterator[Place]:
    if subject is None and (cells := workspace.cells()):
        from caixa.lacre.arvore.packages import session_addresses  # noqa: PLC0415 - as above

        here = Place("the session", session_addresses(cells, workspace.libraries()), name)
        yield here
        if name in here.addresses.program.definitions:
            return
    try:
        files = addresses_of(workspace, subject)
    except NothingNamed:
        return
    for path, addresses in files.items():
        yield Place(path, addresses, name)
