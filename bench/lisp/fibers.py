"""Fibers that pass values through a channel, beside asyncio's tasks that pass the same through a queue."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from harness import Row, Target, alternate

from caixa.lisp.interpreter import Interpreter
from caixa.lisp.source import Source

__all__ = ["measure"]

MESSAGES = 50_000
ROOMS = {"without room": (0, 1), "with room for one": (1, 1), "with room for 100": (100, 100)}
"""By title: the capacity of our channel, and of the peer's queue, for which 0 would mean any number."""

PROGRAM = """
(define (send channel n) (if (= n 0) (close! channel) (begin (>! channel n) (send channel (- n 1)))))
(define (total channel sum)
  (let ((value (<! channel))) (if (equal? value :closed) sum (total channel (+ sum value)))))
(define (pass-on n room)
  (let ((channel (chan room))) (go-block (send channel n)) (await (go-block (total channel 0)))))
"""


async def pass_on(n: int, room: int) -> int:
    """The same as `pass-on` of the program: one task sends n to 1, the other adds them up."""
    queue: asyncio.Queue[int | None] = asyncio.Queue(room)

    async def send() -> None:
        for number in range(n, 0, -1):
            await queue.put(number)
        await queue.put(None)

    async def total() -> int:
        sum_ = 0
        while (value := await queue.get()) is not None:
            sum_ += value
        return sum_

    sending = asyncio.create_task(send())
    result = await asyncio.create_task(total())
    await sending
    return result


def timed(run: Callable[[], int], n: int) -> float:
    """Microseconds a message."""
    begun = time.perf_counter()
    assert run() == n * (n + 1) // 2
    return (time.perf_counter() - begun) / n * 1_000_000


def measure(*, quick: bool) -> list[Row]:
    interpreter = Interpreter()
    interpreter.evaluate(Source("bench", PROGRAM))
    passes: Any = interpreter.names["pass-on"]
    n = MESSAGES // 5 if quick else MESSAGES
    rows = []
    for title, (room, peer_room) in ROOMS.items():
        ours, peer = alternate(
            5 if quick else 11,
            lambda room=room: timed(lambda: passes(n, room), n),
            lambda room=peer_room: timed(lambda: asyncio.run(pass_on(n, room)), n),
        )
        name = f"a message between fibers, {title}, beside asyncio"
        rows.append(Row(name, "µs", ours, peer, Target(ratio=1.0), Target(ratio=0.5)))
    return rows
