"""Pictures: one model, told as text, DOT and Mermaid; what was refused is marked where it is."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from mesh_strategies import aplicacoes
from render_examples import checkout, servico

from caixa.lisp.source import Source
from caixa.manifest.decode import read_manifest
from caixa.manifest.package import Package
from caixa_renderers.errors import NotASupervisor
from caixa_renderers.graph import (
    app_json,
    app_report,
    mesh_graph,
    supervision_graph,
    to_dot,
    to_mermaid,
    to_text,
)

REFUSED = """\
(defcaixa :nome "shop" :versao "0.1.0" :kind Aplicacao
  :membros ((:caixa "catalog" :versao "^0.1") (:caixa "cart" :versao "^0.1")
            (:caixa "payment" :versao "^0.2") (:caixa "lonely" :versao "*"))
  :contratos ((:de "cart" :para "catalog" :wit "wasi:http/proxy" :endpoint "/products/:id")
              (:de "catalog" :para "cart" :wit "kv:store" :slot "s")
              (:de "cart" :para "payment" :wit "nats:pub-sub" :subject "orders.charged")
              (:de "cart" :para "ghost" :wit "wasi:http/proxy" :endpoint "/x")
              (:de "payment" :para "catalog" :wit "wasi:http/proxy" :subject "no"))
  :politicas (:timeout "30s" :retries 3)
  :placement (:estrategia Sharded :shard-key "$tenant" :clusters ("rio" "mar"))
  :entrada (:host "shop.quero.cloud" :para "cart" :paths ("/api/cart" "/")))"""

REFUSED_TEXT = """\
shop 0.1.0
  Sharded by $tenant on rio, mar: catalog, cart, payment, lonely
  timeout 30s · 3 retries
  <shop.quero.cloud> ═══▶ [cart]     /api/cart, / :8080
  [cart]             ──✗─ [catalog]  wasi:http/proxy /products/:id
                          refused: calls go round in a circle: cart → catalog → cart
  [catalog]          ──✗─ [cart]     kv:store s
                          refused: calls go round in a circle: cart → catalog → cart
  [cart]             ╌╌╌▶ [payment]  nats:pub-sub orders.charged
  [cart]             ──✗─ ?ghost?    wasi:http/proxy /x
                          refused: "ghost" is not a member
  [payment]          ──✗─ [catalog]  wasi:http/proxy
                          refused: a wasi:http/proxy contract has no :subject
  [lonely]"""

SUPERVISOR = """\
(defcaixa :nome "root" :versao "0.1.0" :kind Supervisor :estrategia RestForOne :max-restarts 3
  :restart-window "60s"
  :children ((:caixa "db" :versao "^1") (:caixa "pool" :versao "^1" :restart Transient)
             (:caixa "web" :versao "^2")))"""
POOL = """\
(defcaixa :nome "pool" :versao "1.0.0" :kind Supervisor
  :children ((:caixa "worker" :versao "^1") (:caixa "root" :versao "^0.1" :restart Temporary)))"""

REPORT = """\
Aplicacao checkout v0.1.0
  placement: Replicated on clusters ["rio", "mar"]
  membros (3):
    - catalog ^0.1
    - cart ^0.1
    - payment ^0.1
  contratos (2):
    - cart → catalog  via wasi:http/proxy  [endpoint=/products/:id]
    - cart → payment  via wasi:http/proxy  [endpoint=/charge]
  entrada: checkout.quero.cloud → cart (paths=["/api/cart"], port=8080)"""


def refused_graph():
    reading = read_manifest(Source("cell 1", REFUSED))
    return mesh_graph(reading.caixa, reading.diagnostics, reading.span_of)


def test_a_mesh_is_told_as_text():
    assert to_text(mesh_graph(checkout().caixa)) == (
        "checkout 0.1.0\n"
        "  Replicated on rio, mar: catalog, cart, payment\n"
        "  timeout 30s · 3 retries · mTLS\n"
        "  <checkout.quero.cloud> ═══▶ [cart]     /api/cart :8080\n"
        "  [cart]                 ───▶ [catalog]  wasi:http/proxy /products/:id\n"
        "  [cart]                 ───▶ [payment]  wasi:http/proxy /charge"
    )


def test_a_refused_mesh_is_drawn_and_marked_where_it_is_refused():
    assert to_text(refused_graph()) == REFUSED_TEXT


def test_cycles_and_strangers_are_marked_without_being_told_of_them():
    caixa = read_manifest(Source("cell 1", REFUSED)).caixa
    marked = {(edge.source, edge.target) for edge in mesh_graph(caixa).edges if edge.refused}
    assert marked == {("cart", "catalog"), ("catalog", "cart"), ("cart", "ghost"), ("payment", "catalog")}


def test_a_supervisor_is_a_tree_and_a_loop_in_it_is_refused():
    pool = Package.from_text(POOL)
    graph = supervision_graph(
        Package.from_text(SUPERVISOR).caixa, lambda nome, _: pool if nome == "pool" else None
    )
    assert to_text(graph) == (
        "root 0.1.0\n"
        "  (root)  RestForOne, 3 restarts in 1m\n"
        "  ├─ 1. [db]  ^1\n"
        "  ├─ 2. Transient (pool)  OneForOne, 5 restarts\n"
        "  │  ├─ 1. [worker]  ^1\n"
        "  │  └─ 2. Temporary [root]  ^0.1  refused: root would start itself\n"
        "  └─ 3. [web]  ^2"
    )


def test_only_a_supervisor_has_a_tree():
    with pytest.raises(NotASupervisor):
        supervision_graph(servico().caixa)


def test_the_report_has_its_published_shape():
    assert app_report(checkout().caixa) == REPORT


def test_a_mesh_without_an_entrance_says_that_it_is_internal():
    entrada = checkout().caixa.entrada
    text = checkout().manifest.text.replace("\n  :entrada (", ")").split(':host "')[0]
    assert entrada is not None
    assert app_report(Package.from_text(text).caixa).endswith("entrada: none (internal only)")


def test_the_report_as_json_names_every_slot():
    data = app_json(checkout().caixa)
    assert list(data) == ["membros", "contratos", "politicas", "placement", "entrada"]
    assert data["membros"][0] == {"caixa": "catalog", "versao": "^0.1"}


def test_a_circle_is_a_closed_path_whose_steps_are_numbered():
    graph = refused_graph()
    assert graph.cycles == (("cart", "catalog", "cart"),)
    assert graph.steps() == {("cart", "catalog"): (1, 2), ("catalog", "cart"): (2, 2)}
    source = to_dot(graph)
    steps = [line for line in source.splitlines() if "step" in line]
    assert [("step 1 of 2" in line, "step 2 of 2" in line) for line in steps] == [(True, False), (False, True)]
    assert all("style=solid" in line and "penwidth=2.8" in line for line in steps)
    assert "✗ circle: cart → catalog → cart" in source
    assert "linkStyle 1,2 stroke:#BF616A,stroke-width:3px" in to_mermaid(graph)


def test_refused_edges_are_dashed_red_in_dot():
    lines = to_dot(refused_graph()).splitlines()
    ghost = next(line for line in lines if "is not a member" in line and "->" in line)
    assert 'color="#BF616A"' in ghost
    assert "style=dashed" in ghost


def test_members_stand_in_the_frame_of_their_placement():
    source = to_dot(mesh_graph(checkout().caixa))
    frame = source[source.index("subgraph cluster_0") : source.index("}")]
    assert 'label="Replicated on rio, mar"' in frame
    assert frame.count("fillcolor=\"#5E81AC\"") == 3  # fmt: skip


@pytest.mark.parametrize(
    "text", ['<b>"x"</b>', r"back\nslash", "<html>", "a\nb\tc", "é ✗", "]; evil [", "a:b:c"]
)
def test_no_text_of_a_manifest_is_markup(text):
    escaped = json.dumps(text, ensure_ascii=False)
    source = REFUSED.replace('"orders.charged"', escaped).replace('"$tenant"', escaped)
    graph = mesh_graph(read_manifest(Source("cell 1", source)).caixa)
    dot = to_dot(graph)
    assert "label=<" not in dot
    assert dot.count("\n") == to_dot(refused_graph()).count("\n")
    assert "<b>" not in to_mermaid(graph)
    assert len(to_text(graph).splitlines()) == len(REFUSED_TEXT.splitlines())


def test_mermaid_marks_refusals():
    assert to_mermaid(refused_graph()).count("-.-x") == 4


@given(aplicacoes())
@settings(max_examples=40, deadline=None)
def test_any_mesh_is_drawn_with_one_edge_for_each_contract(caixa):
    graph = mesh_graph(caixa)
    assert len(graph.edges) == len(caixa.contratos) + (caixa.entrada is not None)
    assert not graph.refusals
    assert to_dot(graph).count(" -> ") >= len(graph.edges)
    json.dumps(graph.to_json())
