"""What holds of every supervisor, whatever its children do and whatever it is asked."""

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings

from caixa.runtime.supervision.events import ChildExited, Exit, Why
from caixa.runtime.supervision.requests import CountChildren, Replace, StartChild
from caixa.runtime.supervision.specification import BRUTAL_KILL

from .world import (
    ALL,
    CRASH,
    HANG,
    IGNORE,
    KILLED,
    NORMAL,
    ONE,
    PERMANENT,
    REST,
    SHUTDOWN,
    SIMPLE,
    TEMPORARY,
    TRANSIENT,
    World,
    child,
    world,
)

NAMES = ("a", "b", "c", "d")
names = st.sampled_from(NAMES)
specs = st.builds(
    child,
    names,
    st.sampled_from([PERMANENT, TRANSIENT, TEMPORARY]),
    shutdown=st.sampled_from([BRUTAL_KILL, 1.0, None]),
)
deeds = st.lists(
    st.one_of(
        st.tuples(st.just("exit"), names, st.sampled_from([NORMAL, SHUTDOWN, KILLED, CRASH])),
        st.tuples(st.just("start"), specs),
        st.tuples(st.sampled_from(["terminate", "restart", "delete"]), names),
        st.tuples(st.just("script"), names, st.lists(st.sampled_from([IGNORE, HANG, "no", None]), max_size=4)),
        st.tuples(st.just("come"), names),
        st.tuples(st.just("deaf"), names),
        st.tuples(st.just("wait"), st.sampled_from([0.5, 1.5, 100.0])),
        st.tuples(st.just("pause")),
        st.tuples(st.just("replace"), st.lists(specs, max_size=3, unique_by=lambda spec: spec.name)),
    ),
    max_size=25,
)


@st.composite
def lives(draw):
    strategy = draw(st.sampled_from([ONE, ALL, REST, SIMPLE]))
    chosen = draw(st.lists(specs, min_size=1, max_size=4, unique_by=lambda spec: spec.name))
    there = world(
        *(chosen[:1] if strategy == SIMPLE else chosen),
        strategy=strategy,
        max_restarts=draw(st.sampled_from([0, 3])),
    )
    return there, draw(deeds)


def live(there, deeds):
    """Let the deeds happen; return how many questions were asked."""
    there.start()
    asked = 0
    for deed, *words in deeds:
        asked += deed in QUESTIONS
        (QUESTIONS | DEEDS)[deed](there, *words)
        if deed != "pause":
            there.run()
            check_that_state_and_world_agree(there)
    return asked


QUESTIONS = {
    "start": lambda there, spec: there.ask(StartChild(spec)),
    "replace": lambda there, specs: there.ask(Replace(there.flags, tuple(specs))),
    "terminate": World.terminate,
    "restart": World.restart,
    "delete": World.delete,
}
DEEDS = {
    "pause": lambda there: setattr(there, "paused", True),
    "exit": lambda there, name, why: name in there.alive.values() and there.exit(name, why),
    "script": lambda there, name, script: there.starts.update({name: list(script)}),
    "come": lambda there, name: name in there.hung.values() and there.come(name),
    "deaf": lambda there, name: there.deaf.add(name),
    "wait": World.wait,
}


def check_that_state_and_world_agree(there):
    places = list(there.state)
    refs = [place.ref for place in places if place.ref is not None]
    assert len(refs) == len(set(refs))
    assert set(there.alive) <= set(refs) or there.ended, "something runs that the supervisor does not know"
    assert all(there.state.running(ref).ref == ref for ref in refs)
    assert there.state.count().active == len(refs)
    if there.flags.estrategia != SIMPLE:
        found = [place.spec.name for place in places]
        assert len(found) == len(set(found))
        assert all(there.state.named(name).spec.name == name for name in found)


def bring_to_an_end(there):
    there.starts = {}
    there.deaf = set()
    there.stop()
    for name in list(there.hung.values()):
        there.come(name)
    there.wait(10.0)
    for ref in list(there.alive):
        if ref in there.state.stopping:  # who waits for ever for an end gets one
            there.exit(ref, SHUTDOWN)
    there.run()


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lives())
def test_every_life_comes_to_its_end_with_nobody_left_and_every_question_answered(life):
    there, deeds = life
    asked = live(there, deeds)
    for _ in range(len(NAMES) + there.next_ref):
        if there.ended is not None:
            break
        bring_to_an_end(there)
    assert there.ended is not None
    assert there.alive == {}
    assert len(there.answers) == asked


@settings(max_examples=100, deadline=None)
@given(lives(), st.integers(0, 30))
def test_the_same_events_lead_to_the_same_state(life, number):
    there, deeds = life
    again = world(*there.specs, strategy=there.flags.estrategia, max_restarts=there.flags.max_restarts)
    live(there, deeds)
    live(again, deeds)
    assert again.story == there.story
    assert repr(list(again.state)) == repr(list(there.state))


@given(st.sampled_from([ONE, ALL, REST]), st.lists(st.integers(0, 3), min_size=1, max_size=8))
def test_whoever_crashes_all_permanent_children_run_again_in_their_order(strategy, crashes):
    there = world(*map(child, NAMES), strategy=strategy, max_restarts=100).start()
    for index in crashes:
        there.exit(NAMES[index])
    assert sorted(there.running()) == list(NAMES)
    assert [each.name for each in there.children()] == list(NAMES)
    if strategy == ALL:
        assert there.running() == list(NAMES)


def test_a_question_is_answered_whatever_is_being_done():
    there = world(child("a"), starts={"a": [HANG]}).start()
    assert there.ask(CountChildren()).value.specs == 1
    there.hear(ChildExited("nobody", Why(Exit.ABNORMAL)))
    assert there.ask(CountChildren()).value.active == 0
