"""The colours: the Nord palette, dark and light, and painting for terminals (caixa.md section 6.5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

__all__ = ["DARK", "LIGHT", "THEMES", "Color", "Semantic", "Theme", "paint"]


class Color(NamedTuple):
    """Red, green and blue, 0 to 255 each."""

    red: int
    green: int
    blue: int

    @classmethod
    def of(cls, hexadecimal: str) -> Color:
        """Return the colour that `#RRGGBB` means."""
        return cls(*bytes.fromhex(hexadecimal.removeprefix("#")))

    @property
    def hex(self) -> str:
        """The colour as `#RRGGBB`, upper-case."""
        return f"#{self.red:02X}{self.green:02X}{self.blue:02X}"


_NORD_HEX = """
#2E3440 #3B4252 #434C5E #4C566A #D8DEE9 #E5E9F0 #ECEFF4 #8FBCBB
#88C0D0 #81A1C1 #5E81AC #BF616A #D08770 #EBCB8B #A3BE8C #B48EAD
"""
NORD = tuple(map(Color.of, _NORD_HEX.split()))


class Semantic(Enum):
    """What a colour stands for; the value is its index in the palette, dark and light."""

    KEYWORD = ("Keyword", 9, 10)
    SYMBOL = ("Symbol", 4, 0)
    KEYWORD_ARG = ("KeywordArg", 8, 10)
    STRING = ("String", 14, 14)
    NUMBER = ("Number", 15, 15)
    LITERAL = ("Literal", 13, 12)
    COMMENT = ("Comment", 3, 2)
    ACCENT = ("Accent", 8, 10)
    MUTED = ("Muted", 3, 2)
    ERROR = ("Error", 11, 11)
    WARNING = ("Warning", 12, 12)
    INFO = ("Info", 8, 10)
    HINT = ("Hint", 13, 13)
    ADDED = ("Added", 14, 14)
    REMOVED = ("Removed", 11, 11)
    UNCHANGED = ("Unchanged", 4, 0)

    @property
    def title(self) -> str:
        """The name that configuration uses."""
        return self.value[0]

    @classmethod
    def named(cls, title: str) -> Semantic:
        """Return the meaning of that name. Raises KeyError."""
        return {each.title: each for each in cls}[title]


@dataclass(frozen=True, slots=True)
class Theme:
    """A name and which of the two assignments it uses."""

    name: str
    is_light: bool

    def color(self, semantic: Semantic) -> Color:
        """Return the colour of a meaning."""
        _, dark, light = semantic.value
        return NORD[light if self.is_light else dark]


DARK = Theme("blackmatter-dark", is_light=False)
LIGHT = Theme("blackmatter-light", is_light=True)
THEMES = {theme.name: theme for theme in (DARK, LIGHT)}


def paint(text: str, color: Color) -> str:
    """Return `text` in `color` for a terminal that knows 24-bit colours."""
    return f"\x1b[38;2;{color.red};{color.green};{color.blue}m{text}\x1b[0m"
