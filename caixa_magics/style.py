"""How everything looks: one style sheet, sent once with each output, in Lab's own colours where there are any.

The theme gives the colours of code and verdicts (`$name` in the sheet); both themes of Lab stay readable, since
text and surfaces come from Lab's variables and each accent is a pair, dark on light and light on dark.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from string import Template

from .elements import Child, Element, h

__all__ = ["page"]


@cache
def _style() -> str:
    """Return the style sheet in the colours of the theme, without what only its readers need."""
    from caixa.tools.theme import page_colors  # noqa: PLC0415 - the first output asks

    text = files(__package__).joinpath("style.css").read_text(encoding="utf-8")
    bare = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)).strip()
    return Template(bare).substitute(page_colors())


def page(*children: Child) -> Element:
    """Return `children` as one output, with the style sheet that they need."""
    return h("div", h("style", _style()), *children, class_="caixa")
