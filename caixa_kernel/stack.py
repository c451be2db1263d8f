"""Room for recursion through native functions: the main thread's C stack may grow further than by default.

A Lisp call is a Python call and takes no C stack, but a native that calls back (`map`, `sort-by`) does, on
every level. Linux grows the main thread's stack up to the soft limit, and keeps at least 128 MiB of address
space free below it whatever the limit was at start.
"""

import resource

__all__ = ["STACK_BYTES", "raise_stack_limit"]

STACK_BYTES = 112 * 2**20


def raise_stack_limit(wanted: int = STACK_BYTES) -> int:
    """Raise the soft stack limit to `wanted` bytes, or as far as is allowed; return the limit then in force."""
    soft, hard = resource.getrlimit(resource.RLIMIT_STACK)
    unlimited = resource.RLIM_INFINITY
    if soft == unlimited or soft >= wanted:
        return soft
    new = wanted if hard == unlimited else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_STACK, (new, hard))
    return new
