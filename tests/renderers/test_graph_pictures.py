"""SVG and HTML: the same bytes anywhere, a title on every part, nothing that a manifest says as markup."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from graph_examples import mesh
from render_examples import checkout
from test_render_graph import refused_graph

from caixa.manifest.model import Contrato
from caixa.runtime.engine import Engine
from caixa_renderers.graph import Edge, EdgeKind, Graph, Node, NodeKind, fold, mesh_graph, to_html, to_svg

HERE = Path(__file__).parent
SVG = "{http://www.w3.org/2000/svg}"
EVIL = "<script>alert(1)</script>\"'&]]> --> \x1b </style>"


@pytest.fixture(scope="module")
def draw(tmp_path_factory) -> Callable[[str], str]:
    engine = Engine()
    yield engine.svg
    engine.close()


def parts(svg: str, kind: str) -> list[ElementTree.Element]:
    groups = ElementTree.fromstring(svg).iter(f"{SVG}g")
    return [group for group in groups if group.get("class", "").split()[:1] == [kind]]


class Page(HTMLParser):
    """The elements of a page in order, with their attributes; refuses an end without its start."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in ("img", "input", "meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.scripts.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def test_every_node_and_edge_is_drawn_and_says_what_it_is(draw):
    graph = refused_graph()
    svg = to_svg(graph, draw)
    nodes, edges = parts(svg, "node"), parts(svg, "edge")
    assert [len(nodes), len(edges)] == [len(graph.nodes), len(graph.edges)]
    titles = {edge.get("id"): edge.findtext(f"{SVG}title") for edge in edges}
    assert titles["e1"] == (
        "cart → catalog: wasi:http/proxy /products/:id "
        "(refused: calls go round in a circle: cart → catalog → cart)"
    )
    assert "circle" in next(edge.get("class") for edge in edges if edge.get("id") == "e1")
    assert {node.findtext(f"{SVG}title") for node in nodes} >= {
        "cart ^0.1",
        "ghost (refused: ghost is not a member)",
    }


def test_an_edge_says_which_nodes_it_joins(draw):
    (edge,) = parts(to_svg(Graph("g", (node("a"), node("b")), (Edge("a", "b", EdgeKind.HTTP),)), draw), "edge")
    assert (edge.get("data-from"), edge.get("data-to")) == ("n0", "n1")


def test_a_picture_is_the_same_bytes_in_any_process(tmp_path, draw):
    """Another engine, another process, another hash seed."""
    code = (
        "import hashlib, sys; from render_examples import checkout; from caixa.runtime.engine import Engine;"
        "from caixa_renderers.graph import mesh_graph, to_svg, to_html; engine = Engine();"
        "g = mesh_graph(checkout().caixa); text = to_svg(g, engine.svg) + to_html(g, engine.svg);"
        "engine.close(); print(hashlib.sha256(text.encode()).hexdigest())"
    )
    graph = mesh_graph(checkout().caixa)
    here = hashlib.sha256((to_svg(graph, draw) + to_html(graph, draw)).encode()).hexdigest()
    for seed in ("1", "2"):
        ran = subprocess.run(
            [sys.executable, "-c", code], cwd=HERE, capture_output=True, text=True, check=True,
            env={"PYTHONHASHSEED": seed, "PATH": "", "HOME": str(tmp_path), "PYTHONPATH": str(HERE)},
        )  # fmt: skip
        assert ran.stdout.strip() == here


def node(label: str, **rest: object) -> Node:
    return Node(label, label, NodeKind.MEMBER, **rest)


def test_nothing_that_a_manifest_says_is_markup(draw):
    graph = Graph(
        EVIL, (node(EVIL, detail=EVIL, refused=EVIL), node("b")), (Edge(EVIL, "b", EdgeKind.HTTP, EVIL, EVIL),)
    )
    page = Page(to_html(graph, draw))
    assert [len(page.all("script")), len(page.all("style"))] == [1, 2]
    assert "alert(1)" not in page.scripts[0]
    assert "alert(1)" in "".join(ElementTree.fromstring(to_svg(graph, draw)).itertext())
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]


def test_a_page_asks_the_network_for_nothing(draw):
    page = Page(to_html(mesh_graph(checkout().caixa), draw))
    assert all(img["src"].startswith("data:image/svg+xml;base64,") for img in page.all("img"))
    assert not page.all("link")
    assert not [attributes for attributes in page.all("script") if attributes]
    assert "://" not in page.scripts[0].replace("http://www.w3.org", "")


def test_a_page_reads_without_script(draw):
    page = Page(to_html(refused_graph(), draw))
    (picture,) = page.all("img")
    assert picture["alt"].startswith("shop 0.1.0\n")
    assert not page.all("input")  # six nodes are looked over at once
    large = Page(to_html(mesh_graph(mesh(20)), draw))
    (field,) = [attributes for attributes in large.all("p") if attributes.get("class") == "cx-search"]
    assert "hidden" in field
    assert len(page.all("tr")) == 1 + len(refused_graph().nodes)
    assert page.all("section")[0]["aria-label"] == "graph of shop 0.1.0"


def test_each_cluster_that_is_folded_has_its_own_picture_below(draw):
    graph = mesh_graph(mesh(120, families=True))
    page = Page(to_html(graph, draw))
    folded = fold(graph)
    targets = [attributes["data-part"] for attributes in page.all("details") if "data-part" in attributes]
    numbers = [f"n{at}" for at, each in enumerate(folded.overview.nodes) if each.kind is NodeKind.CLUSTER]
    assert sorted(targets) == sorted(numbers)
    assert len(page.all("img")) == 1 + len(folded.parts)
    assert all(len(img["alt"]) < 3000 for img in page.all("img"))


@pytest.mark.parametrize(("calls", "straight"), [(0, False), (200, True)])
def test_edges_are_curves_until_they_are_a_crowd(draw, calls, straight):
    caixa = mesh(50)
    more = (Contrato(f"m{n % 25:03}", f"m{25 + n // 25:03}", "a:b/c", slot=f"s{n}") for n in range(calls))
    overview = fold(mesh_graph(replace(caixa, contratos=(*caixa.contratos, *more)))).overview
    assert overview.is_crowded is straight
    assert len(parts(to_svg(overview, draw), "node")) == len(overview.nodes)
