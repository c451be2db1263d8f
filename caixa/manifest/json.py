"""The caixa as JSON data and back, in the names of caixa.md sections 1.2 and 1.3.

JSON is read by turning it into syntax (section 1.0, "JSON to Lisp") and decoding that: there is one decoder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from caixa.lisp.source import Source, Span
from caixa.lisp.syntax import Atom, Form, Node
from caixa.lisp.values import Keyword

from .decoding import INVALID, Decoding, Place
from .errors import InvalidManifest, InvalidValue
from .model import Behavior, Caixa, Limits, Politicas, UpgradeFrom
from .profile import Profile
from .reading import Reading
from .records import Record
from .slots import BEHAVIOR, CAIXA, LIMITS, POLITICAS, UPGRADE_FROM

__all__ = [
    "behavior_to_json",
    "from_json",
    "limits_to_json",
    "politicas_to_json",
    "record_from_json",
    "to_json",
    "upgrade_to_json",
]

_DEEPEST: Final = 64
_SOURCE: Final = Source("json", "")
_NOWHERE: Final = Span("json", 0, 0)


def to_json(caixa: Caixa, profile: Profile = Profile.STRICT) -> dict[str, Any]:
    """Return the caixa as JSON data, keys in the order of section 1.2; unset slots are left out."""
    return CAIXA.to_json(caixa, profile)


def from_json(data: Mapping[str, Any], profile: Profile = Profile.STRICT) -> Caixa:
    """Return the caixa that `data` describes. Raises InvalidManifest with every problem."""
    caixa = record_from_json(CAIXA, data, profile)
    assert isinstance(caixa, Caixa)
    return caixa


def limits_to_json(limits: Limits) -> dict[str, Any]:
    """Return limits as JSON data, in the order memory, fuel, wallClock, cpu."""
    return LIMITS.to_json(limits, Profile.STRICT)


def behavior_to_json(behavior: Behavior) -> dict[str, Any]:
    """Return the callbacks that are set."""
    return BEHAVIOR.to_json(behavior, Profile.STRICT)


def politicas_to_json(politicas: Politicas) -> dict[str, Any]:
    """Return the policies that are set."""
    return POLITICAS.to_json(politicas, Profile.STRICT)


def upgrade_to_json(entry: UpgradeFrom) -> dict[str, Any]:
    """Return one upgrade with its instructions."""
    return UPGRADE_FROM.to_json(entry, Profile.STRICT)


def record_from_json(record: Record, data: Mapping[str, Any], profile: Profile = Profile.STRICT) -> Any:
    """Return the value of any record's shape. Raises InvalidManifest, its spans None, with every problem."""
    place = Place(Decoding(_SOURCE, profile))
    value = record.decode(_syntax(data), place)
    if value is INVALID or place.decoding.problems:
        raise InvalidManifest(Reading(None, tuple(place.decoding.problems)))
    return value


def _syntax(data: Any, depth: int = 0) -> Node:
    if depth > _DEEPEST:
        raise InvalidValue(f"this JSON is nested more than {_DEEPEST} deep", code="json-too-deep")
    if isinstance(data, Mapping):
        items: list[Node] = []
        for name, value in data.items():
            if value is not None:
                items += [Atom(_NOWHERE, Keyword(_kebab(str(name)))), _syntax(value, depth + 1)]
        return Form(_NOWHERE, tuple(items))
    if isinstance(data, list | tuple):
        return Form(_NOWHERE, tuple(_syntax(item, depth + 1) for item in data))
    return Form(_NOWHERE, ()) if data is None else Atom(_NOWHERE, data)


def _kebab(name: str) -> str:
    return re.sub(r"[A-Z]", lambda match: "-" + match[0].lower(), name)
