"""A Supervisor is rendered at last (defect G16): its tree, and the units that it starts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from render_examples import everyone, servico
from strict_schemas import problems, refusals

from caixa.manifest.model import Caixa, Child, Dep, Estrategia, Kind, RestartKind
from caixa.manifest.package import Package, nobody
from caixa.manifest.slots import SLOTS
from caixa_renderers import render
from caixa_renderers.errors import MissingField, NotAServico, NotASupervisor
from caixa_renderers.servico.computeunit import package_label_of
from caixa_renderers.supervision import owned, tree

ROOT = Package.from_text("""\
(defcaixa :nome "root" :versao "0.1.0" :kind Supervisor :estrategia RestForOne :max-restarts 3
  :descricao "Keeps them: all." :autores ("ana")
  :restart-window "60s"
  :children ((:caixa "db" :versao "^1") (:caixa "web" :versao "^2" :restart Transient)))""")

TREE = f"""\
apiVersion: wasm.pleme.io/v1alpha1
kind: Tree
metadata:
  name: root
  namespace: tatara-system
  labels:
    pleme.pleme.io/supervisor: root
    pleme.pleme.io/package: {package_label_of(ROOT)}
  annotations:
    caixa.pleme.io/descricao: 'Keeps them: all.'
    caixa.pleme.io/autores: '["ana"]'
spec:
  versao: 0.1.0
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


def test_g16_its_children_are_units_that_name_it_their_place_and_their_restart():
    units = render(ROOT, "all", everyone).objects[1:]
    assert [unit["kind"] for unit in units] == ["ComputeUnit"] * 2
    assert {unit["metadata"]["labels"]["pleme.pleme.io/supervisor"] for unit in units} == {"root"}
    assert [unit["spec"]["supervisor"] for unit in units] == [
        {"tree": "root", "restart": "Permanent", "position": 0},
        {"tree": "root", "restart": "Transient", "position": 1},
    ]


def test_g16_every_slot_of_a_supervisor_reaches_the_tree():
    """Whatever slot is changed, the Tree is another one; a slot that is declared later is found by itself."""
    whole = {
        "edicao": "2026",
        "descricao": "x",
        "repositorio": "github:o/x",
        "licenca": "MIT",
        "autores": ("a",),
        "etiquetas": ("b",),
        "deps": (Dep("d", "*"),),
        "deps_dev": (Dep("e", "*"),),
        "versao": "0.2.0",
        "nome": "other",
        "estrategia": Estrategia.ONE_FOR_ALL,
        "max_restarts": 9,
        "restart_window": "2s",
        "children": (Child("c", "*", RestartKind.TEMPORARY),),
    }
    plain = Caixa("root", "0.1.0", Kind.SUPERVISOR)
    slots = [slot.field for slot in SLOTS if not slot.kinds or Kind.SUPERVISOR in slot.kinds]
    assert set(slots) == {*whole, "kind"}
    assert [slot for slot in whole if tree(replace(plain, **{slot: whole[slot]})) == tree(plain)] == []


def test_the_objects_of_a_tree_are_accepted_by_their_definitions():
    assert refusals(render(ROOT, "all", everyone).objects) == {}


def test_a_tree_without_a_window_never_forgets_and_one_of_a_kind_has_no_children():
    caixa = Caixa("x", "0.1.0", Kind.SUPERVISOR, estrategia=Estrategia.SIMPLE_ONE_FOR_ONE)
    document = tree(caixa)
    assert "restartWindow" not in document["spec"]
    assert document["spec"]["children"] == []
    assert problems(document) == []


# -- ownership ------------------------------------------------------------------------------------------------


def live(document: dict[str, Any]) -> dict[str, Any]:
    return document | {"metadata": document["metadata"] | {"uid": "8a6f"}}


def test_units_are_owned_by_the_tree_that_a_cluster_has():
    root, *units = render(ROOT, "all", everyone).objects
    for unit in owned(units, live(root)):
        (reference,) = unit["metadata"]["ownerReferences"]
        assert reference == {
            "apiVersion": "wasm.pleme.io/v1alpha1",
            "kind": "Tree",
            "name": "root",
            "uid": "8a6f",
            "controller": True,
            "blockOwnerDeletion": True,
        }
        assert problems(unit) == []


def test_a_tree_owns_only_the_units_that_name_it():
    units = render(ROOT, "all", everyone).objects[1:]
    assert owned(units, live(tree(replace(ROOT.caixa, nome="another")))) == units


def test_before_the_cluster_knows_the_tree_nothing_is_owned_and_that_is_said():
    rendering = render(ROOT, "all", everyone)
    assert [finding.code for finding in rendering.findings] == ["owner-reference-pending"]
    assert all("ownerReferences" not in each["metadata"] for each in rendering.objects)
    with pytest.raises(MissingField, match=r"metadata\.uid"):
        owned(rendering.objects[1:], rendering.objects[0])


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
