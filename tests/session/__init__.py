"""Tests of caixa.session."""
