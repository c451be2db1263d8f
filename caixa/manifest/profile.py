"""Which set of manifests is accepted: ours, or exactly what the older system takes."""

from __future__ import annotations

from enum import Enum

__all__ = ["Profile"]


class Profile(Enum):
    """STRICT reads leniently and checks fully (DESIGN 3.2, 3.3); APRIL is the older system, quirks included."""

    STRICT = "strict"
    APRIL = "april"
