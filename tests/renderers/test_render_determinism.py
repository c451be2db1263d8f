"""The same package is the same bytes in any process, and twice the mesh is twice the work."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from render_examples import checkout, servico

from caixa_renderers import render

PROGRAM = """
import hashlib, sys
sys.path.insert(0, sys.argv[1])
from render_examples import TYPED, checkout, everyone, servico
from caixa_renderers import Options, render
from caixa.manifest.package import Package
from caixa_renderers.crds import render as definitions
from caixa_renderers.graph import mesh_graph, to_dot, to_mermaid, to_text
graph = mesh_graph(checkout().caixa)
limited = checkout(politicas='(:rate-limit "9/s" :circuit-breaker (:max-failures 1 :window "1s"))',
                   placement='(:estrategia Sharded :shard-key "k" :clusters ("rio" "mar"))')
texts = [artifact.path + artifact.text for package in (checkout(), limited, servico(slots=TYPED))
         for artifact in render(package, "all", everyone, Options(cluster="rio")).artifacts]
others = ("Supervisor :children ((:caixa \\"a\\" :versao \\"*\\"))", "Binario :exe (\\"exe/a.lisp\\")")
for kind in others:
    package = Package.from_text(f'(defcaixa :nome "x" :versao "0.1.0" :kind {kind})')
    texts += [artifact.text for artifact in render(package, "all", everyone).artifacts]
texts += [artifact.text for artifact in definitions().artifacts]
texts += [finding.message for finding in render(checkout(), "all", everyone).findings]
print(hashlib.sha256("".join([*texts, to_dot(graph), to_text(graph), to_mermaid(graph)]).encode()).hexdigest())
"""


def test_two_processes_with_other_hash_seeds_write_the_same_bytes():
    here = str(Path(__file__).parent)
    seen = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM, here],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "4242")
    }
    assert len(seen) == 1


def test_importing_the_renderers_imports_no_slow_library():
    program = "import sys, caixa_renderers, caixa_renderers.graph; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"yaml", "ruamel.yaml", "graphviz", "jsonschema", "wasmtime", "IPython"} & set(loaded)


def large(size):
    """A mesh in which each member calls the next few, and its members."""
    names = [f"m{number}" for number in range(size)]
    membros = " ".join(f'(:caixa "{name}" :versao "^0.1")' for name in names)
    contratos = " ".join(
        f'(:de "{de}" :para "{para}" :wit "wasi:http/proxy" :endpoint "/{de}/:id")'
        for number, de in enumerate(names)
        for para in names[number + 1 : number + 6]
    )
    entrada = '(:host "a.b" :para "m0" :paths ("/") :port 8080)'
    mesh = checkout(membros=f"({membros})", contratos=f"({contratos})", entrada=entrada)
    return mesh, {name: servico(name) for name in names}


def calls_to_render(size):
    """How many calls of functions rendering such a mesh takes: what a clock would say, but always the same."""
    mesh, packages = large(size)
    made = 0

    def count(_frame, event, _argument):
        nonlocal made
        made += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        rendering = render(mesh, "all", lambda nome, _: packages[nome])
    finally:
        sys.setprofile(before)
    assert len(rendering.objects) > 5 * size
    return made


def test_a_mesh_takes_work_in_proportion_to_its_size():
    calls_to_render(10)  # what is done once only
    assert calls_to_render(80) < 2.5 * calls_to_render(40)  # 2 where growth is linear, 4 where it is square
