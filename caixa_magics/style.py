"""How everything looks: one style sheet, sent once with each output, in Lab's own colours where there are any.

Nord gives the colours of code and verdicts; both themes of Lab stay readable, since text and surfaces come from
Lab's variables and each accent is a pair, dark on light and light on dark.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from .elements import Child, Element, h

__all__ = ["page"]


@cache
def _style() -> str:
    """Return the style sheet without what only its readers need."""
    text = files(__package__).joinpath("style.css").read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)).strip()


def page(*children: Child) -> Element:
    """Return `children` as one output, with the style sheet that they need."""
    return h("div", h("style", _style()), *children, class_="caixa")
