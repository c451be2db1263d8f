"""Pictures are right, the same every time, and quick once the module is compiled."""

from __future__ import annotations

import re
import threading
import time
from xml.etree import ElementTree

import pytest

from caixa.runtime.engine import Engine
from caixa.runtime.errors import Interrupted, InvalidGraph

MESH = 'digraph mesh { rankdir=LR; "catálogo" -> "pagamento" [label="POST /v1"]; "pagamento" -> "日本" }'


def titles(svg: str) -> list[str]:
    return [each.text or "" for each in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}title")]


def test_a_graph_is_drawn_with_its_labels_right(engine: Engine) -> None:
    svg = engine.svg(MESH)
    assert titles(svg) == ["mesh", "catálogo", "pagamento", "catálogo->pagamento", "日本", "pagamento->日本"]
    assert "POST /v1" in svg


@pytest.mark.parametrize("layout", ["circo", "dot", "fdp", "neato", "osage", "patchwork", "sfdp", "twopi"])
def test_every_layout_draws(engine: Engine, layout: str) -> None:
    assert "日本" in engine.svg(MESH, layout)


def test_the_same_graph_gives_the_same_bytes_whatever_was_drawn_before_and_in_which_process(
    engine: Engine,
) -> None:
    first = engine.svg(MESH)
    engine.svg("digraph { a -> b }", "neato")
    with pytest.raises(InvalidGraph):
        engine.svg("digraph {")
    assert engine.svg(MESH) == first
    other = Engine()
    assert other.svg(MESH) == first
    other.close()


@pytest.mark.parametrize(
    "dot", ["", "digraph {", "graph { a -> b }", "not a graph", "digraph { a ] }", "digraph {\0}"]
)
def test_text_that_is_no_graph_is_one_clear_error(engine: Engine, dot: str) -> None:
    with pytest.raises(InvalidGraph, match="Graphviz cannot draw this graph"):
        engine.svg(dot)
    assert engine.svg("digraph { a }")


def test_an_unknown_layout_is_told_which_there_are(engine: Engine) -> None:
    with pytest.raises(InvalidGraph, match="no layout `tree`; there are circo, dot"):
        engine.svg("digraph {}", "tree")


def test_half_a_surrogate_does_not_break_the_channel(engine: Engine) -> None:
    assert "<svg" in engine.svg('digraph { "a\ud800b" }')


def test_threads_may_draw_at_once(engine: Engine) -> None:
    drawn: dict[int, list[str]] = {}

    def draw(number: int) -> None:
        drawn[number] = titles(engine.svg(f"digraph {{ n{number} }}"))

    threads = [threading.Thread(target=draw, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(f"n{number}" in titles for number, titles in drawn.items())
    assert len(drawn) == 8


def test_stop_ends_a_layout(engine: Engine) -> None:
    engine.svg("digraph {}")
    huge = (
        "digraph {"
        + ";".join(f"a{n} -> a{n * 7919 % 1500}; a{n} -> a{n * 31 % 1500}" for n in range(1500))
        + "}"
    )
    timer = threading.Timer(0.15, engine.interrupt)
    timer.start()
    with pytest.raises(Interrupted):
        engine.svg(huge)
    timer.join()
    assert engine.svg("digraph { a }")


def test_the_first_picture_of_a_process_takes_its_code_from_the_cache(engine: Engine) -> None:
    engine.svg("digraph { a -> b }")
    other = Engine()
    other.wat("(module)")
    start = time.perf_counter()
    other.svg("digraph { a -> b }")
    took = time.perf_counter() - start
    other.close()
    # 45 ms on a quiet machine; compiling takes 1.2 s.
    assert took < 0.5


def test_a_picture_names_no_clock_and_no_machine(engine: Engine) -> None:
    comments = re.findall(r"<!--(.*?)-->", engine.svg("digraph { a }"), re.DOTALL)
    assert len(comments) <= 4
