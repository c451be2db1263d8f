"""Tests of caixa.manifest."""
