"""The entrance of a mesh: TLS, the redirect to it, the policies that hold there, and those that cannot."""

from __future__ import annotations

from render_examples import checkout, everyone
from strict_schemas import refusals

from caixa_renderers import Options, render


def objects(package=None, **options):
    rendered = render(package or checkout(), "mesh", everyone, Options(**options)).objects
    return {(each["kind"], each["metadata"]["name"]): each for each in rendered}


def listeners(**options):
    return {each["name"]: each for each in objects(**options)["Gateway", "checkout"]["spec"]["listeners"]}


def test_g15_the_entrance_has_tls_with_a_certificate_by_reference():
    https = listeners()["https"]
    assert (https["protocol"], https["port"]) == ("HTTPS", 443)
    assert https["tls"] == {"mode": "Terminate", "certificateRefs": [{"name": "checkout-tls"}]}
    assert https["hostname"] == "checkout.quero.cloud"
    assert listeners(certificate="wild")["https"]["tls"]["certificateRefs"] == [{"name": "wild"}]


def test_g15_an_issuer_is_told_to_make_the_certificate():
    gateway = objects(issuer="letsencrypt")["Gateway", "checkout"]
    assert gateway["metadata"]["annotations"] == {"cert-manager.io/cluster-issuer": "letsencrypt"}
    assert "annotations" not in objects()["Gateway", "checkout"]["metadata"]
    assert refusals([gateway]) == {}


def test_g15_plain_http_is_sent_to_tls_and_reaches_no_member():
    redirect = objects()["HTTPRoute", "checkout-cart.redirect"]
    assert redirect["spec"]["parentRefs"] == [{"name": "checkout", "sectionName": "http"}]
    (rule,) = redirect["spec"]["rules"]
    assert "backendRefs" not in rule
    assert rule["filters"][0]["requestRedirect"] == {"scheme": "https", "statusCode": 301}
    route = objects()["HTTPRoute", "checkout-cart"]
    assert route["spec"]["parentRefs"] == [{"name": "checkout", "sectionName": "https"}]
    assert route["spec"]["hostnames"] == ["checkout.quero.cloud"]


def test_g1_timeout_and_retries_hold_at_the_entrance():
    (rule,) = objects()["HTTPRoute", "checkout-cart"]["spec"]["rules"]
    assert rule["timeouts"] == {"request": "30s"}
    assert rule["retry"] == {"attempts": 3, "codes": [502, 503, 504]}


def test_g1_what_cannot_hold_at_the_entrance_is_said():
    politicas = '(:mtls-required #t :rate-limit "1/s" :circuit-breaker (:max-failures 1 :window "1s"))'
    findings = render(checkout(politicas=politicas), "mesh", everyone).findings
    messages = [finding.message for finding in findings]
    for slot in ("rate-limit", "circuit-breaker"):
        assert f"politicas.{slot} is not enforced at the entrance" in messages
    assert "politicas.mtls-required is not enforced from the gateway to the entrance member" in messages


def test_a_mesh_without_an_entrance_has_no_gateway():
    text = checkout().manifest.text
    package = type(checkout()).from_text(text[: text.index(":entrada")].rstrip() + ")")
    assert not {kind for kind, _ in objects(package)} & {"Gateway"}


def test_a_path_that_is_no_plain_prefix_is_matched_by_an_expression():
    package = checkout(entrada='(:host "a.b" :para "cart" :paths ("/a|b/" "/c"))')
    rules = objects(package)["HTTPRoute", "checkout-cart"]["spec"]["rules"]
    assert [rule["matches"][0]["path"] for rule in rules] == [
        {"type": "RegularExpression", "value": r"/a\|b(/.*)?"},
        {"type": "PathPrefix", "value": "/c"},
    ]


def test_more_paths_than_a_route_takes_make_more_routes():
    paths = " ".join(f'"/p{n}"' for n in range(20))
    found = objects(checkout(entrada=f'(:host "a.b" :para "cart" :paths ({paths}) :port 8080)'))
    sizes = {name: len(each["spec"]["rules"]) for (kind, name), each in found.items() if kind == "HTTPRoute"}
    assert (sizes["checkout-cart"], sizes["checkout-cart-2"]) == (16, 4)
