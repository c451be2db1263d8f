"""The GitHub workflow of a package: lint, test and build each change; publish a version once it is on main.

It calls the same verbs as a person does, so that what it finds is what `feira` finds at home.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from .. import yaml
from ..artifact import Artifact, Rendering
from ..urls import image_reference
from . import oci

if TYPE_CHECKING:
    from caixa.manifest.package import Package

    from .computeunit import Loaded

__all__ = ["PATH", "render", "workflow"]

PATH: Final = ".github/workflows/caixa.yml"
_RUNNER: Final = "ubuntu-latest"
_PYTHON: Final = "3.12"
_TESTS: Final = "tests"

Step = dict[str, Any]


def workflow(package: Package, read: Loaded | None = None) -> dict[str, Any]:
    """Return the workflow; rights to write are given to the job that publishes, and to no other."""
    image = _image(package, read)
    rights = {"contents": "write"} | ({"packages": "write"} if image else {})
    check = {
        "runs-on": _RUNNER,
        "timeout-minutes": 15,
        "steps": [*_prepared(), *_checks(package)],
    }
    publish = {
        "needs": "check",
        "if": "github.event_name == 'push' && github.ref == 'refs/heads/main'",
        "runs-on": _RUNNER,
        "timeout-minutes": 15,
        "permissions": rights,
        "steps": [*_prepared(depth=0), *_release(package, image)],
    }
    return {
        "name": package.nome,
        "on": {"push": {"branches": ["main"]}, "pull_request": {}},
        "permissions": {"contents": "read"},
        "concurrency": {"group": "caixa-${{ github.ref }}", "cancel-in-progress": False},
        "jobs": {"check": check, "publish": publish},
    }


def render(package: Package, read: Loaded | None = None) -> Rendering:
    """Render the workflow as the file that GitHub reads; `read` spares reading the unit again."""
    document = workflow(package, read)
    notice = f"Generated from {package.nome} by `feira workflow`."
    text = yaml.dump(document, comment=notice)
    return Rendering((Artifact("caixa.yml", PATH, (document,), text, "workflow"),))


def _prepared(depth: int | None = None) -> list[Step]:
    checkout: Step = {"uses": "actions/checkout@v4"}
    history = {} if depth is None else {"with": {"fetch-depth": depth}}
    return [
        checkout | history,
        {"uses": "actions/setup-python@v5", "with": {"python-version": _PYTHON}},
        {"name": "Install feira", "run": "python -m pip install caixa-notebooks"},
    ]


def _checks(package: Package) -> list[Step]:
    steps = [_step("Fetch what it needs", "feira resolve")] if package.caixa.deps else []
    steps.append(_step("Lint", "feira lint"))
    if any(path.startswith(f"{_TESTS}/") for path in package.files):
        steps.append(_step("Test", f"caixa-lisp --test {_TESTS}"))
    return [*steps, _step("Build", "feira build")]


def _release(package: Package, image: tuple[str, str] | None) -> list[Step]:
    """Return the steps that publish a version, each only if the version is not published yet."""
    tag = f"v{package.caixa.versao}"
    look = f'echo "tag=$(git ls-remote --tags origin refs/tags/{tag})" >> "$GITHUB_OUTPUT"'
    once = {"if": "steps.released.outputs.tag == ''"}
    publishing = (*_push(package, image), _step("Publish", "feira publish"))
    return [_step("Look for the version", look) | {"id": "released"}, *(once | step for step in publishing)]


def _push(package: Package, image: tuple[str, str] | None) -> list[Step]:
    if image is None:
        return []
    registry, reference = image
    source = f"oci:.caixa/image/{package.nome}:v{package.caixa.versao}"
    login = f'echo "$TOKEN" | skopeo login {registry} --username "$GITHUB_ACTOR" --password-stdin'
    return [
        _step("Lay out the image", "feira image"),
        _step("Log in to the registry", login) | {"env": {"TOKEN": "${{ github.token }}"}},
        _step("Send the image", f"skopeo copy {source} docker://{reference}"),
    ]


def _image(package: Package, read: Loaded | None) -> tuple[str, str] | None:
    """Return registry and reference of the image, if its module is here and GitHub keeps the images."""
    repositorio = package.caixa.repositorio
    reference = repositorio and image_reference(repositorio, package.caixa.versao)
    if not reference or oci.module_path(package, read) not in package.files:
        return None
    name = reference.removeprefix("oci://")
    registry = name.partition("/")[0]
    return (registry, name) if registry == "ghcr.io" else None


def _step(name: str, run: str) -> Step:
    return {"name": name, "run": run}
