"""What can go wrong when wasm runs, as one tree.

    Reportable
    └── RuntimeFailure
        ├── InvalidModule         not wasm, or wasm that does not validate; line and column where it was text
        ├── InvalidGraph          not a graph that Graphviz can draw
        ├── UnknownFunction       the component exports no such function
        ├── BadArguments          the words do not fit the function's parameters
        ├── MissingImport         it asks for what nobody granted
        ├── ResultTooLarge        it answered more than can be shown
        ├── EngineDied            the engine process ended during the call; the next call starts another
        ├── UnitGone              the unit has ended, or never was
        ├── UnitExited            the unit ended itself
        ├── MailboxFull           the unit has as many messages waiting as it may
        ├── CallTimeout           the unit did not answer in time, and goes on
        ├── NoCallback            the unit has no callback for this kind of message
        ├── BadCallback           a callback gave something that none may give
        └── Violation             it ran, and was stopped
            ├── FuelExhausted
            ├── MemoryExceeded
            ├── DeadlineExceeded
            ├── StackExhausted
            └── GuestTrap         its own fault: `unreachable`, a division by zero, an index out of bounds
    KeyboardInterrupt
    └── Interrupted               Stop was pressed; no `except Exception` and no Lisp `catch` may swallow it

A failure is made from facts, and its words are made from the facts: the engine process sends code and facts,
and the same class is built again on the other side (`to_wire`, `from_wire`).
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, ClassVar

from caixa.lisp.diagnostics import Diagnostic, Reportable, Severity

__all__ = [
    "BadArguments",
    "BadCallback",
    "CallTimeout",
    "DeadlineExceeded",
    "EngineDied",
    "FuelExhausted",
    "GuestTrap",
    "Interrupted",
    "InvalidGraph",
    "InvalidModule",
    "MailboxFull",
    "MemoryExceeded",
    "MissingImport",
    "NoCallback",
    "ResultTooLarge",
    "RuntimeFailure",
    "StackExhausted",
    "UnitExited",
    "UnitGone",
    "UnknownFunction",
    "Violation",
]


class Interrupted(KeyboardInterrupt):
    """The call was stopped by `Engine.interrupt`; the engine goes on."""

    def __init__(self) -> None:
        """Say what was stopped."""
        super().__init__("the call was stopped; the session is as it was before")


class RuntimeFailure(Reportable):
    """A call that gave no result; `code` is stable and `facts` are what its constructor was given."""

    code: ClassVar[str] = "runtime-failure"
    by_code: ClassVar[dict[str, type[RuntimeFailure]]] = {}

    def __init__(self, message: str, *, why: str = "", fix: str = "", **facts: Any) -> None:
        """Say what happened, why, and what to do."""
        diagnostic = Diagnostic(self.code, Severity.ERROR, None, message, why=why, fix=fix, data=facts)
        super().__init__(diagnostic)
        self.message = message
        self.facts = facts

    def __init_subclass__(cls) -> None:
        RuntimeFailure.by_code[cls.code] = cls

    def to_wire(self) -> dict[str, Any]:
        """Return code and facts as plain data."""
        return {"code": self.code, "facts": self.facts}

    @staticmethod
    def from_wire(data: dict[str, Any]) -> RuntimeFailure:
        """Build the failure that `to_wire` described."""
        return RuntimeFailure.by_code[data["code"]](**data["facts"])


class InvalidModule(RuntimeFailure):
    """These bytes, or this text, are not a WebAssembly module or component."""

    code = "invalid-module"

    def __init__(self, reason: str, line: int | None = None, column: int | None = None) -> None:
        """`line` and `column` count from 1 and are known for text only."""
        place = f"line {line}, column {column}: " if line else ""
        super().__init__(
            f"this is not valid WebAssembly: {place}{reason}",
            fix="Correct the text there." if line else "Give a .wasm file (module or component), or WAT text.",
            reason=reason, line=line, column=column,
        )  # fmt: skip
        self.line, self.column = line, column


class InvalidGraph(RuntimeFailure):
    """Graphviz refused the graph."""

    code = "invalid-graph"

    def __init__(self, reason: str) -> None:
        """`reason` is what Graphviz said."""
        super().__init__(
            f"Graphviz cannot draw this graph: {reason}",
            fix="Look at the dot text: `%caixa graph NAME --as dot` prints it.",
            reason=reason,
        )


class UnknownFunction(RuntimeFailure):
    """No export has this name."""

    code = "unknown-function"

    def __init__(self, name: str, exports: Sequence[str]) -> None:
        """Say what is missing; `exports` are the functions that do exist."""
        near = get_close_matches(name, exports, n=1, cutoff=0.5)
        listed = ", ".join(exports[:12]) + (", …" if len(exports) > 12 else "")
        super().__init__(
            f"there is no exported function `{name}`",
            why=f"It exports: {listed}." if exports else "It exports no function.",
            fix=f"Did you mean `{near[0]}`?" if near else "",
            name=name, exports=list(exports),
        )  # fmt: skip


class BadArguments(RuntimeFailure):
    """The arguments do not fit the function's type."""

    code = "bad-arguments"

    def __init__(self, reason: str, signature: str) -> None:
        """`signature` is the function's type, as `add(a: s32, b: s32) -> s32`."""
        super().__init__(reason, why=f"The function is {signature}.", reason=reason, signature=signature)


class MissingImport(RuntimeFailure):
    """It imports what was not granted."""

    code = "missing-import"

    def __init__(self, names: Sequence[str]) -> None:
        """`names` are all the imports that nobody grants, as `module.field` or interface names."""
        plural = "s" if len(names) > 1 else ""
        super().__init__(
            f"it imports what no capability grants: {', '.join(names)}",
            why="Nothing is ambient: a component sees no file, socket, clock or variable that was not granted.",
            fix=f"Build it without the import{plural} (componentize-py and componentize-qjs: --stub-wasi).",
            names=list(names),
        )


class ResultTooLarge(RuntimeFailure):
    """The result is larger than what the engine passes on."""

    code = "result-too-large"

    def __init__(self, size: int, limit: int) -> None:
        """`size` and `limit` are in bytes."""
        super().__init__(
            f"the result has {_bytes(size)}; at most {_bytes(limit)} are passed on",
            fix="Return less: a part, a count, or a digest of it.",
            size=size, limit=limit,
        )  # fmt: skip


class EngineDied(RuntimeFailure):
    """The engine process ended while it ran the call."""

    code = "engine-died"

    def __init__(self, status: int | None, said: str = "") -> None:
        """`status` is the process's exit status, `said` the end of what it wrote to its standard error."""
        super().__init__(
            f"the engine process {_ending(status)} during the call",
            why=f"It said: {said}" if said else "",
            fix="Run it again: a new engine starts with the next call, and the session is as it was.",
            status=status, said=said,
        )  # fmt: skip


class UnitGone(RuntimeFailure):
    """A live unit was asked for something and does not live."""

    code = "unit-gone"

    def __init__(self, unit: int, how: str) -> None:
        """`how` says in words what became of the unit with this number."""
        super().__init__(
            f"unit {unit} does not run: {how}",
            fix="Open another; a supervisor does so by itself.",
            unit=unit, how=how,
        )  # fmt: skip
        self.unit, self.how = unit, how


class UnitExited(RuntimeFailure):
    """A live unit ended itself by `proc_exit`."""

    code = "unit-exited"

    def __init__(self, unit: int, status: int, output: str = "") -> None:
        """`status` is what it exited with, 0 for a normal end; `output` is what it printed last."""
        last = output.strip().rpartition("\n")[2][:200]
        super().__init__(
            f"unit {unit} exited with status {status}",
            why=f"It said: {last}" if last else "It called `proc_exit`.",
            unit=unit, status=status, output=output,
        )  # fmt: skip
        self.unit, self.status = unit, status


class MailboxFull(RuntimeFailure):
    """A unit's mailbox takes no more."""

    code = "mailbox-full"

    def __init__(self, unit: int, capacity: int) -> None:
        """`capacity` is how many messages may wait."""
        super().__init__(
            f"unit {unit} has {capacity:,} messages waiting, and takes no more",
            why="It gets them faster than it handles them.",
            fix="Send slower, or let more units share the work.",
            unit=unit, capacity=capacity,
        )  # fmt: skip
        self.unit, self.capacity = unit, capacity


class CallTimeout(RuntimeFailure, TimeoutError):
    """A unit did not answer a call in time; it goes on, and its answer is dropped."""

    code = "call-timeout"

    def __init__(self, unit: int, seconds: float) -> None:
        """`seconds` is how long the caller waited."""
        super().__init__(
            f"unit {unit} did not answer within {seconds:g} s",
            fix="Wait longer, or give the unit a :wall-clock limit that is shorter than the wait.",
            unit=unit, seconds=seconds,
        )  # fmt: skip
        self.unit, self.seconds = unit, seconds


class NoCallback(RuntimeFailure):
    """A unit was told something of a kind that it has no callback for."""

    code = "no-callback"

    def __init__(self, callback: str) -> None:
        """Name the slot of `:behavior`, as `on-call`."""
        super().__init__(
            f"the unit has no `{callback}`",
            fix=f"Export a function `{callback}`, or name a Lisp file for it: :behavior (:{callback} …).",
            callback=callback,
        )
        self.callback = callback


class BadCallback(RuntimeFailure):
    """A callback written in Lisp is missing from its file, or gave what none may give."""

    code = "bad-callback"

    def __init__(self, callback: str, found: str, expected: str) -> None:
        """`found` and `expected` are as text."""
        super().__init__(
            f"`{callback}` of the unit gave {found}",
            why="A callback says what to do next, as OTP's do.",
            fix=f"Give {expected}.",
            callback=callback, found=found, expected=expected,
        )  # fmt: skip
        self.callback = callback


class Violation(RuntimeFailure):
    """The guest was stopped while it ran; `used` and `elapsed` say what it had used by then."""

    code = "violation"


class FuelExhausted(Violation):
    """All fuel was burnt."""

    code = "fuel-exhausted"

    def __init__(self, limit: int, used: int, elapsed: float) -> None:
        """`limit` and `used` are in units of fuel, about one per instruction; `elapsed` is in seconds."""
        super().__init__(
            f"out of fuel: all {limit:,} units were used, in {_seconds(elapsed)}",
            why=f"The caixa has :limits (:fuel {limit}).",
            fix=f"If it needs more, raise :fuel in :limits, for example to {max(limit * 10, 1_000_000)}.",
            limit=limit, used=used, elapsed=elapsed,
        )  # fmt: skip
        self.limit, self.used, self.elapsed = limit, used, elapsed


class MemoryExceeded(Violation):
    """It asked for more memory than the cap, was refused, and could not go on."""

    code = "memory-exceeded"

    def __init__(self, limit: int, used: int, asked: int, outcome: str, frames: Sequence[str] = ()) -> None:
        """Say so: it held `used` bytes, a total of `asked` was refused, and it ended by `outcome`."""
        super().__init__(
            f"out of memory: it held {_bytes(used)}, asked for {_bytes(asked)}, and may have {_bytes(limit)}",
            why=f"The request was refused, and then: {outcome}.{_trace(frames)}",
            fix=f'Raise :memory in :limits, for example to "{_slot_size(asked)}".',
            limit=limit, used=used, asked=asked, outcome=outcome, frames=list(frames),
        )  # fmt: skip
        self.limit, self.used, self.asked = limit, used, asked


class DeadlineExceeded(Violation):
    """It ran longer than its wall-clock limit."""

    code = "deadline-exceeded"

    def __init__(self, limit_ns: int, elapsed: float) -> None:
        """`limit_ns` is in nanoseconds, `elapsed` in seconds."""
        super().__init__(
            f"out of time: stopped after {_seconds(elapsed)}; the limit is {_duration(limit_ns)}",
            why=f'The caixa has :limits (:wall-clock "{_duration(limit_ns)}"), or that is the default.',
            fix=f'If it needs longer, raise :wall-clock, for example to "{_duration(limit_ns * 10)}".',
            limit_ns=limit_ns, elapsed=elapsed,
        )  # fmt: skip
        self.limit_ns, self.elapsed = limit_ns, elapsed


class StackExhausted(Violation):
    """It called too deep."""

    code = "stack-exhausted"

    def __init__(self, limit: int, frames: Sequence[str] = ()) -> None:
        """`limit` is the stack in bytes; `frames` are the innermost calls."""
        super().__init__(
            f"the call stack is full: {_bytes(limit)} of it",
            why=f"Calls are nested too deep.{_trace(frames)}",
            fix="No slot of :limits raises the stack: recurse in tail position, or keep the work on a list.",
            limit=limit, frames=list(frames),
        )  # fmt: skip


class GuestTrap(Violation):
    """The guest trapped by its own doing."""

    code = "guest-trap"

    def __init__(self, reason: str, frames: Sequence[str] = (), note: str = "") -> None:
        """`reason` is the trap in words, `frames` the calls, innermost first."""
        super().__init__(
            f"the guest trapped: {reason}",
            why=f"{note}{_trace(frames)}".strip(),
            fix="This is a fault in the component, not a limit; its source has to change.",
            reason=reason, frames=list(frames), note=note,
        )  # fmt: skip
        self.reason, self.frames = reason, tuple(frames)


def _ending(status: int | None) -> str:
    if status is None:
        return "ended"
    return f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"


def _trace(frames: Sequence[str]) -> str:
    return f" In: {' ← '.join(frames[:8])}{' ← …' if len(frames) > 8 else ''}." if frames else ""


# Sizes and durations are for reading here; caixa.manifest.codecs, which prints slots, is not worth its import.


def _bytes(size: int) -> str:
    for shift, unit in ((30, "GiB"), (20, "MiB"), (10, "KiB")):
        if size >= 1 << shift:
            return f"{size / (1 << shift):.4g} {unit}"
    return f"{size} bytes"


def _duration(nanoseconds: int) -> str:
    for unit, length in (("s", 10**9), ("ms", 10**6)):
        if nanoseconds % length == 0:
            return f"{nanoseconds // length}{unit}"
    return f"{nanoseconds / 10**6:g}ms"


def _seconds(elapsed: float) -> str:
    return f"{elapsed:.2f} s" if elapsed >= 1 else f"{elapsed * 1000:.1f} ms"


def _slot_size(asked: int) -> str:
    """Return the power of two above `asked` bytes, as the slot is written."""
    return f"{max(1, (1 << (asked - 1).bit_length()) >> 20)}MiB"
