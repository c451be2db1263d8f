"""Diffs: what a cluster would do, and what an author changed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from mesh_strategies import aplicacoes
from render_examples import CHECKOUT, checkout, everyone

from caixa.manifest.package import Package
from caixa_renderers import render
from caixa_renderers.diff import diff_forms, diff_objects, forms_text, objects_text


def thing(name="a", **fields):
    return {"apiVersion": "v1", "kind": "Thing", "metadata": {"name": name}} | fields


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ({"x": 1}, {"x": 1}, "no change"),
        ({"x": 1}, {"x": 2}, "~ Thing a\n    x: 1 → 2"),
        ({"x": 1}, {"x": True}, "~ Thing a\n    x: 1 → true"),
        ({"x": None}, {}, "~ Thing a\n    x: null → nothing"),
        ({"x": {"y": [1, 2]}}, {"x": {"y": [2, 1]}}, "no change"),
        ({"x": {"y": [1]}}, {"x": {"y": [1, 2]}}, "~ Thing a\n    x.y[]: nothing → 2"),
        ({"args": ["a", "b"]}, {"args": ["b", "a"]},
         '~ Thing a\n    args[0]: "a" → "b"\n    args[1]: "b" → "a"'),
        ({"l": [{"name": "p", "v": 1}, {"name": "q"}]}, {"l": [{"name": "q"}, {"name": "p", "v": 2}]},
         "~ Thing a\n    l[p].v: 1 → 2"),
        ({"ingress": [{"a": 1}, {"b": 1}]}, {"ingress": [{"b": 1}, {"a": 1}]}, "no change"),
        ({"rules": [{"a": 1}, {"b": 1}]}, {"rules": [{"a": 1}, {"b": 2}]}, "~ Thing a\n    rules[1].b: 1 → 2"),
        ({"x": {"a.b/c": 1}}, {"x": {"a.b/c": 2}}, '~ Thing a\n    x."a.b/c": 1 → 2'),
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


@given(aplicacoes(), aplicacoes())
@settings(max_examples=25, deadline=None)
def test_nothing_differs_from_itself_and_every_difference_is_told(one, two):
    from caixa_renderers.mesh import manifests

    assert diff_objects(manifests(one), manifests(one)) == ()
    assert (diff_objects(manifests(one), manifests(two)) == ()) == _same(manifests(one), manifests(two))


def _same(one, two):
    def canon(value):
        if isinstance(value, dict):
            return tuple(sorted((key, canon(item)) for key, item in value.items()))
        return tuple(sorted(map(canon, value), key=repr)) if isinstance(value, list | tuple) else value

    return sorted(map(canon, one), key=repr) == sorted(map(canon, two), key=repr)
