"""The part of the library that is written in Lisp, in the order in which it must be loaded."""

from __future__ import annotations

from pathlib import Path

from ..source import Source

__all__ = ["library_sources"]

_ORDER = (
    "functions", "control", "threading", "conditions", "match", "records", "lazy", "machines", "patterns",
    "capabilities", "fibers",
)  # fmt: skip


def library_sources() -> tuple[Source, ...]:
    """Return the library's sources; each uses the natives and what the sources before it define."""
    folder = Path(__file__).parent
    return tuple(
        Source(f"library/{name}.tlisp", (folder / f"{name}.tlisp").read_text(encoding="utf-8"))
        for name in _ORDER
    )
