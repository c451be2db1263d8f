"""The interpreter as other packages use it: evaluating, taking back, asking, typed domains, modules."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
import threading

import pytest

from caixa.lisp.errors import LispError, ReaderError
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.printer import write
from caixa.lisp.source import Source
from caixa.lisp.syntax import Form


def test_the_value_of_a_program_is_that_of_its_last_form(run):
    assert run("1 2 3") == "3"
    assert run("") == "()"


def test_nothing_is_evaluated_of_a_text_that_does_not_read(interpreter, fail):
    assert isinstance(fail("(define x 1) (car"), ReaderError)
    assert "x" not in interpreter.names


def test_names_are_lisp_names_whatever_they_are(interpreter, run):
    run("(define a->b? 1) (define |two words| 2) (define None 3) (define |\\u{1}x| 4) (define __builtins__ 5)")
    assert interpreter.names["a->b?"] == 1
    assert interpreter.names["two words"] == 2
    assert run("(list None |\\u{1}x| __builtins__ (let ((None 6) (self 7)) (+ None self)))") == "(3 4 5 13)"


def test_values_from_python_are_callable_from_lisp(interpreter, run):
    interpreter.names["triple"] = lambda x: x * 3
    assert run("(map triple '(1 2))") == "(3 6)"


def test_a_name_that_python_knows_is_unbound_in_lisp(fail):
    for name in ("len", "open", "__import__", "None", "self", "__name__"):
        assert fail(name).kind == "unbound-symbol"


def test_natives_can_be_redefined_for_the_program_alone(run):
    assert run("(define + -) (+ 5 3)") == "2"
    assert run("(define (f) (+ 5 3)) (f)") == "2"
    assert run("(reduce + 0 '(1 2))") == "-3"
    assert run("(inc 1)") == "2"


def test_redefining_takes_effect_in_code_that_was_compiled_before_if_it_is_not_inlined(run):
    assert run("(define (f) (first '(1 2))) (define (first xs) :mine) (f)") == ":mine"


def test_a_local_variable_hides_an_inlined_native(run):
    assert run("(let ((+ list)) (+ 1 2))") == "(1 2)"


def test_output_goes_to_the_standard_output_of_the_moment(run):
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        run('(println "a" :b)')
    assert output.getvalue() == "a :b\n"


# -- snapshots -------------------------------------------------------------------------------------------


def test_restoring_takes_back_definitions_assignments_and_macros(interpreter, run, fail):
    run("(define x 1) (defmacro m () 1) (define (f) x)")
    before = interpreter.snapshot()
    run("(define y 2) (set! x 5) (defmacro m () 2) (defmacro n () 3) (define (f) 7) (define (when z) z)")
    interpreter.restore(before)
    assert run("(list x (m) (f) (when #f 1))") == "(1 1 1 ())"
    assert fail("y").kind == "unbound-symbol"
    assert fail("(n)").kind == "unbound-symbol"


def test_restoring_keeps_the_dictionary_of_names(interpreter, run):
    names, before = interpreter.names, interpreter.snapshot()
    run("(define x 1)")
    interpreter.restore(before)
    assert interpreter.names is names


def test_restoring_takes_back_the_modules_that_were_loaded(with_modules):
    interpreter = with_modules({"m": "(provide x) (define x 1)"})
    before = interpreter.snapshot()
    interpreter.evaluate(Source("a", '(require "m")'))
    interpreter.restore(before)
    with pytest.raises(LispError):
        interpreter.evaluate(Source("b", "m/x"))


# -- questions -------------------------------------------------------------------------------------------


def test_completions_are_of_every_kind(interpreter, run):
    run("(define (lambada x) x) (define (later) 1) (defmacro lambmac (a) a) :lambkey")
    found = {each.name: each.kind for each in interpreter.completions("lamb")}
    assert found == {"lambda": "special-form", "lambada": "function", "lambmac": "macro"}
    assert ":lambkey" in [each.name for each in interpreter.completions(":lamb")]


def test_every_name_of_the_language_can_be_described(interpreter):
    for completion in interpreter.completions(""):
        description = interpreter.describe(completion.name)
        assert description is not None
        assert description.name == completion.name


def test_a_function_is_described_by_its_parameters_and_docstring(interpreter, run):
    run('(define (area w &optional (h 1) &rest more) "Return the area." (* w h))')
    description = interpreter.describe("area")
    assert description.signature == "(area w &optional h &rest more)"
    assert description.doc == "Return the area."
    assert interpreter.describe("no-such-name") is None
    assert interpreter.describe("__builtins__") is None


# -- typed domains ---------------------------------------------------------------------------------------


def test_a_typed_form_is_handed_over_unevaluated_also_when_a_macro_makes_it(interpreter, run):
    seen: list[tuple[Form, Source]] = []
    interpreter.define_domain("defthing", lambda form, source: seen.append((form, source)) or len(form))
    assert run("(defthing :a (car 5))") == "3"
    run("(defmacro thing (x) `(defthing ,x)) (thing 1)")
    assert [len(form) for form, _ in seen] == [3, 2]
    assert seen[0][1].text == "(defthing :a (car 5))"


def test_a_typed_form_inside_another_form_is_refused(interpreter, fail):
    interpreter.define_domain("defthing", lambda form, source: 1)
    assert fail("(list (defthing 1))").kind == "bad-special-form"


# -- the process around it -------------------------------------------------------------------------------


def test_starting_loads_nothing_heavy():
    heavy = ("asyncio", "wasmtime", "yaml", "hypothesis", "IPython", "http.client", "ssl", "click", "hy")
    code = (
        "import sys, caixa.lisp.interpreter as i\n"
        f"i.Interpreter()\nprint([m for m in {heavy!r} if m in sys.modules])"
    )
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert finished.stdout.strip() == "[]"


def test_the_library_is_compiled_once_and_then_read_from_the_cache(tmp_path):
    code = (
        "import caixa.lisp.library_loader as loader\n"
        "compiled = []\n"
        "original = loader._compile_all\n"
        "loader._compile_all = lambda *given: compiled.append(1) or original(*given)\n"
        "from caixa.lisp.interpreter import Interpreter\n"
        "from caixa.lisp.source import Source\n"
        "assert Interpreter().evaluate(Source('cell', '(-> 1 inc)')) == 2\n"
        "print(len(compiled))"
    )
    environment = {"XDG_CACHE_HOME": str(tmp_path)}
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
        )
        for _ in range(2)
    ]
    assert [finished.stdout.strip() for finished in runs] == ["1", "0"]


def test_a_cache_that_cannot_be_read_is_made_anew(tmp_path, monkeypatch):
    import caixa.lisp.library_loader as loader

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(loader, "_compiled", {})
    assert Interpreter().evaluate(Source("cell", "(-> 1 inc)")) == 2
    (cache,) = (tmp_path / "caixa-notebooks").iterdir()
    cache.write_bytes(b"not what it was")
    monkeypatch.setattr(loader, "_compiled", {})
    assert Interpreter().evaluate(Source("cell", "(-> 1 inc)")) == 2


def test_two_interpreters_share_nothing_that_a_program_can_change():
    first, second = Interpreter(), Interpreter()
    first.evaluate(Source("cell", "(define (first xs) 1) (defmacro when (a) 2) (set! inc dec)"))
    assert second.evaluate(Source("cell", "(list (first '(5)) (when #t 6) (inc 1))")).head == 5


def test_programs_run_in_threads_side_by_side():
    results: list[object] = []

    def work() -> None:
        text = "(define (a n) (if (= n 0) :ok (b (- n 1)))) (define (b n) (a n)) (a 20000)"
        results.append(write(Interpreter().evaluate(Source("cell", text))))

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [":ok"] * 3
