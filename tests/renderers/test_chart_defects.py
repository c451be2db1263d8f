"""The known defects of charts, fleet entries and Flux objects (caixa.md 4.7 and 4.8), each mended.

| id | the defect | the test |
|---|---|---|
| 4.7 | charts pass on the fields that they list; limits, behavior, upgradeFrom are none | `test_4_7_*` |
| 4.7 | several triggers pass for the first of them; a library chart renders nothing | `test_4_7_*` |
| G5 | entries of members that the fleet chart refuses | `test_g5_*` |
| G10 | labels that policies select are on no object | `test_g10_*` |
| G18 | shorthands where Helm and Flux want addresses | `test_g18_*` here, and in `test_render_servico.py` |
| G20 | the namespace is fixed | `test_g20_*` |
| G25 | limits reach neither pods nor the run time | `test_g25_*`, and `pod_resources` in the charts |
| G26 | Flux looks for the chart where nobody writes it | `test_g26_*` |

`test_render_mesh.py` has the table of meshes, `test_flake_in_nix.py` that of flakes and trees, and
`tests/iac/test_iac_defects.py` that of infrastructure.
"""

from __future__ import annotations

import io
import subprocess

import pytest
import yaml
from helm_charts import helm, of_kind, templated, unpacked, with_dependencies
from render_examples import TYPED, checkout, servico

from caixa_renderers import Options, render
from caixa_renderers.bundled_charts import CHARTS, bundled_chart
from feira.cli import run
from feira.terminal import Terminal

ON = {"pleme-computeunit": {"enabled": True}}
SLOTS = ("limits", "behavior", "upgradeFrom")


@pytest.fixture(scope="module")
def charts(tmp_path_factory):
    return unpacked(tmp_path_factory.mktemp("charts"))


def chart_of(package, directory, **options):
    for artifact in render(package, "helm", options=Options(**options)).artifacts:
        file = directory / artifact.path
        file.parent.mkdir(exist_ok=True)
        file.write_text(artifact.text)
    return with_dependencies(directory / f"lareira-{package.nome}")


def fleet_values(package, *members):
    (artifact,) = render(package, "flux", *members).artifacts
    return {"enabled": True, **yaml.safe_load(artifact.text)}


@pytest.mark.parametrize("slot", SLOTS)
def test_4_7_a_typed_slot_reaches_the_computeunit_through_both_charts(charts, slot):
    package = servico(slots=TYPED)
    alone = of_kind(templated(chart_of(package, charts), ON), "ComputeUnit")
    fleet = of_kind(templated(charts / "lareira-fleet-programs", fleet_values(package)), "ComputeUnit")
    assert alone["spec"][slot] == fleet["spec"][slot] == render(package, "computeunit").objects[0]["spec"][slot]


def test_4_7_a_unit_with_two_triggers_is_refused_by_both_charts(charts):
    package = servico(unit="spec: {module: {source: x}, trigger: {cron: '@daily', oneShot: {}}}")
    for chart, values in (
        (chart_of(package, charts), ON),
        (charts / "lareira-fleet-programs", fleet_values(package)),
    ):
        with pytest.raises(helm.HelmError, match="trigger"):
            templated(chart, values)


@pytest.mark.parametrize("name", CHARTS)
def test_4_7_a_chart_is_an_application_since_helm_renders_no_other(name):
    assert yaml.safe_load(bundled_chart(name).joinpath("Chart.yaml").read_text())["type"] == "application"


def test_g5_the_fleet_takes_the_entry_of_every_member_of_a_mesh(charts):
    values = fleet_values(checkout(), lambda nome, _: servico(nome))
    objects = templated(charts / "lareira-fleet-programs", values)
    units = [each for each in objects if each["kind"] == "ComputeUnit"]
    assert [unit["metadata"]["name"] for unit in units] == ["catalog", "cart", "payment"]


def test_g5_an_entry_without_module_or_trigger_is_refused_as_it_was(charts):
    (artifact,) = render(checkout(), "flux").artifacts  # where no member resolves
    with pytest.raises(helm.HelmError):
        templated(charts / "lareira-fleet-programs", {"enabled": True, **yaml.safe_load(artifact.text)})


def test_g10_units_and_services_carry_the_labels_by_which_policies_select(charts):
    values = fleet_values(checkout(), lambda nome, _: servico(nome))
    objects = templated(charts / "lareira-fleet-programs", values)
    for each in objects:
        labels = each["metadata"]["labels"]
        assert labels["pleme.pleme.io/program"] == each["metadata"]["name"]
        assert labels["pleme.pleme.io/aplicacao"] == "checkout"
        assert len(labels["pleme.pleme.io/package"]) == 52
    service = of_kind([each for each in objects if each["metadata"]["name"] == "cart"], "Service")
    assert service["spec"]["selector"] == {
        "pleme.pleme.io/program": "cart",
        "pleme.pleme.io/aplicacao": "checkout",
    }


def test_g18_helm_shows_an_address_as_the_home_of_a_chart(charts):
    with helm.Chart.load(chart_of(servico(), charts)) as chart:
        assert chart.metadata["home"] == "https://github.com/pleme-io/hello"


def test_g20_what_is_made_of_a_servico_lies_where_it_is_asked_for(charts):
    options = Options(namespace="prod", cluster="rio")
    rendering = render(servico(), "all", options=options)
    (unit,) = [each for each in rendering.objects if each.get("kind") == "ComputeUnit"]
    (release,) = [each for each in rendering.objects if each.get("kind") == "HelmRelease"]
    (entries,) = [each["programs"] for each in rendering.objects if "programs" in each]
    assert unit["metadata"]["namespace"] == release["metadata"]["namespace"] == "prod"
    assert [entry["namespace"] for entry in entries] == ["prod"]
    chart = chart_of(servico(), charts, namespace="prod")
    assert of_kind(templated(chart, ON, namespace="prod"), "ComputeUnit")["metadata"]["namespace"] == "prod"


@pytest.mark.parametrize("namespace", ["prod", "tatara-system"])
def test_g20_a_namespace_in_the_units_file_is_kept_by_every_way(charts, namespace):
    unit = "metadata: {namespace: own}\nspec: {module: {source: x}, trigger: {oneShot: {}}}"
    package = servico(unit=unit)
    (direct,) = render(package, "computeunit", options=Options(namespace=namespace)).objects
    chart = chart_of(package, charts, namespace=namespace)
    helmed = of_kind(templated(chart, ON, namespace=namespace), "ComputeUnit")
    fleet = of_kind(templated(charts / "lareira-fleet-programs", fleet_values(package)), "ComputeUnit")
    assert {each["metadata"]["namespace"] for each in (direct, helmed, fleet)} == {"own"}


def test_g25_a_limit_reaches_the_pods_and_the_run_time_through_both_charts(charts):
    package = servico(slots=':limits (:memory "96MiB" :cpu "250m" :fuel 7 :wall-clock "3s")')
    for objects in (
        templated(chart_of(package, charts), ON),
        templated(charts / "lareira-fleet-programs", fleet_values(package)),
    ):
        spec = of_kind(objects, "ComputeUnit")["spec"]
        assert spec["limits"] == {"memory": "96MiB", "cpu": "250m", "fuel": 7, "wallClock": "3s"}
        assert spec["resources"]["limits"] == {"memory": "160Mi", "cpu": "250m"}


def test_g26_git_keeps_the_chart_where_flux_looks_for_it_with_what_it_stands_on(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for words in (("init", "hello", "--kind", "Servico", "--path", "."), ("chart",)):
        assert run(words, Terminal(io.StringIO(), io.StringIO(), {})) == 0
    rendering = render(servico(), "flux", options=Options(cluster="rio"))
    (release,) = [each for each in rendering.objects if each.get("kind") == "HelmRelease"]
    chart = tmp_path / release["spec"]["chart"]["spec"]["chart"]
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    for file in (chart / "Chart.yaml", chart.parent / "pleme-computeunit" / "Chart.yaml"):
        assert file.is_file()
        ignored = subprocess.run(["git", "-C", str(tmp_path), "check-ignore", "-q", str(file)], check=False)
        assert ignored.returncode == 1
    unit = of_kind(templated(with_dependencies(chart), release["spec"]["values"]), "ComputeUnit")
    assert unit["metadata"]["name"] == "hello"
