"""The GitHub workflow: taken by the published schema, with rights only where they are needed."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

import pytest
import yaml
from jsonschema import Draft7Validator
from render_examples import servico

from caixa.manifest.package import Package
from caixa_renderers import render
from caixa_renderers.errors import NotAServico

WASM = b"\0asm\x01\0\0\0"


@cache
def validator():
    """Return the schema that SchemaStore publishes, as check-jsonschema carries it."""
    text = files("check_jsonschema").joinpath("builtin_schemas/vendor/github-workflows.json").read_text()
    return Draft7Validator(json.loads(text))


def local(**files_):
    unit = "spec: {module: {source: ./hello.wasm}, trigger: {oneShot: {}}}"
    package = servico(unit=unit)
    for path, data in files_.items():
        package = package.with_file(path, data)
    return package


def whole():
    return local(**{"hello.wasm": WASM, "tests/hello.tlisp": b""})


def document(package):
    (artifact,) = render(package, "workflow").artifacts
    assert artifact.path == ".github/workflows/caixa.yml"
    read = yaml.safe_load(artifact.text)
    assert (read,) == artifact.objects
    return read


def words(job):
    return [step["run"].split(" ")[:2] for step in job["steps"] if "run" in step]


@pytest.mark.parametrize("package", [servico(), local(), whole()], ids=["registry", "no module", "whole"])
def test_the_published_schema_takes_the_workflow(package):
    assert [error.message for error in validator().iter_errors(document(package))] == []


def test_the_schema_itself_refuses_an_unknown_key():
    wrong = document(servico())
    wrong["jobs"]["check"]["run-on"] = "x"
    assert list(validator().iter_errors(wrong)) != []


def test_a_change_is_linted_then_tested_then_built():
    jobs = document(whole())["jobs"]
    assert words(jobs["check"])[1:] == [["feira", "lint"], ["caixa-lisp", "--test"], ["feira", "build"]]


def test_a_package_without_tests_has_no_step_for_them():
    assert ["caixa-lisp", "--test"] not in words(document(servico())["jobs"]["check"])


def test_dependencies_are_fetched_before_anything_else():
    text = """(defcaixa :nome "x" :versao "0.1.0" :kind Servico :servicos ("servicos/x.yaml")
      :deps ((:nome "y" :versao "^1")))"""
    assert words(document(Package.from_text(text))["jobs"]["check"])[1] == ["feira", "resolve"]


def test_publishing_waits_for_the_check_and_for_main_and_happens_once():
    job = document(whole())["jobs"]["publish"]
    assert job["needs"] == "check"
    assert "refs/heads/main" in job["if"]
    steps = job["steps"]
    released = next(at for at, step in enumerate(steps) if step.get("id") == "released")
    assert all(step["if"] == "steps.released.outputs.tag == ''" for step in steps[released + 1 :])
    assert "refs/tags/v0.1.0" in steps[released]["run"]


def test_the_image_goes_to_the_registry_that_the_computeunit_proposes():
    runs = [step.get("run", "") for step in document(whole())["jobs"]["publish"]["steps"]]
    assert "skopeo copy oci:.caixa/image/hello:v0.1.0 docker://ghcr.io/pleme-io/hello:v0.1.0" in runs


def test_only_the_job_that_publishes_may_write_and_only_what_it_needs():
    def rights(package):
        found = document(package)
        return found["permissions"], *(job.get("permissions") for job in found["jobs"].values())

    assert rights(servico()) == ({"contents": "read"}, None, {"contents": "write"})
    assert rights(whole()) == ({"contents": "read"}, None, {"contents": "write", "packages": "write"})


def test_only_a_servico_has_a_workflow():
    with pytest.raises(NotAServico):
        render(Package.from_text('(defcaixa :nome "x" :versao "0.1.0" :kind Biblioteca)'), "workflow")
