"""`%caixa deploy NAME`: the diff and how far it went are in view, and notes are folded."""

import subprocess

from caixa_magics.mime import bundle

from .cells import CART, CATALOG, SHOP
from .test_views import checked

RELEASE = """apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: programs, namespace: tatara-system}
spec: {values: {programs: []}}
"""
DEPLOY = "%caixa deploy shop --cluster rio --k8s-repo k8s --dry-run"


def test_a_panel_shows_the_diff_and_the_outcome_and_folds_the_notes(notebook, tmp_path):
    release = tmp_path / "k8s/clusters/rio/programs/release.yaml"
    release.parent.mkdir(parents=True)
    release.write_text(RELEASE)
    subprocess.run(["git", "init", "--quiet", tmp_path / "k8s"], check=True)
    notebook.run_cell(f"{CART}\n{CATALOG}\n{SHOP}", "cell 1")
    data, _ = bundle(notebook.run_cell(DEPLOY, "cell 2"))
    text, html = data["text/plain"], data["text/html"]
    assert "+++ b/clusters/rio/programs/release.yaml" in text
    tags = checked(html)
    assert tags.tags.count("details") == 1
    before, folded = html.split("<details", 1)
    assert "clusters/rio/programs/release.yaml" in before
    assert "info not-checked" in folded.partition("</details>")[0]
    assert "3 files would change for rio" in folded.partition("</details>")[2]
