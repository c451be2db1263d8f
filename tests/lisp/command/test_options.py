"""The words of `caixa-lisp`: what they ask for, and which make no sense."""

from __future__ import annotations

import pytest

from caixa.lisp.command.options import BadUsage, read_words


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", {"file": None, "args": []}),
        ("f.tlisp -x -i", {"file": "f.tlisp", "args": ["-x", "-i"], "is_interactive": False}),
        ("-i f.tlisp", {"file": "f.tlisp", "is_interactive": True}),
        ("- a", {"file": "-", "args": ["a"]}),
        ("-- -odd.tlisp a", {"file": "-odd.tlisp", "args": ["a"]}),
        ("-e 1 -e 2 a b", {"expressions": ["1", "2"], "args": ["a", "b"], "file": None}),
        ("--test a b", {"tests": ["a", "b"], "is_test": True}),
        ("--test a -k x --json b", {"tests": ["a", "b"], "is_json": True}),
        ("--sandbox --allow fs:/tmp:ro --allow=random f", {"allowed": ["fs:/tmp:ro", "random"], "file": "f"}),
        ("--version", {"wants_version": True}),
        ("-h", {"wants_help": True}),
    ],
)
def test_words_are_read_as_options_then_a_program_and_its_arguments(words, found):
    options = read_words(words.split())
    assert {name: getattr(options, name) for name in found} == found


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("-e", "-e needs a value"),
        ("--nope", "no option --nope"),
        ("-k x f", "go with --test"),
        ("--json f", "go with --test"),
        ("--test", "needs a file"),
        ("--test a -e 1", "neither -e nor -i"),
        ("--test a -k (", "-k (:"),
    ],
)
def test_words_that_make_no_sense_are_refused_and_named(words, said):
    with pytest.raises(BadUsage) as caught:
        read_words(words.split())
    assert said in str(caught.value)
