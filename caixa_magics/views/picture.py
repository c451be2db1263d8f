"""A graph as a picture that fits its column, with its text for who cannot see it, and to save."""

from __future__ import annotations

from base64 import b64encode

from ..elements import Element, h

__all__ = ["picture"]


def picture(svg: str, text: str, name: str) -> Element:
    """Return an SVG as a figure; `text` stands for it where it cannot be seen, `name` is its file's."""
    link = "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()
    tools = h(
        "div",
        h("a", "Save", href=link, download=f"{name}.svg", aria_label=f"Save {name}.svg"),
        class_="cx-tools",
    )
    return h("figure", h("img", src=link, alt=text), tools, class_="cx-picture")
