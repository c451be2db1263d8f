"""Tests of caixa.tools."""
