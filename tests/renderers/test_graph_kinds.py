"""The closure of a package, the layers of a deploy, and what the policies of a mesh refuse."""

from __future__ import annotations

import pytest
from render_examples import TYPED, UNIT, checkout, everyone, servico
from test_render_graph import POOL, SUPERVISOR

from caixa.lacre.lock import Lock, LockEntry
from caixa.manifest.model import GitFonte, PathFonte
from caixa.manifest.package import Package
from caixa_renderers import Options, render
from caixa_renderers.graph import closure_graph, layers_graph, mesh_graph, to_mermaid, to_text
from caixa_renderers.graph.references import Reference, guarded_by, references


def entry(nome: str, *needs: str) -> LockEntry:
    return LockEntry(nome, "1.0.0", PathFonte(f"../{nome}"), "git:x", "blake3:y", needs)


def test_a_closure_is_what_the_lock_reaches_from_the_manifest():
    lock = Lock.of([entry("b", "c"), entry("c"), entry("a", "c"), entry("unused")])
    text = to_text(closure_graph(servico("app").caixa, ["b", "a"], lock))
    assert text.splitlines()[0] == "app 0.1.0, what it needs"
    assert text.splitlines()[2:] == [
        "  (app) ───▶ [a]",
        "  (app) ───▶ [b]",
        "  [a]   ───▶ [c]",
        "  [b]   ───▶ [c]",
    ]


def test_what_is_not_locked_and_what_goes_round_is_refused():
    graph = closure_graph(servico("app").caixa, ["a", "ghost"], Lock.of([entry("a", "b"), entry("b", "a")]))
    assert graph.cycles == (("a", "b", "a"),)
    assert {(edge.source, edge.target): edge.refused for edge in graph.edges if edge.refused} == {
        ("app", "ghost"): "ghost is not locked",
        ("a", "b"): "packages need each other in a circle",
        ("b", "a"): "packages need each other in a circle",
    }


def test_a_dependency_says_its_version_and_where_it_is_from():
    pinned = LockEntry("a", "1.0.0", GitFonte("github:o/a", tag="v1.0.0", rev="1" * 40), "git:x", "blake3:y")
    graph = closure_graph(servico("app").caixa, ["a"], Lock.of([pinned]))
    assert [node.detail for node in graph.nodes] == ["0.1.0", "1.0.0 · v1.0.0"]


def layers(package: Package, members=everyone, **options: object) -> dict[str, list[str]]:
    graph = layers_graph("g", render(package, "all", members, Options(**options)))
    labels = {node.id: node.label for node in graph.nodes}
    return {group.label: sorted(labels[node] for node in group.nodes) for group in graph.groups}


def test_policies_come_before_what_they_guard_and_routes_after_what_they_lead_to():
    at = {label: layer for layer, labels in layers(checkout()).items() for label in labels}
    assert (
        at["CiliumNetworkPolicy checkout-default-deny"] < at["ComputeUnit cart"] < at["HTTPRoute checkout-cart"]
    )
    assert at["Gateway checkout"] < at["HTTPRoute checkout-cart"]


def test_a_tree_comes_before_its_children():
    supervisor = Package.from_text(SUPERVISOR)
    pool = Package.from_text(POOL)
    found = layers(supervisor, lambda nome, versao: pool if nome == "pool" else servico(nome))
    assert found["layer 1"] == ["Tree root"]
    assert "ComputeUnit db" in found["layer 2"]


def test_flux_takes_its_source_first_and_what_nobody_renders_is_given():
    found = layers(servico(slots=TYPED), cluster="rio")
    at = {label: layer for layer, labels in found.items() for label in labels}
    assert at["GitRepository hello"] < at["HelmRelease hello"] < at["Kustomization hello"]
    graph = layers_graph("g", render(servico(), "all", everyone, Options(cluster="rio")))
    assert [node.label for node in graph.nodes if node.detail == "must be there already"] == [
        "GitRepository flux-system"
    ]


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ({"kind": "HTTPRoute", "spec": {"parentRefs": [{"name": "g", "namespace": "n"}]}},
          [("Gateway", "n", "g")]),
        ({"kind": "HTTPRoute", "metadata": {"namespace": "m"},
          "spec": {"rules": [{"backendRefs": [{"name": "s", "port": 1}]}]}}, [("Service", "m", "s")]),
        ({"kind": "Other", "metadata": {"ownerReferences": [{"kind": "Tree", "name": "t"}]}},
          [("Tree", "", "t")]),
        ({"kind": "ComputeUnit", "spec": {"serviceAccountName": "sa"}}, [("ServiceAccount", "", "sa")]),
        ({"kind": "HelmRelease", "spec": {"chart": None}}, []),
        ({"kind": "HTTPRoute", "spec": {"parentRefs": "no list"}}, []),
    ],
)  # fmt: skip
def test_references_are_where_the_kind_has_them(document, found):
    assert list(references(document)) == [Reference(*each) for each in found]


def test_a_policy_guards_whom_it_selects():
    def policy(**selector: object) -> dict[str, object]:
        return {"spec": {"endpointSelector": selector}}

    assert guarded_by(policy(matchLabels={"a": "1"}), {"a": "1", "b": "2"})
    assert not guarded_by(policy(matchLabels={"a": "1"}), {"a": "2"})
    assert guarded_by(policy(), {})
    assert not guarded_by(policy(matchExpressions=[{"key": "a", "operator": "Exists"}]), {"a": "1"})
    assert not guarded_by({"spec": {"specs": []}}, {})


def calling(*hosts: str):
    """Resolve members: cart may call `hosts`."""
    granted = "".join(f"  - http-out:{host}\n" for host in hosts)
    return lambda nome, _: servico(
        nome, unit=UNIT.format(nome=nome, port=8080) + (granted if nome == "cart" else "")
    )


def test_a_call_that_a_member_may_make_and_no_contract_declares_is_refused_by_the_policies():
    package = checkout(contratos='((:de "cart" :para "catalog" :wit "wasi:http/proxy" :endpoint "/x"))')
    graph = mesh_graph(package.caixa, members=calling("payment:8080", "catalog", "example.org"))
    (refused,) = [edge for edge in graph.edges if edge.refused]
    assert (refused.source, refused.target) == ("cart", "payment")
    assert refused.refused == "no contract lets cart call payment: the policies refuse it"
    assert to_text(graph).count("──✗─") == to_mermaid(graph).count("-.-x") == 1


def test_a_call_to_a_service_by_its_long_name_is_the_same_call():
    package = checkout(contratos='((:de "cart" :para "catalog" :wit "wasi:http/proxy" :endpoint "/x"))')
    graph = mesh_graph(package.caixa, members=calling("payment.tatara-system.svc:8080"))
    assert [edge.target for edge in graph.edges if edge.refused] == ["payment"]
