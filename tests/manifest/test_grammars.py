"""Module URLs, capability tokens and the Kubernetes resource (caixa.md sections 7.2, 8.1 and 8.2)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa.manifest.capability import (
    Fs,
    HttpIn,
    HttpOut,
    KubeBuiltin,
    KubeCrWatch,
    KubeResourceList,
    KubeResourcePatch,
    KubeSecretRead,
    Other,
    PromQuery,
    parse_capabilities,
    parse_capability,
)
from caixa.manifest.errors import InvalidValue
from caixa.manifest.model import Caixa, Dep, GitFonte, Kind, PathFonte
from caixa.manifest.module_url import ForgeFile, Git, Http, Local, Oci, Unknown, parse_module_url
from caixa.manifest.profile import Profile
from caixa.manifest.resource import from_resource_spec, to_resource

from .strategies import caixas

PIN = "a" * 64


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (" ./main.tlisp ", Local("./main.tlisp")),
        ("/abs/x.wasm", Local("/abs/x.wasm")),
        ("oci://ghcr.io/o/r:v1", Oci("oci://ghcr.io/o/r:v1")),
        (f"oci://ghcr.io/o/r:v1#blake3={PIN}", Oci("oci://ghcr.io/o/r:v1", PIN)),
        ("git+https://e.com/r?dir=x", Git("git+https://e.com/r?dir=x")),
        (f"https://e.com/p.wasm#blake3={PIN}", Http("https://e.com/p.wasm", PIN)),
        ("https://e.com/p.wasm#blake3=abc", Http("https://e.com/p.wasm#blake3=abc")),
        ("../x", Unknown("../x")),
        ("flakehub:a/b", Unknown("flakehub:a/b")),
        ("github:onlyowner", Unknown("github:onlyowner")),
    ],
)
def test_a_module_url_has_one_meaning(text, url):
    assert parse_module_url(text) == url


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("github:o/r/a/b.wasm?ref=v1", ("o", "r", "a/b.wasm", "v1")),
        ("gitlab:o/r", ("o", "r", "", None)),
        ("codeberg:o/r/x?dir=d&ref=v2&ref=v3", ("o", "r", "x", "v2")),
        ("github:/", ("", "", "", None)),
    ],
)
def test_a_file_of_a_forge_has_owner_repository_path_and_revision(text, parts):
    url = parse_module_url(text)
    assert isinstance(url, ForgeFile)
    assert (url.owner, url.repo, url.path, url.rev) == parts


def test_a_blank_url_is_refused_and_the_older_system_reads_no_pin():
    with pytest.raises(InvalidValue):
        parse_module_url("  ")
    text = f"https://e.com/p#blake3={PIN}"
    assert parse_module_url(text, Profile.APRIL) == Http(text)


@pytest.mark.parametrize(
    ("token", "capability"),
    [
        ("http-in:0.0.0.0:8080", HttpIn("0.0.0.0", 8080)),
        ("http-in:::1:80", HttpIn("::1", 80)),
        ("http-in:0.0.0.0:99999", Other("http-in:0.0.0.0:99999")),
        ("http-in:8080", Other("http-in:8080")),
        ("http-out:*.github.io", HttpOut("*.github.io")),
        ("kube-secret-read@ns/name", KubeSecretRead("ns", "name")),
        ("kube-secret-read@ns", KubeBuiltin("kube-secret-read@ns")),
        ("kube-cr-watch@v1/services", KubeCrWatch("v1", "services")),
        ("kube-resource-list@g/k/x", KubeResourceList("g", "k/x")),
        ("kube-resource-patch@g/k", KubeResourcePatch("g", "k")),
        ("kube-event-emit", KubeBuiltin("kube-event-emit")),
        ("prom-query@vm.svc:8429", PromQuery("vm.svc", 8429)),
        ("prom-query@vm.svc", Other("prom-query@vm.svc")),
        ("fs:/data:ro", Fs("/data", is_writable=False)),
        ("fs:/data:x", Other("fs:/data:x")),
        ("env", Other("env")),
    ],
)
def test_a_token_has_one_meaning(token, capability):
    assert parse_capability(token) == capability


def test_a_set_of_tokens_holds_each_once_and_no_blanks():
    assert parse_capabilities(["env", " env ", "", "http-out:h"]) == {Other("env"), HttpOut("h")}


@given(st.text(max_size=12) | st.text(":@/kube-http-in0", max_size=16))
def test_any_text_is_some_capability(token):
    assert parse_capability(token, Profile.APRIL) is not None


def test_a_caixa_becomes_a_resource():
    deps = (
        Dep("a", "*", GitFonte("github:o/a", tag="v1", branch="b")),
        Dep("b", "*", PathFonte("../b")),
        Dep("c", "*"),
        Dep("d", "*", GitFonte("github:o/d")),
    )
    resource = to_resource(Caixa("x", "0.1.0", Kind.SERVICO, deps=deps), "github:o/x", "v0.1.0")
    assert resource["metadata"] == {"name": "x"}
    assert [dep.get("source") for dep in resource["spec"]["deps"]] == [
        {"repo": "github:o/a", "gitRef": "v1"},
        {"repo": "path:../b", "gitRef": "HEAD"},
        None,
        {"repo": "github:o/d", "gitRef": "main"},
    ]


def test_an_older_resource_is_read_by_its_fields():
    deps = (Dep("a", "*", GitFonte("github:o/a", rev="r1")), Dep("b", "*", PathFonte("../b")))
    caixa = Caixa("x", "0.1.0", Kind.SERVICO, deps=deps)
    older = to_resource(caixa, "github:o/x", "v1", Profile.APRIL)["spec"]
    assert "manifest" not in older
    assert from_resource_spec(older) == replace(caixa, repositorio="github:o/x")
    unknown = from_resource_spec({"nome": "x", "versao": "1", "kind": "Acao", "source": {}})
    assert unknown.kind is Kind.BIBLIOTECA


@given(st.one_of(caixas(kind) for kind in Kind))
def test_a_resource_loses_nothing_of_a_manifest(caixa):
    assert from_resource_spec(to_resource(caixa, "github:o/x", "v1")["spec"]) == caixa
