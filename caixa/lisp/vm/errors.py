"""What goes wrong between a program and the machine."""

from __future__ import annotations

from ..errors import LispError
from ..source import Span

__all__ = ["MachineError", "MachineExhausted", "NotInMachine"]


class MachineError(LispError):
    """An error of the language that was raised inside the machine, with the kind it has there."""

    def __init__(self, kind: str, message: str, span: Span | None) -> None:
        """Say the `kind`, such as `type-mismatch`, what happened and where."""
        self.kind = kind
        super().__init__(message, span)


class NotInMachine(LispError):
    """A program uses what the machine does not have; it was not started."""

    kind = "not-in-machine"

    def __init__(self, name: str, span: Span | None = None) -> None:
        """Name what is missing: a function, or in words what the program does."""
        super().__init__(
            f"the machine has no `{name}`", span, fix="Run this with the Python back end.", name=name
        )
        self.name = name


class MachineExhausted(Exception):
    """A program was stopped because a limit was reached: `steps` or `memory`."""

    def __init__(self, limit: str) -> None:
        """Say which `limit` it was."""
        super().__init__(f"the program reached its limit of {limit}")
        self.limit = limit
