"""Ten thousand printed lines: time until all have arrived, in how many messages, and whether any was lost."""

from __future__ import annotations

import time

from harness import OURS, PEER, Kernel, Row, Target, kernel, main, median

LINES = [str(number) for number in range(10_000)]
MESSAGES_LIMIT = 10


def print_lines(started: Kernel) -> tuple[float, int]:
    """Milliseconds until the kernel is idle and has replied, and stream messages; every line is compared."""
    begun = time.perf_counter()
    cell = started.client.execute(started.dialect.print_lines)
    published = started.output(cell)
    reply = started.reply(cell)
    took = (time.perf_counter() - begun) * 1000
    assert reply["content"]["status"] == "ok", reply["content"]
    texts = [message["content"]["text"] for message in published if message["msg_type"] == "stream"]
    assert "".join(texts).splitlines() == LINES, "lines were lost or out of order"
    return took, len(texts)


def measure(*, quick: bool) -> list[Row]:
    ours, peer = [], []
    with kernel(OURS) as one, kernel(PEER) as other:
        for _ in range(5 if quick else 25):
            ours.append(print_lines(one))
            peer.append(print_lines(other))
    messages = median([count for _, count in ours])
    note = f"{messages:g} messages (ipykernel {median([count for _, count in peer]):g}), no line lost"
    figure = median([took for took, _ in ours]) if messages <= MESSAGES_LIMIT else None
    theirs = median([took for took, _ in peer])
    return [Row("10,000 printed lines", "ms", figure, theirs, Target(ratio=1.4), Target(ratio=1.0), note)]


if __name__ == "__main__":
    main(measure)
