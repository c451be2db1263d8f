"""The natives that belong to one interpreter: its arguments, its randomness, its names and its errors.

They are made anew for each interpreter, from what it hands over, so that no state hides in a module.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..errors import LispError, NativeError
from .checks import integer_of, number_of
from .discovery import Describe, discovery_natives
from .registry import Native, mark_native
from .script.arguments import argument_natives
from .script.times import clock_natives

if TYPE_CHECKING:
    from random import Random

__all__ = ["Host", "bound_natives"]


class Host(NamedTuple):
    """What the natives of this module need of an interpreter.

    `lisp_error` turns any exception into the LispError that it means; `describe` tells of a name, or None;
    `names` gives all names that are known; `seed` makes the random numbers repeatable; `time_ns` tells the
    nanoseconds since 1970, and `wait` waits for seconds.
    """

    args: Sequence[str]
    lisp_error: Callable[[Exception], LispError]
    describe: Describe
    names: Callable[[], Iterable[str]]
    seed: int | None = None
    time_ns: Callable[[], int] = time.time_ns
    wait: Callable[[float], None] = time.sleep


def bound_natives(host: Host) -> dict[str, Native]:
    """Return the natives of one interpreter by name."""
    return {
        **_random_natives(host.seed),
        **discovery_natives(host.describe, host.names),
        **argument_natives(host.args),
        **clock_natives(host.time_ns, host.wait),
    }


def _marked(functions: dict[str, Callable[..., object]]) -> dict[str, Native]:
    return {name: mark_native(function, name) for name, function in functions.items()}


# -- randomness ---------------------------------------------------------------------------------------------


def _random_natives(seed: int | None) -> dict[str, Native]:
    made: list[Random] = []

    def generator() -> Random:
        if not made:
            from random import Random  # noqa: PLC0415  # not needed to start

            made.append(Random(seed))  # noqa: S311  # repeatable numbers are the point; secrets have `random-hex`
        return made[0]

    def random(bound: object = None) -> int | float:
        """Return a float from 0 up to 1, or a number from 0 up to and without `bound`."""
        if bound is None:
            return generator().random()
        limit = number_of(bound)
        if limit <= 0:
            raise NativeError("random", "the bound is not positive")
        return generator().randrange(limit) if isinstance(limit, int) else generator().random() * limit

    def random_int(low: object, high: object) -> int:
        """Return an integer from `low` up to and without `high`."""
        first, last = integer_of(low), integer_of(high)
        if first >= last:
            raise NativeError("random-int", "there is no integer between the bounds")
        return generator().randrange(first, last)

    def random_seed(start: object) -> None:
        """Start the sequence of random numbers that belongs to an integer."""
        generator().seed(integer_of(start))

    return {
        "random": mark_native(random, "random", needs="random"),
        "random-int": mark_native(random_int, "random-int", needs="random"),
        "random-seed!": mark_native(random_seed, "random-seed!", needs="random"),
    }
