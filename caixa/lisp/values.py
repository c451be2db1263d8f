"""The values of the language that Python has no type for, from the modules that define them.

nil is None, booleans, integers, floats and strings are Python's own, and a procedure is a Python function.
"""

from __future__ import annotations

from .fibers.channel import Channel
from .fibers.fiber import Fiber, FiberStatus
from .lists import EMPTY, List, Vector
from .maps import EMPTY_MAP, Map, Set
from .names import Char, Keyword, Symbol
from .objects import ErrorValue, Foreign, Promise

__all__ = [
    "EMPTY",
    "EMPTY_MAP",
    "Channel",
    "Char",
    "ErrorValue",
    "Fiber",
    "FiberStatus",
    "Foreign",
    "Keyword",
    "List",
    "Map",
    "Promise",
    "Set",
    "Symbol",
    "Vector",
]
