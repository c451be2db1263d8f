"""One guest, once: a store with the caixa's limits, and the account of what was used.

Each call has a sandbox of its own, which is thrown away: a trap poisons a component, and no run may see what an
earlier one left.
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


@dataclass(slots=True)
class Sandbox:
    """A store, and what its guest used."""

    turn: Turn
    store: Store
    account: Account
    started: float

    @property
    def fuel_used(self) -> int:
        """Units of fuel burnt so far."""
        return self.turn.budget.fuel - self.store.get_fuel()

    @property
    def elapsed(self) -> float:
        """Seconds since the sandbox was made."""
        return time.perf_counter() - self.started


@contextmanager
def sandbox(turn: Turn, function: str) -> Iterator[Sandbox]:
    """Run the block with limits on; what wasmtime raises in it comes out as one of our failures.

    `function` is the export to be called: the outermost frame, for which a guest often carries no name.
    Raises CallStopped when Stop was pressed, a Violation when a limit was hit or the guest trapped, and
    InvalidModule when the guest cannot be linked.
    """
    with turn.machine.bank.account(turn.budget.memory) as account:
        box = Sandbox(turn, _store(turn), account, time.perf_counter())
        try:
            with turn.machine.watchdog.deadline(turn.budget.wall_clock / 1e9):
                yield box
        except (Trap, WasmtimeError) as error:
            raise _verdict(read_stumble(error).within(function), box) from None
        if turn.ticket.stopped:
            raise CallStopped


def _store(turn: Turn) -> Store:
    store = Store(turn.machine.engine)
    store.set_fuel(turn.budget.fuel)
    store.set_limits(table_elements=_TABLE_ELEMENTS, instances=_INSTANCES, tables=_TABLES, memories=_MEMORIES)
    store.set_epoch_deadline(1)
    return store


def _verdict(stumble: Stumble, box: Sandbox) -> RuntimeFailure | CallStopped:
    budget = box.turn.budget
    match stumble.cause:
        case Cause.INTERRUPT if box.turn.ticket.stopped:
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
