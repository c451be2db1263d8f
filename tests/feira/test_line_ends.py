r"""Texts with the line ends of Windows (\r\n), or the mark of some editors first, are texts like others."""

from __future__ import annotations

import pytest

MANIFEST = """\
(defcaixa ; a comment
  :nome "app"
  :versao "0.1.0"
  :kind Biblioteca
  :descricao "Adds."
  :bibliotecas ("lib/app.lisp"))
"""


def windows(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


@pytest.fixture
def package(feira):
    feira.write("caixa.lisp", windows(MANIFEST))
    feira.write("lib/app.lisp", windows("(define (f x)\n  ; note\n  (carr x))\n"))
    return feira


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("verb", ["validate", "build", "lint"])
def test_a_finding_points_at_its_line_and_column(package, verb, mark):
    package.write("caixa.lisp", mark + windows(MANIFEST.replace(":descricao", ":decsricao")))
    said = package(verb).err
    assert "in caixa.lisp, line 5, column 3\n5 |   :decsricao" in said
    assert '"Adds."\n  |   ^^^^^^^^^^\n' in said


def test_a_finding_in_code_points_at_its_line_and_column(package):
    assert "in lib/app.lisp, line 3, column 4\n3 |   (carr x))\n  |    ^^^^" in package("lint").err


def test_an_edit_ends_its_lines_as_the_file_does(package):
    assert package("add", "leaf").status == 0
    text = package.files()["caixa.lisp"]
    assert b":deps" in text
    assert text.count(b"\n") == text.count(b"\r\n") == 7
    assert package("remove", "leaf").status == 0
    assert package.files()["caixa.lisp"] == windows(MANIFEST)


def test_the_layout_ends_lines_with_one_character_and_leaves_strings(package):
    package.write("lib/app.lisp", b'"a\r\nb"\r\n')
    assert package("fmt").status == 0
    assert package.files()["caixa.lisp"] == MANIFEST.encode()
    assert package.files()["lib/app.lisp"] == b'"a\r\nb"\n'
