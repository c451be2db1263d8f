"""An Aplicacao as what clusters take: entries, policies both ways, calls and the entrance (caixa.md 4.3)."""
