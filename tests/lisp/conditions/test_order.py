"""What runs, and in which order: handlers from the innermost out, before anything unwinds; then cleanups."""

from __future__ import annotations

import pytest

# Each program, its value, and what it notes in order.
ORDER = {
    "a handler runs before a cleanup": (
        "(try (handler-bind ((:e (lambda (c) (note 'handler))))"
        " (try (throw (error :e \"\")) (finally (note 'cleanup)))) (catch (c) (note 'caught)))",
        "caught | handler cleanup caught",
    ),
    "handlers run from the innermost out": (
        "(try (handler-bind ((:e (lambda (c) (note 'outer))))"
        ' (handler-bind ((:e (lambda (c) (note \'inner)))) (throw (error :e "")))) (catch (c) 0))',
        "0 | inner outer",
    ),
    "the clauses of one form run in order": (
        "(handler-bind ((:s (lambda (c) (note 1))) (else (lambda (c) (note 2))) (:t (lambda (c) (note 3))))"
        ' (signal (error :s "")))',
        "() | 1 2",
    ),
    "a try inside takes the error, and handlers around it see nothing": (
        "(handler-bind ((else (lambda (c) (note 'handler)))) (try (throw 1) (catch (c) (note 'caught))))",
        "caught | caught",
    ),
    "a try for another tag does not": (
        "(try (handler-bind ((else (lambda (c) (note 'handler))))"
        " (try (throw (error :a \"\")) (catch (c :b) (note 'wrong)))) (catch (c) (note 'right)))",
        "right | handler right",
    ),
    "a try outside catches after the handlers inside": (
        "(try (handler-bind ((else (lambda (c) (note 'handler)))) (throw 1)) (catch (c) (note 'caught)))",
        "caught | handler caught",
    ),
    "the error of a native is signalled before a cleanup, too": (
        "(try (handler-bind ((:type-mismatch (lambda (c) (note 'handler))))"
        " (try (car 5) (finally (note 'cleanup)))) (catch (c) (note 'caught)))",
        "caught | handler cleanup caught",
    ),
    "an error is signalled once, however many forms it passes": (
        "(try (handler-bind ((else (lambda (c) (note 'outer))))"
        " (handler-bind ((:nothing (lambda (c) (note 'no)))) (restart-case (car 5) (r () 1))))"
        " (catch (c) 0))",
        "0 | outer",
    ),
    "a handler runs with the handlers outside of its own": (
        '(handler-case (handler-bind ((:e (lambda (c) (note \'once) (throw (error :e "again")))))'
        ' (throw (error :e "first"))) (:e (c) (error-message c)))',
        "again | once",
    ),
    "so does a native's error in a handler": (
        '(try (handler-bind ((else (lambda (c) (note \'once) (car 5)))) (throw (error :e "")))'
        " (catch (c) (error-tag c)))",
        ":type-mismatch | once",
    ),
    "a restart unwinds to where it was established, through the cleanups": (
        "(handler-bind ((:e (lambda (c) (note 'handler) (invoke-restart 'skip 7))))"
        ' (+ 1 (restart-case (try (throw (error :e "")) (finally (note \'cleanup)))'
        " (skip (v) (note 'restart) v))))",
        "8 | handler cleanup restart",
    ),
    "a restart is no error, so try does not catch it": (
        "(handler-bind ((:e (lambda (c) (invoke-restart 'skip))))"
        ' (restart-case (try (throw (error :e "")) (catch (c :other) (note \'wrong)))'
        " (skip () (note 'skipped))))",
        "skipped | skipped",
    ),
    "of restarts with one name the innermost is taken": (
        "(handler-bind ((:e (lambda (c) (invoke-restart 'r))))"
        " (restart-case (note (restart-case (throw (error :e \"\")) (r () 'inner))) (r () 'outer)))",
        "inner | inner",
    ),
    "an outer restart leaves the inner form": (
        "(handler-bind ((:e (lambda (c) (invoke-restart 'out))))"
        " (restart-case (note (restart-case (throw (error :e \"\")) (in () 'inner))) (out () 'outer)))",
        "outer |",
    ),
    "a native's error can be restarted": (
        "(handler-bind ((:unbound-symbol (lambda (c) (use-value 2))))"
        " (* 10 (restart-case nowhere (use-value (v) v))))",
        "20 |",
    ),
    "retry runs the expression again": (
        "(define tries 0)"
        "(define (attempt) (restart-case (begin (set! tries (+ tries 1))"
        ' (if (< tries 3) (throw (error :busy "")) \'done)) (retry () (note tries) (attempt))))'
        "(handler-bind ((:busy (lambda (c) (retry)))) (attempt))",
        "done | 1 2",
    ),
    "a loop goes on after a skipped step": (
        "(handler-bind ((:type-mismatch (lambda (c) (continue))))"
        " (let loop ((xs '(1 a 3)) (sum 0)) (if (empty? xs) sum"
        '  (loop (cdr xs) (+ sum (unwrap-or (with-simple-restart (continue "") (+ 0 (car xs))) 0))))))',
        "4 |",
    ),
    "handler-case unwinds before its clause": (
        "(handler-case (try (throw (error :e \"\")) (finally (note 'cleanup))) (:e (c) (note 'clause)))",
        "clause | cleanup clause",
    ),
    "handler-case takes what is signalled, too": (
        "(handler-case (begin (signal :ready) (note 'not-here)) (:ready (c) c))",
        ":ready |",
    ),
    "try takes nothing that is only signalled": (
        "(try (signal (error :e \"\")) (note 'on) (catch (c) 'caught))",
        "on | on",
    ),
    "a warning goes on when it is muffled": (
        "(handler-bind ((:warning (lambda (c) (note (error-message c)) (muffle-warning))))"
        ' (warn "careful") \'done)',
        "done | careful",
    ),
    "a handler sees the dynamic state of the error": (
        "(define depth (make-parameter 0))"
        "(try (handler-bind ((else (lambda (c) (note (depth))))) (parameterize ((depth 3)) (throw 1)))"
        " (catch (c) (note (depth))))",
        "0 | 3 0",
    ),
    "a predicate chooses": (
        "(handler-case (throw 41) ((lambda (c) (and (integer? c) (odd? c))) (n) (+ n 1)))",
        "42 |",
    ),
    "definitions inside are global at the top level": (
        "(handler-bind () (define inside 5)) (restart-case (define within 6) (r () 1)) (+ inside within)",
        "11 |",
    ),
    "a handler's restart is known by its name and its report": (
        "(handler-bind ((else (lambda (c) (note (map restart-name (compute-restarts)))"
        " (note (map restart-report (compute-restarts))) (invoke-restart (find-restart 'b)))))"
        ' (restart-case (throw 1) (a () 1) (b () :report "Do b." 2) (c () :report (str "Do " "c.") 3)))',
        "2 | (a b c) ( Do b. Do c.)",
    ),
}


@pytest.mark.parametrize(("text", "expected"), ORDER.values(), ids=ORDER.keys())
def test_handlers_restarts_and_cleanups_run_in_this_order(text, expected, logged):
    assert logged(text) == expected


REFUSED = {
    "(invoke-restart 'nowhere)": "restart-not-found",
    "(abort)": "restart-not-found",
    "(muffle-warning)": "restart-not-found",
    "(invoke-restart 5)": "type-mismatch",
    "(restart-name 5)": "type-mismatch",
    "(handler-bind ((5 (lambda (c) c))) (signal :x))": "type-mismatch",
    "(handler-bind ((:x)) 1)": "bad-special-form",
    "(handler-bind ((:x 1 2)) 1)": "bad-special-form",
    "(handler-bind)": "bad-special-form",
    "(handler-case 1 (:x e 2))": "bad-special-form",
    "(handler-case 1 (:x (1) 2))": "bad-special-form",
    "(restart-case 1)": "bad-special-form",
    "(restart-case 1 (5 () 1))": "bad-special-form",
    "(restart-case 1 (r))": "bad-special-form",
    '(handler-bind ((:e (lambda (c) (invoke-restart \'r 1)))) (restart-case (throw (error :e "")) (r () 1)))': (
        "arity-mismatch"
    ),
}


@pytest.mark.parametrize(("text", "kind"), REFUSED.items())
def test_what_makes_no_sense_is_refused(text, kind, fail):
    assert fail(text).kind == kind


@pytest.mark.parametrize("name", ["continue", "retry"])
def test_a_restart_that_need_not_be_there_returns_nil(name, run):
    assert run(f"({name})") == "()"
    assert run("(use-value 1)") == run("(store-value 1)") == "()"
    assert run("(find-restart 'nowhere)") == "()"


def test_a_restart_that_has_been_left_is_gone(run, fail):
    run("(define kept nil) (restart-case (set! kept (find-restart 'r)) (r () 1))")
    assert fail("(invoke-restart kept)").kind == "restart-not-found"
    assert run("(compute-restarts)") == "()"


def test_a_warning_that_nobody_handles_is_written_to_standard_error(run, capsys):
    assert run('(warn "careful")') == "()"
    assert capsys.readouterr().err == "warning: careful\n"
