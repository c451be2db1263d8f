"""Formatter, linter and theme."""
