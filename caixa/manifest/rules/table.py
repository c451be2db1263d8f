"""The table of rules: every code that a manifest can be refused or warned with."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from .actors import ACTORS
from .declared import declared_rules
from .mesh import MESH
from .package import PACKAGE
from .reading import READING
from .rule import Rule

__all__ = ["FAMILIES", "RULES", "rule_of"]

FAMILIES: Final[Mapping[str, tuple[Rule, ...]]] = MappingProxyType(
    {
        "Reading": READING,
        "Packages": PACKAGE,
        "Servicos and Supervisors": ACTORS,
        "Meshes": MESH,
        "Values of slots": tuple(declared_rules()),
    }
)
"""The rules by what they are about, each family in its order."""

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {rule.code: rule for family in FAMILIES.values() for rule in family}
)
"""The rules by code."""


def rule_of(code: str) -> Rule:
    """Return the rule of a code. Raises KeyError for a code that is not in the table."""
    return RULES[code]
