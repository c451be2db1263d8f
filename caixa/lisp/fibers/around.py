"""What the scheduler asks of an interpreter, answered: errors with their places, and what people are told."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence

from ..callstack import Frame
from ..errors import Deadlock, LispError
from ..source import Source
from .fiber import Fiber

__all__ = ["Around"]

_SHOWN = 20  # fibers of a deadlock: more would hide the message


class Around:
    """The interpreter, as its scheduler sees it."""

    def __init__(
        self,
        sources: Mapping[str, Source],
        lisp_error: Callable[[Exception], LispError],
        is_expanding: Callable[[], bool],
    ) -> None:
        """Find places in `sources`; `lisp_error` says what an exception means."""
        self.sources = sources
        self._lisp_error = lisp_error
        self._is_expanding = is_expanding

    def is_expanding(self) -> bool:
        """See Surroundings."""
        return self._is_expanding()

    def failure(self, error: Exception, fiber: Fiber) -> LispError:
        """See Surroundings."""
        from .table import created_at  # noqa: PLC0415  # only for what fails

        found = self._lisp_error(error)
        made_at = created_at(fiber, self.sources)
        found.stack = (Frame(_called(fiber), made_at, made_at), *found.stack)
        return found

    def deadlock(self, fibers: Sequence[Fiber]) -> LispError:
        """See Surroundings."""
        from .table import row_of, table_of  # noqa: PLC0415  # likewise

        rows = [row_of(fiber, self.sources) for fiber in fibers[:_SHOWN]]
        more = f"\n… {len(fibers) - _SHOWN} more" if len(fibers) > _SHOWN else ""
        return Deadlock(len(fibers), table_of(rows) + more)

    def report(self, fiber: Fiber) -> None:
        """See Surroundings: standard error is where people look for it."""
        assert fiber.failure is not None
        told = fiber.failure.render(self.sources)
        sys.stderr.write(f"The fiber `{fiber.name}` failed, and nobody awaited it.\n{told}\n")


def _called(fiber: Fiber) -> str:
    """Return the name of a fiber for a call stack, in which names without a word before them are procedures."""
    return fiber.name if fiber.name.startswith("fiber ") else f"fiber {fiber.name}"
