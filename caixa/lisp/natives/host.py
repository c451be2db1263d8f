"""The natives that belong to one interpreter: its arguments, its randomness, its names and its errors.

They are made anew for each interpreter, from what it hands over, so that no state hides in a module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import LispError, NativeError, Thrown, TypeMismatch
from ..kinds import is_procedure, kind_of
from ..names import Keyword
from ..objects import ErrorValue, Fiber, FiberStatus
from .checks import integer_of, number_of
from .discovery import Describe, discovery_natives
from .registry import Native, mark_native
from .script.arguments import argument_natives

if TYPE_CHECKING:
    from random import Random

__all__ = ["Host", "bound_natives"]


@dataclass(frozen=True, slots=True)
class Host:
    """What the natives of this module need of an interpreter.

    `lisp_error` turns any exception into the LispError that it means; `describe` tells of a name, or None;
    `names` gives all names that are known; `seed` makes the random numbers repeatable.
    """

    args: Sequence[str]
    lisp_error: Callable[[Exception], LispError]
    describe: Describe
    names: Callable[[], Iterable[str]]
    seed: int | None = None


def bound_natives(host: Host) -> dict[str, Native]:
    """Return the natives of one interpreter by name."""
    return {
        **_fiber_natives(host),
        **_random_natives(host.seed),
        **discovery_natives(host.describe, host.names),
        **argument_natives(host.args),
    }


# -- fibers (language.md 4.10, 5.6) -------------------------------------------------------------------------


def _fiber(value: object) -> Fiber:
    if isinstance(value, Fiber):
        return value
    raise TypeMismatch("fiber", value)


def _fiber_natives(host: Host) -> dict[str, Native]:
    def as_value(error: Exception) -> object:
        found = host.lisp_error(error)
        return found.value if isinstance(found, Thrown) else ErrorValue(Keyword("fiber-error"), found.message)

    def go(thunk: object) -> Fiber:
        """Return a fiber that will call `thunk` when it is run."""
        if is_procedure(thunk) or kind_of(thunk) == "foreign":
            return Fiber(thunk)  # type: ignore[arg-type]  # what cannot be called fails when it is run
        raise TypeMismatch("callable", thunk)

    def is_fiber(value: object) -> bool:
        """Return whether `value` is a fiber."""
        return isinstance(value, Fiber)

    def go_status(fiber: object) -> Keyword:
        """Return `:pending`, `:running`, `:done` or `:errored`."""
        return Keyword(_fiber(fiber).status.value)

    def go_result(fiber: object) -> object:
        """Return what a fiber came to, or nil if it is not done."""
        return _fiber(fiber).result

    def go_error(fiber: object) -> object:
        """Return the error by which a fiber failed, or nil."""
        return _fiber(fiber).error

    def go_run(fiber: object) -> object:
        """Run a fiber to its end, once, and return its result or its error."""
        running = _fiber(fiber)
        if running.status is FiberStatus.RUNNING:
            raise NativeError("go-run", "the fiber is already running", fix="A fiber cannot wait for itself.")
        return running.run(as_value)

    named = {"go": go, "go?": is_fiber, "go-status": go_status, "go-result": go_result, "go-error": go_error}
    return _marked({**named, "go-run": go_run})


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

    return _marked({"random": random, "random-int": random_int, "random-seed!": random_seed})
