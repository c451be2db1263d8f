"""Every rule on a manifest as data: its code, what it asks, what it takes and refuses, and how to mend it.

`table.RULES` has them by code. Findings take their severity from it, and their reason and advice where the
place that makes them has none of its own; `feira explain` and docs/diagnostics.md show it; the tests run its
examples.
"""
