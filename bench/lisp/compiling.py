"""What a cell pays before it runs: compiling a function of ten lines, and having the library at hand."""

from __future__ import annotations

import subprocess
import sys
import time

from harness import ENVIRONMENT, Row, Target, median

from caixa.lisp.interpreter import Interpreter
from caixa.lisp.source import Source

__all__ = ["measure"]

TEN_LINES = """(define (summary rows)
  (let* ((known (filter (lambda (row) (hash-map-has? row :price)) rows))
         (total (foldl (lambda (acc row) (+ acc (hash-map-get row :price))) 0 known))
         (count (length known)))
    (cond
      ((= count 0) {:count 0})
      ((> total 1000000)
       (throw (ex-info "too much" (list :total total))))
      (else
       {:count count :total total :mean (/ total count)}))))
"""
START = """
import time
from caixa.lisp.interpreter import Interpreter
begun = time.perf_counter()
Interpreter()
print((time.perf_counter() - begun) * 1000)
"""


def measure(*, quick: bool) -> list[Row]:
    """Return the rows of both, which have limits and no peer."""
    compiling = median([_compile() for _ in range(20 if quick else 200)])
    _start()  # fills the cache of compiled library code
    ready = median([_start() for _ in range(5 if quick else 15)])
    return [
        Row("compile a function of ten lines", "ms", compiling, None, Target(limit=1), Target(limit=0.5)),
        Row("standard library ready, warm cache", "ms", ready, None, Target(limit=30), Target(limit=10)),
    ]


_interpreter = Interpreter()


def _compile() -> float:
    begun = time.perf_counter()
    _interpreter.evaluate(Source("bench", TEN_LINES))
    return (time.perf_counter() - begun) * 1000


def _start() -> float:
    """Return the milliseconds that the first interpreter of a process takes, its imports left out."""
    command = [sys.executable, "-c", START]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    return float(done.stdout)
