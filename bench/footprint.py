"""What a kernel has cost when its first result is there: processor time and resident memory."""

from __future__ import annotations

import time

import psutil  # type: ignore[import-untyped]  # published without types
from harness import OURS, PEER, Dialect, Row, Target, launch, main, median, shut_down


def cost(dialect: Dialect) -> tuple[float, float]:
    """Processor milliseconds and resident megabytes, children included."""
    started = launch(dialect)
    try:
        started.run(dialect.one)
        processes = [psutil.Process(started.pid), *psutil.Process(started.pid).children(recursive=True)]
        times = [process.cpu_times() for process in processes]
        resident = sum(process.memory_info().rss for process in processes)
        return sum(each.user + each.system for each in times) * 1000, resident / 1e6
    finally:
        shut_down(started)


def measure(*, quick: bool) -> list[Row]:
    cost(OURS)  # writes bytecode, where it is missing
    cost(PEER)
    pairs = []
    for _ in range(5 if quick else 15):
        pairs.append((*cost(OURS), *cost(PEER)))
        time.sleep(0.1)
    cpu, memory, peer_cpu, peer_memory = (median(column) for column in zip(*pairs, strict=True))
    return [
        Row("CPU at the first result", "ms", cpu, peer_cpu, Target(ratio=0.8), Target(ratio=0.5)),
        Row("memory at the first result", "MB", memory, peer_memory, Target(ratio=0.95), Target(ratio=0.8)),
    ]


if __name__ == "__main__":
    main(measure)
