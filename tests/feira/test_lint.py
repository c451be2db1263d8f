"""`feira lint` over whole packages: settings, fixes, the invariants of a repository, bad files."""

import json

import pytest

MANIFEST = '(defcaixa :nome "x" :versao "0.1.0" :kind Biblioteca :descricao "Greets.")\n'
SHAPES = "(provide area)\n\n(define (area side) (* side side))\n"


@pytest.fixture
def package(feira):
    feira.write("caixa.lisp", MANIFEST)
    feira.write("lib/x.lisp", '(require "./shapes" :as shapes)\n\n(define (total) (shapes/area 2))\n')
    feira.write("lib/shapes.lisp", SHAPES)
    return feira


def test_a_package_in_order_has_no_findings(package):
    assert package("lint").err == "✓ 3 files, no findings\n"


def test_code_is_looked_at_with_the_modules_it_requires(package):
    package.write(
        "lib/x.lisp", '(require "./shapes" :as shapes)\n\n(define (total) (shapes/area 2) (shapes/aera))\n'
    )
    outcome = package("lint")
    assert outcome.status == 0  # any name with the alias of an import may be lent
    package.write("lib/x.lisp", "(define (total) (aera 2))\n")
    outcome = package("lint")
    assert outcome.status == 1
    assert "error[unbound-name]: nothing is called `aera`" in outcome.err
    assert "Did you mean `area`?" not in outcome.err  # it is another source's, and not required


def test_a_text_that_does_not_read_stops_no_other(package):
    package.write("lib/a.lisp", "(define")
    package.write("lib/b.lisp", "(car)")
    outcome = package("lint")
    assert outcome.status == 1
    assert "error[reader]" in outcome.err
    assert "error[wrong-arity]" in outcome.err


def test_only_errors_on_request(package):
    package.write("lib/b.lisp", "(define (f x) 1)")
    assert "hint[unused-local]" in package("lint").err
    assert package("lint", "--errors-only").err == "✓ 4 files, no findings\n"


def test_slots_that_do_not_exist_or_stand_twice_are_found_by_the_manifests_own_rules(package):
    package.write("caixa.lisp", MANIFEST.replace(")\n", ' :licena "MIT" :edicao "1" :edicao "2")\n'))
    outcome = package("lint")
    assert outcome.err.count("error[slot-unknown]") == 1
    assert outcome.err.count("error[slot-repeated]") == 1


def test_the_settings_of_the_package_count(package):
    package.write("lib/b.lisp", "(define (f x) (if x #t #f))")
    package.write(
        ".caixa-lint.lisp",
        '(deflint-config :regras-customizadas ((:id "own" :descricao "a test is a value"'
        " :padrao (if ?c #t #f) :substituicao (not (not ?c)) :segura #t)))",
    )
    assert "warning[own]: a test is a value" in package("lint").err
    package("lint", "--fix")
    assert package.files()["lib/b.lisp"] == b"(define (f x) (not (not x)))\n"
    package.write(".caixa-lint.lisp", '(deflint-config :regras ((:id "nope")))')
    outcome = package("lint")
    assert (outcome.status, outcome.err.count("[rule-unknown]")) == (1, 1)


def test_safe_fixes_are_made_and_laid_out_and_others_only_on_request(package):
    package.write("lib/b.lisp", "(defthing   :fooBar 1)\n(prinln 1) ; greet\n")
    package("lint", "--fix")
    assert package.files()["lib/b.lisp"].decode() == "(defthing :foo-bar 1)\n\n(prinln 1) ; greet\n"
    assert package("lint").status == 1
    dry = package("lint", "--fix-unsafe", "--fix-dry-run")
    assert "+(println 1) ; greet" in dry.out
    assert b"prinln" in package.files()["lib/b.lisp"]
    assert package("lint", "--fix-unsafe").status == 0
    assert package.files()["lib/b.lisp"].decode() == "(defthing :foo-bar 1)\n\n(println 1) ; greet\n"


def test_a_text_without_fixes_is_left_as_it_is_laid_out(package):
    package.write("lib/b.lisp", "(define   y 1)\n")
    package("lint", "--fix")
    assert package.files()["lib/b.lisp"] == b"(define   y 1)\n"


def test_the_invariants_of_a_repository_are_checked_on_request(package):
    package.write("lib/lost.lisp", "(define y 1)")
    assert package("lint").err == "✓ 4 files, no findings\n"
    outcome = package("lint", "--strict")
    assert "warning[manifest-membership]: lib/lost.lisp is named by nothing" in outcome.err
    assert "lib/shapes.lisp is named" not in outcome.err
    assert "- module-trio-adoption not checked: " in outcome.err


def test_a_folder_that_is_a_package_in_all_but_its_manifest_is_told(package):
    package.write("inner/lib/y.lisp", "(define y 1)")
    package.write("flake.nix", "{ nixosModules.x = 1; # darwinModules\n homeManagerModules.x = 2; }")
    said = package("lint", "--strict").err
    assert "warning[caixa-naivete]: inner/ is laid out as a package, and has no caixa.lisp" in said
    assert "flake.nix has nixosModules and homeManagerModules, and no darwinModules" in said
    assert "module-trio-adoption not checked" not in said


def test_a_stale_lock_is_told_at_the_dependency(package):
    dep = ' :deps ((:nome "y" :versao "^1" :fonte (:tipo path :caminho "../y"))))\n'
    package.write("caixa.lisp", MANIFEST.replace(")\n", dep))
    assert "stale-lock" not in package("lint").err
    package.write("lacre.lisp", '(deflacre :versao-lacre "0.1.0" :raiz "blake3:0" :entradas ())\n')
    outcome = package("lint")
    assert "warning[stale-lock]: the lock has no y" in outcome.err
    assert "in caixa.lisp, line 1" in outcome.err
    package.write("lacre.lisp", "(deflacre")
    assert package("lint").status == 1


def test_the_answer_as_data_has_files_and_the_package(package):
    package.write("lib/b.lisp", "(define (f x) 1)")
    data = json.loads(package("lint", "--json", "--strict").out)
    assert data["files"][0]["path"] == "caixa.lisp"
    assert data["package"][0]["code"] == "manifest-membership"
    assert set(data["unchecked"]) == {"module-trio-adoption", "claude-md-pointer"}


def test_files_and_folders_are_named(package):
    package.write("lib/b.lisp", "(car)")
    assert package("lint", "caixa.lisp").err == "✓ 1 file, no findings\n"
    assert package("lint", "lib").status == 1
    assert package("lint", "none.lisp").status == 1
