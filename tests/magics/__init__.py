"""Tests of caixa_magics."""
