"""An error takes with it the cells that had arrived by then, and no later one."""

from hypothesis import given
from hypothesis import strategies as st

from caixa_kernel.waiting import Waiting

steps = st.lists(st.tuples(st.sampled_from(["arrive", "begin", "abort"]), st.integers(0, 5)))


def at_once(call):
    call()


@given(steps)
def test_what_waits_at_an_abort_never_runs_and_all_else_does(steps):
    waiting = Waiting(at_once, lambda: None)
    line, doomed = set(), set()
    for step, number in steps:
        message = str(number)
        if step == "arrive":
            waiting.arrive(message)
            line.add(message)
        elif step == "begin":
            assert waiting.begin(message) == (message not in doomed)
            line.discard(message)
            doomed.discard(message)
        else:
            waiting.abort()
            doomed |= line


def test_what_is_read_only_at_the_fence_is_aborted_too():
    waiting = Waiting(at_once, lambda: waiting.arrive("still in the socket"))
    waiting.abort()
    assert not waiting.begin("still in the socket")


def test_a_receiver_that_is_gone_does_not_hold_up_the_error():
    Waiting(lambda call: None, lambda: None).abort()
