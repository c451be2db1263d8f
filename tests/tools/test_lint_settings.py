"""Settings, rules of one's own, and comments that silence."""

from __future__ import annotations

import pytest

from caixa.lisp.diagnostics import Severity
from caixa.lisp.source import Source
from caixa.tools.edits import fix_safely
from caixa.tools.errors import InvalidSettings
from caixa.tools.linter import Around, lint_text
from caixa.tools.linting.configuration import Configuration, read_configuration


def configuration(text: str) -> Configuration:
    return read_configuration(Source(".caixa-lint.lisp", f"(deflint-config {text})"))


def found(text: str, settings: str = "") -> list[tuple[str, Severity]]:
    around = Around(configuration=configuration(settings))
    return [(each.code, each.severity) for each in lint_text(Source("x", text), around)]


def test_a_rule_can_be_off_or_matter_more():
    assert found("(define (f x) 1)") == [("unused-local", Severity.HINT)]
    assert found("(define (f x) 1)", ':regras ((:id "unused-local" :habilitada #f))') == []
    harder = ':regras ((:id "unused-local" :severidade error))'
    assert found("(define (f x) 1)", harder) == [("unused-local", Severity.ERROR)]


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        (':regras ((:id "unused-locl" :habilitada #f))', "rule-unknown"),
        (':regras-customizadas ((:id "small-forms" :descricao "d" :padrao x))', "rule-repeated"),
        (':regras-customizadas ((:id "a" :descricao "d"))', "slot-missing"),
        (":regras ((:id 1))", "slot-mistyped"),
        (':regras ((:id "small-forms" :severidade loud))', "enum-unknown"),
    ],
)
def test_settings_that_mean_nothing_are_refused_at_their_place(settings, code):
    with pytest.raises(InvalidSettings) as caught:
        configuration(settings)
    assert code in [each.code for each in caught.value.diagnostics]
    assert all(each.span is not None for each in caught.value.diagnostics)


def own(pattern: str, replacement: str = "", rest: str = "") -> str:
    written = f":substituicao {replacement}" if replacement else ""
    return f':regras-customizadas ((:id "own" :descricao "no" :padrao {pattern} {written} {rest}))'


def mended(text: str, settings: str) -> str:
    source = Source("x", text)
    all_found = lint_text(source, Around(configuration=configuration(settings)))
    return fix_safely(source, [each for each in all_found if each.code == "own"]).text


@pytest.mark.parametrize(
    ("pattern", "text", "count"),
    [
        ("(if ?c #t #f)", "(define (f x) (if (< x 1) #t #f))", 1),
        ("(if ?c #t #f)", "(define (f x) (if (< x 1) #t nil))", 0),
        ("(list ?x ?x)", "(list 1 1) (list (list 2) (list 2)) (list 1 2)", 2),
        ("(list ?_ ?_)", "(list 1 2)", 1),
        ("(list 1 ?*rest)", "(list 1) (list 1 2 3) (list 2)", 2),
        ("(list ?*init 1)", "(list 2 3 1) (list 1) (list)", 2),
        ("'?x", "'(a) 'b (quote c)", 2),
        ("[?a ?b]", "[1 2] (vector 1 2) [1]", 1),
        ('"TODO"', '(println "TODO")', 1),
        ("println", "(println println)", 2),
        ("1", "1 1.0 #t", 1),
    ],
)
def test_a_pattern_matches_what_is_written(pattern, text, count):
    assert [code for code, _ in found(text, own(pattern))].count("own") == count


def test_a_match_is_rewritten_with_what_its_author_wrote():
    settings = own("(if ?c #t #f)", "(not (not ?c))")
    assert mended("(if (< 1   2) #t #f)", settings) == "(not (not (< 1   2)))"
    settings = own("(let () ?*body)", "(begin ?*body)")
    assert mended("(let () (println 1) 2)", settings) == "(begin (println 1) 2)"
    assert mended("(let ())", settings) == "(begin)"


def test_the_severity_of_an_own_rule_is_its_own_or_the_default():
    assert found("1", own("1")) == [("own", Severity.WARNING)]
    assert found("1", ":severidade-padrao info " + own("1")) == [("own", Severity.INFO)]
    assert found("1", own("1", rest=":severidade error")) == [("own", Severity.ERROR)]


def test_only_what_is_safe_is_fixed_without_being_asked():
    assert not configuration(own("1", "2")).may_fix("own")
    assert configuration(own("1", "2", ":segura #t")).may_fix("own")
    assert configuration("").may_fix("keyword-kebab-case")
    assert not configuration("").may_fix("unbound-name")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("(define (f x) 1) ; lint: off unused-local\n(define (g x) 1)", 1),
        ("; lint: off unused-local\n(define (f x) 1)\n(define (g x) 1)", 1),
        ("(define (g x) 1)\n(define (f x) 1)\n; lint: off unused-local file", 0),
        ("(define (f x)\n  ; lint: off\n  (let ((y 1)) 2))", 1),
        ("; lint: off shadowed-name, unused-local\n(define (f x) 1)", 0),
        (";; lint: off small-forms\n(define (f x) 1)", 1),
        ("; a lint: off unused-local\n(define (f x) 1)", 1),
        ("(define (f x) 1)\n; lint: off unused-local", 1),
        ("; lint: off file\n(define (f x) 1) (car)", 0),
        ("; lint: offered unused-local\n(define (f x) 1)", 1),
    ],
)
def test_a_comment_silences_a_line_a_form_or_a_file(text, left):
    assert len(found(text)) == left
