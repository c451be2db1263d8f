"""The natives that the compiler and the expander have a part in: multiple values and parameters."""

from __future__ import annotations

from collections.abc import Callable

from .compiler.support import MultipleValues
from .natives import Native
from .natives.registry import mark_native
from .parameters import Parameter

__all__ = ["compiler_natives"]


def compiler_natives() -> dict[str, Native]:
    """Return these natives by name."""
    named: dict[str, Callable[..., object]] = {
        "values": _values,
        "call-with-values": _call_with_values,
        "make-parameter": _make_parameter,
    }
    return {name: mark_native(function, name) for name, function in named.items()}


def _values(*values: object) -> object:
    """Return several values, for `let-values` to take; exactly one is that value itself."""
    return values[0] if len(values) == 1 else MultipleValues(values)


def _call_with_values(producer: Callable[[], object], consumer: Callable[..., object]) -> object:
    """Call the consumer with the values that the producer returns."""
    value = producer()
    return consumer(*value) if isinstance(value, MultipleValues) else consumer(value)


def _make_parameter(value: object) -> Parameter:
    """Return a parameter, a function without arguments that returns its value; see `parameterize`."""
    return Parameter(value)
