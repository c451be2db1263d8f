"""Diffs: what a cluster would do, and what an author changed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mesh_strategies import aplicacoes
from render_examples import CHECKOUT, checkout, everyone, servico

from caixa.manifest.package import Package
from caixa_renderers import render
from caixa_renderers.diff import (
    counts_text,
    diff_documents,
    diff_forms,
    diff_objects,
    documents_of,
    forms_text,
    objects_text,
    patch_documents,
)
from caixa_renderers.identity import Identity, identity_of
from caixa_renderers.mesh.rendering import manifests


def thing(name="a", **fields):
    return {"apiVersion": "v1", "kind": "Thing", "metadata": {"name": name}} | fields


def policy(*rules):
    return {"kind": "CiliumNetworkPolicy", "spec": {"ingress": list(rules)}}


def unit(**spec):
    return {"kind": "ComputeUnit", "spec": spec}


def pod(**spec):
    return {"kind": "Deployment", "spec": {"template": {"spec": spec}}}


HTTP, GRPC = {"port": "80", "protocol": "TCP"}, {"port": "90", "protocol": "TCP"}
CATALOG, CART = {"matchLabels": {"p": "catalog"}}, {"matchLabels": {"p": "cart"}}


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ({"x": 1}, {"x": 1}, "no change"),
        ({"x": 1}, {"x": 1.0}, "no change"),
        ({"x": 1}, {"x": 2}, "~ Thing a\n    x: 1 → 2"),
        ({"x": 1}, {"x": True}, "~ Thing a\n    x: 1 → true"),
        ({"x": None}, {}, "~ Thing a\n    x: null → nothing"),
        ({"x": {"a.b/c": 1}}, {"x": {"a.b/c": 2}}, '~ Thing a\n    x."a.b/c": 1 → 2'),
        # a list of which nobody says more is read in its order, as an API server reads it
        ({"y": [1, 2]}, {"y": [2, 1]}, "~ Thing a\n    y[0]: 1 → 2\n    y[1]: 2 → 1"),
        ({"y": [1]}, {"y": [1, 2]}, "~ Thing a\n    y[1]: nothing → 2"),
        ({"rules": [{"a": 1}, {"b": 1}]}, {"rules": [{"a": 1}, {"b": 2}]}, "~ Thing a\n    rules[1].b: 1 → 2"),
        ({"l": [{"name": "p", "v": 1}, {"name": "q"}]}, {"l": [{"name": "p", "v": 2}, {"name": "q"}]},
         "~ Thing a\n    l[p].v: 1 → 2"),
        ({"l": [{"name": "p"}, {"name": "q"}]}, {"l": [{"name": "q"}, {"name": "p"}]},
         '~ Thing a\n    l (order): ["p", "q"] → ["q", "p"]'),
        ({"text": "a\nb\nc\n"}, {"text": "a\nx\nc\n"},
         "~ Thing a\n    text:\n      @@ -1,3 +1,3 @@\n       a\n      -b\n      +x\n       c"),
        # a mesh's policies have no order anywhere
        (policy({"fromEndpoints": [CART, CATALOG]}), policy({"fromEndpoints": [CATALOG, CART]}), "no change"),
        (policy({"a": 1}, {"b": 1}), policy({"b": 1}, {"a": 1}), "no change"),
        (policy({"fromEndpoints": [CART], "toPorts": [{"ports": [HTTP]}]}),
         policy({"x": 1}, {"fromEndpoints": [CART], "toPorts": [{"ports": [GRPC]}]}),
         '~ CiliumNetworkPolicy a\n    spec.ingress[0].toPorts[0].ports[0].port: "80" → "90"\n'
         '    spec.ingress[]: nothing → {"x": 1}'),
        # a Service's ports are known by port and protocol, a container's by its own
        ({"kind": "Service", "spec": {"ports": [{"port": 1, "name": "x"}, {"port": 2}]}},
         {"kind": "Service", "spec": {"ports": [{"port": 2}, {"port": 1, "name": "y"}]}},
         '~ Service a\n    spec.ports[1/TCP].name: "x" → "y"'),
        (pod(containers=[{"name": "a", "ports": [{"containerPort": 1}, {"containerPort": 2}]}, {"name": "b"}]),
         pod(containers=[{"name": "b"}, {"name": "a", "ports": [{"containerPort": 2}, {"containerPort": 1}]}]),
         "no change"),
        (pod(containers=[{"name": "a", "args": ["x", "y"]}]),
         pod(containers=[{"name": "a", "args": ["y", "x"]}]),
         '~ Deployment a\n    spec.template.spec.containers[a].args[0]: "x" → "y"\n'
         '    spec.template.spec.containers[a].args[1]: "y" → "x"'),
        (pod(initContainers=[{"name": "a"}, {"name": "b"}]), pod(initContainers=[{"name": "b"}, {"name": "a"}]),
         '~ Deployment a\n    spec.template.spec.initContainers (order): ["a", "b"] → ["b", "a"]'),
        # a unit's capabilities are a set, its upgrades a map, their instructions a sequence
        (unit(capabilities=["a", "b"]), unit(capabilities=["b", "c"]),
         '~ ComputeUnit a\n    spec.capabilities[]: "a" → nothing\n    spec.capabilities[]: nothing → "c"'),
        (unit(upgradeFrom=[{"from": "1"}, {"from": "2", "instructions": ["a", "b"]}]),
         unit(upgradeFrom=[{"from": "2", "instructions": ["b", "a"]}, {"from": "1"}]),
         '~ ComputeUnit a\n    spec.upgradeFrom[2].instructions[0]: "a" → "b"\n'
         '    spec.upgradeFrom[2].instructions[1]: "b" → "a"'),
        # routes are tried in their order, what each of them matches is not
        ({"kind": "HTTPRoute", "spec": {"rules": [{"matches": [1, 2]}, {"matches": [3]}]}},
         {"kind": "HTTPRoute", "spec": {"rules": [{"matches": [2, 1]}, {"matches": [3]}]}}, "no change"),
        ({"kind": "HTTPRoute", "spec": {"rules": [{"x": 1}, {"x": 2}]}},
         {"kind": "HTTPRoute", "spec": {"rules": [{"x": 2}, {"x": 1}]}},
         "~ HTTPRoute a\n    spec.rules[0].x: 1 → 2\n    spec.rules[1].x: 2 → 1"),
        # children start one after another
        ({"kind": "Tree", "spec": {"children": [{"caixa": "a"}, {"caixa": "b"}]}},
         {"kind": "Tree", "spec": {"children": [{"caixa": "b"}, {"caixa": "a"}]}},
         '~ Tree a\n    spec.children (order): ["a", "b"] → ["b", "a"]'),
    ],
)  # fmt: skip
def test_objects_differ_by_what_they_mean(old, new, text):
    assert objects_text(diff_objects([thing(**old)], [thing(**new)])) == text


def test_objects_come_and_go_by_their_identity():
    changes = diff_objects([thing("a"), thing("b")], [thing("b"), thing("c")])
    assert objects_text(changes) == "+ Thing c\n- Thing a"


def test_an_edit_of_one_slot_is_one_slot_and_a_path_wherever_it_holds():
    new = checkout(CHECKOUT.replace('"30s"', '"20s"'))
    assert forms_text(diff_forms(checkout(), new)) == "~ politicas.timeout: 30s → 20s"
    objects = diff_objects(render(checkout(), "mesh", everyone).objects, render(new, "mesh", everyone).objects)
    routes = ("checkout-catalog.calls", "checkout-payment.calls", "checkout-cart")
    path = 'timeouts.request: "30s" → "20s"'
    changed = [f"~ HTTPRoute tatara-system/{name}\n    spec.rules[0].{path}" for name in routes]
    declared = '~ Aplicacao tatara-system/checkout\n    metadata.labels."pleme.pleme.io/package": '
    text = objects_text(objects)
    assert text.startswith("\n".join([*changed, declared]))
    assert text.endswith('    spec.politicas.timeout: "30s" → "20s"')


def test_a_member_that_moves_is_no_change_and_one_that_rises_is_one():
    membros = (
        '((:caixa "payment" :versao "^0.2") (:caixa "catalog" :versao "^0.1") (:caixa "cart" :versao "^0.1"))'
    )
    assert (
        forms_text(diff_forms(checkout(), checkout(membros=membros)))
        == "~ membros[payment].versao: ^0.1 → ^0.2"
    )


def test_a_new_package_is_all_additions_and_files_are_told_by_size():
    old = Package.from_text('(defcaixa :nome "a" :versao "0.1.0" :kind Biblioteca)', {"lib/a.lisp": b"(x)"})
    new = old.with_file("lib/a.lisp", b"(xy)").with_file("lib/b.lisp", b"")
    assert forms_text(diff_forms(old, new)) == "~ lib/a.lisp: 3 bytes → 4 bytes\n+ lib/b.lisp: 0 bytes"
    assert forms_text(diff_forms(None, old)).splitlines()[0] == "+ nome: a"


def test_helm_values_and_fleet_entries_of_one_rendering_are_told_apart():
    old, new = servico(), servico(port=9090)
    changes = diff_documents(*(documents_of(render(each, "all", everyone)) for each in (old, new)))
    assert {"lareira-hello/values.yaml", "programs/hello.yaml"} <= {change.identity.name for change in changes}


def test_a_text_among_the_files_is_told_line_by_line():
    old, new = (
        Package.from_text(f'(defcaixa :nome "a" :versao "{v}" :kind Biblioteca)') for v in ("1.0.0", "1.0.1")
    )
    (change,) = diff_documents(*(documents_of(render(each)) for each in (old, new)))
    assert change.identity.name == "flake.nix"
    text = objects_text([change])
    assert text.startswith("~ flake.nix\n    text:\n      @@ ")
    assert {line.strip()[0] for line in text.splitlines() if "1.0." in line} == {"-", "+"}


def test_changes_are_counted():
    changes = diff_objects([thing("a"), thing("b", x=1)], [thing("b", x=2), thing("c"), thing("d")])
    assert counts_text(changes) == "2 added, 1 removed, 1 changed"
    assert counts_text(()) == ""


# -- laws ---------------------------------------------------------------------------------------------------

KINDS = (
    "Thing",
    "CiliumNetworkPolicy",
    "HTTPRoute",
    "Service",
    "ComputeUnit",
    "Tree",
    "HelmRelease",
    "Deployment",
)
KEYS = ("spec", "name", "ports", "rules", "ingress", "matches", "capabilities", "children", "caixa", "programs",
        "containers", "port", "values", "a.b", "from", "upgradeFrom")  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers(-2, 3) | st.sampled_from(("a", "b", "", "a\nb", "a\nc"))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


@st.composite
def documents(draw):
    """Draw objects by identity, any values in them, lists of the paths that have rules among them."""
    found = {}
    for name in draw(st.lists(st.sampled_from("abc"), unique=True)):
        kind = draw(st.sampled_from(KINDS))
        body = draw(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4))
        found[Identity("v1", kind, "", name)] = {"kind": kind} | body
    return found


@given(documents())
@settings(max_examples=50, deadline=None)
def test_nothing_differs_from_itself(some):
    assert diff_documents(some, some) == ()


@given(documents(), documents())
@settings(max_examples=100, deadline=None)
def test_a_diff_applied_to_the_old_gives_the_new(old, new):
    changes = diff_documents(old, new)
    made = patch_documents(old, changes)
    assert diff_documents(made, new) == ()
    assert {key: meaning(each, key.kind) for key, each in made.items()} == {
        key: meaning(each, key.kind) for key, each in new.items()
    }


@given(documents(), documents())
@settings(max_examples=50, deadline=None)
def test_a_diff_is_empty_only_where_both_mean_the_same(old, new):
    same = {k: meaning(v, k.kind) for k, v in old.items()} == {k: meaning(v, k.kind) for k, v in new.items()}
    assert (diff_documents(old, new) == ()) == same


def meaning(value, kind):
    """Return a value with nothing of which `kind` says that it means nothing: written apart from the rules."""
    return _meaning(value, kind, "")


def _meaning(value, kind, path):
    if isinstance(value, dict):
        return {key: _meaning(item, kind, f"{path}.{key}") for key, item in value.items()}
    if not isinstance(value, list):
        return (type(value).__name__, value)
    items = [_meaning(item, kind, path) for item in value]
    if not is_set(kind, path):
        return items
    return sorted({json.dumps(item, sort_keys=True) for item in items})


def is_set(kind, path):
    if kind == "CiliumNetworkPolicy":
        return True
    ends = {"HTTPRoute": (".rules.matches",), "ComputeUnit": (".capabilities", ".upgradeFrom"),
            "Service": (".spec.ports",), "Deployment": (".containers", ".containers.ports", ".values"),
            "HelmRelease": (".values.programs", ".programs.capabilities", ".programs.upgradeFrom")}  # fmt: skip
    return path.endswith(ends.get(kind, ()))


@given(aplicacoes(), st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_the_objects_of_a_mesh_in_any_order_with_their_sets_in_any_order_are_the_same(caixa, chance):
    objects = manifests(caixa)
    moved = [_shuffled(each, each["kind"], "", chance) for each in objects]
    chance.shuffle(moved)
    assert diff_objects(objects, moved) == ()


def _shuffled(value, kind, path, chance):
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: _shuffled(value[key], kind, f"{path}.{key}", chance) for key in keys}
    if not isinstance(value, list):
        return value
    items = [_shuffled(item, kind, path, chance) for item in value]
    if is_set(kind, path):
        chance.shuffle(items)
    return items


@given(aplicacoes(), aplicacoes())
@settings(max_examples=25, deadline=None)
def test_the_diff_of_two_meshes_applied_to_the_first_gives_the_second(one, two):
    old, new = ({identity_of(each): each for each in manifests(caixa)} for caixa in (one, two))
    assert diff_documents(patch_documents(old, diff_documents(old, new)), new) == ()
