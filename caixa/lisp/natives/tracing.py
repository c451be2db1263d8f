"""What a person looks into a running program with: calls written as they happen, times, values and places."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from ..lists import List
from ..names import Symbol
from ..printer import write, write_short
from ..source import Source
from ..tracing import trace, traced, traced_names, untrace, untraced
from .checks import string_of
from .registry import Native, mark_native, native

__all__ = ["tracing_natives"]

Function = Callable[..., object]


@native("traced")
def traced_function(name: object, function: Function) -> Function:
    """Return a function that writes each call of `function`, and its result, indented by depth."""
    return traced(string_of(name), function)


@native("untraced")
def untraced_function(function: object) -> object:
    """Return the function that `traced` was given."""
    return untraced(function)


@native("trace-names")
def trace_names(*names: Symbol) -> List:
    """Keep tracing the functions of these names, also when they are defined anew; return all such names."""
    globals_ = sys._getframe(1).f_globals
    trace(globals_, [name.name for name in names])
    return List([Symbol(name) for name in traced_names(globals_)])


@native("untrace-names")
def untrace_names(*names: Symbol) -> None:
    """End the tracing of the functions of these names, or of all that are kept traced."""
    globals_ = sys._getframe(1).f_globals
    untrace(globals_, [name.name for name in names] or traced_names(globals_))


def tracing_natives(sources: Mapping[str, Source], clock: Callable[[], float]) -> dict[str, Native]:
    """Return the natives behind `dbg` and `time`; places are in `sources`, `clock` gives seconds."""

    def show_value(form: object, value: object) -> object:
        """Write a form, its value and the place of the caller, and return the value."""
        frame = sys._getframe(1)
        source = sources.get(frame.f_code.co_filename)
        place = f"  ; {source.name}, line {frame.f_lineno}" if source is not None else ""
        sys.stdout.write(f"{write(form)} = {write_short(value)}{place}\n")
        return value

    def start_timing() -> List:
        """Return what `show-timing` needs to tell what has been used since."""
        return List([clock(), sys.getallocatedblocks()])

    def show_timing(start: List, value: object) -> object:
        """Write how long it took since `start-timing`, and what it left in memory, and return `value`."""
        elapsed = clock() - _number(start, 0)
        blocks = int(sys.getallocatedblocks() - _number(start, 1))
        sys.stdout.write(f"{_duration(elapsed)}, {blocks:+,} blocks of memory\n")
        return value

    named: dict[str, Function] = {
        "show-value": show_value,
        "start-timing": start_timing,
        "show-timing": show_timing,
    }
    needs = {"start-timing": "cap-time", "show-timing": "cap-time"}
    return {name: mark_native(function, name, needs=needs.get(name)) for name, function in named.items()}


def _number(start: List, index: int) -> float:
    value = list(start)[index]
    assert isinstance(value, (int, float))
    return value


def _duration(seconds: float) -> str:
    return f"{seconds:,.3f} s" if seconds >= 1 else f"{seconds * 1000:.3f} ms"
