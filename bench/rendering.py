"""An edit to a manifest until its 20 objects are there: read, checked, rendered and written as YAML."""

from __future__ import annotations

import time
from collections.abc import Mapping
from itertools import count, pairwise

from harness import Row, Target, main, median

from caixa.manifest.package import Package
from caixa_renderers.rendering import render

OBJECTS = 20
NAMES = tuple(f"service-{number:02}" for number in range(1, 18))

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


def members() -> Mapping[str, Package]:
    files = {name: UNIT.format(name=name).encode() for name in NAMES}
    return {
        name: Package.from_text(servico(name), {f"servicos/{name}.computeunit.yaml": files[name]})
        for name in NAMES
    }


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
    resolved, edits = members(), count()
    render_once(next(edits), resolved)
    samples = [render_once(next(edits), resolved) for _ in range(10 if quick else 100)]
    assert {objects for _, objects in samples} == {OBJECTS}, samples[0]
    took = median([each for each, _ in samples])
    note = f"a mesh of {len(NAMES)} members, a new text each time; no other kernel does this"
    return [Row("edit to manifests, 20 objects", "ms", took, None, Target(limit=20), Target(limit=5), note)]


if __name__ == "__main__":
    main(measure)
