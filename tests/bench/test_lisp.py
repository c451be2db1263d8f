"""The programs of bench/lisp say the same in every language that they are written in."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from types import SimpleNamespace

import pytest

from .test_harness import BENCH, harness

_package = ModuleSpec("bench_lisp", None, is_package=True)
_package.submodule_search_locations = [str(BENCH / "lisp")]
sys.modules["bench_lisp"] = module_from_spec(_package)
sys.modules["harness"] = harness  # by the name that a benchmark finds it under when it is run
language, peers, programs = (import_module(f"bench_lisp.{name}") for name in ("language", "peers", "programs"))

SUFFIXES = ("tlisp", "py", "hy", "scm")
TITLES = {program.title: program for program in programs.PROGRAMS}


@pytest.fixture(scope="module")
def languages():
    opened, missing = peers.open_languages()
    return {each.name: each for each in opened}, missing


@pytest.mark.parametrize("peer", [each.name for each in peers.PEERS])
@pytest.mark.parametrize("title", TITLES)
def test_a_program_gives_the_same_answer_in_every_language(languages, title, peer):
    opened, missing = languages
    if peer in missing:
        pytest.skip(f"{peer} cannot be imported: {missing[peer]}")
    program = TITLES[title]
    answers = language.compare(program, [opened[peers.OURS.name], opened[peer]], program.small)
    assert set(map(type, answers.values())) == {int}


def test_each_family_is_written_in_every_language():
    written = {path.name for path in peers.SOURCES.iterdir() if path.is_file()}
    assert written == {f"{program.family}.{suffix}" for program in programs.PROGRAMS for suffix in SUFFIXES}


def test_languages_that_disagree_are_not_measured():
    def constant(name, answer):
        return SimpleNamespace(name=name, ready=lambda program, size: lambda: answer)

    with pytest.raises(language.Unequal, match="'b': 2"):
        language.compare(programs.PROGRAMS[0], [constant("a", 1), constant("b", 2)], 3)


def test_a_peer_that_cannot_be_imported_is_named():
    result = language.Result(
        programs.PROGRAMS[0],
        {"tatara-lisp": 3.0, "Python": 2.0},
        {"Hy": "no module", "calysto_scheme": "none either"},
    )
    lines = language.results_table([result]).splitlines()
    assert "1.50\N{MULTIPLICATION SIGN} | \N{EN DASH} | \N{EN DASH} |" in lines[2]
    assert "- Hy is not measured: no module" in lines
    assert [row.note for row in language._beside_scheme([result])] == ["none either"]


def test_a_smaller_size_is_scaled_up_and_said():
    program = programs.Program("a", "lists", "f", 100, sizes=(("Hy", 20),))
    assert programs.program_sizes(program, "Hy") == (20, 5.0)
    assert programs.program_sizes(program, "Python") == (100, 1.0)
    text = language.results_table([language.Result(program, {"tatara-lisp": 1.0})])
    assert "- a: Hy runs at size 20 and is scaled up" in text
