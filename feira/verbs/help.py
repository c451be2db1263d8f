"""`help`: what a verb does and takes, and what a slot means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import click

from ..errors import UsageProblem
from ..results import Piece, Result
from ..workspace import Workspace

if TYPE_CHECKING:
    from caixa.manifest.shapes import Shape

__all__ = ["Help", "Version", "explain"]


@dataclass(frozen=True, slots=True)
class Help(Result):
    """The explanation of a topic."""

    topic: str
    body: str

    @classmethod
    def of(cls, context: click.Context) -> Help:
        """Return the help of the verb (or group of verbs) that `context` stands at."""
        return cls(context.command_path, context.command.get_help(context))

    def pieces(self) -> Iterator[Piece]:
        """Yield the explanation."""
        yield Piece(self.body + "\n")

    def to_json(self) -> dict[str, Any]:
        """Return topic and explanation."""
        return {"topic": self.topic, "help": self.body}


@dataclass(frozen=True, slots=True)
class Version(Result):
    """The version of the project."""

    version: str

    @classmethod
    def installed(cls) -> Version:
        """Return the version that is installed."""
        from importlib.metadata import version  # noqa: PLC0415 - slow, and rarely asked

        return cls(version("caixa-notebooks"))

    def pieces(self) -> Iterator[Piece]:
        """Yield one line."""
        yield Piece(f"feira {self.version}\n")

    def to_json(self) -> dict[str, Any]:
        """Return the version."""
        return {"version": self.version}


def explain(workspace: Workspace, topic: Sequence[str] = ()) -> Help:  # noqa: ARG001 - every verb takes a workspace
    """Explain a verb (`deploy`, `app graph`) or a slot (`:limits`); without a topic, list the verbs.

    Raises UsageProblem for what is neither.
    """
    root = click.get_current_context().find_root()
    if topic and topic[0].startswith(":"):
        return _slot(topic[0].lstrip(":"))
    command, context = root.command, root
    for word in topic:
        found = command.commands.get(word) if isinstance(command, click.Group) else None
        if found is None:
            raise _unknown(root, " ".join(topic))
        command, context = found, click.Context(found, parent=context, info_name=word, **_WIDTH)
    return Help.of(context)


_WIDTH: dict[str, Any] = {"terminal_width": 100}


def _slot(keyword: str) -> Help:
    from caixa.manifest.slots import SLOTS  # noqa: PLC0415 - only a question about a slot needs the declarations

    slots = {slot.keyword: slot for slot in SLOTS}
    if keyword not in slots:
        near = get_close_matches(keyword, slots, n=1)
        fix = f"did you mean :{near[0]}?" if near else f"the slots: {' '.join(':' + name for name in slots)}"
        raise UsageProblem(f"(defcaixa …) has no slot :{keyword}", fix=fix, word=keyword)
    slot = slots[keyword]
    kinds = ", ".join(kind.value for kind in slot.kinds) if slot.kinds else "every kind"
    parts = "".join(f"  {line}\n" for line in _parts(slot.shape))
    body = f":{keyword}\n  {slot.doc}\n  For: {kinds}\n{parts}  Example: :{keyword} {slot.example}"
    return Help(f":{keyword}", body)


def _unknown(root: click.Context, topic: str) -> UsageProblem:
    assert isinstance(root.command, click.Group)
    near = get_close_matches(topic, root.command.commands, n=1)
    fix = f"did you mean {near[0]}?" if near else f"{root.command_path} help lists the verbs"
    return UsageProblem(f"there is no help on {topic!r}", fix=fix, word=topic)


def _parts(shape: Shape) -> Iterator[str]:
    """Yield a line for each slot within a slot, those that must be given first said to be so."""
    from caixa.manifest.records import Record  # noqa: PLC0415 - as for `_slot`
    from caixa.manifest.shapes import ListOf  # noqa: PLC0415 - as above

    record = shape.item if isinstance(shape, ListOf) else shape
    if not isinstance(record, Record):
        return
    width = max(len(each.keyword) for each in record.slots)
    for each in record.slots:
        yield f"  :{each.keyword:<{width}}  {each.doc}{' Needed.' if each.required else ''}"
