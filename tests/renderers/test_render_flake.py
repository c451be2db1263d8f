"""flake.nix: valid Nix whatever the manifest says."""

from __future__ import annotations

import pytest

from caixa.lisp.source import Source
from caixa.manifest.package import Package
from caixa_renderers import render
from caixa_renderers.errors import MalformedFlake
from caixa_renderers.nix.defflake import parse_flake, to_json
from caixa_renderers.nix.expressions import Apply, Attrs, Concat, Function, Items, Let, Reference, quote, write
from caixa_renderers.nix.flake import render_flake

PACKAGE = """\
# Generated from demo, a Biblioteca. Edits here are overwritten.
{
  description = "say \\"hi\\" to \\${world}";
  inputs = {
    nixpkgs.url = "github:nixos/nixpkgs?ref=nixos-unstable";
    flake-utils.url = "github:numtide/flake-utils";
    substrate.url = "github:pleme-io/substrate";
    substrate.inputs.nixpkgs.follows = "nixpkgs";
    tatara.url = "github:pleme-io/tatara";
    tatara.inputs.nixpkgs.follows = "nixpkgs";
  };
"""
SYSTEMS = '"aarch64-darwin" "x86_64-darwin" "aarch64-linux" "x86_64-linux"'
FLAKE = """\
# Generated from defflake.
{
  description = "demo";
  inputs = {
    nixpkgs.url = "github:nixos/nixpkgs";
    other.follows = "nixpkgs";
  };
  outputs = { self, nixpkgs, other, ... }: let
    forAllSystems = f: nixpkgs.lib.genAttrs [ SYSTEMS ] (system: f nixpkgs.legacyPackages.${system});
  in {
    packages = forAllSystems (pkgs: {
      default = pkgs.stdenvNoCC.mkDerivation {
        name = "default";
        src = ./.;
        installPhase = "cp -R . \\"$out\\"";
      };
    });
    devShells = forAllSystems (pkgs: {
      default = pkgs.mkShell {
        packages = [ ];
      };
    });
    nixosModules = {
      a = ./. + "/nix/a.nix";
    };
  };
}
"""


@pytest.mark.parametrize("kind", ["Biblioteca", 'Binario :exe ("exe/a")'])
def test_a_package_gets_a_flake_with_its_text_escaped(kind):
    package = Package.from_text(
        f'(defcaixa :nome "demo" :versao "0.1.0" :descricao "say \\"hi\\" to ${{world}}" :kind {kind})'
    )
    (artifact,) = render(package).artifacts
    assert artifact.path == "flake.nix"
    assert artifact.language == "nix"
    assert artifact.text.startswith(PACKAGE.replace("Biblioteca", str(package.caixa.kind)))


def test_a_defflake_becomes_a_flake():
    source = """(defflake :descricao "demo"
      :entradas ((:nome "nixpkgs" :url "github:nixos/nixpkgs") (:nome "other" :segue "nixpkgs"))
      :saidas (:pacotes ((:nome "default" :src ".")) :modulos ((:nome "a" :caminho "./nix/a.nix"))
               :dev-shells #t))"""
    assert render_flake(parse_flake(Source("flake.lisp", source))) == FLAKE.replace("SYSTEMS", SYSTEMS)


def test_a_flake_without_inputs_or_outputs_is_still_a_flake():
    text = render_flake(parse_flake(Source("f", '(defflake :descricao "d")')))
    assert "outputs = { self, nixpkgs, ... }: { };" in text


def test_a_defflake_is_told_as_json():
    source = '(defflake :descricao "d" :entradas ((:nome "n" :url "u")))'
    assert to_json(parse_flake(Source("f", source))) == {
        "descricao": "d",
        "entradas": [{"nome": "n", "url": "u"}],
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "(defcaixa)",
        "(defflake)",
        '(defflake :descricao "d" :wat 1)',
        "(defflake",
        "(defflake :descricao 1)",
    ],
)
def test_a_malformed_defflake_is_refused_with_its_places(text):
    with pytest.raises(MalformedFlake) as caught:
        parse_flake(Source("f", text))
    assert all(diagnostic.span is not None for diagnostic in caught.value.diagnostics)


@pytest.mark.parametrize(
    ("slots", "code", "where"),
    [
        (':entradas ((:nome "a"))', "flake-input-nowhere", '(:nome "a")'),
        (
            ':entradas ((:nome "a" :url "u") (:nome "a" :url "v"))',
            "flake-duplicate",
            '(:nome "a" :url "v")',
        ),
        (
            ':saidas (:pacotes ((:nome "a" :src ".") (:nome "a" :src "b")))',
            "flake-duplicate",
            '(:nome "a" :src "b")',
        ),
        (
            ':saidas (:modulos ((:nome "a" :caminho ".") (:nome "a" :caminho "b")))',
            "flake-duplicate",
            '(:nome "a" :caminho "b")',
        ),
    ],
)
def test_a_defflake_that_nix_would_read_otherwise_is_refused_at_its_place(slots, code, where):
    source = Source("flake.lisp", f'(defflake :descricao "d" {slots})')
    with pytest.raises(MalformedFlake) as caught:
        parse_flake(source)
    (found,) = caught.value.diagnostics
    assert (found.code, source.slice(found.span)) == (code, where)


@pytest.mark.parametrize(
    ("text", "nix"),
    [
        ("a", '"a"'),
        ('"', r'"\""'),
        ("\\", r'"\\"'),
        ("${x}", r'"\${x}"'),
        ("$${x}", r'"$\${x}"'),
        ("a\nb", r'"a\nb"'),
    ],
)
def test_a_text_is_a_nix_string(text, nix):
    assert quote(text) == nix


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (Attrs({}), "{ }\n"),
        (
            Attrs({"a": True, ("b", "c d"): "x", "let": "y"}),
            '{\n  a = true;\n  b."c d" = "x";\n  "let" = "y";\n}\n',
        ),
        (Apply(Reference("f"), (Function("x", Reference("x")), Items(("a",)))), 'f (x: x) [ "a" ]\n'),
        (Let({"a": "b"}, Reference("a")), 'let\n  a = "b";\nin a\n'),
        (Items((Concat(Reference("./."), "/a"),)), '[ (./. + "/a") ]\n'),
    ],
)
def test_expressions_are_written_as_nix(expression, text):
    assert write(expression) == text
