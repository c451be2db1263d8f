"""Cold start: from launching the kernel's process to the reply to its first cell."""

from __future__ import annotations

import time

from harness import OURS, PEER, Dialect, Row, Target, alternate, launch, main, shut_down


def start(dialect: Dialect) -> float:
    begun = time.perf_counter()
    started = launch(dialect)
    try:
        started.run(dialect.one)
        return time.perf_counter() - begun
    finally:
        shut_down(started)


def measure(*, quick: bool) -> list[Row]:
    start(OURS)  # writes bytecode, where it is missing
    start(PEER)
    ours, peer = alternate(5 if quick else 15, lambda: start(OURS), lambda: start(PEER))
    return [Row("cold start to the first result", "s", ours, peer, Target(ratio=0.85), Target(ratio=0.5))]


if __name__ == "__main__":
    main(measure)
