"""What every benchmark here shares: rows and their targets, kernels and how they are talked to, samples.

Absolute figures drift with the machine, so ours and the peer are measured in one run, turn by turn, and a row
gives medians and their ratio. Targets are those of DESIGN section 10.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from queue import Empty
from subprocess import DEVNULL
from typing import Any, Protocol

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager

__all__ = [
    "OURS",
    "PEER",
    "Kernel",
    "Row",
    "Target",
    "alternate",
    "kernel",
    "main",
    "median",
    "report",
    "table",
]


TIMES, DASH = "\N{MULTIPLICATION SIGN}", "\N{EN DASH}"


# An installed package has its bytecode beside it; a source tree gets it from the first start that may write it.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


class Measure(Protocol):
    """What a benchmark does: take many samples, or few when it has to be quick."""

    def __call__(self, *, quick: bool) -> list[Row]: ...


@dataclass(frozen=True)
class Target:
    """What a row is to reach: at most `ratio` times the peer and at most `limit` in the row's unit."""

    ratio: float | None = None
    limit: float | None = None

    def reached(self, row: Row) -> bool:
        """Whether the row has it; without a peer's figure only the limit counts."""
        ratio_ok = self.ratio is None or (row.ratio is not None and row.ratio <= self.ratio)
        return row.ours is not None and ratio_ok and (self.limit is None or row.ours <= self.limit)

    def text(self, unit: str) -> str:
        """The target as the table shows it."""
        parts = [f"≤ {self.ratio:g}{TIMES}"] if self.ratio is not None else []
        parts += [f"≤ {self.limit:g} {unit}".rstrip()] if self.limit is not None else []
        return ", ".join(parts)


@dataclass(frozen=True)
class Row:
    """One line of the table: medians of ours and of the peer in `unit`; None where there is no figure."""

    measure: str
    unit: str
    ours: float | None
    peer: float | None
    reach: Target
    prize: Target
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours over the peer's."""
        return self.ours / self.peer if self.ours is not None and self.peer else None

    @property
    def verdict(self) -> str:
        """How far the row has come."""
        if self.ours is None:
            return "not measured"
        return "prize" if self.prize.reached(self) else "reached" if self.reach.reached(self) else "not yet"

    def to_json(self) -> dict[str, Any]:
        """The row as plain data."""
        return {**asdict(self), "ratio": self.ratio, "verdict": self.verdict}


@dataclass(frozen=True)
class Dialect:
    """A kernel by name, and the cells that mean the same in its language."""

    kernel: str
    one: str
    remember: str
    recall: str
    forever: str
    print_lines: str
    completion: str


OURS = Dialect(
    "caixa", "(+ 1 1)", "(define remembered 41)", "(+ remembered 1)", "(while #t 0)",
    "(dotimes (i 10000) (println i))", "(filt",
)  # fmt: skip
PEER = Dialect(
    "python3", "1 + 1", "remembered = 41", "remembered + 1", "while True: pass",
    "for i in range(10000): print(i)", "filt",
)  # fmt: skip


class Kernel:
    """A running kernel and a client of it."""

    def __init__(self, dialect: Dialect, manager: KernelManager, client: BlockingKernelClient) -> None:
        self.dialect = dialect
        self.manager = manager
        self.client = client

    @property
    def pid(self) -> int:
        provisioner = self.manager.provisioner
        assert provisioner is not None
        return int(provisioner.process.pid)  # type: ignore[attr-defined]  # the local provisioner has one

    def reply(self, request: str, timeout: float = 30) -> dict[str, Any]:
        """The reply to a request, whatever else arrives before it. Raises queue.Empty when it is late."""
        until = time.monotonic() + timeout
        while True:
            message = self.client.get_shell_msg(timeout=max(0.0, until - time.monotonic()))
            if message["parent_header"].get("msg_id") == request:
                return dict(message)

    def run(self, code: str, timeout: float = 60) -> dict[str, Any]:
        """Run a cell and return the content of its reply. Raises AssertionError unless it is `ok`."""
        content: dict[str, Any] = self.reply(self.client.execute(code), timeout)["content"]
        assert content["status"] == "ok", f"{self.dialect.kernel}: {code}: {content}"
        return content

    def output(self, request: str, timeout: float = 60) -> list[dict[str, Any]]:
        """What is published about a request, until the kernel is idle."""
        messages = []
        while True:
            message = self.client.get_iopub_msg(timeout=timeout)
            if message["parent_header"].get("msg_id") == request:
                messages.append(dict(message))
                if message["content"].get("execution_state") == "idle":
                    return messages

    def drain(self) -> None:
        """Drop what was published so far."""
        try:
            while True:
                self.client.get_iopub_msg(timeout=0.05)
        except Empty:
            pass


def launch(dialect: Dialect) -> Kernel:
    """Start the kernel without waiting for it; requests are queued until it listens."""
    manager = KernelManager(kernel_name=dialect.kernel)
    manager.start_kernel(stdout=DEVNULL, stderr=DEVNULL, env=ENVIRONMENT)
    client = manager.client()
    client.start_channels(hb=False)
    return Kernel(dialect, manager, client)


def shut_down(started: Kernel) -> None:
    """End a kernel at once: how it shuts down is not measured here."""
    started.client.stop_channels()
    started.manager.shutdown_kernel(now=True)


@contextmanager
def kernel(dialect: Dialect) -> Iterator[Kernel]:
    """A kernel that is ready: it has answered a cell, and its output is read."""
    started = launch(dialect)
    try:
        started.client.wait_for_ready(timeout=60)
        started.run(dialect.one)
        started.drain()
        yield started
    finally:
        shut_down(started)


def median(samples: Sequence[float]) -> float:
    """The median; NaN when nothing was measured."""
    return statistics.median(samples) if samples else float("nan")


def alternate(runs: int, *measures: Callable[[], float]) -> list[float]:
    """Medians of several measures, taken in turns so that a drift of the machine meets all alike."""
    samples: list[list[float]] = [[] for _ in measures]
    for _ in range(runs):
        for kept, measure in zip(samples, measures, strict=True):
            kept.append(measure())
    return [median(each) for each in samples]


def figure(value: float | None, unit: str) -> str:
    return DASH if value is None else f"{value:.3g} {unit}".rstrip()


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown."""
    lines = ["| measure | ours | peer | ratio | first reach | prize | |", "|---|---|---|---|---|---|---|"]
    for row in rows:
        ratio = DASH if row.ratio is None else f"{row.ratio:.2f}{TIMES}"
        cells = [row.measure, figure(row.ours, row.unit), figure(row.peer, row.unit), ratio]
        cells += [row.reach.text(row.unit), row.prize.text(row.unit), row.verdict]
        lines.append("| " + " | ".join(cells) + " |")
    notes = [f"- {row.measure}: {row.note}" for row in rows if row.note]
    return "\n".join([*lines, *([""] if notes else []), *notes])


def options(argv: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure ours beside ipykernel's python3 kernel.")
    parser.add_argument("--json", action="store_true", help="print rows as JSON")
    parser.add_argument("--quick", action="store_true", help="few runs: a look, not a result")
    return parser.parse_args(argv)


def report(rows: Sequence[Row], *, as_json: bool) -> None:
    """Print the rows."""
    text = json.dumps([row.to_json() for row in rows], indent=2) if as_json else table(rows)
    sys.stdout.write(text + "\n")


def main(measure: Measure) -> None:
    """Be the command line of one benchmark."""
    chosen = options()
    report(measure(quick=chosen.quick), as_json=chosen.json)
