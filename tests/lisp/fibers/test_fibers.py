"""Fibers take turns: what waits, what wakes, in which order, and what comes of it."""

from __future__ import annotations

import pytest

PRODUCER = """
(define c (chan 0))
(define producer (go-block (dotimes (i 3) (>! c i) (println "sent" i)) (close! c)))
(define (take-all) (let ((v (<! c))) (if (equal? v :closed) '() (begin (println "got" v) (cons v (take-all))))))
"""


def test_two_fibers_meet_at_a_channel_without_room(run, capsys):
    assert run(PRODUCER + "(await (go take-all))") == "(0 1 2)"
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["got 0", "sent 0", "sent 1", "got 1", "got 2", "sent 2"]


def test_fibers_first_run_in_the_order_in_which_they_were_made(run):
    assert (
        run("""
    (define seen (list))
    (define fs (map (lambda (i) (go-block (set! seen (cons i seen)))) (range 5)))
    (await (nth 4 fs)) (reverse seen)""")
        == "(0 1 2 3 4)"
    )


def test_a_fiber_runs_until_it_waits(run):
    assert (
        run("""
    (define seen (list))
    (define (note x) (set! seen (cons x seen)))
    (go-block (note 1) (note 2) (yield) (note 5))
    (go-block (note 3) (note 4) (yield) (note 6))
    (run-fibers) (reverse seen)""")
        == "(1 2 3 4 5 6)"
    )


def test_a_cell_ends_without_running_fibers_nobody_asked_for(run, capsys):
    assert run("(define f (go (lambda () (println 1)))) (go-status f)") == ":pending"
    assert run("(go-status f)") == ":pending"
    assert capsys.readouterr().out == ""
    run("(run-fibers)")
    assert capsys.readouterr().out == "1\n"


def test_outside_a_fiber_channels_answer_at_once(run):
    assert run("(define c (chan 0)) (list (>! c 1) (<! c))") == "(#f :empty)"


def test_outside_a_fiber_values_pass_to_and_from_fibers_that_wait(run):
    run("(define c (chan 0)) (define r (go (lambda () (<! c)))) (go-run (go-block (dotimes (i 3) (yield))))")
    assert run("(list (>! c 7) (>! c 8) (go-status r) (await r))") == "(#t #f :running 7)"
    run("(define s (go (lambda () (>! c 5)))) (go-run (go-block (dotimes (i 3) (yield))))")
    assert run("(list (<! c) (<! c) (await s))") == "(5 :empty #t)"


def test_go_run_of_a_fiber_that_never_waits_runs_no_other(run):
    assert (
        run("""
    (define seen (list))
    (go-block (set! seen (cons 1 seen)))
    (define g (go-block (set! seen (cons 2 seen)) 9))
    (list (go-run g) seen)""")
        == "(9 (2))"
    )


def test_go_run_runs_others_when_the_fiber_waits(run):
    assert (
        run("""
    (define c (chan 0))
    (define r (go-block (<! c)))
    (go-block (>! c 4))
    (go-run r)""")
        == "4"
    )


STATUS = [
    ("(go-block 1)", ":pending"),
    ("(let ((f (go-block 1))) (await f) f)", ":done"),
    ("(let ((f (go-block (car 5)))) (go-run f) f)", ":errored"),
    ("(let ((f (go-block (<! (chan))))) (go-block 1) (try (await f) (catch (e) f)) f)", ":waiting"),
    ("(let ((f (go-block 1))) (go-cancel f) f)", ":cancelled"),
    ("(await (go-block (current-fiber)))", ":done"),
]


@pytest.mark.parametrize(("fiber", "status"), STATUS)
def test_a_fiber_says_how_far_it_has_come(run, fiber, status):
    assert run(f"(go-status {fiber})") == status


def test_a_fiber_that_runs_says_so(run):
    assert run("(await (go-block (go-status (current-fiber))))") == ":running"


def test_await_returns_the_result_to_all_who_wait(run):
    assert (
        run("""
    (define f (go-block (yield) 7))
    (define gs (map (lambda (i) (go-block (+ i (await f)))) (range 3)))
    (list (map await gs) (await f) (go-join f))""")
        == "((7 8 9) 7 7)"
    )


def test_an_awaited_error_tells_the_fiber_and_who_called_whom(interpreter, fail):
    error = fail("""(define (bad x) (+ 1 (car x)))
(define f (go (lambda () (+ 1 (bad 5))) :name 'worker))
(await f)""")
    text = error.render(interpreter.sources)
    assert error.kind == "type-mismatch"
    assert "1 | (define (bad x) (+ 1 (car x)))" in text
    assert "in bad, called from cell, line 2" in text
    assert "in fiber worker, called from cell, line 2" in text


def test_an_awaited_error_can_be_caught_by_its_tag(run):
    assert run("(try (await (go-block (/ 1 0))) (catch (e :division-by-zero) :caught))") == ":caught"
    assert run("(try (await (go-block (throw 5))) (catch (e) e))") == "5"
    assert run("(await (go-block (try (await (go-block (throw 5))) (catch (e) (+ e 1)))))") == "6"


def test_an_error_that_nobody_awaits_is_reported_once(run, capsys):
    run("(define f (go (lambda () (car 5)) :name 'alone)) (run-fibers)")
    told = capsys.readouterr().err
    assert told.startswith("The fiber `alone` failed, and nobody awaited it.\nerror[type-mismatch]")
    run("(run-fibers) 1")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("look", ["(go-error f)", "(go-run f)", "(try (await f) (catch (e) e))"])
def test_an_error_that_somebody_has_seen_is_not_reported(run, capsys, look):
    run(f"(define f (go (lambda () (car 5)))) (go-block (yield)) (run-fibers) {look}")
    assert capsys.readouterr().err == ""


def test_fibers_cannot_wait_for_one_another_in_a_circle(run):
    assert "already running" in run("(go-run (go-block (await (current-fiber))))")
    assert "already running" in run(
        "(define f (go-block (await g))) (define g (go-block (await f))) (go-run f)"
    )


def test_each_fiber_has_the_parameters_of_its_creator(run):
    assert (
        run("""
    (define p (make-parameter 0))
    (define (show) (yield) (let ((before (p))) (parameterize ((p (+ 10 (p)))) (yield) (list before (p)))))
    (define fs (map (lambda (i) (parameterize ((p i)) (go show))) (range 3)))
    (list (p) (map await fs) (p))""")
        == "(0 ((0 10) (1 11) (2 12)) 0)"
    )


def test_each_fiber_catches_its_own_output(run, capsys):
    assert (
        run("""
    (define (speak name) (with-output-to-string (println name 1) (yield) (println name 2)))
    (define fs (map (lambda (name) (go (lambda () (speak name)))) '(a b)))
    (println "outside")
    (define g (go-block (println "loud") (yield) (println "louder")))
    (define told (map await fs)) (await g) told""")
        == '("a 1\\na 2\\n" "b 1\\nb 2\\n")'
    )
    assert capsys.readouterr().out == "outside\nloud\nlouder\n"


def test_output_of_a_fiber_is_not_lost_when_the_catch_it_began_in_is_over(run, capsys):
    run("""(define f nil)
    (with-output-to-string (set! f (go-block (println "late"))))
    (define other (go-block (with-output-to-string (await f))))""")
    assert run("(await other)") == '""'
    assert capsys.readouterr().out == "late\n"


def test_handlers_of_one_fiber_do_not_catch_what_another_throws(run):
    assert (
        run("""
    (define f (go-block (try (yield) (yield) :calm (catch (e) :caught))))
    (define g (go-block (yield) (throw 1)))
    (list (await f) (go-run g))""")
        == "(:calm 1)"
    )


WAITS_INSIDE = [
    ("a native that calls back", "(map (lambda (i) (<! c)) (range 3))", "(0 1 2)"),
    (
        "nested natives",
        "(foldl (lambda (a i) (+ a (car (map (lambda (j) (<! c)) (list i))))) 0 (range 3))",
        "3",
    ),
    ("eval", "(eval '(list (<! c) (<! c)))", "(0 1)"),
    ("sorting", "(sort-by (lambda (a b) (<! c) (- a b)) '(2 1))", "(1 2)"),
    ("try", "(try (throw (<! c)) (catch (e) (list e (<! c))))", "(0 1)"),
    ("finally", "(try (<! c) (finally (<! c)))", "0"),
    ("a promise", "(force (delay (<! c)))", "0"),
]


@pytest.mark.parametrize(("where", "body", "value"), WAITS_INSIDE)
def test_a_fiber_can_wait_inside(run, where, body, value):
    run("(define c (chan 0)) (onto-chan c (range 3))")
    assert run(f"(await (go-block {body}))") == value


def test_a_macro_cannot_wait(fail):
    error = fail("(define c (chan 0)) (defmacro m () (<! c)) (await (go-block (eval '(m))))")
    assert "a macro cannot wait while it is expanded" in error.message
    assert error.diagnostics[0].fix


def test_fibers_run_from_the_program_and_not_from_one_another(fail):
    assert "fibers run already" in fail("(await (go-block (run-fibers)))").message


def test_the_table_of_fibers_says_what_each_waits_for_and_where(run):
    assert run("""(define c (chan 0))
(define slow (go (lambda () (sleep-ms 5)) :name "slow"))
(define (wait-for-one)
  (<! c))
(go wait-for-one)
(go-block (await slow))
(go (lambda () (alt ((<! c) v v) (:after 10 1))) :name 'chooser)
(go (lambda () (each-value c println)) :name "in the library")
(define last (go-block (yield)))
(go-run last)
(go (lambda () 1) :name 'new)
(fibers)""").splitlines() == [
        "fiber           status   waits for                      at",
        "slow            waiting  sleep                          cell, line 2",
        "wait-for-one    waiting  <! on a channel that is empty  cell, line 4",
        "fiber 3         waiting  await of slow                  cell, line 6",
        "chooser         waiting  alt on 1 channel               cell, line 7",
        "in the library  waiting  <! on a channel that is empty  cell, line 8",
        "new             pending                                 cell, line 11",
    ]


def test_no_fibers_are_a_sentence(run):
    assert run("(fibers)") == "no fibers"


DEADLOCK = """deadlock: nothing can wake any of 3 fibers
fiber     status   waits for                      at
producer  waiting  >! on a channel that is full   cell, line 2
consumer  waiting  <! on a channel that is empty  cell, line 3
waiter    waiting  await of consumer              cell, line 4"""


def test_a_deadlock_is_an_error_that_shows_every_fiber(fail):
    error = fail("""(define a (chan 1)) (define b (chan))
(go (lambda () (>! a 1) (>! a 2)) :name "producer")
(define f (go (lambda () (<! b)) :name "consumer"))
(define g (go (lambda () (await f)) :name "waiter"))
(await g)""")
    assert error.kind == "deadlock"
    assert error.message == DEADLOCK
    assert fail("(run-fibers)").kind == "deadlock"


def test_a_deadlock_can_be_caught_and_mended(run):
    assert (
        run("""
    (define c (chan 0)) (define f (go-block (<! c)))
    (define tag (try (await f) (catch (e) (error-tag e))))
    (go-block (>! c 3))
    (list tag (await f))""")
        == "(:deadlock 3)"
    )


def test_what_serves_in_the_background_is_no_deadlock(run, fail):
    run("(define jobs (chan)) (define done (list))")
    run("(go (lambda () (each-value jobs (lambda (j) (set! done (cons j done))))) :background #t)")
    assert run("(>! jobs 1) (run-fibers) (>! jobs 2) (run-fibers) done") == "(2 1)"
    assert fail("(await (go-block (<! (chan))))").kind == "deadlock"


def test_go_takes_only_its_options(fail):
    for call in ("(go)", "(go car 1)", "(go car :color 1)", "(go car :name 'a :name 'b)"):
        assert fail(call).kind == "arity-mismatch"
    assert fail("(go car :name 5)").kind == "type-mismatch"
