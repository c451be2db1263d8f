"""The ten rules: what each finds, what it leaves alone, and the fixes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa.lisp.diagnostics import Edit
from caixa.lisp.source import Source, Span
from caixa.manifest.profile import Profile
from caixa.tools.casing import is_kebab, is_pascal, to_kebab, to_pascal
from caixa.tools.edits import apply_edits, fix_safely
from caixa.tools.linter import lint

CAIXA = '(defcaixa :nome "x" :versao "0.1.0" :kind Biblioteca :descricao "d" {})'


def rules(text: str, profile: Profile = Profile.STRICT) -> list[tuple[str, str]]:
    source = Source("x.lisp", text)
    return [(found.code, source.slice(found.span)) for found in lint(source, profile)]


@pytest.mark.parametrize(
    ("text", "rule", "under"),
    [
        ("(f :fooBar 1)", "keyword-kebab-case", ":fooBar"),
        ("(f '(:Foo))", "keyword-kebab-case", ":Foo"),
        ("(f :a- 1)", "keyword-kebab-case", ":a-"),
        ('(f :kind "servico")', "enum-variant-pascal-case", '"servico"'),
        ("(f :severity low-level)", "enum-variant-pascal-case", "low-level"),
        ('(f :nome "MyName")', "caixa-nome-kebab-case", '"MyName"'),
        ("(f :a 1 :b 2 :c)", "paired-kwargs", ":c"),
        ("(f (:a 1 :b 2 3))", "paired-kwargs", "3"),
        ("(f :a 1 :b)", "paired-kwargs", ":b"),
        ('(defcaixa :nome "x" :kind Servico)', "defcaixa-descricao", '(defcaixa :nome "x" :kind Servico)'),
        ('(defcaixa :kind Servico :descricao "FIXME me")', "no-fixme-descricao", '"FIXME me"'),
        ('(x (:tipo git :repo "r"))', "git-dep-needs-pin", '(:tipo git :repo "r")'),
        ('(x (:tipo "git" :repo "r" :branch "b"))', "git-dep-needs-pin", '(:tipo "git" :repo "r" :branch "b")'),
        ("(f 'a (quote b) (quote c))", "consistent-quote-style", "(quote b)"),
        ('(defcaixa :descricao "d")', "explicit-kind", '(defcaixa :descricao "d")'),
    ],
)
def test_a_rule_finds_its_breach(text, rule, under):
    assert (rule, under) in rules(text)


def test_a_definition_that_is_too_long_is_told():
    text = f"(define x (list {'12345678 ' * 300}))"
    assert [rule for rule, _ in rules(text)] == ["small-forms"]
    assert rules(text.replace("define", "print")) == []


@pytest.mark.parametrize(
    "text",
    [
        CAIXA.format(""),
        "(f :foo-bar? 1 :baz! 2)",
        "(f :kind Servico (:kind servico))",
        "(defteia :tipo aws/vpc)",
        "(case x :a 1 :b 2 :c)",
        "(enum :a 1 :b 2 3)",
        '(x (:tipo git :repo "r" :rev "1"))',
        '(x (:tipo path :caminho "../r"))',
        "(f 'a) (g (quote b))",
        "",
        "42 foo",
    ],
)
def test_good_style_is_left_alone(text):
    assert rules(text) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("(defteia :tipo aws/vpc)", "enum-variant-pascal-case"),
        ("(f :a 1 :b)", None),
        ('(x (:tipo "git"))', None),
    ],
)
def test_the_older_profile_says_what_the_older_linter_says(text, rule):
    assert [found for found, _ in rules(text, Profile.APRIL)] == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("nome", "fix"),
    [
        ("MyName", 'Write "my-name".'),
        ("Sem Ver", 'Write "sem-ver".'),
        ("🎉", "Choose a name of a-z, 0-9 and dashes."),
    ],
)
def test_the_name_that_is_proposed_for_a_caixa_is_one(nome, fix):
    (found,) = lint(Source("x.lisp", f'(f :nome "{nome}")'))
    assert found.fix == fix


def test_findings_come_form_by_form_and_rule_by_rule():
    text = '(defcaixa :nome "X" :fooBar 1) (f :Baz 1)'
    assert [rule for rule, _ in rules(text)] == [
        "keyword-kebab-case",
        "caixa-nome-kebab-case",
        "defcaixa-descricao",
        "explicit-kind",
        "keyword-kebab-case",
    ]


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("(f :fooBar 1 :Baz 2)", "(f :foo-bar 1 :baz 2)"),
        ("(é :fooBar 1)", "(é :foo-bar 1)"),
        ("(f :__t 1)", "(f :__t 1)"),
        ('(f :kind "servico")', "(f :kind Servico)"),
    ],
)
def test_safe_fixes_are_made(text, fixed):
    source = Source("x.lisp", text)
    assert fix_safely(source, lint(source)).text == fixed


def test_of_edits_that_overlap_the_later_is_made():
    span = lambda start, end: Span("x", start, end)  # noqa: E731 - a name for three uses
    edited = apply_edits("abcdef", [Edit(span(0, 3), "X"), Edit(span(2, 4), "Y"), Edit(span(4, 6), "Z")])
    assert edited == ("abYZ", 2, 1)


def test_deep_and_long_texts_are_linted():
    assert rules("(" * 9000 + ")" * 9000) == []
    assert len(rules(" ".join(f"(f :aB{n} 1)" for n in range(2000)))) == 2000


@given(st.text("aAbB_-", max_size=8))
def test_kebab_has_no_capitals_and_pascal_no_dashes(name):
    assert to_kebab(name) == to_kebab(name).lower()
    assert not {"-", "_"} & set(to_pascal(name))
    if is_kebab(name) and name[:1].isalpha():
        assert to_kebab(name) == name
        assert is_pascal(to_pascal(name))
