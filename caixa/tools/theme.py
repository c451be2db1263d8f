"""The colours of everything: the Nord palette, dark and light (caixa.md section 6.5), for terminal and page.

Nothing else holds a colour of its own: the terminal paints with a theme, pictures take NORD, and the style
sheet of the notebook has names where `page_colors` puts the values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final, NamedTuple

__all__ = [
    "DARK",
    "LIGHT",
    "NORD",
    "SHADES",
    "THEMES",
    "WHITE",
    "Color",
    "Semantic",
    "Shade",
    "Theme",
    "page_colors",
    "paint",
]


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
NORD: Final = tuple(map(Color.of, _NORD_HEX.split()))
WHITE: Final = Color(255, 255, 255)


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


# -- for pages ----------------------------------------------------------------------------------------------


class Shade(NamedTuple):
    """A colour of text on a page: as it is written on white, and on the dark surfaces of Lab.

    Nord's own colours are too pale to be read on white, so there they are darker, of the same hue.
    """

    on_light: Color
    on_dark: Color

    @property
    def css(self) -> str:
        """The pair as CSS chooses from it."""
        return f"light-dark({self.on_light.hex.lower()}, {self.on_dark.hex.lower()})"


SHADES: Final[Mapping[str, Shade]] = MappingProxyType(
    {
        "good": Shade(Color.of("#3F7A3A"), NORD[14]),
        "bad": Shade(Color.of("#A8323E"), Color.of("#E58A92")),
        "open": Shade(Color.of("#8A5A00"), NORD[13]),
        "mark": Shade(Color.of("#3B6EA5"), NORD[8]),
        "key": Shade(Color.of("#33618F"), NORD[8]),
        "string": Shade(Color.of("#4A7A2C"), NORD[14]),
        "number": Shade(Color.of("#8B4A86"), Color.of("#C9A6C4")),
        "word": Shade(Color.of("#A0522D"), NORD[12]),
    }
)
"""The colours of verdicts and of code on a page, by the names that the style sheet uses."""

_SURFACES: Final = {
    "ink": NORD[0],
    "dim": NORD[3],
    "line": NORD[4],
    "bed": WHITE,
    "tint": Color.of("#F4F6F9"),
    "paper": NORD[6],
}


def page_colors() -> dict[str, str]:
    """Return what names in style sheets stand for: shades, surfaces where Lab gives none, Nord by number."""
    nord = {f"nord{index}": color.hex.lower() for index, color in enumerate(NORD)}
    surfaces = {name: color.hex.lower() for name, color in _SURFACES.items()}
    return nord | surfaces | {name: shade.css for name, shade in SHADES.items()}
