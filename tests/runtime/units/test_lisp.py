"""Units written in Lisp: the six procedures, what they return, and what they may use."""

import pytest

from caixa.lisp.errors import LispError
from caixa.lisp.printer import write
from caixa.lisp.source import Source
from caixa.manifest.model import Limits
from caixa.runtime.errors import BadCallback, DeadlineExceeded, FuelExhausted, NoCallback, UnitGone
from caixa.runtime.supervision.events import Exit, Why
from caixa.runtime.units.lisp import PROCEDURES, LispProgram
from caixa.runtime.units.system import UnitSystem

PATIENCE = 20.0

COUNTER = """
(define (init start) (list :ok start))
(define (handle-call request state)
  (if (equal? request :get) (list :reply state state)
      (if (equal? request :quit) (list :stop :normal :bye state)
          (list :nonsense))))
(define (handle-cast n state) (list :noreply (+ state n)))
(define (handle-info message state) (list :noreply (list message state)))
(define (code-change version state) (list :ok (* state 10)))
(define (terminate why state) (throw :terminated (list why state)))
"""


@pytest.fixture
def system():
    system = UnitSystem()
    yield system
    system.close()


def life(text, *slots, limits=None):
    source = Source("lib/handlers.lisp", text)
    return LispProgram(dict.fromkeys(slots or PROCEDURES, source), limits).life()


def key(name):
    from caixa.lisp.names import Keyword  # beside its only use

    return Keyword(name)


def test_the_state_is_what_the_callback_before_gave(system):
    unit = system.start("counter", life(COUNTER), (5,))
    system.cast(unit, 2)
    system.cast(unit, 3)
    assert system.call(unit, key("get"), PATIENCE) == 10
    system.change_state(unit, "0.1.0", PATIENCE)
    assert system.call(unit, key("get"), PATIENCE) == 100


def test_monitors_and_timers_come_as_lists(system):
    unit, other = system.start("a", life(COUNTER), (0,)), system.start("b", life(COUNTER), (0,))
    monitor = system.monitor(unit, other)
    system.kill(other)
    assert write(system.call(unit, key("get"), PATIENCE)) == f'((:down {monitor} "b" :killed) 0)'


def test_one_may_stop_itself_and_terminate_is_called_then(system):
    ends = []
    unit = system.begin(
        "a", life(COUNTER), (0,), ended=lambda _, why: ends.append(why), started=lambda *_: None
    )
    assert system.call(unit, key("quit"), PATIENCE) == key("bye")
    assert ends[0].exit is Exit.ABNORMAL  # the terminate of this one throws
    assert isinstance(ends[0].detail, LispError)


@pytest.mark.parametrize(
    ("init", "kind"),
    [
        ("(define (init) (list :stop :no-database))", BadCallback),
        ("(define (init) 5)", BadCallback),
        ("(define (init) :ignore)", UnitGone),
        ("(define (init) (car 5))", LispError),
        ("(define (start) 5)", BadCallback),
        ("(define (init", LispError),
        ('(define (init) (list :ok (read-file "/etc/passwd")))', LispError),
    ],
)
def test_a_start_that_fails_says_why(system, init, kind):
    with pytest.raises(kind):
        system.start("a", life(init, "on-init"))
    assert system.list() == ()


def test_what_no_callback_may_give_is_the_end_and_says_what_may_be_given(system):
    unit = system.start("a", life(COUNTER), (0,))
    with pytest.raises(BadCallback, match=r"gave \(:nonsense\)") as caught:
        system.call(unit, key("what"), PATIENCE)
    assert "(list :reply REPLY STATE)" in caught.value.render()
    with pytest.raises(UnitGone):
        system.call(unit, key("get"), PATIENCE)


def test_a_message_for_which_there_is_no_callback_costs_nothing(system):
    unit = system.start(
        "a", life("(define (handle-call request state) (list :reply request state))", "on-call")
    )
    with pytest.raises(NoCallback, match="on-state-change"):
        system.change_state(unit, "0.1.0", PATIENCE)
    assert system.call(unit, 1, PATIENCE) == 1


LOOPS = "(define (handle-call request state) (spin request)) (define (spin n) (spin (+ n 1)))"


@pytest.mark.parametrize(
    ("limits", "kind"),
    [(Limits(fuel=20_000), FuelExhausted), (Limits(wall_clock=20_000_000), DeadlineExceeded)],
)
def test_a_loop_is_stopped_by_its_limits(system, limits, kind):
    unit = system.start("a", life(LOOPS, "on-call", limits=limits))
    with pytest.raises(kind):
        system.call(unit, 0, PATIENCE)
    assert system.list() == ()


def test_fuel_is_for_each_message_anew(system):
    text = """(define (handle-call n state) (list :reply (count n) state))
              (define (count n) (if (= n 0) 0 (count (- n 1))))"""
    unit = system.start("a", life(text, "on-call", limits=Limits(fuel=3_000)))
    assert [system.call(unit, 1000, PATIENCE) for _ in range(10)] == [0] * 10


def test_a_loop_is_stopped_when_its_unit_is_killed(system):
    ends = []
    behaviour = life(LOOPS, "on-call")
    unit = system.begin("a", behaviour, ended=lambda _, why: ends.append(why))
    system.cast(unit, "refused")
    with pytest.raises(TimeoutError):
        system.call(unit, 0, 0.02)
    system.kill(unit)
    assert ends == [Why(Exit.KILLED)]
    system.close()


def test_units_share_no_definitions(system):
    text = "(define n 0) (define (handle-call x state) (set! n (+ n x)) (list :reply n state))"
    program = LispProgram({"on-call": Source("lib/handlers.lisp", text)}, None)
    one, other = system.start("a", program.life()), system.start("b", program.life())
    assert [system.call(one, 1, PATIENCE) for _ in range(3)] == [1, 2, 3]
    assert system.call(other, 1, PATIENCE) == 1


def test_the_handler_of_a_new_package_runs(system):
    from feira import scaffold  # beside its only use

    _, files = scaffold._servico("shop")
    unit = system.start("shop", life(files["lib/handlers.lisp"], "on-call"))
    assert write(system.call(unit, "apple", PATIENCE)) == '(:ok "apple")'
