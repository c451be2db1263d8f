"""Execute round trip: from sending a small cell to its reply, in a kernel that is ready."""

from __future__ import annotations

import time

from harness import OURS, PEER, Kernel, Row, Target, alternate, kernel, main


def trip(started: Kernel) -> float:
    begun = time.perf_counter()
    started.run(started.dialect.one)
    return (time.perf_counter() - begun) * 1000


def measure(*, quick: bool) -> list[Row]:
    with kernel(OURS) as ours, kernel(PEER) as peer:
        alternate(20, lambda: trip(ours), lambda: trip(peer))
        one, other = alternate(100 if quick else 500, lambda: trip(ours), lambda: trip(peer))
    return [Row("execute round trip, p50", "ms", one, other, Target(ratio=0.7), Target(ratio=0.4))]


if __name__ == "__main__":
    main(measure)
