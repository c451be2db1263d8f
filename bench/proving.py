"""Everything that is proved of a mesh of 50 members, by calls that each declare what they need."""

from __future__ import annotations

import time

from harness import Row, Target, main, median

from caixa.manifest.package import Package
from caixa_renderers.proofs import Standing, prove

SIZES = (25, 50, 100)
NEXT = 3  # members that each member calls

UNIT = """apiVersion: wasm.pleme.io/v1alpha1
kind: ComputeUnit
metadata: {{name: {name}}}
spec:
  module: {{source: "oci://ghcr.io/example/{name}:0.1.0"}}
  trigger: {{service: {{port: 8080, paths: ["/"]}}}}
  capabilities: [{tokens}]
"""


def member(name: str, called: list[str]) -> Package:
    tokens = ", ".join(f'"{token}"' for token in ["http-in:0.0.0.0:8080", *(f"http-out:{to}" for to in called)])
    text = (
        f'(defcaixa :nome "{name}" :versao "0.1.0" :kind Servico :limits (:memory "64MiB" :wall-clock "30s") '
        f':servicos ("servicos/{name}.computeunit.yaml"))'
    )
    return Package.from_text(
        text, {f"servicos/{name}.computeunit.yaml": UNIT.format(name=name, tokens=tokens).encode()}
    )


def mesh(size: int) -> tuple[Package, dict[str, Package]]:
    """A mesh with every policy, and its members."""
    names = [f"m{number:03}" for number in range(size)]
    called = {name: names[at + 1 : at + 1 + NEXT] for at, name in enumerate(names)}
    membros = " ".join(f'(:caixa "{name}" :versao "^0.1")' for name in names)
    contratos = " ".join(
        f'(:de "{de}" :para "{para}" :wit "wasi:http/proxy" :endpoint "/{para}/:id")'
        for de in names
        for para in called[de]
    )
    text = (
        f'(defcaixa :nome "big" :versao "0.1.0" :kind Aplicacao :membros ({membros}) :contratos ({contratos}) '
        ':politicas (:timeout "3s" :retries 2 :circuit-breaker (:max-failures 5 :window "60s") '
        ':mtls-required #t :rate-limit "5/s") :placement (:estrategia Replicated :clusters ("rio")) '
        f':entrada (:host "x.example" :para "{names[0]}" :port 8080))'
    )
    return Package.from_text(text), {name: member(name, called[name]) for name in names}


def seconds(size: int) -> float:
    package, members = mesh(size)
    begun = time.perf_counter()
    report = prove(package, lambda nome, _: members.get(nome))
    took = time.perf_counter() - begun
    unproved = {each.name for each in report.proofs if each.standing is not Standing.PROVED}
    assert unproved == {"types"}, unproved  # WIT says nothing of what an HTTP body holds
    return took


def measure(*, quick: bool) -> list[Row]:
    seconds(5)
    times = {size: median([seconds(size) for _ in range(1 if quick else 5)]) for size in SIZES}
    curve = ", ".join(f"{size}: {took:.2f} s" for size, took in times.items())
    note = f"seven claims with certificates, all policies set; by members: {curve}"
    return [
        Row("proofs of a mesh of 50 members", "s", times[50], None, Target(limit=1), Target(limit=0.5), note)
    ]


if __name__ == "__main__":
    main(measure)
