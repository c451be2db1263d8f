"""Modules: what they see, what they lend, when they are loaded."""

from __future__ import annotations

import pytest

from caixa.lisp.errors import LispError, Thrown
from caixa.lisp.printer import write
from caixa.lisp.source import Source


def test_a_module_sees_only_what_it_required(with_modules):
    interpreter = with_modules({"m": "(provide f) (define (f) secret)"})
    interpreter.evaluate(Source("a", '(define secret 1) (require "m")'))
    with pytest.raises(LispError) as caught:
        interpreter.evaluate(Source("b", "(m/f)"))
    assert caught.value.span.source == "m"


def test_a_macro_of_a_module_is_seen_under_its_alias_and_by_refer(with_modules):
    interpreter = with_modules({"m": "(provide twice) (define k 2) (defmacro twice (x) (list '* k x))"})
    text = '(require "m" :as u :refer (twice)) (list (u/twice 4) (twice 5))'
    assert write(interpreter.evaluate(Source("a", text))) == "(8 10)"


def test_a_module_is_loaded_once_unless_it_is_reloaded(with_modules):
    texts = {"m": "(provide x) (define x 1)"}
    interpreter = with_modules(texts)
    interpreter.evaluate(Source("a", '(require "m")'))
    texts["m"] = "(provide x) (define x 2)"
    assert interpreter.evaluate(Source("b", '(require "m") m/x')) == 1
    assert interpreter.evaluate(Source("c", '(require "m" :reload) m/x')) == 2


def test_a_module_that_fails_is_tried_again(with_modules):
    texts = {"m": "(provide x) (car 5)"}
    interpreter = with_modules(texts)
    with pytest.raises(LispError):
        interpreter.evaluate(Source("a", '(require "m")'))
    texts["m"] = "(provide x) (define x 2)"
    assert interpreter.evaluate(Source("b", '(require "m") m/x')) == 2


@pytest.mark.parametrize(
    ("modules", "tag"),
    [
        ({}, "module-not-found"),
        ({"m": '(require "n")', "n": '(require "m")'}, "circular-require"),
        ({"m": "(provide x)"}, "not-defined"),
    ],
)
def test_a_module_that_cannot_be_loaded_is_a_thrown_error_with_a_tag(with_modules, modules, tag):
    with pytest.raises(Thrown) as caught:
        with_modules(modules).evaluate(Source("a", '(require "m")'))
    assert caught.value.value.tag.name == tag
    assert caught.value.span is not None
