"""The mesh renderer: each defect of the older one mended (caixa.md 4.8), policies that admit the contracts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from mesh_strategies import aplicacoes
from policy_simulator import Simulator, pairs, pod
from render_examples import checkout, everyone, servico
from strict_schemas import problems

from caixa.manifest.codecs import parse_duration
from caixa.manifest.model import ContratoShape
from caixa.manifest.package import nobody
from caixa_renderers import Options, mesh, render
from caixa_renderers.computeunit import complete
from caixa_renderers.errors import InvalidAplicacao, NotAnAplicacao
from caixa_renderers.gateway import gateway_duration
from caixa_renderers.policy import path_regex, policies

POLICY = """\
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: checkout-cart-to-catalog
  namespace: tatara-system
  labels:
    pleme.pleme.io/aplicacao: checkout
    pleme.pleme.io/contrato: cart-to-catalog
spec:
  endpointSelector:
    matchLabels:
      pleme.pleme.io/program: catalog
      pleme.pleme.io/aplicacao: checkout
  ingress:
  - fromEndpoints:
    - matchLabels:
        pleme.pleme.io/program: cart
        pleme.pleme.io/aplicacao: checkout
    toPorts:
    - ports:
      - port: '8080'
        protocol: TCP
      rules:
        http:
        - path: /products/[^/]+
    authentication:
      mode: required
"""


def manifests(package, members=everyone, **options):
    return render(package, "mesh", members, Options(**options)).objects


def by_name(objects, kind, name):
    (found,) = [each for each in objects if each["kind"] == kind and each["metadata"]["name"] == name]
    return found


def two_contracts(first: str, second: str):
    return checkout(contratos=f'((:de "cart" :para "catalog" {first}) (:de "cart" :para "catalog" {second}))')


HTTP_A = ':wit "wasi:http/proxy" :endpoint "/a"'
HTTP_B = ':wit "wasi:http/proxy" :endpoint "/b/:id"'


def test_a_contract_is_one_readable_policy():
    text = render(checkout(), "mesh", everyone).artifacts[0].text
    assert text.split("---\n")[1] == POLICY


def test_g1_the_timeout_reaches_the_route():
    route = by_name(manifests(checkout()), "HTTPRoute", "checkout-cart")
    assert route["spec"]["rules"][0]["timeouts"] == {"request": "30s"}


def test_g1_retries_reach_the_route_and_the_channel_they_need_is_stated():
    rendering = render(checkout(), "mesh", everyone)
    route = by_name(rendering.objects, "HTTPRoute", "checkout-cart")
    assert route["spec"]["rules"][0]["retry"] == {"attempts": 3}
    assert "experimental channel" in rendering.artifacts[0].text.splitlines()[0]
    assert any(finding.code == "needs-experimental-channel" for finding in rendering.findings)


def test_without_retries_the_standard_channel_is_enough():
    rendering = render(checkout(politicas='(:timeout "1s")'), "mesh", everyone)
    assert "standard channel" in rendering.artifacts[0].text.splitlines()[0]


def test_g1_retries_in_the_standard_channel_are_said_not_to_be_enforced():
    rendering = render(checkout(), "mesh", everyone, Options(channel="standard"))
    assert "retry" not in str(rendering.objects)
    assert "standard channel" in rendering.artifacts[0].text.splitlines()[0]
    assert any(f.data.get("slot") == "politicas.retries" for f in rendering.findings)


@pytest.mark.parametrize(("written", "mode"), [("#t", "required"), ("#f", "disabled")])
def test_g1_mtls_is_asked_of_every_contract(written, mode):
    objects = manifests(checkout(politicas=f"(:mtls-required {written})"))
    policy = by_name(objects, "CiliumNetworkPolicy", "checkout-cart-to-catalog")
    assert policy["spec"]["ingress"][0]["authentication"] == {"mode": mode}


def test_g1_mtls_unset_is_left_to_the_cluster():
    assert "authentication" not in str(manifests(checkout(politicas='(:timeout "1s")')))


@pytest.mark.parametrize(
    ("slot", "politicas"),
    [
        ("politicas.circuit-breaker", '(:circuit-breaker (:max-failures 5 :window "60s"))'),
        ("politicas.rate-limit", '(:rate-limit "100/s")'),
        ("politicas.timeout", '(:timeout "30s")'),
    ],
)
def test_g1_what_no_object_enforces_is_said(slot, politicas):
    findings = render(checkout(politicas=politicas), "mesh", everyone).findings
    assert slot in {f.data.get("slot") for f in findings if f.code == "not-enforced"}


@pytest.mark.parametrize(
    ("endpoint", "expression"),
    [
        ("/products/:id", "/products/[^/]+"),
        ("/:a/x/:b-c", "/[^/]+/x/[^/]+"),
        ("/v1.0/a+b", r"/v1\.0/a\+b"),
        ("/items:batch", "/items:batch"),
        ("/a/(b)|c$", r"/a/\(b\)\|c\$"),
        ("/", "/"),
    ],
)
def test_g2_a_route_template_is_an_expression_for_the_whole_path(endpoint, expression):
    assert path_regex(endpoint) == expression


def test_g2_a_parameter_matches_a_value_and_nothing_more():
    simulator = Simulator(manifests(checkout()))
    cart, catalog = pod("checkout", "cart"), pod("checkout", "catalog")
    admitted = [p for p in ("/products/42", "/products/", "/products/42/x", "/products/:id", "/x") if
                simulator.admits(cart, catalog, 8080, p)]  # fmt: skip
    assert admitted == ["/products/42", "/products/:id"]


def test_g4_manifests_hold_kubernetes_objects_only():
    artifact = render(checkout(), "mesh", everyone).artifacts[0]
    assert all(each.get("apiVersion") and each.get("kind") for each in artifact.objects)


def test_g5_members_carry_their_own_module_trigger_and_typed_slots():
    entries = mesh.programs(checkout().caixa, lambda nome, _: servico(nome, port=9000, slots=LIMITS))
    assert [entry["name"] for entry in entries] == ["catalog", "cart", "payment"]
    assert entries[0]["module"] == {"source": "oci://ghcr.io/pleme-io/catalog:v0.1.0"}
    assert entries[0]["trigger"]["service"]["port"] == 9000
    assert entries[0]["limits"] == {"memory": "64MiB"}
    assert {entry["aplicacao"] for entry in entries} == {"checkout"}


LIMITS = ' :limits (:memory "64MiB")'


def test_g5_an_unresolved_member_is_an_error_at_its_place_and_keeps_what_is_known():
    package = checkout()
    rendering = render(package, "flux", nobody)
    assert rendering.objects[0]["programs"][0] == {"name": "catalog", "versao": "^0.1", "aplicacao": "checkout"}
    errors = [f for f in rendering.findings if f.is_error]
    assert [f.code for f in errors] == ["member-unresolved"] * 3
    assert package.manifest.slice(errors[0].span) == '(:caixa "catalog" :versao "^0.1")'


def test_g5_a_member_with_a_broken_unit_is_unresolved_and_its_line_is_named():
    rendering = render(checkout(), "mesh", lambda nome, _: servico(nome, unit="spec: [\n"))
    codes = [f.code for f in rendering.findings if f.is_error]
    assert codes[:2] == ["member-unresolved", "malformed-yaml"]
    assert "servicos/catalog.computeunit.yaml" in rendering.sources


def test_g7_contracts_of_a_pair_are_one_policy():
    objects = manifests(two_contracts(HTTP_A, HTTP_B))
    policy = by_name(objects, "CiliumNetworkPolicy", "checkout-cart-to-catalog")
    paths = policy["spec"]["ingress"][0]["toPorts"][0]["rules"]["http"]
    assert paths == [{"path": "/a"}, {"path": "/b/[^/]+"}]


def test_g7_a_pair_that_also_needs_the_bare_port_says_that_its_paths_are_open():
    rendering = render(two_contracts(HTTP_A, ':wit "acme:thing/go"'), "mesh", everyone)
    policy = by_name(rendering.objects, "CiliumNetworkPolicy", "checkout-cart-to-catalog")
    assert "rules" not in policy["spec"]["ingress"][0]["toPorts"][0]
    assert any("endpoint /a" in f.message for f in rendering.findings)


def test_g8_the_gateway_reaches_the_entrance_and_nothing_else():
    simulator = Simulator(manifests(checkout()))
    reached = [name for name in ("catalog", "cart", "payment") if
               simulator.admits("ingress", pod("checkout", name), 8080)]  # fmt: skip
    assert reached == ["cart"]


def test_g9_a_member_without_contracts_is_closed():
    simulator = Simulator(manifests(checkout(contratos="()")))
    assert not any(simulator.admits(pod("checkout", a), pod("checkout", b), 8080) for a, b in
                   pairs(["catalog", "cart", "payment"]))  # fmt: skip
    assert not simulator.admits(pod("other", "cart"), pod("checkout", "catalog"), 8080)


def test_g11_a_mesh_leaves_programs_of_the_same_name_in_another_mesh_alone():
    simulator = Simulator(manifests(checkout()))
    assert not simulator.admits(pod("other", "cart"), pod("checkout", "catalog"), 8080)
    assert simulator.admits(pod("other", "cart"), pod("other", "catalog"), 8080)  # no policy of ours selects it


def test_g12_a_contract_over_a_broker_opens_nothing_between_the_two():
    package = checkout(contratos='((:de "cart" :para "catalog" :wit "nats:pub-sub" :subject "orders.charged"))')
    rendering = render(package, "mesh", everyone)
    assert not Simulator(rendering.objects).admits(pod("checkout", "cart"), pod("checkout", "catalog"), 8080)
    assert any("subject orders.charged" in f.message for f in rendering.findings)


def test_g13_a_policy_opens_the_port_on_which_the_member_listens():
    objects = manifests(checkout(), lambda nome, _: servico(nome, port=9090))
    assert Simulator(objects).admits(pod("checkout", "cart"), pod("checkout", "catalog"), 9090, "/products/1")


def test_an_entrance_to_a_port_on_which_nobody_listens_is_found():
    package = checkout()
    rendering = render(package, "mesh", lambda nome, _: servico(nome, port=9090))
    (finding,) = [f for f in rendering.findings if f.code == "entrada-port"]
    assert package.manifest.slice(finding.span) == "8080"
    assert "listens on 9090" in finding.message
    assert "entrada-port" not in {f.code for f in render(package, "mesh", everyone).findings}


@pytest.mark.parametrize(
    ("placement", "clusters", "unsaid"),
    [
        ('(:estrategia Replicated :clusters ("rio" "mar"))', ("rio", "mar"), None),
        ('(:estrategia SingleNode :clusters ("rio" "mar"))', ("rio",), "placement: takeover"),
        (
            '(:estrategia Sharded :shard-key "$t" :clusters ("rio" "mar"))',
            ("rio", "mar"),
            "placement: shard key $t",
        ),
    ],
)
def test_g14_artifacts_say_on_which_clusters_they_belong(placement, clusters, unsaid):
    rendering = render(checkout(placement=placement), "all", everyone)
    assert {artifact.clusters for artifact in rendering.artifacts} == {clusters}
    assert unsaid is None or unsaid in {f.data.get("slot") for f in rendering.findings}


def test_a_member_rendered_as_a_unit_carries_the_labels_that_policies_select():
    unit = complete(servico("cart").caixa, {"spec": {"trigger": {"service": {}}}}, aplicacao="checkout")
    assert unit["metadata"]["labels"] == pod("checkout", "cart") | {"pleme.pleme.io/shape": "service"}


def test_the_units_of_a_mesh_lie_in_its_namespace():
    objects = render(checkout(), "computeunit", everyone, Options(namespace="shop")).objects
    assert {each["metadata"]["namespace"] for each in objects} == {"shop"}
    assert len(objects) == 3


def test_more_paths_than_a_route_takes_make_more_routes():
    paths = " ".join(f'"/p{n}"' for n in range(20))
    entrada = f'(:host "a.b" :para "cart" :paths ({paths}) :port 8080)'
    routes = [each for each in manifests(checkout(entrada=entrada)) if each["kind"] == "HTTPRoute"]
    assert [route["metadata"]["name"] for route in routes] == ["checkout-cart", "checkout-cart-2"]
    assert [len(route["spec"]["rules"]) for route in routes] == [16, 4]


@pytest.mark.parametrize(
    ("written", "shown"),
    [("30s", "30s"), ("90m", "1h30m"), ("1500ms", "1s500ms"), ("123456ms", "2m3s456ms"), ("0s", "0s")],
)
def test_durations_are_written_as_the_gateway_api_has_them(written, shown):
    assert gateway_duration(parse_duration(written)) == shown


def test_a_positive_timeout_is_never_written_as_none():
    assert gateway_duration(1) == "1ms"


def test_only_an_aplicacao_has_a_mesh():
    with pytest.raises(NotAnAplicacao):
        render(servico(), "mesh")


def test_a_mesh_that_breaks_a_rule_is_not_rendered():
    caixa = checkout().caixa
    with pytest.raises(InvalidAplicacao) as caught:
        mesh.manifests(type(caixa)(caixa.nome, caixa.versao, caixa.kind))
    assert caught.value.diagnostics[0].code == "no-membros"


@given(aplicacoes())
@settings(max_examples=60, deadline=None)
def test_policies_admit_the_declared_calls_and_no_others(caixa):
    simulator = Simulator(policies(caixa))
    names = [membro.caixa for membro in caixa.membros]
    declared = {(c.de, c.para) for c in caixa.contratos if c.shape is not ContratoShape.PUBSUB}
    ports = {caixa.entrada.para: caixa.entrada.port} if caixa.entrada else {}
    admitted = {
        (de, para)
        for de, para in pairs(names)
        if simulator.admits(pod(caixa.nome, de), pod(caixa.nome, para), ports.get(para, 8080))
    }
    assert admitted == declared


@given(aplicacoes())
@settings(max_examples=60, deadline=None)
def test_no_two_objects_of_a_mesh_share_a_name(caixa):
    objects = mesh.manifests(caixa)
    names = [(each["kind"], each["metadata"]["name"]) for each in objects]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("channel", ["standard", "experimental"])
@given(caixa=aplicacoes())
@settings(max_examples=30, deadline=None)
def test_any_mesh_is_accepted_by_the_published_schemas(channel, caixa):
    for document in mesh.manifests(caixa, Options(channel=channel)):
        assert problems(document, channel) == []
