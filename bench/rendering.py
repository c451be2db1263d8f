"""An edit until its 20 objects are there, read, checked, rendered, written; and a mesh of 1,000 members."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from itertools import count, pairwise

from harness import Row, Target, main, median

from caixa.manifest.package import Package
from caixa_renderers.rendering import render

OBJECTS = 20
NAMES = tuple(f"service-{number:02}" for number in range(1, 7))
SIZES = (125, 250, 500, 1000)
CALLED = 5  # members that each member of a large mesh calls

UNIT = """apiVersion: wasm.pleme.io/v1alpha1
kind: ComputeUnit
metadata: {{name: {name}}}
spec:
  module: {{source: "oci://ghcr.io/example/{name}:0.1.0"}}
  trigger: {{service: {{port: 8080, paths: ["/"]}}}}
"""


def servico(name: str) -> str:
    return (
        f'(defcaixa :nome "{name}" :versao "0.1.0" :kind Servico :descricao "One member." '
        f':servicos ("servicos/{name}.computeunit.yaml") :limits (:memory "64MiB" :wall-clock "30s"))'
    )


def aplicacao(edit: int) -> str:
    """A mesh of the members in a row; each edit changes a timeout."""
    membros = " ".join(f'(:caixa "{name}" :versao "^0.1")' for name in NAMES)
    contratos = " ".join(
        f'(:de "{one}" :para "{two}" :wit "wasi:http/proxy" :endpoint "/{two}/v1")'
        for one, two in pairwise(NAMES)
    )
    return (
        f'(defcaixa :nome "checkout" :versao "0.1.0" :kind Aplicacao :descricao "A shop." :membros ({membros}) '
        f':contratos ({contratos}) :politicas (:timeout "{edit % 50 + 1}s" :retries 3 :mtls-required #t) '
        f':placement (:estrategia Replicated :clusters ("rio")) '
        f':entrada (:host "shop.example" :para "service-01"))'
    )


def members(names: Sequence[str]) -> Mapping[str, Package]:
    return {
        name: Package.from_text(
            servico(name), {f"servicos/{name}.computeunit.yaml": UNIT.format(name=name).encode()}
        )
        for name in names
    }


def large(size: int) -> str:
    """A mesh of `size` members, each of which calls the next few, and about five times as many contracts."""
    names = [f"service-{number}" for number in range(size)]
    membros = " ".join(f'(:caixa "{name}" :versao "^0.1")' for name in names)
    contratos = " ".join(
        f'(:de "{name}" :para "{callee}" :wit "wasi:http/proxy" :endpoint "/{name}/:id")'
        for number, name in enumerate(names)
        for callee in names[number + 1 : number + 1 + CALLED]
    )
    return (
        f'(defcaixa :nome "large" :versao "0.1.0" :kind Aplicacao :membros ({membros}) '
        f":contratos ({contratos}) "
        f':politicas (:timeout "5s" :retries 3 :mtls-required #t) :placement (:clusters ("rio")) '
        f':entrada (:host "shop.example" :para "service-0"))'
    )


def render_large(size: int) -> tuple[float, int]:
    """Seconds to all manifests and entries of a large mesh as YAML, and how many contracts it has."""
    package = Package.from_text(large(size))
    resolved = members([membro.caixa for membro in package.caixa.membros])
    begun = time.perf_counter()
    rendering = render(package, "all", lambda nome, _: resolved.get(nome))
    took = time.perf_counter() - begun
    assert rendering.artifacts, "nothing was rendered"
    return took, len(package.caixa.contratos)


def render_once(edit: int, resolved: Mapping[str, Package]) -> tuple[float, int]:
    """Milliseconds from the edited text to the YAML of all objects, and how many objects there are."""
    text = aplicacao(edit)
    begun = time.perf_counter()
    rendering = render(Package.from_text(text), "mesh", lambda nome, _: resolved.get(nome))
    size = sum(len(artifact.text) for artifact in rendering.artifacts)
    took = (time.perf_counter() - begun) * 1000
    assert size, "nothing was rendered"
    return took, sum(len(artifact.objects) for artifact in rendering.artifacts)


def measure(*, quick: bool) -> list[Row]:
    resolved, edits = members(NAMES), count()
    render_once(next(edits), resolved)
    samples = [render_once(next(edits), resolved) for _ in range(10 if quick else 100)]
    assert all(objects >= OBJECTS for _, objects in samples), samples[0]
    took = median([each for each, _ in samples])
    note = f"a mesh of {len(NAMES)} members, a new text each time; no other kernel does this"
    edited = Row("edit to manifests, 20 objects", "ms", took, None, Target(limit=20), Target(limit=5), note)
    return [edited, measure_large(quick=quick)]


def measure_large(*, quick: bool) -> Row:
    """The largest mesh, with the curve that leads to it in the note."""
    best = {size: min(render_large(size) for _ in range(1 if quick else 3)) for size in SIZES}
    curve = ", ".join(f"{size}: {took:.2f} s" for size, (took, _) in best.items())
    took, contracts = best[SIZES[-1]]
    note = (
        f"{contracts} contracts, by members: {curve}; every object and entry as YAML, no other kernel does this"
    )
    return Row(f"a mesh of {SIZES[-1]} members", "s", took, None, Target(limit=3), Target(limit=1), note)


if __name__ == "__main__":
    main(measure)
