"""`python -m caixa.tools.server`: the same as `caixa-lsp`."""

from .main import main

main()
