"""`nix` writes a flake once, never over one that a person wrote."""

from __future__ import annotations

import json

import pytest

MANIFEST = '(defcaixa :nome "demo" :versao "0.1.0" :kind Binario :exe ("exe/main.lisp"))\n'


@pytest.fixture
def package(feira):
    feira.write("caixa.lisp", MANIFEST)
    feira.write("exe/main.lisp", "1\n")
    return feira


def test_the_flake_of_a_package_is_written_and_the_second_time_it_is_there(package):
    assert "✓ flake.nix of demo" in package("nix").err
    written = package.files()["flake.nix"]
    assert b'mainProgram = "demo"' in written
    assert "= flake.nix of demo" in package("nix").err
    assert package.files()["flake.nix"] == written


def test_stdout_writes_nothing(package):
    outcome = package("nix", "--stdout")
    assert outcome.out.startswith("# Generated from demo, a Binario.")
    assert "flake.nix" not in package.files()
    assert json.loads(package("nix", "--stdout", "--json").out)["text"] == outcome.out


def test_a_flake_that_was_written_by_hand_stays(package):
    package.write("flake.nix", "{ }\n")
    outcome = package("nix")
    assert outcome.status == 1
    assert "written by hand" in outcome.err
    assert package.files()["flake.nix"] == b"{ }\n"


def test_a_flake_form_is_what_is_written(package):
    package.write("flake.lisp", '(defflake :descricao "mine" :saidas (:dev-shells #t))')
    assert package("nix").status == 0
    assert b'description = "mine"' in package.files()["flake.nix"]


def test_a_flake_form_that_is_wrong_is_shown_at_its_place(package):
    package.write("flake.lisp", '(defflake :descricao "mine" :entradas ((:nome "a")))')
    outcome = package("nix")
    assert outcome.status == 1
    assert "flake-input-nowhere" in outcome.err
    assert '(:nome "a")' in outcome.err
    assert "flake.nix" not in package.files()
