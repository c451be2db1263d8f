"""Every rule of the linter as data: its code, what it asks, how to mend a breach, and an example of each.

`RULES` has them by code. Findings take their severity from it; `docs/linting.md` shows it; the tests run the
examples.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from .code import CODE
from .package import PACKAGE
from .rule import Mending, Rule, Where
from .style import STYLE

__all__ = ["FAMILIES", "RULES", "Mending", "Rule", "Where"]

FAMILIES: Final[Mapping[str, tuple[Rule, ...]]] = MappingProxyType(
    {"Style": STYLE, "Code": CODE, "Packages": PACKAGE}
)
"""The rules by what they look at, each family in the order in which it reports."""

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {rule.code: rule for family in FAMILIES.values() for rule in family}
)
"""The rules by code."""
