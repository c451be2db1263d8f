"""The Lisp machine in WebAssembly beside CPython: calls and allocation with steps counted, start, and size."""

from __future__ import annotations

import time
from collections.abc import Callable

from harness import Row, Target, main, median

from caixa.lisp.source import Source
from caixa.lisp.vm.program import Program
from caixa.lisp.vm.tables import MACHINE
from caixa.runtime.engine_process.lisp_machine import LispMachine

STEPS = 1 << 40
FIB = "(define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))"
CONS = """
(define (build n xs) (if (= n 0) xs (build (- n 1) (cons n xs))))
(define (sum xs total) (if (null? xs) total (sum (cdr xs) (+ total (car xs)))))
(define (many k) (if (= k 0) 0 (begin (sum (build 1000 (list)) 0) (many (- k 1)))))
"""


def _milliseconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) * 1000


def _on_machine(definitions: str, call: str) -> Callable[[], object]:
    program = Program(LispMachine())
    program.run(Source("bench", definitions))
    source = Source("call", call)
    return lambda: program.run(source, STEPS)


def _fib(n: int) -> int:
    return n if n < 2 else _fib(n - 1) + _fib(n - 2)


def _tuples(times: int) -> None:
    for _ in range(times):
        items: tuple[object, ...] | None = None
        for number in range(1000):
            items = (number, items)
        total = 0
        while items is not None:
            total += items[0]  # type: ignore[operator]  # a number, as was put there
            items = items[1]  # type: ignore[assignment]  # and the rest


def _compared(
    what: str, ours: Callable[[], object], peer: Callable[[], object], ratio: float, rounds: int
) -> Row:
    pairs = [(_milliseconds(ours), _milliseconds(peer)) for _ in range(rounds)]
    target = Target(ratio=ratio)
    return Row(
        what, "ms", median([ours for ours, _ in pairs]), median([peer for _, peer in pairs]), target, target
    )


def _start() -> object:
    return Program(LispMachine()).run(Source("start", "(map inc '(1 2))"))


def _alone(what: str, unit: str, figure: float) -> Row:
    return Row(what, unit, figure, None, Target(), Target())


def measure(*, quick: bool) -> list[Row]:
    rounds = 3 if quick else 9
    _start()  # which compiles the machine, and expands the library
    return [
        _compared("fib(30), steps counted", _on_machine(FIB, "(fib 30)"), lambda: _fib(30), 1.0, rounds),
        _compared("1M conses and sum", _on_machine(CONS, "(many 1000)"), lambda: _tuples(1000), 2.0, rounds),
        _alone("instance of the machine", "ms", median([_milliseconds(LispMachine) for _ in range(rounds)])),
        _alone("program that maps, from nothing", "ms", median([_milliseconds(_start) for _ in range(rounds)])),
        _alone("size of the machine", "KB", len(MACHINE.read_bytes()) / 1000),
    ]


if __name__ == "__main__":
    main(measure)
