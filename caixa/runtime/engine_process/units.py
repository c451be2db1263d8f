"""Live units: instances that stay, each in a sandbox of its own, until they end or are closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..budget import Budget
from ..errors import RuntimeFailure, UnitExited, UnitGone
from ..results import RunResult, UnitStatus
from .calls import Guest, Instance, Said, heard
from .machine import Machine
from .sandbox import Sandbox
from .watchdog import CallStopped, Ticket

__all__ = ["Units"]


@dataclass(slots=True)
class _Unit:
    """One live unit, and what it has used so far."""

    guest: Guest
    box: Sandbox
    instance: Instance
    calls: int = 0
    fuel: int = 0
    seconds: float = 0.0

    def count(self) -> None:
        """Add what the run that has just ended used."""
        self.fuel += self.box.fuel_used
        self.seconds += self.box.elapsed


class Units:
    """The live units of this process, by number."""

    def __init__(self, machine: Machine) -> None:
        """Have none yet."""
        self._machine = machine
        self._live: dict[int, _Unit] = {}

    def open(self, ticket: Ticket, number: int, guest: Guest, budget: Budget) -> None:
        """Make an instance that stays, as `number`, which no unit had before.

        The memory of `budget` is all that it ever gets, fuel and time are for each call anew. Raises
        MissingImport, InvalidModule, UnitExited or a Violation; CallStopped on Stop.
        """
        guest.check()
        box = Sandbox(self._machine, budget)
        made: list[Instance] = []

        def begin() -> Said:
            made.append(guest.instantiate(box))
            return Said(())

        try:
            with box.running(ticket, "start"):
                said = heard(begin)
            if said.exit_code is not None:
                raise UnitExited(number, said.exit_code, said.output)
        except (RuntimeFailure, CallStopped):
            box.close()
            raise
        unit = self._live[number] = _Unit(guest, box, made[0])
        unit.count()

    def introduce(self, ticket: Ticket, number: int, function: str, words: Sequence[str]) -> None:
        """Call a function of a new unit; drop it if that fails. Raises as `ask` does, and UnitExited."""
        try:
            result = self.ask(ticket, number, function, words)
        except (RuntimeFailure, CallStopped):
            if number in self._live:
                self._drop(number)
            raise
        if result.exit_code is not None:
            raise UnitExited(number, result.exit_code, result.output)

    def ask(self, ticket: Ticket, number: int, function: str, words: Sequence[str]) -> RunResult:
        """Call a function of a unit, whose state is what the call before left.

        Raises UnitGone, UnknownFunction or BadArguments, after which the unit lives; and a Violation, or
        CallStopped on Stop, with which it has ended. So has one that exits, which is told in the result.
        """
        unit = self._find(number)
        prepared = unit.guest.prepare(function, words)
        unit.calls += 1
        try:
            with unit.box.running(ticket, prepared.name):
                said = heard(lambda: unit.instance.call(prepared))
        except (RuntimeFailure, CallStopped):
            self._drop(number)
            raise
        unit.count()
        result = said.after(unit.box)
        if said.exit_code is not None:
            self._drop(number)
        return result

    def close(self, number: int) -> UnitStatus:
        """End a unit and free its memory; return what it used. Raises UnitGone."""
        status = self.status(number)
        self._drop(number)
        return status

    def status(self, number: int) -> UnitStatus:
        """Return what a unit has used. Raises UnitGone."""
        unit = self._find(number)
        account = unit.box.account
        return UnitStatus(number, unit.calls, unit.fuel, unit.seconds, account.held, account.peak)

    def list(self) -> tuple[UnitStatus, ...]:
        """Return what each live unit has used, in the order of opening."""
        return tuple(map(self.status, self._live))

    def _find(self, number: int) -> _Unit:
        if number not in self._live:
            raise UnitGone(number, "it does not run here")
        return self._live[number]

    def _drop(self, number: int) -> None:
        self._live.pop(number).box.close()
