"""The defects of the older mesh renderer (caixa.md 4.8), each with the tests that fail on what it did.

| defect | what it did | tests |
|---|---|---|
| G1 | `:politicas` parsed and never rendered | `test_g1_*`, `test_mesh_calls.py`, `test_mesh_entrance.py` |
| G2 | `/products/:id` used as a regular expression | `test_g2_*` |
| G3 | no method in the rules on HTTP | `test_g3_*` |
| G4 | Helm values among Kubernetes objects | `test_g4_*` |
| G5 | entries without module and trigger | `test_g5_*` |
| G6 | entries not put into the fleet's release | `test_mesh_fleet.py` |
| G7 | two contracts of a pair, one name | `test_g7_*` |
| G8 | no rule for the gateway | `test_g8_*` |
| G9 | members without a contract open to all | `test_g9_*`, `test_mesh_policies.py` |
| G10 | selected by labels that no pod has | `test_g10_*`, and the charts in `test_charts.py` |
| G11 | two meshes with a member of one name bleed | `test_g11_*` |
| G12 | pub-sub opens a port between the two; no broker, store, DNS | `test_g12_*`, `test_mesh_policies.py` |
| G13 | port 8080 assumed | `test_g13_*` |
| G14 | `:placement` unused | `test_g14_*` in `test_mesh_fleet.py` |
| G15 | plain HTTP at the entrance | `test_g15_*` in `test_mesh_entrance.py` |
| G17 | capabilities never looked at | `test_mesh_policies.py`, and the proof of capabilities |
| G20 | the namespace fixed | `test_g20_*` |
| G21 | names that Kubernetes refuses | `test_g21_*` |

G16 is of supervisors, G18 of charts, G19 of flakes, G22 to G24 of infrastructure, G25 of limits, G26 of Flux.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from mesh_network import MeshNetwork, rendered
from mesh_strategies import aplicacoes
from render_examples import checkout, everyone, servico
from strict_schemas import refusals

from caixa.manifest.errors import InvalidManifest
from caixa.manifest.package import Package, nobody
from caixa_renderers import Options, render
from caixa_renderers.errors import InvalidAplicacao, NotAnAplicacao
from caixa_renderers.mesh import rendering as mesh
from caixa_renderers.mesh.policy import path_regex

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
        - path: ^/products/[^/?]+(\\?.*)?$
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
    text = render(checkout(), "mesh", nobody).artifacts[0].text
    assert text.split("---\n")[1] == POLICY


@pytest.mark.parametrize(("written", "mode"), [("#t", "required"), ("#f", "disabled")])
def test_g1_mtls_is_asked_of_every_contract(written, mode):
    objects = manifests(checkout(politicas=f"(:mtls-required {written})"))
    for name in ("checkout-cart-to-catalog", "checkout-cart-to-payment"):
        policy = by_name(objects, "CiliumNetworkPolicy", name)
        assert policy["spec"]["ingress"][0]["authentication"] == {"mode": mode}


def test_g1_mtls_unset_is_left_to_the_cluster():
    assert "authentication" not in str(manifests(checkout(politicas='(:timeout "1s")')))


def test_g1_mtls_of_one_contract_is_asked_of_its_pair_alone():
    own = f"{HTTP_A} :politicas (:mtls-required #t)"
    edges = f'((:de "cart" :para "catalog" {own}) (:de "cart" :para "payment" {HTTP_A}))'
    package = checkout(politicas='(:timeout "1s")', contratos=edges)
    policies = {each["metadata"]["name"]: str(each) for each in manifests(package)}
    assert "required" in policies["checkout-cart-to-catalog"]
    assert "authentication" not in policies["checkout-cart-to-payment"]


def test_g1_mtls_that_differs_within_a_pair_is_required_of_it_and_said():
    rendering = render(two_contracts(f"{HTTP_A} :politicas (:mtls-required #f)", HTTP_B), "mesh", everyone)
    policy = by_name(rendering.objects, "CiliumNetworkPolicy", "checkout-cart-to-catalog")
    assert policy["spec"]["ingress"][0]["authentication"] == {"mode": "required"}
    assert any("mtls-required is not enforced for one contract alone" in f.message for f in rendering.findings)


@pytest.mark.parametrize(
    ("endpoint", "expression"),
    [
        ("/products/:id", r"^/products/[^/?]+(\?.*)?$"),
        ("/:a/x/:b-c", r"^/[^/?]+/x/[^/?]+(\?.*)?$"),
        ("/v1.0/a+b", r"^/v1\.0/a\+b(\?.*)?$"),
        ("/items:batch", r"^/items:batch(\?.*)?$"),
        ("/a/(b)|c$", r"^/a/\(b\)\|c\$(\?.*)?$"),
        ("/", r"^/(\?.*)?$"),
    ],
)
def test_g2_a_route_template_is_an_anchored_expression_for_the_whole_path(endpoint, expression):
    assert path_regex(endpoint) == expression


@pytest.mark.parametrize(
    ("path", "admitted"),
    [
        ("/products/42", True),
        ("/products/42?colour=red/blue", True),
        ("/products/:id", True),
        ("/products/", False),
        ("/products/?x", False),
        ("/products/42/x", False),
        ("/x/products/42", False),
        ("/x", False),
    ],
)
def test_g2_a_parameter_matches_a_value_and_nothing_more(path, admitted):
    assert rendered(checkout(), everyone).calls("cart", "catalog", path) is admitted


def test_g3_a_method_that_a_contract_names_is_the_only_one():
    network = rendered(two_contracts(f"{HTTP_A} :method GET", HTTP_B), everyone)
    assert network.calls("cart", "catalog", "/a", method="GET")
    assert not network.calls("cart", "catalog", "/a", method="POST")
    assert network.calls("cart", "catalog", "/b/1", method="POST")


def test_g3_two_methods_of_one_endpoint_are_two_rules():
    objects = manifests(two_contracts(f"{HTTP_A} :method GET", f"{HTTP_A} :method PUT"))
    policy = by_name(objects, "CiliumNetworkPolicy", "checkout-cart-to-catalog")
    rules = policy["spec"]["ingress"][0]["toPorts"][0]["rules"]["http"]
    assert [rule["method"] for rule in rules] == ["GET", "PUT"]


def test_g4_manifests_hold_kubernetes_objects_only():
    for artifact in render(checkout(), "mesh", everyone).artifacts:
        assert all(each.get("apiVersion") and each.get("kind") for each in artifact.objects)


LIMITS = ' :limits (:memory "64MiB")'


def test_g5_members_carry_their_own_module_trigger_and_typed_slots():
    entries = mesh.programs(checkout().caixa, lambda nome, _: servico(nome, port=9000, slots=LIMITS))
    assert [entry["name"] for entry in entries] == ["catalog", "cart", "payment"]
    assert entries[0]["module"] == {"source": "oci://ghcr.io/pleme-io/catalog:v0.1.0"}
    assert entries[0]["trigger"]["service"]["port"] == 9000
    assert entries[0]["limits"] == {"memory": "64MiB"}
    assert {entry["aplicacao"] for entry in entries} == {"checkout"}


def test_g5_an_unresolved_member_is_an_error_at_its_place_and_keeps_what_is_known():
    package = checkout()
    rendering = render(package, "flux", nobody)
    entry = rendering.objects[0]["programs"][0]
    assert (entry["name"], entry["versao"], entry["aplicacao"]) == ("catalog", "^0.1", "checkout")
    assert "module" not in entry
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
    assert paths == [{"path": r"^/a(\?.*)?$"}, {"path": r"^/b/[^/?]+(\?.*)?$"}]


def test_g7_a_pair_that_also_needs_the_bare_port_says_that_its_paths_are_open():
    rendering = render(two_contracts(HTTP_A, ':wit "acme:thing/go"'), "mesh", everyone)
    policy = by_name(rendering.objects, "CiliumNetworkPolicy", "checkout-cart-to-catalog")
    assert "rules" not in policy["spec"]["ingress"][0]["toPorts"][0]
    assert any("endpoint /a" in f.message for f in rendering.findings)


def test_g8_the_gateway_reaches_the_paths_of_the_entrance_and_nothing_else():
    network = rendered(checkout(), everyone)
    members, paths = ("catalog", "cart", "payment"), ("/api/cart", "/api/cart/7?x=/", "/api/cartoon", "/")
    reached = [(name, path) for name in members for path in paths if network.calls("gateway", name, path)]
    assert reached == [("cart", "/api/cart"), ("cart", "/api/cart/7?x=/")]


def test_g8_an_entrance_without_paths_is_open_on_all_of_them():
    network = rendered(checkout(entrada='(:host "a.b" :para "cart")'), everyone)
    assert network.calls("gateway", "cart", "/anything")


def test_g9_a_member_without_contracts_is_closed_both_ways():
    network = rendered(checkout(contratos="()"), everyone)
    names = ("catalog", "cart", "payment", "stranger", "bystander", "elsewhere")
    assert not any(network.calls(a, b) for a in names for b in names if "cart" in (a, b) and a != b)


def test_g10_every_label_that_a_policy_selects_is_on_the_unit_of_a_member():
    units = render(checkout(), "computeunit", everyone).objects
    carried = [set(each["metadata"]["labels"].items()) for each in units]
    selectors = [
        set(selector["matchLabels"].items())
        for policy in manifests(checkout())
        if policy["kind"] == "CiliumNetworkPolicy"
        for selector in _selectors(policy["spec"])
        if "k8s:io.kubernetes.pod.namespace" not in selector["matchLabels"]
    ]
    assert len(selectors) > 8
    assert all(any(selector <= labels for labels in carried) for selector in selectors)


def test_g10_a_pod_that_runs_another_package_of_the_same_name_is_refused():
    objects = manifests(checkout())
    units = render(checkout(), "computeunit", everyone).objects
    labels = {each["metadata"]["name"]: each["metadata"]["labels"] for each in units}
    assert len(labels["cart"]["pleme.pleme.io/package"]) == 52
    assert MeshNetwork(objects, labels).calls("cart", "catalog", "/products/1")
    for changed in ("cart", "catalog"):  # policies select who calls, and who is called, by what they run
        other = labels | {changed: labels[changed] | {"pleme.pleme.io/package": "a" * 52}}
        assert not MeshNetwork(objects, other).calls("cart", "catalog", "/products/1")


def _selectors(spec):
    yield spec["endpointSelector"]
    for rule in spec.get("ingress", ()):
        yield from rule.get("fromEndpoints", ())
    for rule in spec.get("egress", ()):
        yield from rule.get("toEndpoints", ())


def test_g11_a_mesh_leaves_programs_of_the_same_name_in_another_mesh_alone():
    network = rendered(checkout(), everyone)
    assert not network.calls("stranger", "catalog", "/products/1")
    assert network.calls("stranger", "bystander")  # no policy of ours selects either


def test_g12_a_contract_over_a_broker_opens_the_broker_to_both_and_nothing_between_them():
    package = checkout(contratos='((:de "cart" :para "catalog" :wit "nats:pub-sub" :subject "orders.charged"))')
    network = rendered(package, everyone)
    assert not network.calls("cart", "catalog")
    assert [name for name in ("catalog", "cart", "payment") if network.calls(name, "broker", port=4222)] == [
        "catalog",
        "cart",
    ]
    assert not network.calls("cart", "broker", port=8222)
    findings = render(package, "mesh", everyone).findings
    assert any("subject orders.charged" in f.message for f in findings)


def test_g13_a_policy_opens_the_port_on_which_the_member_listens():
    network = rendered(checkout(), lambda nome, _: servico(nome, port=9090))
    assert network.calls("cart", "catalog", "/products/1", port=9090)
    assert not network.calls("cart", "catalog", "/products/1", port=8080)


def test_g20_every_object_lies_in_the_namespace_that_is_asked_for():
    options = Options(namespace="shop")
    objects = render(checkout(), "mesh", everyone, options).objects
    units = render(checkout(), "computeunit", everyone, options).objects
    assert {each["metadata"]["namespace"] for each in (*objects, *units)} == {"shop"}
    assert len(units) == 3
    entries = render(checkout(), "flux", everyone, options).objects[0]["programs"]
    assert {entry["namespace"] for entry in entries} == {"shop"}


@pytest.mark.parametrize("name", ["Cart", "cart_x", "-cart", "c" * 64, "cart.x"])
def test_g21_a_name_that_kubernetes_would_refuse_is_refused_in_the_manifest(name):
    with pytest.raises(InvalidManifest):
        Package.from_text(checkout().manifest.text.replace('"cart"', f'"{name}"'))


def test_an_entrance_to_a_port_on_which_nobody_listens_is_found():
    package = checkout()
    rendering = render(package, "mesh", lambda nome, _: servico(nome, port=9090))
    (finding,) = [f for f in rendering.findings if f.code == "entrada-port"]
    assert package.manifest.slice(finding.span) == "8080"
    assert "listens on 9090" in finding.message
    assert "entrada-port" not in {f.code for f in render(package, "mesh", everyone).findings}


def test_only_an_aplicacao_has_a_mesh():
    with pytest.raises(NotAnAplicacao):
        render(servico(), "mesh")


def test_a_mesh_that_breaks_a_rule_is_not_rendered():
    caixa = checkout().caixa
    with pytest.raises(InvalidAplicacao) as caught:
        mesh.manifests(type(caixa)(caixa.nome, caixa.versao, caixa.kind))
    assert caught.value.diagnostics[0].code == "no-membros"


def test_the_aplicacao_object_is_the_mesh_as_it_was_declared():
    package = checkout()
    declared = by_name(render(package, "mesh", everyone).objects, "Aplicacao", "checkout")
    assert declared["spec"]["membros"] == [{"caixa": each.caixa, "versao": each.versao} for each in
                                           package.caixa.membros]  # fmt: skip
    assert list(declared["spec"]) == ["versao", "membros", "contratos", "politicas", "placement", "entrada"]
    assert len(declared["metadata"]["labels"]["pleme.pleme.io/package"]) == 52


@given(aplicacoes())
@settings(max_examples=60, deadline=None)
def test_no_two_objects_of_a_mesh_share_a_name(caixa):
    objects = mesh.manifests(caixa)
    names = [(each["kind"], each["metadata"]["name"]) for each in objects]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("channel", ["standard", "experimental"])
@given(caixa=aplicacoes())
@settings(max_examples=25, deadline=None)
def test_any_mesh_is_accepted_by_the_published_schemas(channel, caixa):
    assert refusals(mesh.manifests(caixa, Options(channel=channel, issuer="letsencrypt")), channel) == {}


def test_the_whole_rendering_of_a_mesh_is_accepted_by_the_published_schemas():
    for target in ("mesh", "computeunit"):
        assert refusals(render(checkout(), target, everyone).objects, "experimental") == {}
