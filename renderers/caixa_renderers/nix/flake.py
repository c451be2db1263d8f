"""flake.nix, by two roads: what each package gets, and what a `(defflake …)` asks for (section 4.4)."""

from __future__ import annotations

import posixpath
import shlex
from typing import TYPE_CHECKING, Final

from caixa.manifest.model import Caixa, Kind

from ..artifact import Artifact, Rendering
from ..urls import web_url
from .defflake import Outputs
from .expressions import (
    Apply,
    Attrs,
    Comment,
    Concat,
    Expression,
    Function,
    Items,
    Joined,
    Key,
    Let,
    Reference,
    Script,
    is_identifier,
    write,
)

if TYPE_CHECKING:
    from caixa.manifest.package import Package

    from .defflake import Flake, PackageOutput

__all__ = ["package_flake", "programs", "render", "render_flake"]

_NIXPKGS: Final = "github:nixos/nixpkgs?ref=nixos-unstable"
_SYSTEMS = ("aarch64-darwin", "x86_64-darwin", "aarch64-linux", "x86_64-linux")
_OURS = ("substrate", "tatara")
_COPY: Final = 'mkdir -p "$out/share/caixa/$caixaNome"\ncp -R . "$out/share/caixa/$caixaNome"\n'
# Bash: %q quotes, so that neither a name nor a path can say more than it is.
_LAUNCH: Final = """\
mkdir -p "$out/bin"
launch() {
  printf '#!%s\\nexec %q %q "$@"\\n' "$SHELL" "$interpreter" "$out/share/caixa/$caixaNome/$2" > "$out/bin/$1"
  chmod +x "$out/bin/$1"
}
"""


def render_flake(flake: Flake) -> str:
    """Return flake.nix of a `(defflake …)`: packages, modules and a shell for the four common systems.

    What it gives needs nixpkgs; where no `entrada` names it, it comes from where a package's flake takes it.
    """
    given = _outputs(flake.saidas or Outputs())
    inputs: dict[Key, Expression] = {}
    for entry in flake.entradas:
        key = (entry.nome, "follows") if entry.segue else (entry.nome, "url")
        inputs[key] = entry.segue or entry.url or ""
    if given and all(entry.nome != "nixpkgs" for entry in flake.entradas):
        inputs["nixpkgs", "url"] = _NIXPKGS
    systems = Apply(
        Reference("nixpkgs.lib.genAttrs"),
        (Items(_SYSTEMS), Function("system", Apply(Reference("f"), (_packages_of("system"),)))),
    )
    body = Let({"forAllSystems": Function("f", systems)}, Attrs(given)) if given else Attrs({})
    names = dict.fromkeys(("self", "nixpkgs", *(entry.nome for entry in flake.entradas)))
    parameters = tuple(name for name in names if is_identifier(name))  # others are in the ellipsis
    whole = Attrs(
        {"description": flake.descricao, "inputs": Attrs(inputs), "outputs": Function(parameters, body)}
    )
    return write(Comment("Generated from defflake.", whole))


def package_flake(caixa: Caixa) -> str:
    """Return flake.nix of a package: for each system a derivation, and an empty shell.

    A Binario's holds a program for each of `:exe` (defect G19); a Biblioteca's holds the sources.
    """
    description = caixa.descricao or f"caixa {caixa.nome}"
    inputs: dict[Key, Expression] = {
        ("nixpkgs", "url"): _NIXPKGS,
        ("flake-utils", "url"): "github:numtide/flake-utils",
    }
    for name in _OURS:
        inputs[name, "url"] = f"github:pleme-io/{name}"
        inputs[name, "inputs", "nixpkgs", "follows"] = "nixpkgs"
    derivation = _sources(caixa, description) | (_programs(caixa) if programs(caixa) else {})
    each: dict[Key, Expression] = {
        ("packages", "default"): Apply(Reference("pkgs.stdenvNoCC.mkDerivation"), (Attrs(derivation),)),
        ("devShells", "default"): Apply(Reference("pkgs.mkShell"), (Attrs({"packages": Items(())}),)),
    }
    for_system = Function("system", Let({"pkgs": _packages_of("system")}, Attrs(each)))
    outputs = Function(
        ("self", "nixpkgs", "flake-utils", *(("tatara",) if programs(caixa) else ())),
        Apply(Reference("flake-utils.lib.eachDefaultSystem"), (for_system,)),
    )
    whole = Attrs({"description": description, "inputs": Attrs(inputs), "outputs": outputs})
    return write(
        Comment(f"Generated from {caixa.nome}, {caixa.kind.indefinite}. Edits here are overwritten.", whole)
    )


def programs(caixa: Caixa) -> dict[str, str]:
    """Return the source of each program of a Binario by the program's name.

    A program is called as its file below `exe/`, without the suffix; `main` is called as the package. Of two of
    the same name the first stays.
    """
    found: dict[str, str] = {}
    for path in caixa.exe if caixa.kind is Kind.BINARIO else ():
        source = posixpath.normpath(path)
        stem = posixpath.splitext(source.removeprefix("exe/"))[0].replace("/", "-")
        found.setdefault(caixa.nome if stem == "main" else stem, source)
    return found


def render(package: Package) -> Rendering:
    """Render flake.nix of a package of any kind."""
    text = package_flake(package.caixa)
    return Rendering((Artifact("flake.nix", "flake.nix", (), text, "flake"),))


def _sources(caixa: Caixa, description: str) -> dict[Key, Expression]:
    """Return a derivation that holds the package's files."""
    homepage = caixa.repositorio and web_url(caixa.repositorio)
    derivation: dict[Key, Expression] = {
        "pname": caixa.nome,
        "version": caixa.versao,
        "src": Reference("./."),
        "dontBuild": True,
        "caixaNome": caixa.nome,
        "installPhase": Script(_COPY),
        ("meta", "description"): description,
    }
    return derivation | ({("meta", "homepage"): homepage} if homepage else {})


def _programs(caixa: Caixa) -> dict[Key, Expression]:
    """Return what makes programs of a derivation: each starts the interpreter on its source."""
    found = programs(caixa)
    launched = "".join(f"launch {shlex.quote(name)} {shlex.quote(source)}\n" for name, source in found.items())
    return {
        "interpreter": Joined((Reference("tatara.packages.${system}.default"), "/bin/tatara-script")),
        "installPhase": Script(f"{_COPY}{_LAUNCH}{launched}"),
        ("meta", "mainProgram"): next(iter(found)),
    }


def _outputs(outputs: Outputs) -> dict[Key, Expression]:
    given: dict[Key, Expression] = {}
    if outputs.pacotes:
        built: dict[Key, Expression] = {output.nome: _copied(output) for output in outputs.pacotes}
        given["packages"] = _for_all_systems(Attrs(built))
    if outputs.dev_shells:
        shell = Apply(Reference("pkgs.mkShell"), (Attrs({"packages": Items(())}),))
        given["devShells"] = _for_all_systems(Attrs({"default": shell}))
    if outputs.modulos:
        modules: dict[Key, Expression] = {module.nome: _path(module.caminho) for module in outputs.modulos}
        given["nixosModules"] = Attrs(modules)
    return given


def _copied(output: PackageOutput) -> Expression:
    derivation: dict[Key, Expression] = {
        "name": output.nome,
        "src": _path(output.src),
        "installPhase": 'cp -R . "$out"',
    }
    return Apply(Reference("pkgs.stdenvNoCC.mkDerivation"), (Attrs(derivation),))


def _for_all_systems(body: Expression) -> Expression:
    return Apply(Reference("forAllSystems"), (Function("pkgs", body),))


def _packages_of(system: str) -> Expression:
    return Reference(f"nixpkgs.legacyPackages.${{{system}}}")


def _path(text: str) -> Expression:
    """Return a path beside the flake as `./. + "/…"`, which takes any characters; other texts are strings."""
    if not text.startswith("."):
        return text
    rest = "" if text == "." else text.removeprefix("./").strip("/")
    return Concat(Reference("./."), f"/{rest}") if rest and rest != "." else Reference("./.")
