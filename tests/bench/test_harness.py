"""A row of the benchmark table says what was reached, and never more."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"


def load(name: str) -> ModuleType:
    """A script of bench/, which is no package: its folder is on the path only when it is run."""
    spec = importlib.util.spec_from_file_location(f"bench_{name}", BENCH / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


harness = load("harness")
Row, Target = harness.Row, harness.Target


def row(ours: float | None, peer: float | None, reach: object, prize: object) -> object:
    return Row("a measure", "ms", ours, peer, reach, prize)


@pytest.mark.parametrize(
    ("ours", "peer", "verdict"),
    [
        (4, 10, "prize"), (5, 10, "prize"), (6, 10, "reached"), (8, 10, "reached"), (8.1, 10, "not yet"),
        (None, 10, "not measured"), (8, None, "not yet"),
    ],
)  # fmt: skip
def test_a_ratio_is_reached_only_against_a_peer(ours: float | None, peer: float | None, verdict: str) -> None:
    assert row(ours, peer, Target(ratio=0.8), Target(ratio=0.5)).verdict == verdict  # type: ignore[attr-defined]


@pytest.mark.parametrize(("ours", "verdict"), [(3, "prize"), (10, "reached"), (10.5, "not yet")])
def test_a_limit_needs_no_peer(ours: float, verdict: str) -> None:
    assert row(ours, None, Target(limit=10), Target(limit=3)).verdict == verdict  # type: ignore[attr-defined]


def test_the_table_shows_figures_targets_and_verdict() -> None:
    rows = [
        row(4, 10, Target(ratio=0.8), Target(ratio=0.5)),
        Row("another", "s", None, None, Target(limit=10), Target(), "why not"),
    ]
    assert harness.table(rows).splitlines() == [
        "| measure | ours | peer | ratio | first reach | prize | |",
        "|---|---|---|---|---|---|---|",
        "| a measure | 4 ms | 10 ms | 0.40\N{MULTIPLICATION SIGN} | ≤ 0.8\N{MULTIPLICATION SIGN} "
        "| ≤ 0.5\N{MULTIPLICATION SIGN} | prize |",
        "| another | \N{EN DASH} | \N{EN DASH} | \N{EN DASH} | ≤ 10 s |  | not measured |",
        "",
        "- another: why not",
    ]


def test_measures_are_taken_in_turns() -> None:
    taken: list[str] = []
    harness.alternate(2, lambda: taken.append("ours") or 1.0, lambda: taken.append("peer") or 2.0)
    assert taken == ["ours", "peer", "ours", "peer"]


def test_every_benchmark_is_run_by_all() -> None:
    scripts = {
        path.stem
        for path in (*BENCH.glob("*.py"), *BENCH.glob("lisp/*.py"))
        if "def measure(*" in path.read_text()
    }
    imported = {
        alias.name
        for node in ast.walk(ast.parse((BENCH / "all.py").read_text()))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    assert scripts - {"all"} <= imported
