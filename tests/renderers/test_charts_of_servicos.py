"""A Servico as its chart and as an entry of the fleet: Helm makes of both what is rendered directly."""

from __future__ import annotations

import shutil

import pytest
import yaml
from helm_charts import complaints, helm, of_kind, templated, unpacked, with_dependencies
from hypothesis import HealthCheck, given, settings
from render_examples import TYPED, checkout, servico
from servico_strategies import servicos

from caixa_renderers import Options, render
from caixa_renderers.servico import computeunit
from caixa_renderers.servico.helm import chart_name

ON = {"pleme-computeunit": {"enabled": True}}


@pytest.fixture(scope="module")
def charts(tmp_path_factory):
    return unpacked(tmp_path_factory.mktemp("charts"))


def written(package, directory):
    """Write the chart of a Servico beside the charts that it stands on, and let Helm fetch those."""
    chart = directory / chart_name(package.caixa)
    shutil.rmtree(chart, ignore_errors=True)
    for artifact in render(package, "helm").artifacts:
        file = directory / artifact.path
        file.parent.mkdir(exist_ok=True)
        file.write_text(artifact.text)
    return with_dependencies(chart)


def direct(package, **options):
    (unit,) = [
        each for each in render(package, "computeunit", **options).objects if each["kind"] == "ComputeUnit"
    ]
    return unit


def unit_of(objects):
    return {key: value for key, value in of_kind(objects, "ComputeUnit").items() if value}


same_fixture = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40
)


@same_fixture
@given(package=servicos())
def test_helm_makes_of_the_chart_the_unit_that_is_rendered_directly(charts, package):
    if any(found.is_error for found in render(package, "computeunit").findings):
        with pytest.raises(helm.HelmError):
            templated(written(package, charts), ON, name=package.nome)
        return
    objects = templated(written(package, charts), ON, name=package.nome)
    assert unit_of(objects) == direct(package)


@same_fixture
@given(package=servicos())
def test_helm_makes_of_the_fleet_entry_the_unit_that_is_rendered_directly(charts, package):
    (artifact,) = render(package, "flux").artifacts
    values = {"enabled": True, **yaml.safe_load(artifact.text)}
    if any(found.is_error for found in render(package, "computeunit").findings):
        with pytest.raises(helm.HelmError):
            templated(charts / "lareira-fleet-programs", values, name="fleet")
        return
    assert unit_of(templated(charts / "lareira-fleet-programs", values, name="fleet")) == direct(package)


def test_helm_makes_of_a_mesh_the_units_that_are_rendered_directly(charts):
    def members(nome, _versao):
        return servico(nome, slots=TYPED)

    mesh = checkout()
    (artifact,) = render(mesh, "flux", members).artifacts
    fleet = templated(charts / "lareira-fleet-programs", {"enabled": True, **yaml.safe_load(artifact.text)})
    units = [each for each in fleet if each["kind"] == "ComputeUnit"]
    for unit in units:
        assert unit["metadata"].pop("annotations")["pleme.pleme.io/versao"] == "^0.1"
    wanted = [each for each in render(mesh, "computeunit", members).objects if each["kind"] == "ComputeUnit"]
    assert len(units) == 3
    assert units == wanted


def test_helm_has_nothing_against_the_chart_of_a_servico(charts):
    chart = written(servico(slots=TYPED), charts)
    assert complaints(chart) == ["directory does not exist"]  # it has no templates of its own


def test_the_chart_of_a_servico_is_packaged_with_what_it_stands_on(charts, tmp_path):
    archive = helm.package(written(servico(slots=TYPED), charts), destination=tmp_path)
    assert archive.endswith("lareira-hello-0.1.0.tgz")
    assert unit_of(templated(archive, ON)) == direct(servico(slots=TYPED))


def test_the_chart_of_a_servico_renders_nothing_until_it_is_enabled(charts):
    assert templated(written(servico(), charts), {}) == []


def test_what_flux_asks_of_the_chart_is_what_the_chart_takes(charts):
    rendering = render(servico(), "flux", options=Options(cluster="rio"))
    (release,) = [each for each in rendering.objects if each.get("kind") == "HelmRelease"]
    metadata = release["metadata"]
    objects = templated(
        written(servico(), charts),
        release["spec"]["values"],
        name=metadata["name"],
        namespace=metadata["namespace"],
    )
    assert unit_of(objects) == direct(servico())


@pytest.mark.parametrize(
    ("limits", "memory", "cpu"),
    [
        ("", "256Mi", "500m"),
        ('(:memory "64MiB")', "128Mi", "500m"),
        ('(:memory "1GiB" :cpu "2")', "1088Mi", "2000m"),
        ('(:memory "100KB" :cpu "10m")', "67208864", "10m"),
    ],
)
def test_both_ways_give_the_pods_what_the_limits_need(charts, limits, memory, cpu):
    package = servico(slots=f":limits {limits}" if limits else "")
    wanted = {
        "requests": {"cpu": min("50m", cpu, key=lambda text: int(text[:-1])), "memory": "64Mi"},
        "limits": {"cpu": cpu, "memory": memory},
    }
    assert direct(package)["spec"]["resources"] == wanted
    assert unit_of(templated(written(package, charts), ON))["spec"]["resources"] == wanted


def test_a_name_that_is_not_the_caixas_gives_way_and_is_said_aloud(charts):
    unit = "metadata: {name: other}\nspec: {module: {source: x}, trigger: {oneShot: {}}}"
    package = servico(unit=unit)
    assert direct(package)["metadata"]["name"] == "hello"
    assert "computeunit-name" in {found.code for found in computeunit.load(package)[1]}
    assert unit_of(templated(written(package, charts), ON)) == direct(package)
