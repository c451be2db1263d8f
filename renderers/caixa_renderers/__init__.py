"""Typed caixa to artifacts: pure functions from packages to objects, charts and graphs."""
