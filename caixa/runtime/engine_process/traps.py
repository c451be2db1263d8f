"""The one place where wasmtime's words become ours: every trap code, and the message that stands for it.

A core module traps with a `Trap` and a code. A component fails with a plain `WasmtimeError` that has the same
words and no code (known-to-work-wasm.md section 3), so the words are listed too; a test compares them with
wasmtime's, and fails when a release adds a code that has no row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum, auto

from wasmtime import Trap, TrapCode, WasmtimeError

__all__ = ["MEANINGS", "Cause", "Meaning", "Stumble", "read_stumble"]


class Cause(Enum):
    """Whose doing a trap is."""

    FUEL = auto()
    STACK = auto()
    INTERRUPT = auto()
    # How guests give up when an allocation failed: a limit, if memory was refused; a fault, if it was not.
    STARVED = auto()
    # The memory limit itself: no code stands for it.
    MEMORY = auto()
    FAULT = auto()
    # Not a trap: imports that do not fit, counts of instances or tables that wasmtime refuses.
    LINK = auto()


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a trap code stands for: wasmtime's text, and the reason as we say it."""

    cause: Cause
    text: str
    reason: str = ""


MEANINGS: dict[TrapCode, Meaning] = {
    TrapCode.STACK_OVERFLOW: Meaning(Cause.STACK, "call stack exhausted"),
    TrapCode.MEMORY_OUT_OF_BOUNDS: Meaning(
        Cause.STARVED,
        "out of bounds memory access",
        "it read or wrote outside its memory",
    ),
    TrapCode.HEAP_MISALIGNED: Meaning(Cause.FAULT, "unaligned atomic", "an atomic access was not aligned"),
    TrapCode.TABLE_OUT_OF_BOUNDS: Meaning(
        Cause.FAULT,
        "undefined element: out of bounds table access",
        "it called through a table entry that does not exist",
    ),
    TrapCode.INDIRECT_CALL_TO_NULL: Meaning(
        Cause.FAULT,
        "uninitialized element",
        "it called through an empty table entry",
    ),
    TrapCode.BAD_SIGNATURE: Meaning(
        Cause.FAULT,
        "indirect call type mismatch",
        "it called a function through a table with the wrong type",
    ),
    TrapCode.INTEGER_OVERFLOW: Meaning(Cause.FAULT, "integer overflow", "an integer operation overflowed"),
    TrapCode.INTEGER_DIVISION_BY_ZERO: Meaning(
        Cause.FAULT,
        "integer divide by zero",
        "it divided an integer by zero",
    ),
    TrapCode.BAD_CONVERSION_TO_INTEGER: Meaning(
        Cause.FAULT,
        "invalid conversion to integer",
        "it turned a float that is no integer (NaN, infinite, too large) into one",
    ),
    TrapCode.UNREACHABLE: Meaning(
        Cause.STARVED,
        "wasm `unreachable` instruction executed",
        "it executed `unreachable`, which is how a guest gives up (a panic, an abort)",
    ),
    TrapCode.INTERRUPT: Meaning(Cause.INTERRUPT, "interrupt"),
    TrapCode.OUT_OF_FUEL: Meaning(Cause.FUEL, "all fuel consumed by WebAssembly"),
    TrapCode.ATOMIC_WAIT_NON_SHARED_MEMORY: Meaning(
        Cause.FAULT,
        "atomic wait on non-shared memory",
        "it waited on memory that no other thread can see",
    ),
    TrapCode.NULL_REFERENCE: Meaning(Cause.STARVED, "null reference", "it used a null reference"),
    TrapCode.ARRAY_OUT_OF_BOUNDS: Meaning(
        Cause.FAULT,
        "out of bounds array access",
        "it read or wrote outside an array",
    ),
    TrapCode.ALLOCATION_TOO_LARGE: Meaning(
        Cause.FAULT,
        "allocation size too large",
        "it asked for an object larger than any can be",
    ),
    TrapCode.CAST_FAILURE: Meaning(
        Cause.FAULT,
        "cast failure",
        "it took a reference for a type that it is not",
    ),
    TrapCode.CANNOT_ENTER_COMPONENT: Meaning(
        Cause.FAULT,
        "cannot enter component instance",
        "the component was called while it was being called, or after a trap",
    ),
    TrapCode.NO_ASYNC_RESULT: Meaning(
        Cause.FAULT,
        "async-lifted export failed to produce a result",
        "an async function ended without a result",
    ),
    TrapCode.UNHANDLED_TAG: Meaning(Cause.FAULT, "unhandled tag", "it suspended to a tag that nobody handles"),
    TrapCode.CONTINUATION_ALREADY_CONSUMED: Meaning(
        Cause.FAULT,
        "continuation already consumed",
        "it resumed a continuation twice",
    ),
    TrapCode.DISABLED_OPCODE: Meaning(
        Cause.FAULT,
        "pulley opcode disabled at compile time was executed",
        "it executed an instruction that is turned off",
    ),
    TrapCode.ASYNC_DEADLOCK: Meaning(
        Cause.FAULT,
        "deadlock detected: event loop cannot make further progress",
        "its tasks wait for each other",
    ),
    TrapCode.CANNOT_LEAVE_COMPONENT: Meaning(
        Cause.FAULT,
        "cannot leave component instance",
        "it called an import where it may not",
    ),
    TrapCode.CANNOT_BLOCK_SYNC_TASK: Meaning(
        Cause.FAULT,
        "cannot block a synchronous task before returning",
        "a synchronous task tried to wait",
    ),
    TrapCode.INVALID_CHAR: Meaning(
        Cause.FAULT,
        "invalid `char` bit pattern",
        "it passed a character that Unicode does not have",
    ),
    TrapCode.DEBUG_ASSERT_STRING_ENCODING_FINISHED: Meaning(
        Cause.FAULT,
        "should have finished string encoding",
        "a string was not encoded to its end",
    ),
    TrapCode.DEBUG_ASSERT_EQUAL_CODE_UNITS: Meaning(
        Cause.FAULT,
        "code units should be equal",
        "a string changed while it was encoded",
    ),
    TrapCode.DEBUG_ASSERT_POINTER_ALIGNED: Meaning(
        Cause.FAULT,
        "pointer should be aligned",
        "it passed a pointer that is not aligned",
    ),
    TrapCode.DEBUG_ASSERT_UPPER_BITS_UNSET: Meaning(
        Cause.FAULT,
        "upper bits should be unset",
        "it passed an integer with stray bits",
    ),
    TrapCode.STRING_OUT_OF_BOUNDS: Meaning(
        Cause.FAULT,
        "string content out-of-bounds",
        "it passed a string that lies outside its memory",
    ),
    TrapCode.LIST_OUT_OF_BOUNDS: Meaning(
        Cause.FAULT,
        "list content out-of-bounds",
        "it passed a list that lies outside its memory",
    ),
    TrapCode.INVALID_DISCRIMINANT: Meaning(
        Cause.FAULT,
        "invalid variant discriminant",
        "it passed a case that the variant does not have",
    ),
    TrapCode.UNALIGNED_POINTER: Meaning(
        Cause.FAULT,
        "unaligned pointer",
        "it passed a pointer that is not aligned",
    ),
    TrapCode.TASK_CANCEL_NOT_CANCELLED: Meaning(
        Cause.FAULT,
        "`task.cancel` called by task which has not been cancelled",
        "it acknowledged a cancellation that nobody asked for",
    ),
    TrapCode.TASK_CANCEL_OR_RETURN_TWICE: Meaning(
        Cause.FAULT,
        "`task.return` or `task.cancel` called more than once for current task",
        "a task returned twice",
    ),
    TrapCode.SUBTASK_CANCEL_AFTER_TERMINAL: Meaning(
        Cause.FAULT,
        "`subtask.cancel` called after terminal status delivered",
        "it cancelled a task that had ended",
    ),
    TrapCode.TASK_RETURN_INVALID: Meaning(
        Cause.FAULT,
        "invalid `task.return` signature and/or options for current task",
        "a task returned a value of the wrong type",
    ),
    TrapCode.WAITABLE_SET_DROP_HAS_WAITERS: Meaning(
        Cause.FAULT,
        "cannot drop waitable set with waiters",
        "it dropped a set that a task waits on",
    ),
    TrapCode.SUBTASK_DROP_NOT_RESOLVED: Meaning(
        Cause.FAULT,
        "cannot drop a subtask which has not yet resolved",
        "it dropped a task that still runs",
    ),
    TrapCode.THREAD_NEW_INDIRECT_INVALID_TYPE: Meaning(
        Cause.FAULT,
        "start function does not match expected type (currently only `(i32) -> ()` is supported)",
        "it started a thread with a function of the wrong type",
    ),
    TrapCode.THREAD_NEW_INDIRECT_UNINITIALIZED: Meaning(
        Cause.FAULT,
        "the start function index points to an uninitialized function",
        "it started a thread with an empty table entry",
    ),
    TrapCode.BACKPRESSURE_OVERFLOW: Meaning(
        Cause.FAULT,
        "backpressure counter overflow",
        "it raised its backpressure too often",
    ),
    TrapCode.UNSUPPORTED_CALLBACK_CODE: Meaning(
        Cause.FAULT,
        "unsupported callback code",
        "an async callback returned a code that does not exist",
    ),
    TrapCode.CANNOT_RESUME_THREAD: Meaning(
        Cause.FAULT,
        "cannot resume thread which is not suspended",
        "it resumed a thread that is not suspended",
    ),
    TrapCode.CONCURRENT_FUTURE_STREAM_OP: Meaning(
        Cause.FAULT,
        "cannot have concurrent operations active on a future/stream",
        "it used a stream twice at once",
    ),
    TrapCode.REFERENCE_COUNT_OVERFLOW: Meaning(
        Cause.FAULT,
        "reference count overflow",
        "it copied a reference too often",
    ),
    TrapCode.STREAM_OP_TOO_BIG: Meaning(
        Cause.FAULT,
        "stream read/write count too large",
        "it read or wrote too much of a stream at once",
    ),
    TrapCode.WAITABLE_SYNC_AND_ASYNC: Meaning(
        Cause.FAULT,
        "waitable cannot be used synchronously while added to a waitable set",
        "it waited for one thing in two ways",
    ),
    TrapCode.UNCAUGHT_EXCEPTION: Meaning(
        Cause.STARVED,
        "uncaught exception propagated out of component",
        "it threw an exception that nobody caught",
    ),
}

_BY_TEXT = {meaning.text: meaning for meaning in MEANINGS.values()}
_MEMORY_TEXTS = ("GC heap out of memory", "memory limit of the caixa")
_TRAP = re.compile(r"wasm trap: (.+)")
_FRAME = re.compile(r"^ +\d+: +0x[0-9a-f]+ - (.+)$", re.MULTILINE)
_NUMBERED = "function "
_ANONYMOUS = re.compile(r"<wasm function (\d+)>")


@dataclass(frozen=True, slots=True)
class Stumble:
    """Why a guest ended: cause, reason in words, calls innermost first."""

    cause: Cause
    reason: str
    frames: tuple[str, ...]

    def within(self, function: str) -> Stumble:
        """Return the same with the outermost call named, where wasmtime had only a number for it."""
        if not self.frames or not self.frames[-1].startswith(_NUMBERED):
            return self
        return replace(self, frames=(*self.frames[:-1], function))


def read_stumble(error: Trap | WasmtimeError) -> Stumble:
    """Return what wasmtime's error means."""
    message = str(error)
    frames = _trap_frames(error) if isinstance(error, Trap) else _message_frames(message)
    if any(text in message for text in _MEMORY_TEXTS):
        return Stumble(Cause.MEMORY, "no memory was left", frames)
    meaning = _meaning(error, message)
    if meaning is None:
        return Stumble(Cause.LINK, _headline(message), frames)
    return Stumble(meaning.cause, meaning.reason or meaning.text, frames)


def _meaning(error: Trap | WasmtimeError, message: str) -> Meaning | None:
    if isinstance(error, Trap):
        code = _code(error)
        return MEANINGS[code] if code in MEANINGS else Meaning(Cause.STARVED, "", _headline(message))
    trap = _TRAP.search(message)
    if trap is None:
        return None if not _FRAME.search(message) else Meaning(Cause.FAULT, "", _headline(message))
    return _BY_TEXT.get(trap[1], Meaning(Cause.FAULT, trap[1]))


def _code(trap: Trap) -> TrapCode | None:
    try:
        return trap.trap_code
    except ValueError:  # newer than wasmtime-py's own table
        return None


def _headline(message: str) -> str:
    """Return the last cause that wasmtime names, or the first line."""
    causes = message.partition("Caused by:")[2].strip().splitlines()
    lines = causes or message.strip().splitlines() or ["no reason was given"]
    return re.sub(r"^\d+: ", "", lines[-1 if causes else 0].strip())[:300]


def _trap_frames(trap: Trap) -> tuple[str, ...]:
    return tuple(frame.func_name or f"{_NUMBERED}{frame.func_index}" for frame in trap.frames)


def _message_frames(message: str) -> tuple[str, ...]:
    return tuple(_frame_name(found) for found in _FRAME.findall(message))


def _frame_name(shown: str) -> str:
    name = shown.rpartition("!")[2]
    anonymous = _ANONYMOUS.fullmatch(name)
    return f"{_NUMBERED}{anonymous[1]}" if anonymous else name
