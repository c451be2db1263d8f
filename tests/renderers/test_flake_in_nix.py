"""What is rendered for Nix, read by Nix itself: the flakes parse, evaluate to derivations, and these run.

The defects of caixa.md 4.8 and chapter 7 that are about flakes, supervisors and definitions, with their tests:

| defect | what was wrong | test |
|---|---|---|
| G4 | entries that are no objects among the manifests | `test_kustomize.test_g4_*` |
| G16 | nothing was rendered of a Supervisor | `test_render_tree.test_g16_*` |
| G18 | a shorthand stood where an address belongs | `test_g18_the_homepage_of_a_flake_is_an_address` |
| G19 | a Binario's flake only copied files | `test_g19_a_binario_is_built_to_programs_that_run` |
| G21 | names were not checked | `test_definitions.test_g21_*` |
| 4.4a | a quote, a backslash or `${` broke the file | `test_any_text_comes_through_nix_as_it_is` |
| 4.4b | `src "."`, no inputs, modules, versions, `segue` alone | `test_a_defflake_*` |
| 7.1 | conditions had `kind` in place of `type` | `test_definitions.test_a_status_has_standard_conditions_*` |
| 7.2 | slots, tags and paths were lost on the way | `test_grammars.test_a_resource_loses_nothing_*` |
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nix_tools import concatenated, derivation_of, evaluate, in_store, needs_nix

from caixa.lisp.source import Source
from caixa.manifest.model import Caixa, Kind
from caixa_renderers.nix.defflake import parse_flake
from caixa_renderers.nix.expressions import Attrs, Concat, Function, Joined, Let, Reference, Script, write
from caixa_renderers.nix.flake import package_flake, programs, render_flake

pytestmark = needs_nix

HOSTILE = [
    'a "quote" and \\ and \\" and \\${x}',
    '${builtins.abort "no"} $${x} $$${y} \\${z} $ { }',
    "''${x} '' ''' '''' ''\\n $'' '$",
    "two\nlines\r\nand\ttabs\r",
    "# no comment /* nor this */ */",
    '"; system = "x"; }',
    "żółć 🌱 \u2028 \x00 \x7f \ufeff",
    "",
]
TEXTS = st.text(st.sampled_from("${}'\"\\\n\r\t #;a \x00") | st.characters(codec="utf-8"), max_size=12)
quickly = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nix")


def without_nul(text: str) -> str:
    return text.replace("\0", "\ufffd")


def binario(*exe: str, **slots: Any) -> Caixa:
    return Caixa("demo", "0.1.0", Kind.BINARIO, exe=exe, **slots)


def package_of(caixa: Caixa, directory: Path, **files: str) -> dict[str, Any]:
    """Return the derivation of a package's flake for its one system."""
    return derivation_of("packages.x86_64-linux.default", directory, package_flake(caixa), files)


# -- texts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_description_is_a_description(text, store):
    flake = package_flake(Caixa("demo", "0.1.0", Kind.BIBLIOTECA, descricao=text))
    expected = without_nul(text) or "caixa demo"
    assert evaluate(f"({flake}).description", store) == expected
    system = '(f: f "x")'
    assert evaluate(f"builtins.isFunction ({flake}).outputs && {system} (x: true)", store) is True


@quickly
@given(st.lists(TEXTS, max_size=12))
def test_any_text_comes_through_nix_as_it_is(store, texts):
    assert evaluate(concatenated(texts), store) == [without_nul(text) for text in texts]


@quickly
@given(st.lists(TEXTS.map(lambda text: text.replace("\0", "") + "\n"), min_size=1, max_size=8))
def test_any_script_comes_through_nix_with_its_lines(store, texts):
    names = {f"t{number}": Script(text) for number, text in enumerate(texts)}
    assert evaluate(write(Attrs({"deep": Attrs(names)})), store)["deep"] == {
        f"t{number}": text for number, text in enumerate(texts)
    }


@quickly
@given(st.lists(TEXTS, min_size=1, max_size=8, unique_by=without_nul), TEXTS)
def test_any_text_is_a_key_or_a_part_of_a_string(store, keys, text):
    assert evaluate(write(Attrs(dict.fromkeys(keys, "x"))), store) == dict.fromkeys(map(without_nul, keys), "x")
    joined = Let({"x": "é"}, Joined((text, Reference("x"), text)))
    assert evaluate(write(joined), store) == without_nul(f"{text}é{text}")


@quickly
@given(TEXTS)
def test_any_text_stands_in_a_comment_of_a_flake(store, text):
    flake = package_flake(Caixa(text, "0.1.0", Kind.BIBLIOTECA, descricao="x"))
    assert evaluate(f"({flake}).description", store) == "x"


# -- packages -------------------------------------------------------------------------------------------------


def test_a_biblioteca_is_a_derivation_of_its_sources(tmp_path):
    caixa = Caixa("demo", "0.1.0", Kind.BIBLIOTECA, descricao="all ${there}")
    made = package_of(caixa, tmp_path, **{"lib/demo.lisp": "(define x 1)\n"})
    assert (made["env"]["name"], made["builder"], made["system"]) == ("demo-0.1.0", "/bin/sh", "x86_64-linux")
    assert made["meta"] == {"description": "all ${there}"}
    out = install(made, tmp_path)
    assert (out / "share/caixa/demo/lib/demo.lisp").read_text() == "(define x 1)\n"
    assert not (out / "bin").exists()


def test_g18_the_homepage_of_a_flake_is_an_address(tmp_path):
    made = package_of(binario("exe/main.lisp", repositorio="github:o/demo"), tmp_path)
    assert made["meta"]["homepage"] == "https://github.com/o/demo"


def test_g19_a_binario_is_built_to_programs_that_run(tmp_path):
    caixa = binario("exe/main.lisp", "exe/a/b.lisp")
    made = package_of(caixa, tmp_path, **{"exe/main.lisp": "1\n", "exe/a/b.lisp": "2\n"})
    assert (made["env"]["name"], made["builder"]) == ("demo-0.1.0", "/bin/sh")
    assert made["meta"]["mainProgram"] == "demo"
    assert made["env"]["interpreter"].endswith("-tatara/bin/tatara-script")
    assert any(path.endswith("-tatara.drv") for path in made["inputDrvs"])
    out = install(made, tmp_path)
    assert sorted(file.name for file in (out / "bin").iterdir()) == ["a-b", "demo"]
    assert started(out / "bin/demo", "x", "y z") == [f"{out}/share/caixa/demo/exe/main.lisp", "x", "y z"]
    assert started(out / "bin/a-b") == [f"{out}/share/caixa/demo/exe/a/b.lisp"]


@pytest.mark.parametrize("name", ["it's $HOME", "`id`", '"; exit 1 #', "-n", "${x}''", "a\\nb%s", "é !*?"])
def test_a_program_with_a_hostile_name_is_only_a_name(name, tmp_path):
    made = package_of(binario(f"exe/{name}.lisp"), tmp_path, **{f"exe/{name}.lisp": "1\n"})
    out = install(made, tmp_path)
    assert [file.name for file in (out / "bin").iterdir()] == [name]
    assert started(out / "bin" / name, "$x") == [f"{out}/share/caixa/demo/exe/{name}.lisp", "$x"]


def test_programs_are_called_as_their_files_and_main_as_the_package():
    assert programs(binario("exe/main.lisp", "exe/./tool.lisp", "exe/x/y.tlisp")) == {
        "demo": "exe/main.lisp",
        "tool": "exe/tool.lisp",
        "x-y": "exe/x/y.tlisp",
    }
    assert programs(Caixa("demo", "0.1.0", Kind.SERVICO, exe=("exe/x.lisp",))) == {}


def install(made: dict[str, Any], directory: Path) -> Path:
    """Run what installs, as the builder would, with an interpreter that tells its words; return the output."""
    source, out = in_store(made["env"]["src"], directory), directory / "out"
    interpreter = directory / "interpreter"
    interpreter.write_text('#!/bin/bash\nprintf "%s\\0" "$@"\n')
    interpreter.chmod(0o755)
    env = {**made["env"], "PATH": os.environ["PATH"], "SHELL": "/bin/bash", "interpreter": str(interpreter)}
    script = made["args"][-1]
    subprocess.run(["/bin/bash", "-e", "-c", script], cwd=source, env={**env, "out": str(out)}, check=True)
    return out


def started(program: Path, *words: str) -> list[str]:
    done = subprocess.run([program, *words], capture_output=True, check=True)
    return done.stdout.decode().removesuffix("\0").split("\0")


# -- (defflake …) ---------------------------------------------------------------------------------------------


def flake_of(text: str) -> str:
    return render_flake(parse_flake(Source("flake.lisp", text)))


DEFFLAKE = """(defflake :descricao "demo ${x}"
  :entradas ((:nome "nixpkgs" :url "github:nixos/nixpkgs") (:nome "other" :segue "nixpkgs"))
  :saidas (:pacotes ((:nome "default" :src ".") (:nome "docs" :src "./docs"))
           :modulos ((:nome "a" :caminho "./nix/a b.nix")) :dev-shells #t))"""


def test_a_defflake_is_derivations_a_shell_and_modules(tmp_path):
    flake = flake_of(DEFFLAKE)
    files = {"docs/x.md": "hi\n", "nix/a b.nix": '{ is = "the module"; }'}
    docs = derivation_of("packages.x86_64-linux.docs", tmp_path, flake, files)
    assert (docs["env"]["name"], docs["builder"]) == ("docs", "/bin/sh")
    assert (install(docs, tmp_path) / "x.md").read_text() == "hi\n"
    shell = derivation_of("devShells.x86_64-linux.default", tmp_path, flake, files)
    assert shell["env"]["name"] == "shell"
    stubs = f"import {tmp_path}/stubs.nix {{ flake = import {tmp_path}/package/flake.nix; }}"
    assert evaluate(f"import ({stubs}).nixosModules.a", tmp_path) == {"is": "the module"}
    inputs = evaluate(f"({flake}).inputs", tmp_path)
    assert inputs == {"nixpkgs": {"url": "github:nixos/nixpkgs"}, "other": {"follows": "nixpkgs"}}


def test_a_defflake_without_inputs_gets_the_one_that_it_needs(tmp_path):
    flake = flake_of('(defflake :descricao "d" :saidas (:pacotes ((:nome "p" :src "."))))')
    assert list(evaluate(f"({flake}).inputs", tmp_path)) == ["nixpkgs"]
    assert derivation_of("packages.x86_64-linux.p", tmp_path, flake, {})["env"]["name"] == "p"
    bare = flake_of('(defflake :descricao "d")')
    assert evaluate(f"({bare}).inputs", tmp_path) == {}


@pytest.mark.parametrize("nome", ["a b", "or", "x }: {", "${x}", "1st"])
def test_a_defflake_may_call_an_input_anything(nome, store):
    text = f'(defflake :descricao "d" :entradas ((:nome "{nome}" :url "u")) :saidas (:dev-shells #t))'
    flake = flake_of(text)
    assert evaluate(f"({flake}).inputs", store)[nome] == {"url": "u"}
    assert evaluate(f"builtins.isFunction ({flake}).outputs", store) is True


@pytest.mark.parametrize(
    ("src", "path"),
    [
        (".", ""),
        ("./", ""),
        ("./a", "/a"),
        ("..", "/.."),
        ("../a", "/../a"),
        (".hidden", "/.hidden"),
        ("./.b", "/.b"),
    ],
)
def test_a_defflake_takes_any_path_beside_it(src, path, store):
    flake = flake_of(f'(defflake :descricao "d" :saidas (:modulos ((:nome "m" :caminho "{src}"))))')
    modules = f"(({flake}).outputs {{ self = 1; nixpkgs = 1; }}).nixosModules.m"
    assert evaluate(f'toString {modules} == toString (./. + "{path}")', store) is True


def test_a_path_with_any_characters_is_a_path(store):
    shown = write(Concat(Reference("./."), "/a b/${c}"))
    assert evaluate(f"toString ({shown})", store).endswith("/a b/${c}")
    assert evaluate(f"({write(Function('x', Reference('x')))}) 1", store) == 1
