"""The pages of the reference, made of topics and of what the interpreter says of each name; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from .document import Block, Code, Heading, Link, Listing, Paragraph, Table, prose, render
from .topics import Entry, Topic

if TYPE_CHECKING:
    from ..introspection import Description

__all__ = ["pages"]

Describe = Callable[[str], "Description | None"]
_NOTICE = (
    "Do not edit: `python -m caixa.lisp.reference docs/language/reference` makes it of docstrings and examples."
)


def pages(topics: Sequence[Topic], describe: Describe) -> dict[str, str]:
    """Return the text of each page by its file name.

    Raises LookupError for a name in `topics` of which `describe` knows nothing.
    """
    described = {
        name: _known(describe, name) for topic in topics for entry in topic.entries for name in entry.names
    }
    made = {f"{topic.slug}.md": render(list(_topic(topic, described))) for topic in topics}
    return {"README.md": render(list(_index(topics, described))), **made}


def _known(describe: Describe, name: str) -> Description:
    found = describe(name)
    if found is None:
        raise LookupError(f"the examples explain `{name}`, which the language does not have")
    return found


# -- a topic --------------------------------------------------------------------------------------------------


def _topic(topic: Topic, described: dict[str, Description]) -> Iterator[Block]:
    yield Heading(1, prose(topic.title))
    if topic.introduction:
        yield Paragraph(prose(topic.introduction))
    yield Paragraph(tuple(_links(topic)))
    for entry in topic.entries:
        yield from _entry(entry, described)
    yield Paragraph((*prose(_NOTICE), " ", Link("All names", "README.md")))


def _links(topic: Topic) -> Iterator[Link | str]:
    for number, name in enumerate([name for entry in topic.entries for name in entry.names]):
        if number:
            yield " · "
        yield Link(Code(name), f"#{_anchor(name)}")


def _entry(entry: Entry, described: dict[str, Description]) -> Iterator[Block]:
    title = [part for name in entry.names for part in (", ", Code(name))][1:]
    yield Heading(2, tuple(title), tuple([_anchor(name) for name in entry.names]))
    yield Listing("\n".join([described[name].signature for name in entry.names]), "text")
    first = described[entry.names[0]]
    yield Paragraph((f"{first.kind.replace('-', ' ').capitalize()}. ", *prose(" ".join(first.doc.split()))))
    yield Listing(entry.examples)


def _anchor(name: str) -> str:
    """Return a name as the fragment of an address: what is not a letter or a digit as its code point."""
    return "n-" + "".join([each if each.isalnum() and each.isascii() else f"_{ord(each):x}" for each in name])


# -- the index ------------------------------------------------------------------------------------------------


def _index(topics: Sequence[Topic], described: dict[str, Description]) -> Iterator[Block]:
    yield Heading(1, ("Reference of the language",))
    yield Paragraph(prose("Every name, by topic and then from A to Z. `(doc name)` shows the same in a cell."))
    yield Table(
        ("topic", "names"),
        tuple([((Link(topic.title, f"{topic.slug}.md"),), _some(topic)) for topic in topics]),
    )
    where = {name: topic for topic in topics for entry in topic.entries for name in entry.names}
    yield Heading(2, ("From A to Z",))
    yield Table(
        ("name", "what it does"),
        tuple([((_to(name, where[name]),), prose(_sentence(described[name]))) for name in sorted(where)]),
    )
    yield Paragraph(prose(_NOTICE))


def _to(name: str, topic: Topic) -> Link:
    return Link(Code(name), f"{topic.slug}.md#{_anchor(name)}")


def _some(topic: Topic) -> tuple[str]:
    return (str(sum(len(entry.names) for entry in topic.entries)),)


def _sentence(description: Description) -> str:
    return description.doc.splitlines()[0] if description.doc else ""
