"""Importing a Biblioteca: of the session first, then of the lock file; each refusal is one clear error."""

from __future__ import annotations

import pytest

from caixa.lacre.libraries import libraries_beside, locked_libraries
from caixa.lacre.lock import Lock, LockEntry, write_lock
from caixa.lisp.errors import Thrown
from caixa.lisp.printer import write
from caixa.manifest.model import GitFonte, PathFonte
from caixa.session import Session

from .strategies import manifest


def biblioteca(nome: str, versao: str = "0.1.0", more: str = "") -> str:
    return f'(defcaixa :nome "{nome}" :versao "{versao}" :kind Biblioteca {more})'


GREETINGS = b'(provide hello) (define (hello x) (string-append "hello " x))'


@pytest.fixture
def session():
    """A session with one library, `greetings`."""
    session = Session()
    session.run(biblioteca("greetings"), "cell 1")
    session.put_file("greetings", "lib/greetings.lisp", GREETINGS)
    return session


def run(session: Session, text: str) -> str:
    return write(session.run(text, f"cell {len(session.log) + 1}").value)


def refusal(session: Session, text: str) -> Thrown:
    with pytest.raises(Thrown) as caught:
        run(session, text)
    return caught.value


@pytest.mark.parametrize(
    ("form", "call"),
    [
        ('(importar :caixa "greetings")', '(greetings/hello "you")'),
        ('(importar :caixa "greetings" :as g)', '(g/hello "you")'),
        ('(importar :caixa "greetings" :refer (hello))', '(hello "you")'),
        ('(importar :caixa "greetings" :versao "^0.1" :refer :all)', '(hello "you")'),
    ],
)
def test_what_a_library_of_the_session_provides_is_bound(session, form, call):
    assert run(session, f"{form} {call}") == '"hello you"'


def test_a_library_of_several_files_lends_what_each_provides_and_they_require_each_other(session):
    session.run(biblioteca("shapes", more=':bibliotecas ("lib/area.tlisp" "lib/names.tlisp")'), "cell")
    area = b'(require "./pi" :as p) (provide area) (define (area r) (* p/pi r r))'
    session.put_file("shapes", "lib/area.tlisp", area)
    session.put_file("shapes", "lib/pi.tlisp", b"(provide pi) (define pi 3)")
    session.put_file("shapes", "lib/names.tlisp", b'(provide round) (define round "disc")')
    assert run(session, '(importar :caixa "shapes" :as s) (list (s/area 2) s/round)') == '(12 "disc")'


def test_a_library_may_import_another(session):
    session.run(biblioteca("polite"), "cell")
    text = b'(importar :caixa "greetings" :refer (hello)) (provide ask) (define (ask x) (hello (str x "?")))'
    session.put_file("polite", "lib/polite.lisp", text)
    assert run(session, '(importar :caixa "polite") (polite/ask "you")') == '"hello you?"'


def test_a_library_that_was_redefined_is_the_new_one_after_a_reload(session):
    run(session, '(importar :caixa "greetings" :refer (hello))')
    session.put_file("greetings", "lib/greetings.lisp", GREETINGS.replace(b'"hello "', b'"good day "'))
    assert run(session, '(hello "you")') == '"hello you"'
    assert run(session, '(importar :caixa "greetings" :reload) (hello "you")') == '"good day you"'


def test_a_reload_reaches_the_modules_inside_the_library_and_whoever_imported_it(session):
    session.put_file("greetings", "lib/word.lisp", b'(provide word) (define word "hi")')
    text = b'(require "./word" :refer (word)) (provide hello) (define (hello x) (list word x))'
    session.put_file("greetings", "lib/greetings.lisp", text)
    session.run(biblioteca("polite"), "cell")
    polite = b'(importar :caixa "greetings" :as g) (provide ask) (define (ask x) (g/hello x))'
    session.put_file("polite", "lib/polite.lisp", polite)
    assert run(session, '(importar :caixa "polite") (polite/ask 1)') == '("hi" 1)'
    session.put_file("greetings", "lib/word.lisp", b'(provide word) (define word "hey")')
    assert run(session, '(importar :caixa "greetings" :reload) (polite/ask 1)') == '("hey" 1)'


def test_an_import_in_a_cell_that_fails_is_taken_back(session):
    with pytest.raises(Thrown):
        run(session, '(importar :caixa "greetings") (throw 1)')
    with pytest.raises(Exception, match="greetings/hello"):
        run(session, '(greetings/hello "you")')


def test_an_error_inside_a_library_shows_the_librarys_line(session):
    session.put_file("greetings", "lib/greetings.lisp", b"(define x 1)\n(car x)")
    with pytest.raises(Exception, match="expected pair") as caught:
        run(session, '(importar :caixa "greetings")')
    text = caught.value.render(session.interpreter.sources)
    assert "in greetings/lib/greetings.lisp, line 2, column 1" in text
    assert "2 | (car x)" in text


@pytest.mark.parametrize(
    ("form", "tag", "fix"),
    [
        ('(importar :caixa "greeting")', "library-not-found", "Did you mean `greetings`?"),
        ('(importar :caixa "zzz")', "library-not-found", "There are greetings."),
        (
            '(importar :caixa "cart")',
            "not-a-library",
            "Move what both need into a Biblioteca, and import that.",
        ),
        (
            '(importar :caixa "greetings" :versao "^2")',
            "version-mismatch",
            "Ask for ^0.1.0, or lock another version.",
        ),
        ('(importar :caixa "greetings" :versao "two")', "bad-requirement", "Write it as ^0.1, >=1.2, <2 or *."),
    ],
)
def test_a_library_that_cannot_be_had_is_one_error_at_the_name(session, form, tag, fix):
    session.run(manifest("cart"), "cell")
    error = refusal(session, form)
    assert error.value.tag.name == error.diagnostics[0].code == tag
    assert error.diagnostics[0].fix == fix
    assert error.span.start == len("(importar :caixa ")


def test_a_library_without_its_file_says_where_it_should_be(session):
    session.run(biblioteca("empty"), "cell")
    error = refusal(session, '(importar :caixa "empty")')
    assert (error.value.tag.name, error.value.message) == (
        "module-not-found",
        "module not found: lib/empty.lisp",
    )


# -- the lock file ----------------------------------------------------------------------------------------


@pytest.fixture
def root(tmp_path):
    """A directory with a lock that pins a library beside it, and one in git."""
    library = tmp_path / "numbers"
    (library / "lib").mkdir(parents=True)
    (library / "caixa.lisp").write_text(biblioteca("numbers", "1.2.0"))
    (library / "lib" / "numbers.lisp").write_text("(provide one) (define one 1)")
    here = tmp_path / "here"
    here.mkdir()
    (here / "lacre.lisp").write_text(write_lock(lock()))
    return here


def lock(versao: str = "1.2.0") -> Lock:
    pinned = LockEntry("numbers", versao, PathFonte("../numbers"), "blake3:1", "blake3:2")
    far = LockEntry("far", "1.0.0", GitFonte("github:o/far", rev="0" * 40), "git:1", "blake3:3")
    return Lock.of([pinned, far])


def test_what_the_session_has_not_is_taken_from_the_lock(root):
    session = Session(libraries=libraries_beside(root))
    assert run(session, '(importar :caixa "numbers" :versao "^1") numbers/one') == "1"


def test_the_library_of_the_session_hides_that_of_the_lock(root):
    session = Session(libraries=libraries_beside(root))
    session.run(biblioteca("numbers"), "cell")
    session.put_file("numbers", "lib/numbers.lisp", b"(provide one) (define one :mine)")
    assert run(session, '(importar :caixa "numbers") numbers/one') == ":mine"


@pytest.mark.parametrize(
    ("pinned", "form", "tag"),
    [
        ("1.2.0", '(importar :caixa "number")', "library-not-found"),
        ("1.2.0", '(importar :caixa "numbers" :versao "^2")', "version-mismatch"),
        ("1.3.0", '(importar :caixa "numbers")', "library-unavailable"),
        ("1.2.0", '(importar :caixa "far")', "library-unavailable"),
    ],
)
def test_what_the_lock_cannot_give_is_one_error(root, pinned, form, tag):
    session = Session(libraries=locked_libraries(lock(pinned), root))
    assert refusal(session, form).value.tag.name == tag


def test_without_a_lock_there_is_no_library(tmp_path):
    error = refusal(Session(libraries=libraries_beside(tmp_path)), '(importar :caixa "numbers")')
    assert "lock a dependency" in error.diagnostics[0].fix
