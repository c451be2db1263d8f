"""Tests of caixa.lacre."""
