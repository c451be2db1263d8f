"""The expander: syntax to core language (language.md sections 3 and 4)."""

from __future__ import annotations

from . import binding, control, definitions, evaluation, quasi, restarting, testing  # noqa: F401  # each enters its special forms
from .expander import SPECIAL_FORMS, Environment, Expander
from .scope import Macro, Scope

__all__ = ["SPECIAL_FORMS", "Environment", "Expander", "Macro", "Scope"]
