"""Addresses across files, libraries and cells."""

from __future__ import annotations

import pytest

from caixa.lacre.arvore.packages import package_addresses, session_addresses
from caixa.lisp.errors import LispError
from caixa.lisp.source import Source
from caixa.manifest.library import library_of
from caixa.manifest.package import Package

MANIFEST = '(defcaixa :nome "{}" :versao "0.1.0" :kind Biblioteca)'


def package(nome="p", **files):
    """Return a package of the Lisp files, `lib__x` standing for `lib/x.lisp`."""
    data = {f"{name.replace('__', '/')}.lisp": text.encode() for name, text in files.items()}
    return Package.from_text(MANIFEST.format(nome), data)


def library(*packages):
    """Return a resolver of the packages."""
    known = {each.nome: each for each in packages}
    return lambda nome, requirement: library_of(known[nome], requirement)


def cells(*texts, **options):
    return session_addresses([Source(f"cell {at}", text) for at, text in enumerate(texts)], **options)


ADD = '(provide add) (define (add x) (+ x 1)) (print "loaded")'


def test_a_name_of_another_file_is_the_definition_there():
    split = package(lib__a=ADD, lib__b='(require "lib/a" :as m) (define (f y) (m/add y))')
    whole = package(lib__b="(define (add x) (+ x 1)) (define (f y) (add y))")
    assert package_addresses(split)["lib/b.lisp"].of("f") == package_addresses(whole)["lib/b.lisp"].of("f")


def test_a_file_counts_wherever_it_is_used():
    before, after = (
        package_addresses(
            package(lib__a=ADD.replace("1", one), lib__b='(require "lib/a") (define (f y) (lib/a/add y))')
        )
        for one in "12"
    )
    assert before["lib/b.lisp"].of("f") != after["lib/b.lisp"].of("f")


def test_what_a_macro_of_another_file_expands_to_is_what_it_names_there():
    macros = "(provide twice) (define (hidden x) (* 2 x)) (defmacro twice (e) `(hidden ,e))"
    split = package(lib__a=macros, lib__b='(require "lib/a" :refer (twice)) (define (f y) (twice y))')
    whole = package(lib__b="(define (hidden x) (* 2 x)) (define (f y) (hidden y))")
    assert package_addresses(split)["lib/b.lisp"].of("f") == package_addresses(whole)["lib/b.lisp"].of("f")


def test_looking_runs_nothing(capsys):
    package_addresses(package(lib__a=ADD + '(define x (car nil)) (throw "no")'))
    cells('(print "no")')
    assert capsys.readouterr().out == ""


def test_a_library_lends_its_definitions_to_a_cell():
    base = package("base", lib__base="(provide add) (define (add x) (+ x 1))")
    found = cells('(importar :caixa "base" :refer (add)) (define (f) (add 1))', libraries=library(base))
    assert found.of("add") == package_addresses(base)["lib/base.lisp"].of("add")


def test_a_later_cell_replaces_what_it_defines_again():
    changed = cells("(define (g) 1)", "(define (f) (g))", "(define (g) 2)")
    plain = cells("(define (g) 2)", "(define (f) (g))")
    assert changed.of("f") == plain.of("f")


def test_the_whole_of_a_file_counts_what_it_does_and_provides():
    texts = ["(define x 1)", "(define x 1) (print x)", "(provide x) (define x 1)", "(define y 1)"]
    wholes = {package_addresses(package(lib__a=text))["lib/a.lisp"].whole() for text in texts}
    assert len(wholes) == len(texts)


def test_the_manifest_and_what_is_hidden_are_no_code():
    files = {"caixa.lisp": b"(defcaixa)", ".caixa/x.lisp": b"(", "lib/p.lisp": b"(define x 1)"}
    assert list(package_addresses(Package.from_text(MANIFEST.format("p"), files))) == ["lib/p.lisp"]


def test_a_file_that_is_malformed_is_an_error_at_its_place():
    with pytest.raises(LispError) as caught:
        package_addresses(package(lib__a="(define x)"))
    assert caught.value.span is not None
    assert caught.value.span.source == "p/lib/a.lisp"
