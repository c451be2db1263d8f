"""What is built to be shipped: charts with what they stand on, images, the workflow."""

from __future__ import annotations

import json
import os
import tarfile

import pytest
from forging import manifest

WASM = b"\0asm\x01\0\0\0"
UNIT = "spec: {module: {source: ./hello.wasm}, trigger: {oneShot: {}}}\n"


@pytest.fixture
def hello(feira):
    text = (
        '(defcaixa :nome "hello" :versao "0.1.0" :kind Servico :servicos ("servicos/hello.computeunit.yaml"))\n'
    )
    feira.write("caixa.lisp", text)
    feira.write("servicos/hello.computeunit.yaml", UNIT)
    return feira


def test_a_chart_is_written_beside_what_it_stands_on_and_again_changes_nothing(hello):
    first = hello("chart", "--json")
    data = json.loads(first.out)
    assert first.status == 0
    assert {path.partition("/")[0] for path in data["files"]} == {"lareira-hello", "pleme-computeunit"}
    assert json.loads(hello("chart", "--json").out)["changed"] == []


def test_a_packed_chart_holds_what_it_stands_on(hello):
    pytest.importorskip("helm_python", reason="no Helm: helm-python-sdk has no wheel for this machine")
    done = hello("chart", "--package", "--json")
    assert (done.status, done.err) == (0, "")
    archive = hello.folder / ".caixa/chart" / json.loads(done.out)["archive"]
    with tarfile.open(archive) as packed:
        names = packed.getnames()
    assert "lareira-hello/Chart.yaml" in names
    assert "lareira-hello/charts/pleme-computeunit/templates/computeunit.yaml" in names


def test_without_helm_a_chart_is_written_and_the_missing_archive_is_an_error(hello, monkeypatch):
    monkeypatch.setattr("feira.helm.shutil.which", lambda _: None)
    monkeypatch.setattr("feira.helm.importlib.util.find_spec", lambda _: None)
    done = hello("chart", "--package")
    assert done.status == 1
    assert "there is no Helm here" in done.err
    assert "pip install helm-python-sdk" in done.err
    assert ".caixa/chart/lareira-hello/Chart.yaml" in hello.files()


@pytest.mark.skipif(os.name == "nt", reason="the program is a shell script")
@pytest.mark.parametrize(
    ("script", "status", "said"),
    [
        ('test "$1" = package && touch "$4/lareira-hello-0.1.0.tgz"; exit 0', 0, "lareira-hello-0.1.0.tgz"),
        ("echo Error: no such repository >&2; exit 1", 1, "no such repository"),
        ("exit 0", 1, "it wrote no archive"),
    ],
)
def test_the_program_helm_is_taken_before_the_library(hello, monkeypatch, script, status, said):
    program = hello.write("bin/helm", f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr("feira.helm.shutil.which", lambda _: str(program))
    done = hello("chart", "--package")
    assert done.status == status
    assert said in done.err


def test_what_helm_refuses_is_said_in_its_words(hello):
    pytest.importorskip("helm_python", reason="no Helm: helm-python-sdk has no wheel for this machine")
    hello("chart")
    from feira.errors import HelmFailed
    from feira.helm import package_chart

    directory = hello.folder / ".caixa/chart"
    (directory / "lareira-hello/Chart.yaml").write_text("apiVersion: v2\n")
    with pytest.raises(HelmFailed) as caught:
        package_chart(directory / "lareira-hello", directory)
    assert "chart.metadata" in caught.value.diagnostics[0].why


def test_a_field_that_charts_refuse_keeps_the_chart_from_being_written(hello):
    hello.write("servicos/hello.computeunit.yaml", UNIT.replace("trigger", "limts: {}, trigger"))
    done = hello("chart")
    assert done.status == 1
    assert "spec.limts: there is no such field" in done.err
    assert "did you mean `limits`?" in done.err
    assert ".caixa/chart/lareira-hello/Chart.yaml" not in hello.files()


def test_the_charts_that_come_along_are_written_whole_and_stand_on_each_other(feira):
    helm = pytest.importorskip("helm_python", reason="no Helm: helm-python-sdk has no wheel for this machine")
    assert feira("charts", "--out", "all").status == 0
    for name in ("lareira-fleet-programs", "lareira-tatara-stack"):
        helm.dependency_update(feira.folder / "all" / name)
    with helm.Chart.load(feira.folder / "all/lareira-tatara-stack") as chart:
        assert chart.crds
        assert any("wasm-operator" in text for text in chart.render({"enabled": True}).values())
    assert json.loads(feira("charts", "--out", "all", "--json").out)["changed"] == []


def test_an_image_is_of_the_module_in_the_package(hello):
    hello.write("hello.wasm", WASM)
    done = hello("image")
    assert (done.status, done.out) == (0, "oci:.caixa/image/hello:v0.1.0\n")
    assert WASM in hello.files().values()
    assert ".caixa/image/hello/index.json" in hello.files()


def test_an_image_may_be_of_a_module_from_elsewhere(hello):
    hello.write("target/other.wasm", WASM)
    done = hello("image", "--component", "target/other.wasm", "--out", "dist")
    assert (done.status, done.out) == (0, "oci:dist/hello:v0.1.0\n")


def test_without_a_module_there_is_no_image_and_nothing_is_written(hello):
    before = hello.files()
    done = hello("image")
    assert done.status == 1
    assert hello.files() == before


def test_bytes_that_are_no_module_are_refused_by_name(hello):
    hello.write("hello.wasm", b"not wasm")
    done = hello("image")
    assert done.status == 1
    assert "hello.wasm is no WebAssembly" in done.err


def test_render_lists_every_artifact_of_a_servico(hello):
    hello.write("hello.wasm", WASM)
    data = json.loads(hello("render", "--json").out)
    kinds = {each["kind"] for each in data["artifacts"]}
    assert kinds == {"manifests", "chart", "programs", "image", "workflow"}
    assert "(8 bytes)" in hello("render").out


def test_the_workflow_is_written_and_again_changes_nothing(hello):
    assert "✓ .github/workflows/caixa.yml" in hello("workflow").err
    assert "= .github/workflows/caixa.yml" in hello("workflow").err
    above = hello("workflow", "--path", hello.folder.as_posix())
    assert above.err == f"= {hello.folder.as_posix()}/.github/workflows/caixa.yml\n"


def test_a_workflow_that_a_person_wrote_stays(hello):
    hello.write(".github/workflows/caixa.yml", "name: mine\n")
    done = hello("workflow")
    assert done.status == 1
    assert hello.files()[".github/workflows/caixa.yml"] == b"name: mine\n"


@pytest.mark.parametrize("verb", ["chart", "image", "workflow"])
def test_another_kind_is_told_what_is_missing(feira, verb):
    feira.write("caixa.lisp", manifest("tool"))
    done = feira(verb)
    assert done.status == 1
    assert "needs a Servico" in done.err
