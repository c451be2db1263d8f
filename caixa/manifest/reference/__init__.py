"""The reference of the manifest: docs/manifest.md from the slots, docs/diagnostics.md from the table of rules.

`python -m caixa.manifest.reference docs` writes both.
"""
