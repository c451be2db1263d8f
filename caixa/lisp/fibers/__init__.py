"""Fibers and channels: calls that take turns, and the queues between them.

* `channel`: what a channel holds and who waits at its ends; it knows no scheduler, only whom to wake.
* `fiber`: a call with its outcome, and the place where it waits.
* `ready`, `timers`, `clock`: who runs next, what happens when, and what time it is.
* `scheduler`: runs fibers, one at a time, as greenlets; `waiting`: what fibers wait for.
* `table`: fibers as text.

One scheduler belongs to one interpreter. A fiber gives way only where it waits: at `<!`, `>!`, `alt`, `sleep`,
`yield` and `await`. So the same program with the same seed and the same times takes the same turns.

What is fair, and what is not:

* Who can go on has its turn in the order in which it could; a new fiber is the last. `go-run` is the exception:
  its fiber is the next.
* At a channel, who waits longest is served first, and a value goes to who waits, not to who comes by.
* `alt` takes the first operation that is possible, in its own order, each time: one that is always possible
  starves those after it. A fiber that never waits starves all others; only Stop ends it.

A cell ends without running fibers that nobody has waited for: they stay pending, as language.md 4.10 has it,
so that what a cell prints is what it asked for. `run-fibers`, `await` and `go-run` run them, in this cell or a
later one. A cell that fails or is stopped cancels the fibers that it made. An error that nobody has seen when
the cell ends is reported then, once.
"""
