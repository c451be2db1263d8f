"""What supervision itself costs: from the end of a child to its next start, children being table entries."""

from __future__ import annotations

import time
from itertools import count

from harness import Row, Target, main, median

from caixa.manifest.model import Estrategia
from caixa.runtime.supervision.driver import Supervisor, Tell
from caixa.runtime.supervision.events import ChildExited, ChildStarted, Exit, Why
from caixa.runtime.supervision.requests import Ref
from caixa.runtime.supervision.specification import ChildSpec, Flags

CHILDREN = 10
CRASH = Why(Exit.ABNORMAL, "a fault")


class Table:
    """A host whose children start at once, and end when they are told to."""

    def __init__(self) -> None:
        self.numbers = count(1)
        self.running: dict[Ref, Tell] = {}
        self.started = time.perf_counter()

    def launch(self, key: int, _spec: ChildSpec, _arguments: tuple[object, ...], tell: Tell) -> None:
        ref = next(self.numbers)
        self.running[ref] = tell
        self.started = time.perf_counter()
        tell(ChildStarted(key, ref))

    def cancel(self, key: int) -> None: ...

    def ask_to_stop(self, ref: Ref, tell: Tell) -> None:
        self.running.pop(ref, None)
        tell(ChildExited(ref, Why(Exit.SHUTDOWN)))

    kill = ask_to_stop

    def crash(self) -> float:
        """Let a child fail; return the seconds until the last start that follows."""
        latest, tell = self.running.popitem()
        begun = time.perf_counter()
        tell(ChildExited(latest, CRASH))
        while len(self.running) < CHILDREN:
            time.sleep(0)
        return self.started - begun


def restart(strategy: Estrategia, times: int) -> float:
    """The median milliseconds of a restart."""
    table = Table()
    specs = tuple(ChildSpec(f"child-{number}") for number in range(CHILDREN))
    there = Supervisor(Flags(strategy, max_restarts=times), specs, table)
    there.start(10)
    samples = [table.crash() * 1000 for _ in range(times)]
    there.stop(timeout=10)
    return median(samples)


def measure(*, quick: bool) -> list[Row]:
    times = 20 if quick else 500
    one, everyone = (restart(each, times) for each in (Estrategia.ONE_FOR_ONE, Estrategia.ONE_FOR_ALL))
    note = f"the supervisor's own share, without a unit's start; all of {CHILDREN} children: {everyone:.2f} ms"
    return [Row("restart by a supervisor", "ms", one, None, Target(limit=1), Target(limit=0.2), note)]


if __name__ == "__main__":
    main(measure)
