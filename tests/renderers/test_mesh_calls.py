"""Policies between members: an HTTPRoute, Envoy's own terms for what that cannot say, or a finding."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from mesh_strategies import aplicacoes
from render_examples import checkout, everyone
from strict_schemas import refusals

from caixa.manifest.codecs import parse_duration
from caixa.manifest.model import ContratoShape
from caixa_renderers import Options, render
from caixa_renderers.mesh import rendering as mesh
from caixa_renderers.mesh.calls import Means, callees, means_of
from caixa_renderers.mesh.politicas import effective, envoy_duration, gateway_duration, traffic_of

EDGE = ':de "{}" :para "{}" :wit "wasi:http/proxy" :endpoint "{}"'
BREAKER = '(:circuit-breaker (:max-failures 5 :window "60s"))'


def edges(*said: str) -> str:
    return f"({' '.join(f'({each})' for each in said)})"


def rendering(contratos: str | None = None, politicas: str | None = None, **options):
    text = checkout().manifest.text
    package = checkout(text, **({"politicas": politicas} if politicas else {}))
    package = checkout(package.manifest.text, contratos=contratos) if contratos else package
    return render(package, "mesh", everyone, Options(**options))


def named(objects, kind: str, name: str):
    found = [each for each in objects if (each["kind"], each["metadata"]["name"]) == (kind, name)]
    return found[0] if found else None


def lost(rendered) -> dict[str, str]:
    """Return what is not enforced, by slot: the last words of the findings."""
    found: dict[str, str] = {}
    for finding in rendered.findings:
        if finding.code == "not-enforced":
            slot = finding.data["slot"]
            rest = finding.message.removeprefix(f"{slot} is not enforced ")
            found[slot] = f"{found[slot]}; {rest}" if slot in found else rest
    return found


def listing(config) -> dict[str, list]:
    """Return the resources of a CiliumEnvoyConfig by the last word of their type."""
    found: dict[str, list] = {}
    for each in config["spec"]["resources"]:
        found.setdefault(each["@type"].rpartition(".")[2], []).append(each)
    return found


def test_g1_timeout_and_retries_stand_in_front_of_every_callee():
    objects = rendering().objects
    for callee in ("catalog", "payment"):
        route = named(objects, "HTTPRoute", f"checkout-{callee}.calls")
        assert route["spec"]["parentRefs"] == [{"group": "", "kind": "Service", "name": callee, "port": 8080}]
        (rule,) = route["spec"]["rules"]
        assert rule["timeouts"] == {"request": "30s"}
        assert rule["retry"]["attempts"] == 3
        assert rule["backendRefs"] == [{"name": callee, "port": 8080}]


def test_g1_an_endpoint_with_parameters_is_matched_by_its_expression_and_another_exactly():
    objects = rendering().objects
    (rule,) = named(objects, "HTTPRoute", "checkout-catalog.calls")["spec"]["rules"]
    assert rule["matches"] == [{"path": {"type": "RegularExpression", "value": "/products/[^/?]+"}}]
    (rule,) = named(objects, "HTTPRoute", "checkout-payment.calls")["spec"]["rules"]
    assert rule["matches"] == [{"path": {"type": "Exact", "value": "/charge"}}]


@pytest.mark.parametrize("endpoint", ["/a//b", "/a/../b", "/a/./b", "/a|b", "/ü", "/a%2Fb", "/x/.."])
def test_a_path_that_the_gateway_api_does_not_take_as_it_is_becomes_an_expression(endpoint):
    rendered = rendering(edges(EDGE.format("cart", "catalog", endpoint)))
    (rule,) = named(rendered.objects, "HTTPRoute", "checkout-catalog.calls")["spec"]["rules"]
    assert rule["matches"][0]["path"]["type"] == "RegularExpression"
    assert re.fullmatch(rule["matches"][0]["path"]["value"], endpoint)
    assert refusals(rendered.objects, "experimental") == {}


def test_a_mesh_without_policies_has_no_proxy_between_its_members():
    objects = rendering(politicas="(:mtls-required #t)").objects
    assert not [each for each in objects if each["metadata"]["name"].endswith(".calls")]


def test_g1_an_edge_with_policies_of_its_own_has_them_and_the_others_keep_the_mesh_s():
    own = EDGE.format("cart", "catalog", "/a") + ' :politicas (:timeout "5s")'
    rendered = rendering(edges(own, EDGE.format("cart", "catalog", "/b")))
    rules = named(rendered.objects, "HTTPRoute", "checkout-catalog.calls")["spec"]["rules"]
    assert [(rule["matches"][0]["path"]["value"], rule["timeouts"]["request"]) for rule in rules] == [
        ("/a", "5s"),
        ("/b", "30s"),
    ]
    assert all(rule["retry"]["attempts"] == 3 for rule in rules)
    assert not any("on this edge alone" in text for text in lost(rendered).values())


def test_g1_callers_of_one_endpoint_that_differ_get_the_mesh_s_policies_and_are_told():
    own = EDGE.format("cart", "catalog", "/a") + ' :politicas (:timeout "5s")'
    rendered = rendering(edges(own, EDGE.format("payment", "catalog", "/a")))
    (rule,) = named(rendered.objects, "HTTPRoute", "checkout-catalog.calls")["spec"]["rules"]
    assert rule["timeouts"] == {"request": "30s"}
    assert lost(rendered)["contrato cart → catalog: politicas"] == "on this edge alone"
    assert "contrato payment → catalog: politicas" not in lost(rendered)


def test_g1_a_circuit_breaker_is_envoy_s_and_what_it_does_not_mean_is_said():
    rendered = rendering(politicas=BREAKER)
    config = named(rendered.objects, "CiliumEnvoyConfig", "checkout-catalog.calls")
    (cluster,) = listing(config)["Cluster"]
    assert cluster["outlier_detection"]["consecutive_5xx"] == 5
    assert cluster["outlier_detection"]["base_ejection_time"] == "60s"
    assert cluster["eds_cluster_config"] == {"service_name": "tatara-system/catalog:8080"}
    assert lost(rendered)["politicas.circuit-breaker"] == "over its window; at the entrance"
    assert refusals(rendered.objects) == {}


def test_g1_a_rate_limit_is_envoy_s_on_the_routes_that_have_one():
    limited = EDGE.format("cart", "catalog", "/a") + ' :politicas (:rate-limit "100/m")'
    rendered = rendering(edges(limited, EDGE.format("cart", "catalog", "/b")))
    found = listing(named(rendered.objects, "CiliumEnvoyConfig", "checkout-catalog.calls"))
    first, second = found["RouteConfiguration"][0]["virtual_hosts"][0]["routes"]
    (limit,) = first["typed_per_filter_config"].values()
    assert limit["token_bucket"] == {"max_tokens": 100, "tokens_per_fill": 100, "fill_interval": "60s"}
    assert "typed_per_filter_config" not in second
    (chain,) = found["Listener"][0]["filter_chains"][0]["filters"]
    names = [each["name"] for each in chain["typed_config"]["http_filters"]]
    assert names == ["envoy.filters.http.local_ratelimit", "envoy.filters.http.router"]
    assert lost(rendered)["politicas.rate-limit"] == "for all callers together"


def test_g1_a_config_for_envoy_holds_the_timeouts_and_retries_too():
    rendered = rendering(politicas='(:timeout "1500ms" :retries 2 :rate-limit "1/s")')
    found = listing(named(rendered.objects, "CiliumEnvoyConfig", "checkout-payment.calls"))
    (route,) = found["RouteConfiguration"][0]["virtual_hosts"][0]["routes"]
    assert route["match"] == {"path": "/charge"}
    assert route["route"]["timeout"] == "1.500s"
    assert route["route"]["retry_policy"]["num_retries"] == 2
    assert route["route"]["cluster"] == found["Cluster"][0]["name"]
    assert not named(rendered.objects, "HTTPRoute", "checkout-payment.calls")  # one of the two, never both


def test_envoy_tries_the_most_exact_route_first():
    said = [EDGE.format("cart", "catalog", path) for path in ("/:x", "/a", "/a")]
    rendered = rendering(edges(said[0], said[1], said[2] + " :method GET"), BREAKER)
    found = listing(named(rendered.objects, "CiliumEnvoyConfig", "checkout-catalog.calls"))
    matches = [route["match"] for route in found["RouteConfiguration"][0]["virtual_hosts"][0]["routes"]]
    method = [{"name": ":method", "string_match": {"exact": "GET"}}]
    assert matches == [{"path": "/a", "headers": method}, {"path": "/a"}, {"safe_regex": {"regex": "/[^/?]+"}}]


def test_g1_in_the_standard_channel_retries_between_members_are_envoy_s_and_lost_at_the_entrance():
    rendered = rendering(channel="standard")
    assert named(rendered.objects, "CiliumEnvoyConfig", "checkout-catalog.calls")
    assert "'retry'" not in str(rendered.objects)
    assert "standard channel" in rendered.artifacts[0].text.splitlines()[0]
    assert lost(rendered)["politicas.retries"] == "at the entrance"
    assert refusals(rendered.objects, "standard") == {}


def test_each_object_of_the_gateway_api_says_which_channel_it_needs():
    objects = [each for each in rendering().objects if each["apiVersion"].startswith("gateway.networking")]
    for each in objects:
        needed = each["metadata"]["labels"]["pleme.pleme.io/gateway-api"]
        assert (needed == "standard") == (refusals([each], "standard") == {})
    assert {each["metadata"]["labels"]["pleme.pleme.io/gateway-api"] for each in objects} == {
        "standard",
        "experimental",
    }


def test_a_need_for_the_experimental_channel_is_said_once_and_only_where_there_is_one():
    codes = [finding.code for finding in rendering().findings]
    assert codes.count("needs-experimental-channel") == 1
    codes = [finding.code for finding in rendering(politicas='(:timeout "1s")').findings]
    assert "needs-experimental-channel" not in codes


def test_g1_a_port_on_which_something_else_is_spoken_gets_no_proxy_and_that_is_said():
    other = ':de "payment" :para "catalog" :wit "acme:thing/go"'
    rendered = rendering(edges(EDGE.format("cart", "catalog", "/a"), other))
    assert not named(rendered.objects, "HTTPRoute", "checkout-catalog.calls")
    assert lost(rendered)["politicas.timeout"] == "on cart → catalog, payment → catalog"


def test_g1_policies_of_a_mesh_that_speaks_no_http_are_lost_whole():
    package = checkout(
        """(defcaixa :nome "m" :versao "0.1.0" :kind Aplicacao
          :membros ((:caixa "a" :versao "*") (:caixa "b" :versao "*"))
          :contratos ((:de "a" :para "b" :wit "nats:x" :subject "s"))
          :politicas (:timeout "1s" :rate-limit "1/s") :placement (:clusters ("rio")))"""
    )
    found = lost(render(package, "mesh", everyone))
    assert found["politicas.timeout"] == found["politicas.rate-limit"] == "anywhere"


def test_more_endpoints_than_a_route_takes_make_more_rules_and_routes():
    said = [EDGE.format("cart", "catalog", f"/p{number}") for number in range(300)]
    rendered = rendering(edges(*said))
    routes = [
        each for each in rendered.objects if each["metadata"]["name"].startswith("checkout-catalog.calls")
    ]
    sizes = [[len(rule["matches"]) for rule in route["spec"]["rules"]] for route in routes]
    assert sizes == [[64, 64], [64, 64], [44]]
    assert refusals(routes, "experimental") == {}


@given(aplicacoes())
@settings(max_examples=60, deadline=None)
def test_every_policy_of_a_contract_is_held_or_listed_as_lost(caixa):
    """What is asked of an edge is what its callee's endpoint has, or a finding names the edge or the slot."""
    held = {callee.nome: callee for callee in callees(caixa)}
    for channel in ("standard", "experimental"):
        overruled = {index for callee in held.values() for index in callee.overruled}
        for index, contrato in enumerate(caixa.contratos):
            callee = held.get(contrato.para)
            asked = traffic_of(effective(caixa, contrato))
            if contrato.shape is not ContratoShape.HTTP or callee.is_opaque or index in overruled:
                continue
            groups = [g for g in callee.groups for e in g.endpoints
                      if (e.template, e.method) == (contrato.endpoint, contrato.method)]  # fmt: skip
            assert [group.traffic for group in groups] == [asked]
            if means_of(callee, channel) is Means.NOTHING:
                assert asked == traffic_of(None)


@given(aplicacoes())
@settings(max_examples=40, deadline=None)
def test_a_service_is_taken_over_by_routes_or_by_envoy_never_both(caixa):
    for channel in ("standard", "experimental"):
        objects = mesh.manifests(caixa, Options(channel=channel))
        routed = {ref["name"] for each in objects if each["kind"] == "HTTPRoute"
                  for ref in each["spec"]["parentRefs"] if ref.get("kind") == "Service"}  # fmt: skip
        proxied = {s["name"] for each in objects if each["kind"] == "CiliumEnvoyConfig" for s in
                   each["spec"]["services"]}  # fmt: skip
        assert not routed & proxied


@pytest.mark.parametrize(
    ("written", "gateway", "envoy"),
    [
        ("30s", "30s", "30s"),
        ("90m", "1h30m", "5400s"),
        ("1500ms", "1s500ms", "1.500s"),
        ("123456ms", "2m3s456ms", "123.456s"),
        ("0s", "0s", "0s"),
    ],
)
def test_durations_are_written_as_each_enforcer_has_them(written, gateway, envoy):
    assert gateway_duration(parse_duration(written)) == gateway
    assert envoy_duration(parse_duration(written)) == envoy


def test_a_positive_timeout_is_never_written_as_none():
    assert gateway_duration(1) == "1ms"
    assert envoy_duration(1) == "0.001s"
