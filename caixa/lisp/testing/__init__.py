"""Tests written in the language: `deftest`, `is`, `is-error`, `run-tests`, and their Python face.

    (deftest adds "Sums are sums." (is (= (+ 1 2) 3)) (is-error :type-mismatch (+ 1 "a")))

A failing check is noted and the test goes on; an error ends it. A test belongs to the namespace that it is
written in, so a cell that fails takes its tests back with its definitions.
"""

from __future__ import annotations

from .files import run_file, run_source
from .report import Report, TestResult

__all__ = ["Report", "TestResult", "run_file", "run_source"]
