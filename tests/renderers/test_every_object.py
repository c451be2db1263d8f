"""Whatever a package says, each object that any renderer makes of it is one that a strict cluster takes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mesh_strategies import aplicacoes
from render_examples import everyone
from servico_strategies import servicos
from strict_schemas import is_object, refusals

from caixa.lisp.source import Source
from caixa.manifest.canonical import to_lisp
from caixa.manifest.decode import read_manifest
from caixa.manifest.model import Caixa, Child, Estrategia, Kind, RestartKind
from caixa.manifest.package import Package
from caixa.manifest.resource import from_resource_spec, to_resource
from caixa_renderers import Options, render

CHANNELS = pytest.mark.parametrize("channel", ["standard", "experimental"])
LABELS = st.from_regex(r"[a-z]([-a-z0-9]{0,12}[a-z0-9])?", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
thoroughly = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


@st.composite
def supervisors(draw: st.DrawFn) -> Caixa:
    """Draw a Supervisor that the rules accept."""
    estrategia = draw(st.none() | st.sampled_from(Estrategia))
    least = 0 if estrategia is Estrategia.SIMPLE_ONE_FOR_ONE else 1
    children = st.builds(Child, LABELS, st.sampled_from(["^1", "*", ">=1.2, <2"]), st.sampled_from(RestartKind))
    return Caixa(
        nome="root-of-all",
        versao=draw(st.sampled_from(["0.1.0", "1.0.0-rc.1+b7"])),
        kind=Kind.SUPERVISOR,
        descricao=draw(st.none() | TEXTS),
        etiquetas=tuple(draw(st.lists(TEXTS, max_size=2))),
        estrategia=estrategia,
        max_restarts=draw(st.none() | st.integers(1, 1000)),
        restart_window=draw(st.none() | st.sampled_from(["1s", "90s", "1h", "250ms"])),
        children=tuple(
            draw(st.lists(children, min_size=least, max_size=4 * least, unique_by=lambda child: child.caixa))
        ),
    )


def package_of(caixa: Caixa) -> Package:
    return Package.from_text(to_lisp(caixa))


@thoroughly
@given(supervisors())
def test_every_object_of_a_supervisor_is_accepted(caixa):
    rendering = render(package_of(caixa), "all", everyone)
    assert len(rendering.objects) == 1 + len(caixa.children)
    assert refusals(rendering.objects) == {}


@thoroughly
@given(servicos())
def test_every_object_of_a_servico_is_accepted(package):
    rendering = render(package, "all", options=Options(cluster="rio"))
    assert sum(map(is_object, rendering.objects)) >= 4
    assert refusals(rendering.objects) == {}


def is_valid(caixa: Caixa) -> bool:
    return read_manifest(Source("drawn", to_lisp(caixa))).is_valid


MESHES = aplicacoes().filter(is_valid)


@CHANNELS
@thoroughly
@given(MESHES)
def test_every_object_of_an_aplicacao_is_accepted(channel, caixa):
    rendering = render(package_of(caixa), "all", everyone, Options(channel=channel))
    assert refusals(rendering.objects, channel) == {}


@thoroughly
@given(supervisors() | servicos().map(lambda package: package.caixa) | MESHES)
def test_every_resource_of_a_caixa_is_accepted_and_reads_back(caixa):
    document = to_resource(caixa, "github:o/x", "v1")
    assert refusals([document]) == {}
    assert from_resource_spec(document["spec"]) == caixa


@given(supervisors(), st.sampled_from(["descricao", "licenca"]), TEXTS.filter(bool))
def test_a_resource_shows_every_change(caixa, slot, text):
    changed = replace(caixa, **{slot: f"{getattr(caixa, slot) or ''}{text}"})
    assert to_resource(changed, "r", "v") != to_resource(caixa, "r", "v")
