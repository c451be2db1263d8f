"""Linter, formatter, theme, and help while a manifest is being typed."""
