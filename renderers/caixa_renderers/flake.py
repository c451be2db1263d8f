"""flake.nix, by two roads: what each package gets, and what a `(defflake …)` asks for (section 4.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .artifact import Artifact, Rendering
from .defflake import Outputs
from .nix import Apply, Attrs, Comment, Concat, Expression, Function, Items, Key, Let, Reference, write

if TYPE_CHECKING:
    from caixa.manifest.model import Caixa
    from caixa.manifest.package import Package

    from .defflake import Flake, PackageOutput

__all__ = ["package_flake", "render", "render_flake"]

_SYSTEMS = ("aarch64-darwin", "x86_64-darwin", "aarch64-linux", "x86_64-linux")
_OURS = ("substrate", "tatara")


def render_flake(flake: Flake) -> str:
    """Return flake.nix of a `(defflake …)`: packages, modules and a shell for the four common systems."""
    outputs = flake.saidas or Outputs()
    inputs: dict[Key, Expression] = {}
    for entry in flake.entradas:
        key = (entry.nome, "follows") if entry.segue else (entry.nome, "url")
        inputs[key] = entry.segue or entry.url or ""
    given = _outputs(outputs)
    systems = Apply(
        Reference("nixpkgs.lib.genAttrs"),
        (Items(_SYSTEMS), Function("system", Apply(Reference("f"), (_packages_of("system"),)))),
    )
    body = Let({"forAllSystems": Function("f", systems)}, Attrs(given)) if given else Attrs({})
    names = tuple(dict.fromkeys(("self", "nixpkgs", *(entry.nome for entry in flake.entradas))))
    whole = Attrs({"description": flake.descricao, "inputs": Attrs(inputs), "outputs": Function(names, body)})
    return write(Comment("Generated from defflake.", whole))


def package_flake(caixa: Caixa) -> str:
    """Return flake.nix of a package: a derivation that copies it, and an empty shell, for each system."""
    description = caixa.descricao or f"caixa {caixa.nome}"
    inputs: dict[Key, Expression] = {
        ("nixpkgs", "url"): "github:nixos/nixpkgs?ref=nixos-unstable",
        ("flake-utils", "url"): "github:numtide/flake-utils",
    }
    for name in _OURS:
        inputs[name, "url"] = f"github:pleme-io/{name}"
        inputs[name, "inputs", "nixpkgs", "follows"] = "nixpkgs"
    derivation: dict[Key, Expression] = {
        "pname": caixa.nome,
        "version": caixa.versao,
        "src": Reference("./."),
        "dontBuild": True,
        "caixaNome": caixa.nome,
        "installPhase": 'mkdir -p "$out/share/caixa/$caixaNome"\ncp -R . "$out/share/caixa/$caixaNome"\n',
        ("meta", "description"): description,
    }
    each: dict[Key, Expression] = {
        ("packages", "default"): Apply(Reference("pkgs.stdenvNoCC.mkDerivation"), (Attrs(derivation),)),
        ("devShells", "default"): Apply(Reference("pkgs.mkShell"), (Attrs({"packages": Items(())}),)),
    }
    for_system = Function("system", Let({"pkgs": _packages_of("system")}, Attrs(each)))
    outputs = Function(
        ("self", "nixpkgs", "flake-utils"),
        Apply(Reference("flake-utils.lib.eachDefaultSystem"), (for_system,)),
    )
    whole = Attrs({"description": description, "inputs": Attrs(inputs), "outputs": outputs})
    return write(Comment(f"Generated from {caixa.nome}, a {caixa.kind}. Edits here are overwritten.", whole))


def render(package: Package) -> Rendering:
    """Render flake.nix of a package of any kind."""
    text = package_flake(package.caixa)
    return Rendering((Artifact("flake.nix", "flake.nix", (), text, "flake"),))


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
    """Return a path below the flake as `./. + "/…"`, which takes any characters; other texts are strings."""
    if not text.startswith("."):
        return text
    rest = text.removeprefix(".").removeprefix("/").rstrip("/")
    return Reference("./.") if rest in ("", ".") else Concat(Reference("./."), f"/{rest}")
