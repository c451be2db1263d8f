"""Nix itself, run offline on what is rendered: in a store of its own below a test's directory, no daemon."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from caixa_renderers.nix.expressions import quote

NIX = shutil.which("nix-instantiate")
needs_nix = pytest.mark.skipif(NIX is None, reason="no nix-instantiate here: install Debian's nix-bin")

# Inputs that hold just enough: what stands for nixpkgs makes plain derivations of what it is given.
STUBS = """\
{ flake, system ? "x86_64-linux" }: let
  plain = name: attrs: derivation ({ inherit name system; builder = "/bin/sh"; } // attrs);
  made = attrs: plain (attrs.name or "${attrs.pname}-${attrs.version}") (
    removeAttrs attrs [ "meta" ] // { args = [ "-e" "-c" attrs.installPhase ]; }
  ) // { meta = attrs.meta or { }; };
  pkgs = {
    stdenvNoCC.mkDerivation = made;
    mkShell = attrs: plain "shell" { };
  };
  given = {
    nixpkgs.legacyPackages.${system} = pkgs;
    nixpkgs.lib.genAttrs = names: f: builtins.listToAttrs (map (name: { inherit name; value = f name; }) names);
    flake-utils.lib.eachDefaultSystem = f: builtins.mapAttrs (_: value: { ${system} = value; }) (f system);
    tatara.packages.${system}.default = plain "tatara" { };
    self = outputs;
  };
  outputs = flake.outputs (builtins.mapAttrs (_: _: { }) (builtins.functionArgs flake.outputs) // given);
in outputs
"""


def evaluate(expression: str, directory: Path) -> Any:
    """Return the value of a Nix expression, whose relative paths are below `directory`."""
    return json.loads(_run(directory, "--eval", "--strict", "--json", "--expr", expression))


def derivation_of(attribute: str, directory: Path, flake: str, files: Mapping[str, str]) -> dict[str, Any]:
    """Return the derivation that an output of a flake is, as `nix show-derivation` tells it, and its `meta`."""
    package = lay_out(directory / "package", {"flake.nix": flake, **files})
    stubs = directory / "stubs.nix"
    stubs.write_text(STUBS)
    output = f"(import {stubs} {{ flake = import {package}/flake.nix; }}).{attribute}"
    path = _run(directory, "--expr", output).strip().splitlines()[-1]
    program = ["nix", "--extra-experimental-features", "nix-command", "show-derivation"]
    shown = json.loads(_started([*program, "--store", str(directory / "store"), path], directory))
    return {**next(iter(shown.values())), "meta": evaluate(f"{output}.meta or {{ }}", directory)}


def in_store(path: str, directory: Path) -> Path:
    """Return where a path of the store really is."""
    return directory / "store" / path.lstrip("/")


def lay_out(directory: Path, files: Mapping[str, str]) -> Path:
    """Write the files of a package."""
    for name, text in files.items():
        file = directory / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return directory


def concatenated(texts: list[str]) -> str:
    """Return an expression for a list of texts, each as our renderer quotes it."""
    return f"[ {' '.join(map(quote, texts))} ]"


def _run(directory: Path, *words: str) -> str:
    return _started(["nix-instantiate", "--store", str(directory / "store"), *words], directory)


def _started(words: list[str], directory: Path) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(directory), "NIX_CONF_DIR": str(directory)}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
