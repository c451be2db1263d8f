"""The rules of caixa.md section 2 and appendix A: for each, what it takes, what it refuses, and where."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa.lisp.diagnostics import Diagnostic
from caixa.lisp.source import Source
from caixa.manifest.aplicacao import find_cycle
from caixa.manifest.decode import read_manifest
from caixa.manifest.model import Caixa, Kind
from caixa.manifest.supervisor import SupervisorSpec, supervisor_view

SERVICO = '(defcaixa :nome "x" :versao "0.1.0" :kind Servico :servicos ("servicos/x.yaml") {})'
SUPERVISOR = '(defcaixa :nome "s" :versao "0.1.0" :kind Supervisor {})'
MEMBROS = ':membros ((:caixa "cart" :versao "^0.1") (:caixa "catalog" :versao "^0.1"))'
PLACEMENT = ':placement (:clusters ("rio"))'
MESH = '(defcaixa :nome "shop" :versao "0.1.0" :kind Aplicacao {})'
EDGE = f'{MEMBROS} {PLACEMENT} :contratos ((:de "cart" :para "catalog" {{}}))'
CHILD = '(:caixa "w" :versao "^0.1")'


def found(text: str) -> list[tuple[str, str]]:
    """Return the code of each finding, and the text under it."""
    source = Source("caixa.lisp", text)
    reading = read_manifest(source)
    assert reading.problems == ()
    return [(each.code, source.slice(each.span)) for each in reading.findings]


def first(text: str) -> Diagnostic:
    return read_manifest(Source("caixa.lisp", text)).findings[0]


def edge(payload: str) -> str:
    return MESH.format(EDGE.format(payload))


ACCEPTED = [
    '(defcaixa :nome "x" :versao "0.1.0" :kind Biblioteca)',
    '(defcaixa :nome "x" :versao "1.2.3-rc.1+build" :kind Binario :exe ("exe/main.lisp"))',
    SERVICO.format(""),
    SERVICO.format(':limits (:memory "4GiB" :fuel 1 :wall-clock "1ms" :cpu "1m")'),
    SERVICO.format(':bibliotecas ("./lib/x.lisp") :behavior (:on-call "lib/../lib/x.lisp")'),
    SERVICO.format(':upgrade-from ((:from "0.0.9") (:from "0.0.8" :instructions ((:restart))))'),
    SUPERVISOR.format(f":children ({CHILD})"),
    SUPERVISOR.format(f':children ({CHILD}) :max-restarts 1 :restart-window "60s"'),
    SUPERVISOR.format(":estrategia SimpleOneForOne"),
    MESH.format(f"{MEMBROS} {PLACEMENT}"),
    MESH.format(f'{MEMBROS} :placement (:estrategia Sharded :shard-key "$tenantId" :clusters ("rio"))'),
    MESH.format(f'{MEMBROS} {PLACEMENT} :entrada (:host "*.shop.example" :para "cart" :paths ("/api" "/"))'),
    edge(':wit "wasi:http/proxy" :endpoint "/products/:id"'),
    edge(':wit "nats:pub-sub" :subject "orders.*.charged"'),
    edge(':wit "nats:pub-sub" :subject "orders.>"'),
    edge(':wit "kv:store" :slot "sessions"'),
    edge(':wit "custom:exchange/api@0.2.0"'),
]

REFUSED = [
    # the layout that needs no files (2.1)
    (SUPERVISOR.format(f':children ({CHILD}) :exe ("exe/a")'), "supervisor-owns-code", '("exe/a")'),
    (MESH.format(f'{MEMBROS} {PLACEMENT} :bibliotecas ("lib/a")'), "aplicacao-owns-code", '("lib/a")'),
    ('(defcaixa :nome "x" :versao "0.1.0" :kind Binario)', "binario-without-exe", "Binario"),
    ('(defcaixa :nome "x" :versao "0.1.0" :kind Servico)', "servico-without-servicos", "Servico"),
    (SERVICO.format(':exe ("bin/a")').replace("Servico", "Binario"), "exe-outside-dir", '"bin/a"'),
    (SERVICO.replace("servicos/x.yaml", "servicos/../x.yaml").format(""),
     "servico-outside-dir", '"servicos/../x.yaml"'),
    # supervisors (2.2)
    (SUPERVISOR.format(f":estrategia SimpleOneForOne :children ({CHILD})"),
     "simple-one-for-one-with-static-children", f"({CHILD})"),
    (SUPERVISOR.format(":children ()"), "no-children", "()"),
    (SUPERVISOR.format(f":max-restarts 0 :children ({CHILD})"), "zero-max-restarts", "0"),
    (SUPERVISOR.format(':children ((:caixa "" :versao "*"))'), "empty-child-name", '""'),
    (SUPERVISOR.format(':children ((:caixa "w" :versao ""))'), "empty-child-version", '""'),
    (SUPERVISOR.format(f":children ({CHILD} {CHILD})"), "child-duplicate", CHILD),
    (SUPERVISOR.format(':children ((:caixa "w" :versao "latest"))'), "child-versao-invalid", '"latest"'),
    (SUPERVISOR.format(f':restart-window "bogus" :children ({CHILD})'),
     "caixa-restart-window-invalid", '"bogus"'),
    (SUPERVISOR.format(f':restart-window "0s" :children ({CHILD})'), "caixa-restart-window-zero", '"0s"'),
    # upgrades (2.3)
    (SERVICO.format(':upgrade-from ((:from "v0.1.0"))'), "bad-from-version", '"v0.1.0"'),
    (SERVICO.format(':upgrade-from ((:from "0.1.0" :instructions ((:purge ""))))'), "empty-module", '""'),
    (SERVICO.format(':upgrade-from ((:from "0.1.0" :instructions ((:state-change ""))))'),
     "empty-script", '""'),
    (SERVICO.format(':upgrade-from ((:from "0.1.0") (:from "0.1.0"))'),
     "upgrade-from-duplicate", '(:from "0.1.0")'),
    # meshes (2.4)
    (MESH.format(f":membros () {PLACEMENT}"), "no-membros", "()"),
    (edge(':wit "custom:x"').replace('"catalog" :wit', '"catlog" :wit'), "contrato-member-missing", '"catlog"'),
    (edge(':wit ""'), "empty-wit", '""'),
    (edge(':wit "custom:x" :subject "a"'), "contrato-wrong-target", '"a"'),
    (edge(':wit "nats:x" :endpoint "/a" :subject "a"'), "contrato-wrong-target", '"/a"'),
    (edge(':wit "wasi:http/proxy"'),
     "contrato-missing-target", '(:de "cart" :para "catalog" :wit "wasi:http/proxy")'),
    (edge(':wit "custom:x"').replace('"catalog" :wit', '"cart" :wit'),
     "contrato-cycle", '(:de "cart" :para "cart" :wit "custom:x")'),
    (MESH.format(f'{MEMBROS} {PLACEMENT} :entrada (:host "h" :para "ghost")'),
     "entrada-member-missing", '"ghost"'),
    (MESH.format(f'{MEMBROS} {PLACEMENT} :entrada (:host "" :para "cart")'), "empty-entrada-host", '""'),
    (MESH.format(f'{MEMBROS} :placement (:estrategia Sharded :clusters ("r"))'), "sharded-without-key",
     '(:estrategia Sharded :clusters ("r"))'),
    (MESH.format(f"{MEMBROS} :placement ()"), "placement-without-clusters", "()"),
    (MESH.format(f'{MEMBROS} :placement (:estrategia Sharded :shard-key "k")'), "placement-without-clusters",
     '(:estrategia Sharded :shard-key "k")'),
    # names, versions and requirements (appendix A)
    ('(defcaixa :nome "my_Caixa" :versao "0.1.0" :kind Biblioteca)', "caixa-nome-invalid", '"my_Caixa"'),
    ('(defcaixa :nome "" :versao "0.1.0" :kind Biblioteca)', "caixa-nome-empty", '""'),
    (f'(defcaixa :nome "{"a" * 64}" :versao "0.1.0" :kind Biblioteca)', "caixa-nome-invalid", f'"{"a" * 64}"'),
    ('(defcaixa :nome "x" :versao "0.1" :kind Biblioteca)', "caixa-versao-invalid", '"0.1"'),
    (SERVICO.format(':deps ((:nome "a" :versao "^^1"))'), "dependency-versao-invalid", '"^^1"'),
    (SERVICO.format(':deps ((:nome "a" :versao "*") (:nome "a" :versao "1"))'),
     "dep-duplicate", '(:nome "a" :versao "1")'),
    (MESH.format(f':membros ((:caixa "a" :versao "")) {PLACEMENT}'), "membro-versao-empty", '""'),
    (MESH.format(f':membros ((:caixa "A" :versao "*")) {PLACEMENT}'), "membro-caixa-invalid", '"A"'),
    (MESH.format(f':membros ((:caixa "a" :versao "*") (:caixa "a" :versao "*")) {PLACEMENT}'),
     "membro-duplicate",
     '(:caixa "a" :versao "*")'),
    (MESH.format(f':membros ((:caixa "shop" :versao "*")) {PLACEMENT}'), "membro-is-self", '"shop"'),
    # payloads
    (edge(':wit "Wasi:http"'), "contrato-wit-invalid", '"Wasi:http"'),
    (edge(':wit "wasi:http/proxy" :endpoint ""'), "contrato-endpoint-empty", '""'),
    (edge(':wit "wasi:http/proxy" :endpoint "products"'), "contrato-endpoint-not-absolute", '"products"'),
    (edge(':wit "wasi:http/proxy" :endpoint "/a b"'), "contrato-endpoint-invalid", '"/a b"'),
    (edge(':wit "nats:x" :subject "a..b"'), "contrato-subject-invalid", '"a..b"'),
    (edge(':wit "kv:x" :slot ""'), "contrato-slot-empty", '""'),
    (MESH.format(f'{MEMBROS} {PLACEMENT} :contratos ({"(:de cart :para catalog :wit custom:x)" * 2})'),
     "contrato-duplicate", "(:de cart :para catalog :wit custom:x)"),
    # numbers
    (SERVICO.format(':limits (:memory "0")'), "limits-memory-zero", '"0"'),
    (SERVICO.format(':limits (:memory "5GiB")'), "limits-memory-too-large", '"5GiB"'),
    (SERVICO.format(":limits (:fuel 0)"), "limits-fuel-zero", "0"),
    (SERVICO.format(':limits (:wall-clock "0s")'), "limits-wall-clock-zero", '"0s"'),
    (SERVICO.format(':limits (:cpu "0m")'), "limits-cpu-zero", '"0m"'),
    (MESH.format(f'{MEMBROS} {PLACEMENT} :politicas (:timeout "0s")'), "politicas-timeout-zero", '"0s"'),
    (MESH.format(f"{MEMBROS} {PLACEMENT} :politicas (:retries 0)"), "politicas-retries-zero", "0"),
    (MESH.format(f'{MEMBROS} {PLACEMENT} :politicas (:rate-limit "0/s")'),
     "politicas-rate-limit-zero", '"0/s"'),
    (MESH.format(f'{MEMBROS} {PLACEMENT} :politicas (:circuit-breaker (:max-failures 0 :window "1s"))'),
     "circuit-breaker-max-failures-zero", "0"),
    (MESH.format(f'{MEMBROS} {PLACEMENT} :entrada (:host "h" :para "cart" :port 0)'), "entrada-port-zero", "0"),
    # the entrance and the placement
    (MESH.format(f'{MEMBROS} {PLACEMENT} :entrada (:host "a b" :para "cart")'),
     "entrada-host-invalid", '"a b"'),
    (MESH.format(f'{MEMBROS} {PLACEMENT} :entrada (:host "h" :para "cart" :paths ("api"))'),
     "entrada-path-not-absolute", '"api"'),
    (MESH.format(f'{MEMBROS} {PLACEMENT} :entrada (:host "h" :para "cart" :paths ("/a" "/a"))'),
     "entrada-path-duplicate", '"/a"'),
    (MESH.format(f'{MEMBROS} :placement (:clusters ("rio" "rio"))'), "cluster-duplicate", '"rio"'),
    (MESH.format(f'{MEMBROS} :placement (:clusters (""))'), "placement-clusters-empty", '""'),
    (MESH.format(f'{MEMBROS} :placement (:clusters ("Rio"))'), "placement-clusters-invalid", '"Rio"'),
    (MESH.format(f'{MEMBROS} :placement (:clusters ("r") :affinity "")'), "placement-affinity-empty", '""'),
    (MESH.format(f'{MEMBROS} :placement (:estrategia Sharded :clusters ("r") :shard-key "")'),
     "sharded-key-empty", '""'),
    (MESH.format(f'{MEMBROS} :placement (:clusters ("r") :shard-key "k")'), "shard-key-on-non-sharded", '"k"'),
    # paths
    (SERVICO.format(':behavior (:on-init "../a.lisp")'), "path-outside-package", '"../a.lisp"'),
    (SERVICO.format(':behavior (:on-init "/etc/passwd")'), "path-outside-package", '"/etc/passwd"'),
    (SERVICO.format(':behavior (:on-init "")'), "behavior-on-init-empty", '""'),
    (SERVICO.format(':bibliotecas ("lib/a" "lib/a")'), "path-duplicate", '"lib/a"'),
    # slots of another kind
    (SERVICO.format(f":children ({CHILD})"), "slot-unused", f"({CHILD})"),
]  # fmt: skip


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_keeps_the_rules_is_taken_without_a_word(text):
    assert found(text) == []


@pytest.mark.parametrize(("text", "code", "under"), REFUSED, ids=[code for _, code, _ in REFUSED])
def test_a_breach_is_named_and_placed(text, code, under):
    assert (code, under) in found(text)


@pytest.mark.parametrize("text", [text for text, _, _ in REFUSED])
def test_every_finding_says_what_to_do(text):
    assert all(each.message and each.fix for each in read_manifest(Source("caixa.lisp", text)).findings)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ('(defcaixa :nome "myCaixa" :versao "0.1.0" :kind Biblioteca)', '"my-caixa"'),
        ('(defcaixa :nome "x" :versao "v0.1" :kind Biblioteca)', '"0.1.0"'),
        (edge(':wit "custom:x"').replace('"catalog" :wit', '"catlog" :wit'), '"catalog"'),
        (edge(':wit "wasi:http/proxy" :endpoint "products"'), '"/products"'),
    ],
)
def test_a_mechanical_breach_has_its_edit(text, right):
    assert [edit.text for edit in first(text).edits] == [right]


def test_a_mesh_tells_all_that_is_wrong_with_it():
    text = MESH.format(
        f"{MEMBROS} :contratos ("
        '(:de "ghost" :para "cart" :wit "")'
        '(:de "cart" :para "catalog" :wit "nats:x" :endpoint "/a")'
        '(:de "catalog" :para "cart" :wit "custom:x") (:de "cart" :para "catalog" :wit "custom:x"))'
    )
    assert [code for code, _ in found(text)] == [
        "contrato-member-missing",
        "empty-wit",
        "contrato-wrong-target",
        "contrato-cycle",
        "placement-without-clusters",
    ]


@pytest.mark.parametrize(
    ("edges", "cycle"),
    [
        ("cart>catalog cart>payment cart>cart", "cart cart"),
        ("cart>catalog cart>payment catalog>cart", "cart catalog cart"),
        ("catalog>cart cart>payment payment>catalog", "cart payment catalog cart"),
        ("a>b b>c c>d d>b", "b c d b"),
        ("a>b b>c a>c", None),
        ("", None),
    ],
)
def test_the_cycle_that_is_reported_is_the_specified_one(edges, cycle):
    graph: dict[str, set[str]] = {}
    for one in edges.split():
        de, para = one.split(">")
        graph.setdefault(de, set()).add(para)
    assert find_cycle(graph) == (cycle.split() if cycle else None)


def test_a_chain_of_a_hundred_thousand_calls_is_searched():
    edges = {str(n): {str(n + 1)} for n in range(100_000)}
    assert find_cycle(edges) is None
    edges["100000"] = {"0"}
    assert len(find_cycle(edges)) == 100_002


@given(st.dictionaries(st.sampled_from("abcde"), st.sets(st.sampled_from("abcde")), max_size=5))
def test_a_cycle_is_one_and_is_found_if_there_is_any(edges):
    cycle = find_cycle(edges)
    if cycle:
        assert cycle[0] == cycle[-1]
        assert all(para in edges[de] for de, para in pairwise(cycle))
    else:  # then leaves can be taken away until nothing is left
        left = {node: set(edges.get(node, ())) for node in "abcde"}
        while leaves := [node for node in left if not left[node] & left.keys()]:
            for node in leaves:
                del left[node]
        assert not left


def test_the_view_of_a_supervisor_has_its_defaults():
    supervisor = Caixa("s", "0.1.0", Kind.SUPERVISOR)
    assert supervisor_view(supervisor) == SupervisorSpec(restart_window=None)
    assert supervisor_view(Caixa("s", "0.1.0", Kind.SERVICO)) is None
    assert supervisor_view(Caixa("s", "0.1.0", Kind.SUPERVISOR, restart_window="bogus")).restart_window is None
    assert (
        supervisor_view(Caixa("s", "0.1.0", Kind.SUPERVISOR, restart_window="1m")).restart_window == 60 * 10**9
    )
