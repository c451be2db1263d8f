"""The language beside its peers: the same programs in tatara-lisp, plain Python, Hy and calysto_scheme."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from harness import DASH, TIMES, Row, Target, alternate, figure

from .peers import OURS, PEERS, Language, open_languages
from .programs import PROGRAMS, Program, program_sizes

__all__ = ["Result", "Unequal", "compare", "measure", "measure_programs", "results_table"]

RUNS = 5  # at least: medians of fewer say little
PYTHON, SCHEME = "Python", "calysto_scheme"
REACH, PRIZE = 2.0, 1.0  # times plain Python
CHAIN = "map-filter-fold"
CHAIN_REACH = 50  # times as fast as calysto_scheme


class Unequal(AssertionError):
    """Two languages give different answers for one program."""


@dataclass(frozen=True)
class Result:
    """Milliseconds that a program takes in each language, scaled to the full size."""

    program: Program
    times: dict[str, float]
    missing: dict[str, str] = field(default_factory=dict)

    @property
    def ours(self) -> float:
        return self.times[OURS.name]

    def ratio(self, peer: str) -> float | None:
        """How many times as long ours takes as `peer`."""
        return self.ours / self.times[peer] if peer in self.times else None


def compare(program: Program, languages: Iterable[Language], size: int) -> dict[str, object]:
    """Return the answer of each language at `size`. Raises Unequal if they differ."""
    answers = {language.name: language.ready(program, size)() for language in languages}
    if len(set(answers.values())) > 1:
        raise Unequal(f"{program.title} at {size}: {answers}")
    return answers


def timed(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return (time.perf_counter() - begun) * 1000


def measure_programs(programs: Sequence[Program] = PROGRAMS, *, runs: int = RUNS) -> list[Result]:
    """Check that the languages agree on each program, and then time them in turns."""
    languages, missing = open_languages()
    results = []
    for program in programs:
        compare(program, languages, program.small)
        sizes = [program_sizes(program, language.name) for language in languages]
        ready = [language.ready(program, size) for language, (size, _) in zip(languages, sizes, strict=True)]
        medians = alternate(runs, *[lambda run=run: timed(run) for run in ready])
        times = {
            language.name: median * scale
            for language, median, (_, scale) in zip(languages, medians, sizes, strict=True)
        }
        results.append(Result(program, times, missing))
    return results


# -- as text ----------------------------------------------------------------------------------------------


def results_table(results: Sequence[Result]) -> str:
    """Return one line a program as Markdown: times, and how many times a peer's time ours takes."""
    names = [peer.name for peer in PEERS]
    heads = ["program", OURS.name, *names, *[f"{TIMES} {name}" for name in names]]
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    for result in results:
        cells = [result.program.title, *[figure(result.times.get(name), "ms") for name in (OURS.name, *names)]]
        ratios = [result.ratio(name) for name in names]
        cells += [DASH if ratio is None else f"{ratio:.2f}{TIMES}" for ratio in ratios]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", *_remarks(results)])


def _remarks(results: Sequence[Result]) -> list[str]:
    missing = {name: why for result in results for name, why in result.missing.items()}
    remarks = [f"- {name} is not measured: {why}" for name, why in missing.items()]
    for result in results:
        notes = [result.program.note] if result.program.note else []
        notes += [f"{peer} runs at size {size} and is scaled up" for peer, size in result.program.sizes]
        if notes:
            remarks.append(f"- {result.program.title}: {'; '.join(notes)}")
    return remarks


# -- as rows of the whole benchmark -----------------------------------------------------------------------


def measure(*, quick: bool) -> list[Row]:
    """Return a row a program beside plain Python, and two beside calysto_scheme."""
    results = measure_programs(runs=RUNS if quick else 2 * RUNS + 1)
    rows = [
        Row(
            f"{result.program.title}, beside CPython",
            "ms",
            result.ours,
            result.times[PYTHON],
            Target(ratio=REACH),
            Target(ratio=PRIZE),
            result.program.note,
        )
        for result in results
    ]
    return [*rows, *_beside_scheme(results)]


def _beside_scheme(results: Sequence[Result]) -> list[Row]:
    reach = Target(ratio=1.0)
    if any(SCHEME in result.missing for result in results):
        return [Row(f"beside {SCHEME}", "ms", None, None, reach, reach, results[0].missing[SCHEME])]
    worst = max(results, key=lambda result: result.ratio(SCHEME) or 0.0)
    rows = [
        Row(
            f"beside {SCHEME}, where it is nearest",
            "ms",
            worst.ours,
            worst.times[SCHEME],
            reach,
            reach,
            worst.program.title,
        )
    ]
    for result in results:
        if result.program.function == CHAIN:
            goal = Target(ratio=1 / CHAIN_REACH)
            note = "; ".join(f"{peer} at size {size}, scaled up" for peer, size in result.program.sizes)
            rows.append(
                Row(f"list chain, beside {SCHEME}", "ms", result.ours, result.times[SCHEME], goal, goal, note)
            )
    return rows
