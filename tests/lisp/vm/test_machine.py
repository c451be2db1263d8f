"""The machine's own laws: calls, memory, limits, and what it refuses."""

import pytest

from caixa.lisp.errors import LispError
from caixa.lisp.printer import write
from caixa.lisp.source import Source
from caixa.lisp.values import ErrorValue
from caixa.lisp.vm.errors import MachineExhausted, NotInMachine
from caixa.lisp.vm.program import Program
from caixa.runtime.engine_process.lisp_machine import LispMachine

LOOP = "(define (loop n) (if (= n 0) :done (loop (- n 1))))"
DEEP = "(define (sum n) (if (= n 0) 0 (+ 1 (sum (- n 1)))))"


def run(text: str, *, steps: int = 1 << 40, memory_cap: int = 64 << 20) -> str:
    return write(Program(LispMachine(memory_cap)).run(Source("program", text), steps))


def test_a_tail_call_takes_no_memory() -> None:
    machine = LispMachine()
    program = Program(machine)
    program.run(Source("program", f"{LOOP} (loop 10)"))
    before = machine.memory_size
    program.run(Source("program", "(loop 1000000)"))
    assert machine.memory_size == before


def test_recursion_is_as_deep_as_there_is_memory() -> None:
    assert run(f"{DEEP} (sum 300000)") == "300000"


def test_recursion_without_end_ends_at_the_memory_cap() -> None:
    with pytest.raises(MachineExhausted, match="memory"):
        run("(define (f n) (+ 1 (f n))) (f 1)", memory_cap=8 << 20)


def test_a_loop_without_end_ends_at_the_limit_of_steps() -> None:
    with pytest.raises(MachineExhausted, match="steps"):
        run(f"{LOOP} (loop -1)", steps=10_000)


def test_work_without_calls_counts_as_steps_too() -> None:
    program = Program(LispMachine())
    program.run(Source("program", "(define big (repeat-list 1 100000))"))
    few = program.steps_used
    program.run(Source("program", "(begin (append big big) 1)"))
    assert program.steps_used > few / 2 > 1000


def test_the_same_program_takes_the_same_steps_each_time() -> None:
    taken = set()
    for _ in range(2):
        program = Program(LispMachine())
        program.run(Source("program", f"{DEEP} (sum 1000)"))
        taken.add(program.steps_used)
    assert len(taken) == 1


def test_an_allocation_bomb_ends_at_the_memory_cap() -> None:
    with pytest.raises(MachineExhausted, match="memory"):
        run("(define (grow xs) (grow (append xs xs))) (grow '(1 2 3))", memory_cap=8 << 20)


def test_garbage_is_collected_cycles_too() -> None:
    cycles = """
        (define (cycle) (let ((a nil)) (set! a (lambda () a)) a))
        (define (many n) (if (= n 0) :done (begin (cycle) (vector n n n) (many (- n 1)))))
        (many 300000)"""
    assert run(cycles, memory_cap=4 << 20) == ":done"


@pytest.mark.parametrize(
    "text",
    [
        "(+ 9223372036854775807 1)",
        "(- -9223372036854775808 1)",
        "(* 3037000500 3037000500)",
        "(abs -9223372036854775808)",
        "(quotient -9223372036854775808 -1)",
        "(floor 1e19)",
    ],
)
def test_an_integer_beyond_64_bits_is_an_error_of_its_own(text: str) -> None:
    with pytest.raises(LispError) as raised:
        run(text)
    assert raised.value.kind == "integer-overflow"
    assert raised.value.span is not None


def test_integers_of_64_bits_are_exact() -> None:
    assert (
        run("(list (+ 9223372036854775806 1) (- 140737488355327 -1))")
        == "(9223372036854775807 140737488355328)"
    )


def test_what_the_machine_does_not_have_is_named_before_anything_runs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(NotInMachine) as raised:
        run('(list (display "x") (sha256 "a"))')
    assert raised.value.name == "sha256"
    assert capsys.readouterr().out == ""


def test_a_macro_does_not_guess_a_value_that_only_the_machine_has() -> None:
    with pytest.raises(NotInMachine, match="during expansion"):
        run("(define n (+ 1 2)) (defmacro m () (+ n 1)) (m)")


def test_a_function_of_the_language_is_not_redefined_under_code_that_uses_it() -> None:
    with pytest.raises(NotInMachine, match="redefinition"):
        run("(define (f x) (safe-nth 0 x)) (define (safe-nth a b) 42) (f '(1))")
    assert run("(define (safe-nth a b) 42) (safe-nth 0 '(1))") == "42"


def test_an_error_that_is_thrown_carries_its_value_and_place() -> None:
    with pytest.raises(LispError) as raised:
        run('(define (f) (throw (error :bad "no" (list :at 3))))\n(f)')
    error = raised.value
    assert isinstance(error.value, ErrorValue)
    assert write(error.value) == '#<error :bad "no" {:at 3}>'
    assert (error.span.start, error.span.end) == (12, 50)


def test_values_nested_100000_deep_print_compare_and_leave_the_machine() -> None:
    nested = """
        (define (nest n x) (if (= n 0) x (nest (- n 1) (list x))))
        (list (equal? (nest 100000 1) (nest 100000 1)) (string-length (pr-str (nest 100000 1))))"""
    assert run(nested) == "(#t 200001)"
    assert len(run("(define (nest n x) (if (= n 0) x (nest (- n 1) (list x)))) (nest 20000 1)")) == 40_001


def test_a_program_that_failed_leaves_the_machine_as_it_was() -> None:
    program = Program(LispMachine())
    with pytest.raises(LispError):
        program.run(Source("program", "(define x 1) (try (car 1) (catch :other (e) 2))"))
    assert program.run(Source("program", "(list x (try (car x) (catch (e) 3)))")) is not None
