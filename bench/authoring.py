"""What an author waits for: laying out and linting a source of 10,000 lines."""

from __future__ import annotations

import time
from collections.abc import Callable

from harness import Row, Target, main, median

from caixa.lisp.source import Source
from caixa.tools.formatter import Layout, Style, format_source
from caixa.tools.linter import lint_text

LINES = 10_000
DEFINITION = """; Step {number} of the account.
(define (step-{number} amount parts)
  "Return the parts of the amount that are due."
  (let ((total (apply + parts)) ; what was paid
        (limit {number}))
    (cond ((> total limit)
           (list :over total "too much at {number}"))
          ((= total limit)
           '(:same 1.5 #t))
          (else
            (map (lambda (part)
                   (+ part amount limit))
                 parts)))))

"""


def program(lines: int) -> str:
    """Return a source of about as many lines, all of it well-formed and in order."""
    size = DEFINITION.count("\n")
    return "".join(DEFINITION.format(number=number) for number in range(lines // size + 1))


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def measure(*, quick: bool) -> list[Row]:
    """The rows; a linear cost is shown by the time for twice as many lines."""
    source, twice = Source("bench", program(LINES)), Source("bench", program(2 * LINES))
    assert lint_text(Source("bench", program(100))) == []
    runs = 2 if quick else 7
    rows = []
    works: dict[str, Callable[[Source], object]] = {
        "format 10,000 lines": format_source,
        "format 10,000 lines as Lisp, aligned": lambda text: format_source(
            text, Style(layout=Layout.LISP, align_values=True)
        ),
        "lint 10,000 lines, style and code": lint_text,
    }
    for name, work in works.items():
        work(source)
        once = median([seconds(lambda work=work: work(source)) for _ in range(runs)])  # type: ignore[misc]  # bound now
        double = seconds(lambda work=work: work(twice))  # type: ignore[misc]  # likewise
        note = f"{double / once:.1f} times as long for twice as many lines"
        rows.append(Row(name, "s", once, None, Target(limit=1.0), Target(limit=0.5), note))
    return rows


if __name__ == "__main__":
    main(measure)
