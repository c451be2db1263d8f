"""The house keeps its shape: who may import whom, what starts lazily, and what no file may hold."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder
from importlinter import cli as importlinter

ROOT = Path(__file__).parents[1]

# What a first cell must not wait for; each is imported by the code that needs it, when it is needed.
HEAVY = {
    "IPython.core.interactiveshell", "blake3", "click", "graphviz", "greenlet", "httpx", "hy", "ipywidgets",
    "kubernetes", "prompt_toolkit", "pygments", "ruamel.yaml", "tomli_w", "wasmtime", "yaml",
}  # fmt: skip


def git_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_imports_go_one_way() -> None:
    assert importlinter.lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def loaded_by(module: str) -> set[str]:
    code = f"import sys; before = set(sys.modules); import {module}; print(*(set(sys.modules) - before))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(ran.stdout.split())


@pytest.mark.parametrize(
    "module",
    [
        "caixa",
        "caixa.lisp.interpreter",
        "caixa.manifest",
        "caixa.session",
        "caixa.runtime",
        "caixa_renderers",
        "feira",
    ],
)
def test_the_substrate_imports_nothing_heavy(module: str) -> None:
    assert not loaded_by(module) & HEAVY


def test_the_substrate_imports_nothing_of_jupyter() -> None:
    for module in ("caixa.session", "caixa.runtime", "caixa_renderers", "feira.cli"):
        assert not {name.split(".")[0] for name in loaded_by(module)} & {
            "ipykernel",
            "jupyter_client",
            "IPython",
            "zmq",
        }


def test_a_notebook_starts_without_its_heavy_parts() -> None:
    assert not loaded_by("caixa_magics.notebook") & HEAVY


def test_the_wheel_carries_the_kernel_and_the_lisp_library(tmp_path: Path) -> None:
    wheel = next(WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"]))
    names = zipfile.ZipFile(wheel).namelist()
    assert any(name.endswith("data/share/jupyter/kernels/caixa/kernel.json") for name in names)
    shipped = {
        name.split("/")[0]
        for name in names
        if "/" in name and not name.split("/")[0].endswith((".dist-info", ".data"))
    }
    renderers = {"caixa_renderers", "caixa_proof_checker"}
    assert shipped == {"caixa", "feira", "caixa_magics", "caixa_kernel"} | renderers
    library = {path.name for path in (ROOT / "caixa" / "lisp" / "library").glob("*.tlisp")}
    assert library
    assert library <= {Path(name).name for name in names}


def test_no_tracked_file_names_a_machine_or_a_registry() -> None:
    # The names are put together here so that this file does not hold them itself.
    places = [f"/{folder}/" for folder in ("work", "farm", "root")]
    hosts = [
        ".".join(parts)
        for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("debian", "org"))
    ]
    forbidden = re.compile(
        r"(?<![\w.])(?:" + "|".join(map(re.escape, places)) + ")|" + "|".join(map(re.escape, hosts))
    )
    found = []
    for path in git_files():
        if path.suffix in {".png", ".wasm"} or not path.is_file():
            continue
        text = path.read_text("utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in forbidden.finditer(text)]
    assert not found


def test_every_package_is_typed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for package in project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]:
        assert (ROOT / package / "py.typed").is_file(), package


def test_every_module_says_why_it_exists() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for package in project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]:
        for path in (ROOT / package).rglob("*.py"):
            assert path.read_text().startswith(('"""', 'r"""')), path.relative_to(ROOT)
