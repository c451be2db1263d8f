"""A Servico as unit, chart and release; what is typed reaches each of them."""

from __future__ import annotations

import pytest
import yaml
from render_examples import TYPED, servico
from strict_schemas import problems

from caixa.lisp.diagnostics import render_all
from caixa.manifest.package import Package
from caixa_renderers import ChartDependency, Options, render
from caixa_renderers.errors import NotAServico, UnsupportedServicoCount
from caixa_renderers.names import PACKAGE
from caixa_renderers.servico import computeunit
from caixa_renderers.servico.computeunit import propose
from caixa_renderers.servico.helm import readme
from caixa_renderers.urls import git_url, image_reference, web_url

VALUES = """\
# Generated from servicos/hello.computeunit.yaml. Edits here are overwritten.

pleme-computeunit:
  behavior:
    onInit: lib/init.lisp
    onCall: lib/call.lisp
  capabilities:
  - http-in:0.0.0.0:8080
  enabled: false
  labels:
    pleme.pleme.io/package: {label}
  limits:
    memory: 64MiB
    fuel: 1000000
    wallClock: 30s
    cpu: 500m
  module:
    source: oci://ghcr.io/pleme-io/hello:v0.1.0
  trigger:
    service:
      port: 8080
      paths:
      - /
  upgradeFrom:
  - from: 0.0.9
    instructions:
    - kind: load-module
      module: hello
"""


def artifact(package, target, name, **options):
    (found,) = [
        each for each in render(package, target, options=Options(**options)).artifacts if each.name == name
    ]
    return found


def test_the_chart_values_hold_the_unit_and_the_typed_slots():
    package = servico(slots=TYPED)
    expected = VALUES.format(label=computeunit.package_label_of(package))
    assert artifact(package, "helm", "values.yaml").text == expected


@pytest.mark.parametrize("target", ["computeunit", "helm", "flux"])
def test_every_typed_slot_reaches_every_target(target):
    text = "".join(each.text for each in render(servico(slots=TYPED), target).artifacts)
    for expected in ("memory: 64MiB", "wallClock: 30s", "onInit: lib/init.lisp", "kind: load-module"):
        assert expected in text


STATEFUL = """ :capabilities ("http-in:0.0.0.0:8080" "kv-rw@sessions:6379")
  :state-schema ((:nome "visits" :tipo Int :padrao 0))
  :schema-migrations ((:from "0.0.9" :to "0.1.0" :script "lib/up.lisp"))
  :snapshot "lib/snapshot.lisp" :receive-state "lib/receive.lisp"
  :activation OnDemand :on-capability-miss "lib/miss.lisp" """
MODULE = "spec: {module: {source: ./x.wasm}, trigger: {oneShot: {}}}"


@pytest.mark.parametrize("target", ["computeunit", "helm", "flux"])
def test_capabilities_and_what_belongs_to_the_state_reach_every_target(target):
    text = "".join(each.text for each in render(servico(slots=STATEFUL, unit=MODULE), target).artifacts)
    for expected in (
        "- kv-rw@sessions:6379",
        "nome: visits",
        "script: lib/up.lisp",
        "snapshot: lib/snapshot.lisp",
        "receiveState: lib/receive.lisp",
        "activation: OnDemand",
        "onCapabilityMiss: lib/miss.lisp",
    ):
        assert expected in text


def test_a_proposed_unit_leaves_to_the_form_what_the_form_says():
    caixa = servico(slots=STATEFUL).caixa
    unit = propose(caixa)
    assert sorted(unit["spec"]) == ["module", "trigger"]
    granted = computeunit.complete(caixa, unit)["spec"]["capabilities"]
    assert granted == ["http-in:0.0.0.0:8080", "kv-rw@sessions:6379"]


def test_a_proposed_unit_grants_what_it_serves_where_the_form_says_nothing():
    assert propose(servico().caixa)["spec"]["capabilities"] == ["http-in:0.0.0.0:8080"]


def test_a_later_edit_of_the_form_reaches_a_unit_that_was_proposed():
    file = yaml.safe_dump(propose(servico(slots=':limits (:memory "64MiB")').caixa))
    edited = servico(slots=':limits (:memory "32MiB")', unit=file)
    (unit,) = render(edited, "computeunit").objects
    assert unit["spec"]["limits"] == {"memory": "32MiB"}


def test_capabilities_that_the_unit_grants_differently_are_said_aloud():
    unit = MODULE.replace("spec: {", "spec: {capabilities: [cap-time], ")
    rendering = render(servico(slots=STATEFUL, unit=unit), "computeunit")
    assert rendering.artifacts[0].objects[0]["spec"]["capabilities"] == ["cap-time"]
    assert "capabilities-overridden" in {found.code for found in rendering.findings}


def test_what_the_unit_says_itself_wins_whole():
    unit = "spec: {limits: {memory: 1GiB}, module: {source: ./x.wasm}, trigger: {oneShot: {}}}"
    whole = artifact(servico(slots=TYPED, unit=unit), "computeunit", "hello.computeunit.yaml").objects[0]
    assert whole["spec"]["limits"] == {"memory": "1GiB"}
    assert whole["metadata"]["labels"]["pleme.pleme.io/shape"] == "program"


def test_a_chart_has_three_files_in_its_directory_and_languages():
    files = render(servico(), "helm").artifacts
    assert [(each.path, each.language) for each in files] == [
        ("lareira-hello/Chart.yaml", "yaml"),
        ("lareira-hello/values.yaml", "yaml"),
        ("lareira-hello/README.md", "markdown"),
    ]


def test_another_library_chart_renames_the_values_key():
    dependency = ChartDependency("unit", "1.0.0", "oci://r", alias="cu")
    files = render(servico(), "helm", options=Options(dependency=dependency)).artifacts
    assert list(files[1].objects[0]) == ["cu"]
    assert files[0].objects[0]["dependencies"] == [
        {"name": "unit", "version": "1.0.0", "repository": "oci://r", "alias": "cu"}
    ]


def test_free_text_of_the_manifest_does_not_become_markdown():
    package = Package.from_text(
        '(defcaixa :nome "a" :versao "0.1.0" :kind Servico :descricao "# big\n<script>"'
        ' :servicos ("servicos/a.yaml"))'
    )
    assert "\\# big &lt;script>" in readme(package.caixa)


@pytest.mark.parametrize(
    ("repositorio", "web", "git"),
    [
        ("github:o/r", "https://github.com/o/r", "https://github.com/o/r"),
        ("gitlab:o/r", "https://gitlab.com/o/r", "https://gitlab.com/o/r"),
        ("codeberg:o/r?ref=main", "https://codeberg.org/o/r", "https://codeberg.org/o/r"),
        ("https://example.org/o/r.git", "https://example.org/o/r", "https://example.org/o/r"),
        ("git+https://example.org/o/r", "https://example.org/o/r", "https://example.org/o/r"),
        ("git@github.com:o/r.git", "https://github.com/o/r", "ssh://git@github.com/o/r.git"),
        ("ssh://git@h:22/o/r.git", "https://h/o/r", "ssh://git@h:22/o/r.git"),
        ("somewhere", None, None),
        ("github:o", None, None),
    ],
)
def test_g18_a_repository_is_given_to_other_tools_as_a_real_address(repositorio, web, git):
    assert (web_url(repositorio), git_url(repositorio)) == (web, git)


def test_g18_chart_and_flux_hold_no_shorthand():
    rendering = render(servico(), "all", options=Options(cluster="rio"))
    assert artifact(servico(), "helm", "Chart.yaml").objects[0]["home"] == "https://github.com/pleme-io/hello"
    urls = [each["spec"]["url"] for each in rendering.objects if each.get("kind") == "GitRepository"]
    assert urls == ["https://github.com/pleme-io/hello"]


def test_g26_flux_looks_for_the_chart_where_it_is_written():
    rendering = render(servico(), "flux", options=Options(cluster="rio"))
    (release,) = [each for each in rendering.objects if each.get("kind") == "HelmRelease"]
    assert release["spec"]["chart"]["spec"]["chart"] == ".caixa/chart/lareira-hello"


def test_the_flux_objects_are_accepted_by_the_published_schemas():
    rendering = render(servico(), "flux", options=Options(cluster="rio"))
    documents = [each for each in rendering.objects if "kind" in each]
    assert [each["kind"] for each in documents] == ["GitRepository", "HelmRelease", "Kustomization"]
    assert [problems(each) for each in documents] == [[], [], []]


def test_the_check_itself_refuses_an_unknown_field():
    rendering = render(servico(), "flux", options=Options(cluster="rio"))
    release = next(each for each in rendering.objects if each.get("kind") == "HelmRelease")
    assert problems(release | {"spec": release["spec"] | {"intervall": "1m"}}) != []


def test_a_missing_unit_is_proposed_with_a_warning():
    package = servico(slots=TYPED).without_file("servicos/hello.computeunit.yaml")
    rendering = render(package, "computeunit")
    spec = rendering.objects[0]["spec"]
    assert spec["module"] == {"source": "oci://ghcr.io/pleme-io/hello:v0.1.0"}
    assert spec["trigger"] == {"service": {"port": 8080, "paths": ["/"]}}
    assert spec["capabilities"] == ["http-in:0.0.0.0:8080"]
    assert {"limits", "behavior", "upgradeFrom"} <= spec.keys()
    assert [finding.code for finding in rendering.findings] == ["computeunit-proposed"]


def test_a_proposal_is_complete_and_renders_to_itself():
    caixa = servico().caixa
    (written,) = render(servico(unit=yaml.safe_dump(propose(caixa))), "computeunit").objects
    del written["metadata"]["labels"][PACKAGE]  # of the package with the file in it
    assert written == computeunit.complete(caixa, propose(caixa))


def test_where_no_registry_is_known_the_proposed_module_is_the_local_file():
    assert image_reference("https://example.org/o/r", "1.0.0") is None


def test_a_broken_unit_is_a_finding_with_its_line_and_a_fix():
    rendering = render(servico(unit="spec:\n  module: {source: x\n  y: 1\n"), "all")
    assert rendering.artifacts == ()
    shown = render_all(rendering.findings, rendering.sources)
    assert "servicos/hello.computeunit.yaml, line 3" in shown
    assert "3 |   y: 1" in shown
    assert "fix:" in shown


@pytest.mark.parametrize(
    ("spec", "codes"),
    [
        ("{}", ["computeunit-module", "computeunit-trigger"]),
        ("{module: {oci: 'oci://x'}, trigger: {cron: '* * * * *', service: {}}}", ["computeunit-trigger"]),
        ("{module: {source: x}, trigger: {watch: {kind: Pod}}}", []),
        ("{module: {source: x}, trigger: {watch: {}}}", ["computeunit-field"]),
        ("{module: {source: x}, trigger: {oneShot: {}}, limit: {}}", ["computeunit-field"]),
        ("{module: {source: x}, trigger: {service: {port: '80'}}}", ["computeunit-field"]),
        ("{module: {source: x}, trigger: {event: {source: 'mqtt:x'}}}", ["computeunit-field"]),
    ],
)
def test_a_unit_that_the_fleet_chart_would_refuse_is_found(spec, codes):
    rendering = render(servico(unit=f"spec: {spec}"), "computeunit")
    assert [finding.code for finding in rendering.findings] == codes


def test_a_field_that_there_is_not_is_said_with_its_place_and_the_nearest():
    unit = "spec: {module: {source: x}, trigger: {service: {prot: 80}}}"
    (finding,) = render(servico(unit=unit), "computeunit").findings
    assert "spec.trigger.service.prot: there is no such field" in finding.message
    assert finding.fix == "did you mean `port`?"


def test_the_pods_may_use_what_the_limits_say_and_the_engine_needs():
    spec = render(servico(slots=TYPED), "computeunit").objects[0]["spec"]
    assert spec["resources"] == {
        "requests": {"cpu": "50m", "memory": "64Mi"},
        "limits": {"cpu": "500m", "memory": "128Mi"},
    }


def test_the_label_of_the_package_is_its_digest_whatever_the_file_says():
    unit = "metadata: {labels: {pleme.pleme.io/package: mine}}\n" + MODULE
    labels = [
        render(each, "computeunit").objects[0]["metadata"]["labels"][PACKAGE]
        for each in (servico(), servico(unit=unit))
    ]
    assert len(set(labels)) == 2
    assert all(len(label) == 52 for label in labels)


def test_only_a_servico_has_a_chart():
    with pytest.raises(NotAServico):
        render(Package.from_text('(defcaixa :nome "x" :versao "0.1.0" :kind Biblioteca)'), "helm")


def test_a_servico_with_two_units_is_refused():
    text = '(defcaixa :nome "x" :versao "0.1.0" :kind Servico :servicos ("servicos/a.yaml" "servicos/b.yaml"))'
    with pytest.raises(UnsupportedServicoCount) as caught:
        render(Package.from_text(text), "computeunit")
    assert caught.value.count == 2
