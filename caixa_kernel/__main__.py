"""`python -m caixa_kernel -f FILE`: how a front end starts the kernel."""

import gc

gc.disable()  # until the language is loaded (kernel.py): imports make no garbage, and looking for it costs 7 %

from .application import main  # noqa: E402

main()
