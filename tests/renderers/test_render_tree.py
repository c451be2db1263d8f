"""A Supervisor is rendered at last (defect G16): its tree, and the units that it starts."""

from __future__ import annotations

import pytest
from render_examples import everyone, servico

from caixa.manifest.package import Package, nobody
from caixa_renderers import render
from caixa_renderers.errors import NotAServico, NotASupervisor
from caixa_renderers.supervision import tree

ROOT = Package.from_text("""\
(defcaixa :nome "root" :versao "0.1.0" :kind Supervisor :estrategia RestForOne :max-restarts 3
  :restart-window "60s"
  :children ((:caixa "db" :versao "^1") (:caixa "web" :versao "^2" :restart Transient)))""")

TREE = """\
apiVersion: wasm.pleme.io/v1alpha1
kind: Tree
metadata:
  name: root
  namespace: tatara-system
  labels:
    pleme.pleme.io/supervisor: root
spec:
  estrategia: RestForOne
  maxRestarts: 3
  restartWindow: 1m
  children:
  - caixa: db
    versao: ^1
    restart: Permanent
  - caixa: web
    versao: ^2
    restart: Transient
"""


def test_g16_a_supervisor_is_a_tree_object():
    assert render(ROOT).artifacts[0].text == TREE


def test_g16_its_children_are_units_that_name_it():
    units = render(ROOT, "all", everyone).objects[1:]
    assert [unit["kind"] for unit in units] == ["ComputeUnit"] * 2
    assert {unit["metadata"]["labels"]["pleme.pleme.io/supervisor"] for unit in units} == {"root"}


def test_a_child_that_is_nowhere_is_an_error_at_its_place():
    findings = render(ROOT, "all", nobody).findings
    assert [finding.code for finding in findings] == ["child-unresolved"] * 2
    assert ROOT.manifest.slice(findings[0].span) == '(:caixa "db" :versao "^1")'


def test_a_child_with_a_broken_unit_is_a_finding():
    rendering = render(ROOT, "all", lambda nome, _: servico(nome, unit="a: [\n"))
    assert [finding.code for finding in rendering.findings] == ["malformed-yaml"] * 2
    assert len(rendering.objects) == 1


def test_a_child_that_is_a_supervisor_is_left_to_its_own_package():
    assert len(render(ROOT, "all", lambda *_: ROOT).objects) == 1


def test_other_kinds_have_no_tree_and_a_supervisor_no_chart():
    with pytest.raises(NotASupervisor):
        tree(servico().caixa)
    with pytest.raises(NotAServico):
        render(ROOT, "helm")
