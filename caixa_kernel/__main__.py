"""`python -m caixa_kernel -f FILE`: how a front end starts the kernel."""

from .application import main

main()
