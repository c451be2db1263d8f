"""What can go wrong in a tool, as one tree.

Reportable
└── ToolError
    └── InvalidSettings       a settings file that says something it cannot mean (also ValueError)
"""

from __future__ import annotations

from caixa.lisp.diagnostics import Reportable

__all__ = ["InvalidSettings", "ToolError"]


class ToolError(Reportable):
    """A tool that cannot do what it was asked."""


class InvalidSettings(ToolError, ValueError):
    """A settings file with problems; carries each of them."""
