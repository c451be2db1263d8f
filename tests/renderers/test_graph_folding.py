"""Large pictures: every node is somewhere, what is refused stays in sight, and sums are right."""

from __future__ import annotations

from dataclasses import replace

import pytest
from graph_examples import FAMILIES, mesh
from hypothesis import given, settings
from hypothesis import strategies as st

from caixa.manifest.model import Contrato
from caixa_renderers.graph import Edge, EdgeKind, Graph, Group, Node, NodeKind, fold, mesh_graph, to_text
from caixa_renderers.graph.clusters import clusters, depths
from caixa_renderers.graph.folding import bundled

IDS = [f"n{number}" for number in range(12)]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Return any graph: loops, parallel edges, refused ones and frames among them."""
    ids = draw(st.lists(st.sampled_from(IDS), min_size=1, unique=True))
    labels = draw(st.lists(st.sampled_from(("a-x", "a-y", "b-x", "c")), min_size=len(ids), max_size=len(ids)))
    nodes = tuple(Node(each, label, NodeKind.MEMBER) for each, label in zip(ids, labels, strict=True))
    ends, kinds = st.sampled_from(ids), st.sampled_from((EdgeKind.HTTP, EdgeKind.PUBSUB))
    refused = st.sampled_from((None, None, None, "no"))
    edges = draw(st.lists(st.builds(Edge, ends, ends, kinds, st.just("/x"), refused), max_size=30))
    groups = draw(st.sampled_from(((), (Group("all", tuple(ids)),))))
    return Graph("g", nodes, tuple(edges), groups)


@given(graphs(), st.integers(2, 12))
@settings(max_examples=200, deadline=None)
def test_every_node_is_in_the_overview_or_in_one_part(graph, most):
    folded = fold(graph, most)
    shown = [node.id for node in folded.overview.nodes if node.kind is not NodeKind.CLUSTER]
    inside = [node.id for part in folded.parts for node in part.graph.nodes]
    assert sorted(shown + inside) == sorted(node.id for node in graph.nodes)


@given(graphs(), st.integers(2, 12))
@settings(max_examples=200, deadline=None)
def test_every_edge_is_counted_once(graph, most):
    folded = fold(graph, most)
    counted = sum(edge.count for edge in folded.overview.edges)
    counted += sum(edge.count for part in folded.parts for edge in part.graph.edges)
    assert counted == len(graph.edges)


@given(graphs(), st.integers(2, 12))
@settings(max_examples=100, deadline=None)
def test_every_edge_joins_nodes_that_are_there(graph, most):
    folded = fold(graph, most)
    for each in (folded.overview, *(part.graph for part in folded.parts)):
        ids = {node.id for node in each.nodes}
        assert {end for edge in each.edges for end in (edge.source, edge.target)} <= ids
        assert {node for group in each.groups for node in group.nodes} <= ids


@given(graphs(), st.integers(2, 12))
@settings(max_examples=100, deadline=None)
def test_clusters_do_not_overlap_and_are_small_enough(graph, most):
    found = clusters(graph, most)
    nodes = [node for group in found for node in group.nodes]
    assert len(nodes) == len(set(nodes))
    assert all(1 < len(group.nodes) <= most for group in found)


@given(graphs())
@settings(max_examples=100, deadline=None)
def test_bundles_lose_no_edge_and_no_refusal(graph):
    many = replace(graph, edges=graph.edges * 9)
    drawn = bundled(many)
    assert sum(edge.count for edge in drawn.edges) == len(many.edges)
    assert set(drawn.refusals) == set(many.refusals)


def test_depths_are_the_longest_ways_and_a_circle_begins_somewhere():
    pairs = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "b")]
    assert depths("abcd", pairs) == {"a": 0, "b": 1, "c": 2, "d": 0}
    assert depths("xy", [("x", "y"), ("y", "x"), ("x", "x")]) == {"x": 0, "y": 1}


@pytest.mark.parametrize("size", [5, 50])
def test_what_can_be_read_whole_is_drawn_whole(size):
    graph = mesh_graph(mesh(size))
    assert fold(graph).parts == ()
    assert fold(graph).overview.nodes == graph.nodes


def test_members_fold_into_families_by_the_beginning_of_their_names():
    folded = fold(mesh_graph(mesh(500, families=True)))
    lines = to_text(folded.overview).splitlines()
    assert lines[1] == f"  Replicated on rio, mar: {', '.join(FAMILIES)}"
    assert lines[2] == "  <shop.quero.cloud> ═══▶ [[billing]]   / :8080"
    assert [part.label for part in folded.parts][:3] == ["billing", "cart", "catalog"]
    assert {len(part.graph.nodes) for part in folded.parts} == {50}


def test_members_without_families_fold_into_layers():
    folded = fold(mesh_graph(mesh(500)))
    assert all(part.label.startswith("layer") for part in folded.parts)
    assert len(folded.overview.nodes) < 20


def test_what_is_refused_stays_in_sight_among_five_hundred():
    caixa = mesh(500, families=True)
    one, two, three = (caixa.membros[at].caixa for at in (3, 120, 260))
    circle = [(one, two), (two, three), (three, one)]
    calls = tuple(Contrato(de, para, "wasi:http/proxy", endpoint="/x") for de, para in circle)
    graph = mesh_graph(replace(caixa, contratos=caixa.contratos + calls))
    overview = fold(graph).overview
    assert {one, two, three} <= {node.id for node in overview.nodes}
    assert {(edge.source, edge.target) for edge in overview.edges if edge.refused} >= set(circle)
    assert overview.cycles == graph.cycles


def test_a_node_of_a_part_says_how_many_edges_leave_the_part():
    nodes = tuple(Node(each, each, NodeKind.MEMBER) for each in ("a-1", "a-2", "b-1", "b-2"))
    ends = [("a-1", "a-2"), ("a-1", "b-1"), ("a-1", "b-2"), ("b-1", "a-1")]
    graph = Graph("g", nodes, tuple(Edge(*pair, EdgeKind.HTTP) for pair in ends))
    folded = fold(graph, 2)
    assert [(part.label, [(n.label, n.badges) for n in part.graph.nodes]) for part in folded.parts] == [
        ("a", [("a-1", ("1 in · 2 out",)), ("a-2", ())]),
        ("b", [("b-1", ("1 in · 1 out",)), ("b-2", ("1 in",))]),
    ]
    (edge,) = folded.overview.edges
    assert (edge.label, edge.count, edge.is_mutual) == ("2 http; back 1 http", 3, True)


def test_a_tree_folds_into_each_supervisor_with_its_own():
    nodes = (Node("r", "root", NodeKind.SUPERVISOR), Node("r/p", "pool", NodeKind.SUPERVISOR))
    nodes += tuple(Node(f"r/p/{n}", f"w{n}", NodeKind.CHILD) for n in range(4))
    nodes += tuple(Node(f"r/{n}", f"c{n}", NodeKind.CHILD) for n in range(3))
    pairs = [("r", "r/p"), *(("r/p", f"r/p/{n}") for n in range(4)), *(("r", f"r/{n}") for n in range(3))]
    edges = tuple(Edge(*pair, EdgeKind.SUPERVISION, str(n)) for n, pair in enumerate(pairs, 1))
    folded = fold(Graph("g", nodes, edges), 6)
    assert [(part.label, len(part.graph.nodes)) for part in folded.parts] == [("pool", 5), ("root", 4)]
    assert [(edge.source, edge.target) for edge in folded.overview.edges] == [("cluster:1", "cluster:0")]
