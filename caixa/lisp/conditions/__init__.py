"""Conditions and restarts: what may be done about a problem is asked before anything is undone.

Two stacks, kept in context variables, say what surrounds the code that runs: handlers (of `handler-bind`,
`handler-case` and `try`) and restarts. `throw`, `signal` and `warn` walk the handlers from the innermost
out; so does an error that a native raised, at the first of these forms that it passes on its way up. A handler
runs with the handlers outside of its own, and either returns, which declines, or leaves: by a restart, or by
throwing. Only when no handler has left does an error unwind, or is somebody asked to choose a restart.

Leaving for a restart is a BaseException, so that neither `try` nor a native takes it for an error, while every
`finally` runs; Stop, a KeyboardInterrupt, passes in the same way.

* `handlers`, `restarts`: the two stacks, and what stands on them.
* `choosing`: how somebody is asked which restart to take.
* `signalling`: walking the stacks, and what compiled code calls.
"""

from .choosing import Answer, Ask, Choose, Question, Unattended, unattended
from .restarts import Restart, find_restart, invoke_restart, restarts
from .signalling import Conditions, dynamic_state

__all__ = [
    "Answer",
    "Ask",
    "Choose",
    "Conditions",
    "Question",
    "Restart",
    "Unattended",
    "dynamic_state",
    "find_restart",
    "invoke_restart",
    "restarts",
    "unattended",
]
