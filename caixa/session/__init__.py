"""The live session of a notebook: an immutable value, its log of events, and cells that commit whole or not."""

from .errors import BrokenLog, NoComponent, SessionError, UnknownCaixa
from .session import Definition, Outcome, Session
from .state import SessionState

__all__ = [
    "BrokenLog",
    "Definition",
    "NoComponent",
    "Outcome",
    "Session",
    "SessionError",
    "SessionState",
    "UnknownCaixa",
]
