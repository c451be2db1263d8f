"""Fibers and channels: calls that take turns, and the queues between them.

* `channel`: what a channel holds and who waits at its ends; it knows no scheduler, only whom to wake.
* `fiber`: a call with its outcome, and the place where it waits.
* `ready`, `timers`, `clock`: who runs next, what happens when, and what time it is.
* `scheduler`: runs fibers, one at a time, as greenlets; `waiting`: what fibers wait for.
* `table`: fibers as text.

One scheduler belongs to one interpreter. A fiber gives way only where it waits: at `<!`, `>!`, `alt`, `sleep`,
`yield` and `await`. So the same program with the same seed and the same times takes the same turns.
"""
