"""The language: Lisp functions beside the same functions in Python, in one process."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import reduce
from typing import Any

from harness import Row, Target, alternate, main

from caixa.lisp.interpreter import Interpreter
from caixa.lisp.source import Source

LISP = """
(define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))
(define (tak x y z)
  (if (not (< y x)) z (tak (tak (- x 1) y z) (tak (- y 1) z x) (tak (- z 1) x y))))
(define (count-up n acc) (if (= n 0) acc (count-up (- n 1) (+ acc n))))
(define (lists n)
  (foldl + 0 (map (lambda (x) (* x 3)) (filter even? (range n)))))
(define (conses n acc) (if (= n 0) acc (conses (- n 1) (cons n acc))))
(define (total items acc) (if (null? items) acc (total (cdr items) (+ acc (car items)))))
(define (chain n) (total (conses n '()) 0))
"""


def fib(n: int) -> int:
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def tak(x: int, y: int, z: int) -> int:
    return z if not y < x else tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y))


def count_up(n: int, acc: int) -> int:
    while n != 0:
        n, acc = n - 1, acc + n
    return acc


def lists(n: int) -> int:
    return reduce(lambda a, b: a + b, [x * 3 for x in range(n) if x % 2 == 0], 0)


def chain(n: int) -> int:
    items: tuple[int, Any] | None = None
    while n != 0:
        n, items = n - 1, (n, items)
    acc = 0
    while items is not None:
        acc, items = acc + items[0], items[1]
    return acc


# name of the row, Lisp function, Python function, arguments
PAIRS: list[tuple[str, str, Callable[..., int], tuple[int, ...]]] = [
    ("recursion, fib(22)", "fib", fib, (22,)),
    ("recursion, tak(18, 12, 6)", "tak", tak, (18, 12, 6)),
    ("loop of 300,000 turns", "count-up", count_up, (300_000, 0)),
    ("map, filter, fold over 100,000", "lists", lists, (100_000,)),
    ("list chain of 100,000 conses", "chain", chain, (100_000,)),
]


def timed(function: Callable[..., int], args: tuple[int, ...]) -> float:
    begun = time.perf_counter()
    function(*args)
    return (time.perf_counter() - begun) * 1000


def measure(*, quick: bool) -> list[Row]:
    interpreter = Interpreter()
    interpreter.evaluate(Source("bench", LISP))
    rows = []
    for title, name, python, args in PAIRS:
        lisp: Any = interpreter.names[name]
        assert lisp(*args) == python(*args), title
        ours, peer = alternate(
            5 if quick else 25,
            lambda lisp=lisp, args=args: timed(lisp, args),
            lambda python=python, args=args: timed(python, args),
        )
        rows.append(Row(f"{title}, beside CPython", "ms", ours, peer, Target(ratio=2.0), Target(ratio=1.0)))
    return rows


if __name__ == "__main__":
    main(measure)
