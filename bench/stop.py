"""Stop: from pressing it in an endless loop to the cell's reply, with the state kept."""

from __future__ import annotations

import time

from harness import OURS, PEER, Kernel, Row, Target, kernel, main, median

# After pressing Stop a cell that does not end in this time counts as not stopped, in seconds.
PATIENCE = 5.0


def press(started: Kernel) -> float | None:
    """Milliseconds until the reply, or None when the cell ended as anything but interrupted."""
    # With stop_on_error the cells that arrive in the next moment would be aborted, as queued ones should be.
    cell = started.client.execute(started.dialect.forever, stop_on_error=False)
    time.sleep(0.1)
    begun = time.perf_counter()
    started.manager.interrupt_kernel()
    reply = started.reply(cell, PATIENCE)["content"]
    took = (time.perf_counter() - begun) * 1000
    number = started.run(started.dialect.recall)["execution_count"]
    assert isinstance(number, int)
    return took if reply["status"] == "error" else None


def measure(*, quick: bool) -> list[Row]:
    runs = 20 if quick else 100
    ours: list[float | None] = []
    peer: list[float | None] = []
    with kernel(OURS) as one, kernel(PEER) as other:
        for started in (one, other):
            started.run(started.dialect.remember)
        for _ in range(runs):
            ours.append(press(one))
            peer.append(press(other))
    stopped = [each for each in ours if each is not None]
    theirs = median([each for each in peer if each is not None])
    note = (
        f"{len(stopped)} of {runs} stopped with the state kept, the slowest in {max(stopped, default=0):.1f} ms"
    )
    figure = median(stopped) if len(stopped) == runs else None
    return [Row("Stop until the reply, p50", "ms", figure, theirs, Target(limit=25), Target(ratio=1.0), note)]


if __name__ == "__main__":
    main(measure)
