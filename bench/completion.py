"""Completion: from sending the request to its reply, in an idle kernel and while a cell runs."""

from __future__ import annotations

import time
from queue import Empty

from harness import OURS, PEER, Kernel, Row, Target, alternate, kernel, main, median

# ipykernel answers when the cell is done, which is never: this long is waited for it.
PATIENCE = 1.0


def complete(started: Kernel, timeout: float = 10) -> float:
    begun = time.perf_counter()
    reply = started.reply(started.client.complete(started.dialect.completion), timeout)
    assert any("filter" in match for match in reply["content"]["matches"]), reply["content"]
    return (time.perf_counter() - begun) * 1000


def while_a_cell_runs(started: Kernel, runs: int) -> float | None:
    """The median in milliseconds, or None when no reply comes while the cell runs."""
    cell = started.client.execute(started.dialect.forever)
    time.sleep(0.3)
    try:
        return median([complete(started, PATIENCE) for _ in range(runs)])
    except Empty:
        return None
    finally:
        started.manager.interrupt_kernel()
        started.reply(cell)


def measure(*, quick: bool) -> list[Row]:
    runs = 30 if quick else 200
    with kernel(OURS) as ours, kernel(PEER) as peer:
        alternate(3, lambda: complete(ours), lambda: complete(peer))
        idle, peer_idle = alternate(runs, lambda: complete(ours), lambda: complete(peer))
        busy, peer_busy = while_a_cell_runs(ours, runs), while_a_cell_runs(peer, 1)
    never = "" if peer_busy is not None else "ipykernel answers only after the cell"
    return [
        Row("completion, idle, p50", "ms", idle, peer_idle, Target(limit=10), Target(limit=3)),
        Row(
            "completion while a cell runs, p50", "ms", busy, peer_busy, Target(limit=20), Target(limit=5), never
        ),
    ]


if __name__ == "__main__":
    main(measure)
