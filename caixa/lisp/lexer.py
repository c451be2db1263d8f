"""The language for Pygments: colours in the REPL, and wherever else Pygments paints it."""

from __future__ import annotations

import re
from typing import ClassVar

from pygments.lexer import RegexLexer, bygroups
from pygments.token import Comment, Keyword, Literal, Name, Number, Punctuation, String, Text

from .expander import SPECIAL_FORMS

__all__ = ["LispLexer"]

_ATOM = r"""[^\s()\[\]{}'`,";|]+"""
_END = r"""(?=[\s()\[\]{}'`,";|]|\Z)"""
_FORMS = "|".join(re.escape(name) for name in sorted(SPECIAL_FORMS, key=len, reverse=True))
_DEFINING = r"def[^\s()\[\]{}'`,\";|]*"


class LispLexer(RegexLexer):
    """Tokens of tatara-lisp; any text has some, whether it reads or not."""

    name = "tatara-lisp"
    aliases: ClassVar = ["tatara-lisp", "caixa-lisp"]
    filenames: ClassVar = ["*.tlisp"]
    tokens: ClassVar = {
        "root": [
            (r"\s+", Text.Whitespace),
            (r";[^\n]*", Comment.Single),
            (r"#!.*", Comment.Hashbang),
            (r"#\|", Comment.Multiline, "comment"),
            (r"#;", Comment.Special),
            (r'"(?:\\.|[^"\\])*("|\Z)', String),
            (r"#\\(?:[A-Za-z0-9{}]+|.)", String.Char),
            (r"\|[^|]*(\||\Z)", Name.Variable),
            (r"(?:#t|#f|nil|true|false)" + _END, Keyword.Constant),
            (r":" + _ATOM, Name.Tag),
            (r"[-+]?(?:\d[\d_]*(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?" + _END, Number),
            (rf"(\()({_DEFINING})(\s+)(\(?)({_ATOM})", bygroups(  # type: ignore[no-untyped-call]  # published without types
                Punctuation, Keyword.Declaration, Text.Whitespace, Punctuation, Name.Function)),
            (rf"(?<=\()(?:{_FORMS}){_END}", Keyword),
            (rf"(?<=\(){_ATOM}", Name.Function),
            (_ATOM, Name),
            (r"[()\[\]{}'`,|]", Punctuation),
            (r".", Literal),
        ],
        "comment": [
            (r"#\|", Comment.Multiline, "#push"),
            (r"\|#", Comment.Multiline, "#pop"),
            (r"[^#|]+|[#|]", Comment.Multiline),
        ],
    }  # fmt: skip
