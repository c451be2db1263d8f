"""HTML as values: an element knows its tag, attributes and children, and escapes them when it is written.

No text reaches a page but through here, so nothing that a user or a cluster wrote can become markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

__all__ = ["Child", "Element", "h"]

_NAME: Final = re.compile(r"[a-z][a-z0-9-]*\Z")
_VOID: Final = frozenset({"br", "col", "hr", "img", "input", "meta", "wbr"})
_RAW: Final = frozenset({"script", "style"})  # their text is not markup in HTML, so escaping would change it


@dataclass(frozen=True, slots=True)
class Element:
    """One element; children are elements and texts."""

    tag: str
    attributes: tuple[tuple[str, str], ...] = ()
    children: tuple[Element | str, ...] = ()

    def __str__(self) -> str:
        return "".join(self._pieces())

    def _pieces(self) -> Iterator[str]:
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in self.attributes)
        yield f"<{self.tag}{attributes}>"
        if self.tag in _VOID:
            return
        for child in self.children:
            if isinstance(child, Element):
                yield from child._pieces()
            else:
                yield child if self.tag in _RAW else escape(child, quote=False)
        yield f"</{self.tag}>"

    @property
    def text(self) -> str:
        """All text within, without the tags."""
        return "".join(child.text if isinstance(child, Element) else child for child in self.children)


Child = Element | str | None | Iterable["Child"]


def h(tag: str, *children: Child, **attributes: str | bool | None) -> Element:
    """Make an element.

    Children may be nested iterables; None is left out. An attribute's name has `_` for `-`, and a trailing `_`
    where Python has a word of its own (`class_`); True is an attribute without a value, and what is false is
    left out.
    Raises ValueError for a name that is not one, or for a style or script that would end its element.
    """
    named = tuple(
        (_attribute(name), "" if value is True else value) for name, value in attributes.items() if value
    )
    flat = tuple(_flat(children))
    if not _NAME.match(tag) or (tag in _VOID and flat):
        raise ValueError(f"not an element: <{tag}> with {len(flat)} children")
    if tag in _RAW and any(isinstance(child, Element) or "</" in child for child in flat):
        raise ValueError(f"<{tag}> holds text only, without `</`")
    return Element(tag, named, flat)


def _attribute(name: str) -> str:
    attribute = name.rstrip("_").replace("_", "-")
    if not _NAME.match(attribute):
        raise ValueError(f"not an attribute name: {name}")
    return attribute


def _flat(children: Iterable[Child]) -> Iterator[Element | str]:
    for child in children:
        if child is None:
            continue
        if isinstance(child, (Element, str)):
            yield child
        else:
            yield from _flat(child)
