"""Text in colour: tokens by Pygments, as elements with our own classes."""

from __future__ import annotations

from collections.abc import Iterator

from .elements import Element, h

__all__ = ["highlighted"]

# Pygments' token names, the first that a token's type begins with.
_CLASSES = (
    ("Name.Tag", "cx-key"),
    ("Name.Variable", "cx-word"),
    ("Keyword", "cx-word"),
    ("Literal.Number", "cx-number"),
    ("Literal.Scalar", "cx-string"),
    ("Literal.String", "cx-string"),
    ("Literal", "cx-string"),
    ("Comment", "cx-comment"),
    ("Punctuation", "cx-punct"),
    ("Name.Function", "cx-key"),
)
_LEXERS = {"yaml": "yaml", "lisp": "scheme", "json": "json", "markdown": "markdown", "nix": "nix"}


def highlighted(text: str, language: str) -> Element:
    """Return `text` as a block in the colours of `language`; a language that is not known stays plain."""
    return h("pre", h("code", _tokens(text, language)))


def _tokens(text: str, language: str) -> Iterator[Element | str]:
    name = _LEXERS.get(language)
    if name is None:
        yield text
        return
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415  # slow to load, and most cells show no manifest

    for kind, piece in get_lexer_by_name(name, stripnl=False, ensurenl=False).get_tokens(text):
        path = str(kind).removeprefix("Token.")
        class_ = next((class_ for prefix, class_ in _CLASSES if path.startswith(prefix)), None)
        yield h("span", piece, class_=class_) if class_ and piece.strip() else piece
