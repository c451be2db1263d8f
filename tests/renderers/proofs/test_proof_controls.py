"""What is true is proved, each untruth is refuted, what is not known is not checked, and the checker agrees."""

from dataclasses import replace

import pytest
from proof_examples import (
    COMPONENTS,
    NAMES,
    SHOP,
    TOKENS,
    again,
    component,
    dossier,
    edited,
    judgement,
    own,
    proof,
    servico,
    shop,
)

from caixa.lisp.diagnostics import Diagnostic, Severity
from caixa.lisp.source import Source
from caixa.manifest.errors import InvalidManifest
from caixa.manifest.package import Package
from caixa_proof_checker import judge
from caixa_renderers.artifact import DEFAULTS
from caixa_renderers.proofs import Standing, fields, prove_refused
from caixa_renderers.proofs.fieldwise import alternatives, replaced
from caixa_renderers.proofs.rendered import renderer_of
from caixa_renderers.proofs.variation import Variation

PROVED, REFUTED, UNCHECKED = Standing.PROVED, Standing.REFUTED, Standing.UNCHECKED
POLICY = "CiliumNetworkPolicy/tatara-system/shop-"


@pytest.fixture(scope="module")
def report():
    return shop()


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"types"}))
def test_what_is_true_is_proved(report, name):
    found = proof(report, name)
    assert found.standing is PROVED, (found.because, found.evidence)


def test_every_certificate_of_the_truth_holds(report):
    assert [problem for _, problem in judge(dossier(report))] == [None] * len(NAMES)


def test_bodies_and_messages_are_said_not_to_be_checked(report):
    found = proof(report, "types")
    assert found.standing is UNCHECKED
    assert any("HTTP body" in line for line in found.evidence)
    assert any(
        "mail → catalog acme:names/look@0.1.0#find" in line and "the same" in line for line in found.evidence
    )


# -- manifests and members that break one thing -----------------------------------------------------------


def tokens(member, *, without=(), more=()):
    return {member: servico(member, tokens=[t for t in TOKENS[member] if t not in without] + list(more))}


MEMBERS = {
    "a caller without http-out": ("capabilities", tokens("cart", without=["http-out:catalog"])),
    "a callee without http-in": ("capabilities", tokens("catalog", without=["http-in:0.0.0.0:9000"])),
    "http-in on another port": (
        "capabilities",
        tokens("catalog", without=["http-in:0.0.0.0:9000"], more=["http-in:0.0.0.0:9001"]),
    ),
    "http-out widened to all": (
        "capabilities",
        tokens("cart", without=["http-out:catalog"], more=["http-out:*"]),
    ),
    "http-out to a member without a contract": ("capabilities", tokens("mail", more=["http-out:cart"])),
    "another subject": (
        "capabilities",
        tokens("mail", without=["nats-subscribe@orders.charged"], more=["nats-subscribe@orders.*.x"]),
    ),
    "a subject widened": (
        "capabilities",
        tokens("cart", without=["nats-publish@orders.charged"], more=["nats-publish@orders.>"]),
    ),
    "an unneeded subject": ("capabilities", tokens("catalog", more=["nats-publish@orders.charged"])),
    "an unneeded store": ("capabilities", tokens("catalog", more=["kv-rw@redis:6379"])),
    "a unit with smaller limits": ("limits", {"cart": servico("cart", spec="  limits: {memory: 32MiB}\n")}),
    "a unit without one limit": (
        "limits",
        {"cart": servico("cart", spec='  limits: {memory: 64MiB, wallClock: "30s", cpu: 250m}\n')},
    ),
    "a pod smaller than its instance": (
        "limits",
        {"cart": servico("cart", spec="  resources: {limits: {memory: 63Mi, cpu: 250m}}\n")},
    ),
    "a pod slower than its instance": (
        "limits",
        {"cart": servico("cart", spec="  resources: {limits: {memory: 1Gi, cpu: 0.2}}\n")},
    ),
    "more requested than allowed": (
        "limits",
        {
            "cart": servico(
                "cart", slots="", spec="  resources: {requests: {memory: 2Gi}, limits: {memory: 1Gi}}\n"
            )
        },
    ),
    "a singleton on two clusters": ("locality", {"cart": servico("cart", slots=":activation Singleton")}),
}


@pytest.mark.parametrize("control", MEMBERS)
def test_a_member_that_breaks_a_claim_refutes_it(control):
    name, members = MEMBERS[control]
    changed = shop(**members)
    assert proof(changed, name).standing is REFUTED, proof(changed, name).because
    assert judgement(dossier(changed), name) is None


SHARDED = SHOP.replace("Replicated", 'Sharded :shard-key "$tenant"')
NODE_LOCAL = {
    "a writable folder": servico("cart", tokens=[*TOKENS["cart"], "fs:/data:rw"]),
    "a volume of one node": servico(
        "cart", spec="  config: {volumeClaimTemplates: [{spec: {accessModes: [ReadWriteOnce]}}]}\n"
    ),
    "a folder of the node": servico("cart", spec="  config: {volumes: [{hostPath: {path: /var}}]}\n"),
}


@pytest.mark.parametrize("control", NODE_LOCAL)
def test_state_on_a_node_refutes_a_sharded_mesh_and_not_a_replicated_one(control):
    sharded, replicated = (shop(text, cart=NODE_LOCAL[control]) for text in (SHARDED, SHOP))
    assert proof(sharded, "locality").standing is REFUTED
    assert proof(replicated, "locality").standing is PROVED
    assert "cart keeps state of its own in each place" in proof(replicated, "locality").evidence[0]
    assert [judgement(dossier(each), "locality") for each in (sharded, replicated)] == [None, None]


def test_a_read_only_folder_ties_nobody_to_a_node():
    assert proof(shop(SHARDED), "locality").standing is PROVED


TYPES = {
    "one parameter of another type": {"catalog": component(exports="acme:names/look@0.1.0", kind="s32")},
    "nothing exported": {"catalog": component()},
    "another version": {"catalog": component(exports="acme:names/look@0.2.0")},
    "nothing imported": {"mail": component()},
}


@pytest.mark.parametrize("control", TYPES)
def test_drift_between_components_is_refuted(report, control):
    found, problem = again(report, "types", components=COMPONENTS | TYPES[control])
    assert found.standing is REFUTED
    assert problem is None


def test_a_member_without_a_component_is_not_checked_and_named(report):
    found, problem = again(report, "types", components={})
    assert any("mail and catalog have no built component" in line for line in found.evidence)
    assert found.standing is UNCHECKED
    assert problem is None


def test_an_endpoint_that_the_callee_does_not_serve_is_refuted(report):
    units = edited(
        report.case.units, "catalog", lambda unit: unit["spec"]["trigger"]["service"].update(paths=["/v1/*"])
    )
    found, problem = again(report, "types", units=units)
    assert found.standing is REFUTED
    assert "serves /v1/*, not /products/:id" in found.because
    assert problem is None


def test_a_member_that_is_not_here_leaves_what_rests_on_it_unchecked():
    found = shop(mail=None)
    standings = {name: proof(found, name).standing for name in NAMES}
    assert standings == dict.fromkeys(NAMES, UNCHECKED) | {"cycle": PROVED, "fields": PROVED}
    assert "mail" in proof(found, "policies").because
    assert all(problem is None for _, problem in judge(dossier(found)))


# -- rendered objects that break one thing ----------------------------------------------------------------


def rule(direction, **keys):
    return lambda policy: policy["spec"][direction].append(keys)


def ingress(key, value):
    return lambda policy: policy["spec"]["ingress"][0].__setitem__(key, value)


def http(policy):
    return policy["spec"]["ingress"][0]["toPorts"][0]["rules"]["http"]


def first_http(**keys):
    return lambda policy: http(policy)[0].update(keys)


CALL, EGRESS, DENY, DOOR, DNS = "cart-to-catalog", "cart.egress", "default-deny", "entrada", "dns"
WORLD = {"toEntities": ["world"]}
PORT = [{"ports": [{"port": "9000", "protocol": "TCP"}]}]
RANGE = [{"ports": [{"port": "1", "endPort": 9, "protocol": "TCP"}]}]
ANYWHERE = {"matchExpressions": [{"key": "k8s:io.kubernetes.pod.namespace", "operator": "Exists"}]}
OBJECTS = {
    "an expression that is not anchored before a query": (CALL, first_http(path="/products/[^/]+")),
    "a literal parameter": (CALL, first_http(path="/products/:id")),
    "a metacharacter left as it is": (CALL, first_http(path="^/.+$")),
    "another method": (CALL, lambda p: http(p)[1].update(method="GET")),
    "no method": (CALL, lambda p: http(p)[1].pop("method")),
    "no rules on requests": (CALL, lambda p: p["spec"]["ingress"][0]["toPorts"][0].pop("rules")),
    "another port": (CALL, ingress("toPorts", [{"ports": [{"port": "9001", "protocol": "TCP"}]}])),
    "every port": (CALL, lambda p: p["spec"]["ingress"][0].pop("toPorts")),
    "a range of ports": (CALL, rule("ingress", fromEndpoints=[{}], toPorts=RANGE)),
    "everybody of the namespace": (CALL, ingress("fromEndpoints", [{}])),
    "everybody of the cluster": (CALL, rule("ingress", fromEntities=["cluster"], toPorts=PORT)),
    "another namespace": (
        CALL,
        rule("ingress", fromEndpoints=[ANYWHERE], toPorts=PORT),
    ),
    "the world let in": (DOOR, rule("ingress", fromEntities=["world"], toPorts=PORT)),
    "the gateway let in at another port": (DOOR, ingress("toPorts", PORT)),
    "the gateway kept out": (DOOR, ingress("fromEntities", ["none"])),
    "no default deny of what arrives": (DENY, lambda p: p["spec"].update(enableDefaultDeny={"ingress": False})),
    "a member out to the world": (EGRESS, rule("egress", **WORLD)),
    "a member out to a name": (EGRESS, rule("egress", toFQDNs=[{"matchPattern": "*.example.com"}])),
    "a member out to an address": (EGRESS, rule("egress", toCIDR=["10.0.0.0/8"])),
    "a member out to another pod": (EGRESS, rule("egress", toEndpoints=[{"matchLabels": {"app": "other"}}])),
    "no way out": (EGRESS, lambda p: p["spec"].update(egress=[{}])),
    "no names": (DNS, lambda p: p["spec"].update(egress=[{}])),
    "a label that the pods do not carry": (
        CALL, lambda p: p["spec"].update(endpointSelector={"matchLabels": {"app": "nobody"}}),
    ),
    "a deny rule over a contract": (CALL, lambda p: p["spec"].update(ingressDeny=[{"fromEndpoints": [{}]}])),
    "peers of two kinds": (CALL, ingress("fromEntities", ["world"])),
    "a policy without rules": (DENY, lambda p: (p["spec"].pop("ingress"), p["spec"].pop("egress"))),
    "HTTP on any protocol": (CALL, lambda p: p["spec"]["ingress"][0]["toPorts"][0]["ports"][0].pop("protocol")),
}  # fmt: skip


@pytest.mark.parametrize("control", OBJECTS)
def test_a_policy_that_breaks_the_claim_refutes_it(report, control):
    name, edit = OBJECTS[control]
    found, problem = again(report, "policies", rendered=edited(report.case.rendered, POLICY + name, edit))
    assert found.standing is REFUTED, found.because
    assert problem is None


def test_without_any_policy_everything_is_open_and_refuted(report):
    rendered = {name: each for name, each in report.case.rendered.items() if not name.startswith("Cilium")}
    found, problem = again(report, "policies", rendered=rendered)
    assert found.standing is REFUTED
    assert "nothing restricts" in found.because
    assert problem is None


UNKNOWN = {
    "services": rule("egress", toServices=[{"k8sService": {"serviceName": "x"}}]),
    "a named port": ingress("toPorts", [{"ports": [{"port": "web", "protocol": "TCP"}]}]),
    "a header": first_http(headers=["X-A: b"]),
}


@pytest.mark.parametrize("what", UNKNOWN)
def test_a_policy_that_is_not_understood_is_not_checked(report, what):
    edit = UNKNOWN[what]
    name = EGRESS if what == "services" else CALL
    found, _ = again(report, "policies", rendered=edited(report.case.rendered, POLICY + name, edit))
    assert found.standing is UNCHECKED
    assert "not simulated" in found.because or "not known" in found.because


# -- fields -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def forgetful(report):
    """Render as the renderers do, but whatever the host of the entrance is, write the same one."""
    honest = renderer_of(report.case.package, lambda nome, _: own(nome), DEFAULTS)

    def render(caixa):
        host = caixa.entrada and replace(caixa.entrada, host="shop.example")
        return honest.variant(replace(caixa, entrada=host))

    return render


def test_a_renderer_that_drops_a_field_is_found_out(report, forgetful):
    found = fields.prove(report.case, forgetful)
    assert found.standing is REFUTED
    assert found.because.startswith("/entrada/host ('shop.example') reaches nothing")
    assert judgement(dossier(report, None, found), "fields") is None


def test_a_dropped_field_that_a_finding_names_is_lost_and_not_refuted(report, forgetful):
    span = report.case.package.reading.span_of("entrada", "host")
    lost = Diagnostic("not-enforced", Severity.INFO, span, "nobody needs it", data={"slot": "entrada.host"})
    case = replace(report.case, findings=(lost,))
    found = fields.prove(case, forgetful)
    assert found.standing is PROVED
    assert "/entrada/host is lost: nobody needs it" in found.evidence
    assert judgement(dossier(report, case, found), "fields") is None
    assert judgement(dossier(report, None, found), "fields") is not None  # without the finding


def test_every_way_of_finding_where_fields_go_agrees_with_changing_them_one_by_one(report):
    render = renderer_of(report.case.package, lambda nome, _: own(nome), DEFAULTS).variant
    variation = Variation(report.case.caixa, report.case.rendered, render)
    before = render(report.case.caixa)
    for field, places in variation.places():
        others = [
            replaced(report.case.caixa, field.path, each) for each in alternatives(report.case.caixa, field)
        ]
        after = [each for each in map(variation._rendered, others) if each is not None]
        assert bool(places) == any(each != before for each in after) or not after, field.pointer


def test_a_cycle_is_refuted_by_its_path():
    circle = SHOP.replace('(:de "mail" :para "catalog"', '(:de "catalog" :para "cart"')
    with pytest.raises(InvalidManifest) as refused:
        Package.from_text(circle)
    reading = refused.value.reading
    found = prove_refused(Package(reading.caixa, Source("x", ""), {}, reading), "the manifest is refused")
    assert proof(found, "cycle").standing is REFUTED
    assert proof(found, "cycle").certificate == {"cycle": ["cart", "catalog", "cart"]}
    assert all(problem is None for _, problem in judge(dossier(found)))
    pubsub = circle.replace('"acme:names/look@0.1.0"', '"nats:pub-sub" :subject "a.b"')
    assert proof(shop(pubsub), "cycle").standing is PROVED
