"""Modules: what they see, what they lend, when they are loaded, and what a failure leaves behind."""

from __future__ import annotations

import pytest

from caixa.lisp.errors import LispError, Thrown
from caixa.lisp.interpreter import Interpreter
from caixa.lisp.module_files import directory_loader
from caixa.lisp.printer import write
from caixa.lisp.source import Source


@pytest.fixture
def evaluate(with_modules):
    """Return a function that evaluates a text with the given modules, in one interpreter."""
    texts: dict[str, str] = {}
    interpreter = with_modules(texts)
    count = iter(range(1, 100))

    def run(text: str, **modules: str) -> str:
        texts.update({name.replace("__", "/"): each for name, each in modules.items()})
        return write(interpreter.evaluate(Source(f"cell {next(count)}", text)))

    run.interpreter = interpreter  # type: ignore[attr-defined]
    return run


def failure(evaluate, text: str, **modules: str) -> LispError:
    with pytest.raises(LispError) as caught:
        evaluate(text, **modules)
    return caught.value


# -- what is seen -----------------------------------------------------------------------------------------


def test_a_module_sees_only_what_it_required(evaluate):
    evaluate('(define secret 1) (require "m")', m="(provide f) (define (f) secret)")
    assert failure(evaluate, "(m/f)").span.source == "m"


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ("", "(m/f 1)"),
        (":as u", "(u/f 1)"),
        (":refer (f)", "(f 1)"),
        (":refer (f)", "(m/f 1)"),
        (":refer [f]", "(f 1)"),
        (":refer :all", "(f 1)"),
        (":rename {f plus}", "(plus 1)"),
        (":rename ((f plus))", "(plus 1)"),
        (":as u :refer :all :rename {f plus}", "(u/f (- (plus 1) 1))"),
    ],
)
def test_what_a_module_provides_is_bound_under_the_alias_and_as_asked(evaluate, options, text):
    assert evaluate(f'(require "m" {options}) {text}', m="(provide f) (define (f x) (+ x 1))") == "2"


def test_a_renamed_name_is_not_bound_under_its_own(evaluate):
    evaluate('(require "m" :refer :all :rename {f g})', m="(provide f) (define (f) 1)")
    assert failure(evaluate, "(f)").kind == "unbound-symbol"


def test_what_is_not_provided_is_not_bound(evaluate):
    assert failure(evaluate, '(require "m") m/hidden', m="(define hidden 1)").kind == "unbound-symbol"


def test_a_name_can_be_completed_under_its_alias(evaluate):
    evaluate('(require "m" :as util)', m='(provide first-name) (define (first-name x) "The first." x)')
    (found,) = evaluate.interpreter.completions("util/f")
    assert (found.name, found.signature) == ("util/first-name", "(util/first-name x)")


def test_a_path_beside_a_module_is_taken_from_that_module(evaluate):
    modules = {
        "lib__a": '(require "./b" :as b) (require "../top" :as t) (provide x) (define x (list b/x t/x))',
        "lib__b": "(provide x) (define x 1)",
        "top": "(provide x) (define x 2)",
    }
    assert (
        evaluate('(require "lib/a" :as a) (require "./lib/../top" :as t) (list a/x t/x)', **modules)
        == "((1 2) 2)"
    )


def test_the_alias_of_a_path_beside_the_module_is_its_name(evaluate):
    assert evaluate('(require "./lib/m") lib/m/x', lib__m="(provide x) (define x 1)") == "1"


# -- macros -----------------------------------------------------------------------------------------------


def test_a_macro_of_a_module_is_seen_under_its_alias_and_by_refer(evaluate):
    text = '(require "m" :as u :refer (twice)) (list (u/twice 4) (twice 5))'
    assert evaluate(text, m="(provide twice) (define k 2) (defmacro twice (x) (list '* k x))") == "(8 10)"


MACROS = """(provide guarded)
(define (helper x) (list :helped x))
(defmacro inner (x) `(helper ,x))
(defmacro guarded (x &rest more) `(let ((value (inner ,x))) (list value ,@more 'helper)))"""


def test_what_a_template_names_is_the_macros_own_though_it_is_not_provided(evaluate):
    assert evaluate('(require "m") (m/guarded 1)', m=MACROS) == "((:helped 1) helper)"


def test_what_the_call_of_a_lent_macro_names_is_the_callers(evaluate):
    text = '(require "m") (define (other x) (* x 10)) (let ((value 2)) (m/guarded (other value)))'
    assert evaluate(text, m=MACROS) == "((:helped 20) helper)"


def test_a_macro_can_be_lent_through_several_modules(evaluate):
    modules = {"m": MACROS, "n": '(require "m" :refer (guarded)) (provide guarded)'}
    assert evaluate('(require "n" :as n) (n/guarded 1)', **modules) == "((:helped 1) helper)"


def test_a_lent_macro_says_how_many_arguments_it_takes(evaluate):
    error = failure(evaluate, '(require "m") (m/guarded)', m=MACROS)
    assert (error.span.source, error.span.start) == ("cell 1", 14)
    assert "needs 1 argument" in error.message


def test_names_that_expansions_use_are_not_completed(evaluate):
    evaluate('(require "m") (m/guarded 1)', m=MACROS)
    assert [each.name for each in evaluate.interpreter.completions("") if "helper" in each.name] == []


# -- loading and reloading --------------------------------------------------------------------------------


def test_a_module_is_loaded_once_however_its_path_is_written(evaluate):
    text = '(require "m") (require "./m" :as n) (require "a/../m" :as o) (eq? n/x o/x)'
    assert evaluate(text, m="(provide x) (define x (list 1))") == "#t"


def test_a_reloaded_module_is_bound_anew_for_everyone_who_required_it(evaluate):
    evaluate(
        '(require "m" :as u :refer (x)) (require "n") (define (f) (list u/x x (n/y)))',
        m="(provide x) (define x 1)",
        n='(require "m" :refer (x)) (provide y) (define (y) x)',
    )
    assert evaluate("(f)") == "(1 1 1)"
    assert evaluate('(require "m" :reload) (f)', m="(provide x) (define x 2)") == "(2 2 2)"


def test_a_reloaded_module_is_bound_anew_through_those_that_lend_it_on(evaluate):
    evaluate(
        '(require "n" :as n)',
        m="(provide x) (define x 1)",
        n='(require "m" :refer (x)) (provide x)',
    )
    assert evaluate('(require "m" :reload) n/x', m="(provide x) (define x 2)") == "2"


def test_a_reloaded_macro_is_the_new_one_and_so_is_what_it_names(evaluate):
    evaluate('(require "m") (define (f) (m/guarded 1))', m=MACROS)
    evaluate('(require "m" :reload)', m=MACROS.replace(":helped", ":helped-again"))
    assert evaluate("(list (f) (m/guarded 2))") == "(((:helped-again 1) helper) ((:helped-again 2) helper))"


def test_a_macro_may_become_a_function_and_a_function_a_macro(evaluate):
    evaluate('(require "m")', m="(provide a b) (define (a x) (list x)) (defmacro b (x) 1)")
    evaluate('(require "m" :reload)', m="(provide a b) (defmacro a (x) 1) (define (b x) (list x))")
    assert evaluate("(list (m/a 5) (m/b 5))") == "(1 (5))"


def test_what_a_reloaded_module_no_longer_provides_is_gone(evaluate):
    evaluate('(require "m" :refer (x))', m="(provide x y) (define x 1) (define y 2)")
    evaluate('(require "m" :reload)', m="(provide y) (define y 3)")
    assert evaluate("m/y") == "3"
    assert failure(evaluate, "x").kind == "unbound-symbol"
    assert failure(evaluate, "m/x").kind == "unbound-symbol"


def test_a_reload_that_fails_leaves_the_module_as_it_was(evaluate):
    evaluate('(require "m")', m="(provide x) (define x 1)")
    failure(evaluate, '(require "m" :reload)', m="(provide x) (define x 2) (car 5)")
    assert evaluate('(require "m" :as again) (list m/x again/x)') == "(1 1)"


def test_a_module_that_fails_leaves_nothing_behind_and_is_tried_again(evaluate):
    modules = {"m": '(require "n") (provide x) (car 5)', "n": "(provide y) (define y 1)"}
    failure(evaluate, '(require "m")', **modules)
    assert evaluate.interpreter._modules.loaded == {}
    assert evaluate('(require "m") m/x', m="(provide x) (define x 2)") == "2"


def test_a_load_that_is_stopped_leaves_nothing_behind(interpreter, with_modules):
    def stopped(path: str) -> Source | None:
        if path == "n":
            raise KeyboardInterrupt
        return Source(path, '(require "n")') if path == "m" else None

    interpreter = Interpreter(loader=stopped)
    with pytest.raises(KeyboardInterrupt):
        interpreter.evaluate(Source("a", '(require "m")'))
    assert interpreter._modules.loaded == {}
    assert interpreter._modules._loading == {}


def test_a_snapshot_taken_before_a_reload_brings_the_old_module_back(evaluate):
    evaluate('(require "m") (define (f) m/x)', m="(provide x) (define x 1)")
    before = evaluate.interpreter.snapshot()
    assert evaluate('(require "m" :reload) (f)', m="(provide x) (define x 2)") == "2"
    evaluate.interpreter.restore(before)
    assert evaluate('(require "m" :as again) (list (f) again/x)') == "(1 1)"


def test_what_was_required_in_a_cell_that_was_taken_back_is_not_bound_by_a_reload(evaluate):
    evaluate('(require "m")', m="(provide x) (define x 1)")
    before = evaluate.interpreter.snapshot()
    evaluate('(require "m" :as lost)')
    evaluate.interpreter.restore(before)
    evaluate('(require "m" :reload)')
    assert failure(evaluate, "lost/x").kind == "unbound-symbol"


# -- errors -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("modules", "tag", "said"),
    [
        ({}, "module-not-found", "m.tlisp"),
        ({"m": '(require "n")', "n": '(require "m")'}, "circular-require", "m → n"),
        ({"m": "(provide x)"}, "not-defined", "take it out"),
        ({"m": '(require "../n")'}, "module-not-found", "leads out"),
    ],
)
def test_a_module_that_cannot_be_loaded_is_a_thrown_error_with_a_tag(evaluate, modules, tag, said):
    error = failure(evaluate, '(require "m")', **modules)
    assert isinstance(error, Thrown)
    assert error.value.tag.name == error.diagnostics[0].code == tag
    assert error.span is not None
    assert said in error.render(evaluate.interpreter.sources)


@pytest.mark.parametrize(
    ("names", "tag", "fix"),
    [
        ("(doubel)", "not-defined", "Did you mean `double`?"),
        ("(hidden)", "not-exported", "It provides double."),
    ],
)
def test_what_cannot_be_referred_to_is_said_at_its_place(evaluate, names, tag, fix):
    m = "(provide double) (define (double x) x) (define hidden 1)"
    error = failure(evaluate, f'(require "m" :refer {names})', m=m)
    assert (error.value.tag.name, error.span.start) == (tag, 21)
    assert error.diagnostics[0].fix == fix


def test_an_error_inside_a_module_shows_the_modules_line_and_who_required_it(evaluate):
    error = failure(evaluate, '(require "m")', m='(require "n")', n="(define x 1)\n(car x)")
    assert error.render(evaluate.interpreter.sources).splitlines() == [
        "error[type-mismatch]: expected pair, got int",
        "  in n, line 2, column 1",
        "2 | (car x)",
        "  | ^^^^^^^",
        "  in module n, called from m, line 1, column 1",
        "  in module m, called from cell 1, line 1, column 1",
    ]


@pytest.mark.parametrize(
    "options", [":refer", ":as 1", ":zzz 1", "as m", ":rename (f)", ":rename {f 1}", ":rename g", ':versao "1"']
)
def test_a_require_that_is_not_written_as_it_must_be_is_a_bad_special_form(evaluate, options):
    assert failure(evaluate, f'(require "m" {options})', m="").kind == "bad-special-form"


@pytest.mark.parametrize("text", ['(begin (require "m"))', '(let () (importar :caixa "m"))', "(provide x)"])
def test_a_module_form_stands_at_the_top_level_only(evaluate, text):
    assert failure(evaluate, text).kind == "bad-special-form"


# -- files ------------------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path):
    root = tmp_path / "root"
    (root / "lib" / "deep").mkdir(parents=True)
    (root / "plain.tlisp").write_text("(provide x) (define x :plain)")
    (root / "old.lisp").write_text("(provide x) (define x :old)")
    (root / "lib" / "init.tlisp").write_text('(provide x) (require "./part" :as p) (define x p/x)')
    (root / "lib" / "part.tlisp").write_text("(provide x) (define x :part)")
    (tmp_path / "outside.tlisp").write_text("(provide x) (define x :outside)")
    (root / "link.tlisp").symlink_to(tmp_path / "outside.tlisp")
    (root / "latin.tlisp").write_bytes(b"(provide x) ; \xe9")
    return root


@pytest.mark.parametrize(
    ("path", "value"), [("plain", ":plain"), ("plain.tlisp", ":plain"), ("old", ":old"), ("lib", ":part")]
)
def test_a_module_in_a_directory_is_found_by_its_path(files, path, value):
    interpreter = Interpreter(loader=directory_loader(files))
    assert write(interpreter.evaluate(Source("a", f'(require "{path}" :as m) m/x'))) == value


@pytest.mark.parametrize(
    "path", ["../outside", "link", "nothing", "/etc/passwd", "", ".", "a\\0b", "x" * 5000, "lib/.."]
)
def test_no_path_leads_out_of_the_directory(files, path):
    interpreter = Interpreter(loader=directory_loader(files))
    with pytest.raises(Thrown) as caught:
        interpreter.evaluate(Source("a", f'(require "{path}")'))
    assert caught.value.value.tag.name == "module-not-found"


def test_a_file_that_is_no_text_is_said_to_be_none(files):
    with pytest.raises(Thrown) as caught:
        Interpreter(loader=directory_loader(files)).evaluate(Source("a", '(require "latin")'))
    assert caught.value.value.tag.name == "module-unreadable"


def test_an_earlier_directory_wins(files, tmp_path):
    interpreter = Interpreter(loader=directory_loader(tmp_path, files))
    text = '(require "outside" :as o) (require "plain" :as p) (list o/x p/x)'
    assert write(interpreter.evaluate(Source("a", text))) == "(:outside :plain)"
