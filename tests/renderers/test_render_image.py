"""The image of a Servico: a second reader finds the module in it, with the names that wasmtime sees."""

from __future__ import annotations

import contextlib
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from oci_reader import images
from render_examples import servico

from caixa.lacre.package_digest import package_digest
from caixa_renderers import render
from caixa_renderers.errors import MalformedModule, NotAServico
from caixa_renderers.servico import oci
from caixa_renderers.servico.wasm_names import WasmNames, wasm_names

COMPONENT = """(component
  (import "wasi:cli/environment@0.2.0" (instance (export "get" (func (result string)))))
  (import "plain" (func (param "x" u32)))
  (import "resource" (type (sub resource)))
  (component $c
    (core module $m (func (export "g")))
    (core instance $i (instantiate $m))
    (func (export "g") (canon lift (core func $i "g"))))
  (instance $x (instantiate $c))
  (export "wasi:http/incoming-handler@0.2.0" (instance $x))
  (alias export $x "g" (func $g))
  (export "run" (func $g)))"""
MODULE = '(module (import "env" "f" (func)) (func (export "_start")))'
UNIT = "spec: {module: {source: ./bin/hello.wasm}, trigger: {oneShot: {}}}"


def assembled(text):
    import wasmtime

    return bytes(wasmtime.wat2wasm(text))


def with_module(data, **options):
    return servico(unit=UNIT, **options).with_file("bin/hello.wasm", data)


def layout(package):
    artifacts = render(package, "image").artifacts
    return {each.path.removeprefix(f"{package.nome}/"): each.content for each in artifacts}


@pytest.fixture(scope="module")
def component():
    return assembled(COMPONENT)


def test_a_second_reader_finds_the_module_under_the_version(component):
    package = with_module(component)
    (image,) = images(layout(package))
    assert image.tag == "v0.1.0"
    assert image.platform == {"architecture": "wasm", "os": "wasip2"}
    assert image.layers == [component]


def test_the_manifest_is_a_wasm_artifact_with_one_layer_and_says_where_it_is_from(component):
    package = with_module(component)
    (image,) = images(layout(package))
    assert image.manifest["config"]["mediaType"] == "application/vnd.wasm.config.v0+json"
    assert [layer["mediaType"] for layer in image.manifest["layers"]] == ["application/wasm"]
    assert image.manifest["annotations"] == {
        "org.opencontainers.image.title": "hello",
        "org.opencontainers.image.version": "0.1.0",
        "org.opencontainers.image.source": "https://github.com/pleme-io/hello",
        "io.pleme.caixa.package": package_digest(package),
    }


def test_the_config_names_the_layer_the_system_and_what_a_component_imports_and_exports(component):
    (image,) = images(layout(with_module(component)))
    assert image.config == {
        "created": "1970-01-01T00:00:00Z",
        "architecture": "wasm",
        "os": "wasip2",
        "layerDigests": [image.manifest["layers"][0]["digest"]],
        "component": {
            "imports": ["wasi:cli/environment@0.2.0", "plain", "resource"],
            "exports": ["wasi:http/incoming-handler@0.2.0", "run"],
        },
    }


def test_a_core_module_is_of_the_older_system_and_has_no_component():
    (image,) = images(layout(with_module(assembled(MODULE))))
    assert image.config["os"] == "wasip1"
    assert "component" not in image.config


def test_the_names_are_those_that_wasmtime_sees(component):
    import wasmtime
    import wasmtime.component

    engine = wasmtime.Engine()
    seen = wasmtime.component.Component(engine, component).type
    assert wasm_names(component, "x") == WasmNames(
        is_component=True, imports=tuple(seen.imports(engine)), exports=tuple(seen.exports(engine))
    )


def test_the_same_package_gives_the_same_bytes(component):
    assert layout(with_module(component)) == layout(with_module(component))


def test_a_changed_module_changes_every_digest_on_the_way_to_it(component):
    before, after = layout(with_module(component)), layout(with_module(assembled(MODULE)))
    assert set(before) & set(after) == {"oci-layout", "index.json"}
    assert before["index.json"] != after["index.json"]


def test_a_reader_notices_a_changed_blob(component):
    files = layout(with_module(component))
    blob = next(path for path in files if files[path] == component)
    with pytest.raises(ValueError, match="is not what its descriptor says"):
        list(images(files | {blob: component + b"\0"}))


def test_a_missing_module_is_said_and_one_that_lies_elsewhere_is_not():
    (finding,) = render(servico(unit=UNIT), "image").findings
    assert (finding.code, finding.is_error) == ("image-without-module", False)
    assert "feira image --component FILE" in finding.fix
    assert render(servico(), "image").findings == ()


@pytest.mark.parametrize("data", [b"", b"PK\3\4", b"\0asm", b"\0asm\x02\0\0\0", b"\0asm\x0d\0\x01\0\x63\0"])
def test_what_is_no_module_is_a_finding_that_names_the_file(data):
    rendering = render(with_module(data), "image")
    assert rendering.artifacts == ()
    assert [finding.code for finding in rendering.findings] == ["malformed-module"]
    assert "bin/hello.wasm" in rendering.findings[0].message


@given(data=st.data())
def test_cut_or_changed_bytes_are_read_or_refused_and_nothing_else(component, data):
    at = data.draw(st.integers(0, len(component) - 1))
    cut = component[:at] + data.draw(st.binary(max_size=3)) + component[at + data.draw(st.integers(0, 9)) :]
    with contextlib.suppress(MalformedModule):
        wasm_names(cut, "x")


def test_only_a_servico_has_an_image():
    from caixa.manifest.package import Package

    with pytest.raises(NotAServico):
        oci.image(Package.from_text('(defcaixa :nome "x" :versao "0.1.0" :kind Biblioteca)'), b"", "x.wasm")


def test_skopeo_reads_the_layout(component, tmp_path):
    program = shutil.which("skopeo")
    if program is None:
        pytest.skip("no skopeo on this machine (apt: skopeo)")
    for path, data in layout(with_module(component)).items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    run = [program, "inspect", "--raw", f"oci:{tmp_path}:v0.1.0"]
    done = subprocess.run(run, capture_output=True, check=True)
    assert b"application/vnd.wasm.config.v0+json" in done.stdout
