"""Where a guest runs: a store with the caixa's limits, and the account of what was used.

One call has a sandbox of its own, which is thrown away; a live unit keeps its sandbox until it ends. Whatever
trapped or was stopped is never entered again: a trap poisons a component, and leaves a module in the middle of
something.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from wasmtime import Store, Trap, WasmtimeError

from ..budget import Budget
from ..errors import (
    DeadlineExceeded,
    FuelExhausted,
    GuestTrap,
    InvalidModule,
    MemoryExceeded,
    RuntimeFailure,
    StackExhausted,
)
from .machine import STACK_BYTES, Machine
from .memory import Account
from .traps import Cause, Stumble, read_stumble
from .watchdog import CallStopped, Ticket

__all__ = ["Sandbox", "Turn", "sandbox"]

# Bytes are the bank's affair; these bound what the host keeps for a guest beside its memory.
_INSTANCES = 200
_MEMORIES = 100
_TABLES = 64
_TABLE_ELEMENTS = 200_000


@dataclass(frozen=True, slots=True)
class Turn:
    """One call's turn on the machine, and what it may use."""

    machine: Machine
    ticket: Ticket
    budget: Budget


class Sandbox:
    """A store, its limits, and what its guest used: memory in all, fuel and time in its latest run."""

    def __init__(self, machine: Machine, budget: Budget) -> None:
        """Make the store; the memory of `budget` holds for as long as it lives, fuel and time for each run."""
        self.machine, self.budget = machine, budget
        self.account = Account(budget.memory)
        self.store = Store(machine.engine)
        self.store.set_limits(
            table_elements=_TABLE_ELEMENTS, instances=_INSTANCES, tables=_TABLES, memories=_MEMORIES
        )
        self._started = time.perf_counter()

    @property
    def fuel_used(self) -> int:
        """Units of fuel burnt in this run."""
        return self.budget.fuel - self.store.get_fuel()

    @property
    def elapsed(self) -> float:
        """Seconds since this run began."""
        return time.perf_counter() - self._started

    @contextmanager
    def running(self, ticket: Ticket, function: str) -> Iterator[None]:
        """Run the block with limits on; what wasmtime raises in it comes out as one of our failures.

        `function` is the export to be called: the outermost frame, for which a guest often carries no name.
        Raises CallStopped when Stop was pressed, a Violation when a limit was hit or the guest trapped, and
        InvalidModule when the guest cannot be linked.
        """
        self._started = time.perf_counter()
        self.account.refused = None
        self.store.set_fuel(self.budget.fuel)
        self.store.set_epoch_deadline(1)
        watchdog, seconds = self.machine.watchdog, self.budget.wall_clock / 1e9
        try:
            with self.machine.bank.charging(self.account), watchdog.deadline(seconds):
                yield
        except (Trap, WasmtimeError) as error:
            raise _verdict(read_stumble(error).within(function), self, ticket) from None
        if ticket.stopped:
            raise CallStopped

    def close(self) -> None:
        """Free everything that the guest holds; it cannot run again."""
        self.store.close()


@contextmanager
def sandbox(turn: Turn, function: str) -> Iterator[Sandbox]:
    """Run the block in a sandbox that is thrown away after it. Raises as `Sandbox.running` does."""
    box = Sandbox(turn.machine, turn.budget)
    with box.running(turn.ticket, function):
        yield box


def _verdict(stumble: Stumble, box: Sandbox, ticket: Ticket) -> RuntimeFailure | CallStopped:
    budget = box.budget
    match stumble.cause:
        case Cause.INTERRUPT if ticket.stopped:
            return CallStopped()
        case Cause.INTERRUPT:
            return DeadlineExceeded(budget.wall_clock, box.elapsed)
        case Cause.FUEL:
            return FuelExhausted(budget.fuel, box.fuel_used, box.elapsed)
        case Cause.STACK:
            return StackExhausted(STACK_BYTES, stumble.frames)
        case Cause.LINK:
            return InvalidModule(f"it cannot be linked: {stumble.reason}")
    return _fault(stumble, box.account)


def _fault(stumble: Stumble, account: Account) -> RuntimeFailure:
    """Blame the memory limit when memory was refused and the guest ended as guests then do; else the guest."""
    frames, refused = stumble.frames, account.refused
    if refused is None:
        return GuestTrap(stumble.reason, frames)
    if stumble.cause is not Cause.FAULT:
        return MemoryExceeded(account.cap, account.peak, refused, stumble.reason, frames)
    note = f"Memory had been refused before ({refused:,} bytes asked, {account.cap:,} allowed)."
    return GuestTrap(stumble.reason, frames, note)
