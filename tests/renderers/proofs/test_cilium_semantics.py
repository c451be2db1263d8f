"""Cilium's documented semantics as a table; two programs that share no code decide each row alike."""

# ruff: noqa: E501 - a table of policies is read by its rows

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caixa_proof_checker.world import NAMESPACE, Refused, World
from caixa_proof_checker.world import Endpoint as Other
from caixa_renderers.proofs.cilium import (
    Dns,
    Endpoint,
    Http,
    InvalidPolicy,
    Network,
    Request,
    UnmodelledPolicy,
    gateway,
    outside,
    pod,
)

DNS_PORTS = [{"port": "53", "protocol": "ANY"}]
A, B, FAR = (pod(name, ns, {"app": name[0]}) for name, ns in (("a", "here"), ("b", "here"), ("a far", "there")))
NAMES = pod("names", "kube-system", {"k8s-app": "kube-dns"})
SITE, ADDRESS, WORLD = (
    outside("site", host="www.example.com"),
    outside("10.1.2.3", address="10.1.2.3"),
    outside("w"),
)
NODE = Endpoint("node", {"reserved:remote-node": ""}, frozenset({"remote-node", "cluster", "all"}))
EVERYBODY = (A, B, FAR, NAMES, SITE, ADDRESS, WORLD, NODE, gateway())


def policy(name="p", kind="CiliumNetworkPolicy", namespace="here", select="b", **spec):
    metadata = {"name": name} | ({"namespace": namespace} if kind == "CiliumNetworkPolicy" else {})
    selector = {"matchLabels": {"app": select}} if select else {}
    return {"kind": kind, "metadata": metadata, "spec": {"endpointSelector": selector, **spec}}


def ports(*numbers, protocol="TCP", **rules):
    found = {"ports": [{"port": str(each), "protocol": protocol} for each in numbers]}
    return found | ({"rules": rules} if rules else {})


FROM_A = {"fromEndpoints": [{"matchLabels": {"app": "a"}}]}
TO_SITE = {"toFQDNs": [{"matchPattern": "*.example.com"}]}
TO_NAMES = {"toEndpoints": [{"matchLabels": {"k8s:" + NAMESPACE: "kube-system", "k8s-app": "kube-dns"}}]}
WEB = Request(80)
GET, POST = Request(80, "TCP", Http("/x?q=1")), Request(80, "TCP", Http("/x?q=1", "POST"))
OUT = policy(select="a", egress=[{"toEntities": ["world"], "toPorts": [ports(80)]}])

# policies, source, target, request, whether it passes
TABLE = {
    "nothing selects, everything passes": ([], A, B, WEB, True),
    "a selected pod refuses what no rule allows": ([policy(ingress=[{}])], A, B, WEB, False),
    "an empty rule allows nobody": ([policy(ingress=[{}, {}])], A, B, WEB, False),
    "what arrives is not what leaves": ([policy(ingress=[{}])], B, A, WEB, True),
    "what leaves is not what arrives": ([policy(egress=[{}])], A, B, WEB, True),
    "a rule without peers allows anybody": ([policy(ingress=[{"toPorts": [ports(80)]}])], WORLD, B, WEB, True),
    "an empty list of peers is nobody": ([policy(ingress=[{"fromEndpoints": []}])], A, B, WEB, False),
    "a peer without ports may use each": ([policy(ingress=[FROM_A])], A, B, Request(9, "UDP"), True),
    "an empty selector is the namespace": ([policy(ingress=[{"fromEndpoints": [{}]}])], A, B, WEB, True),
    "an empty selector is not another namespace": ([policy(ingress=[{"fromEndpoints": [{}]}])], FAR, B, WEB, False),
    "an empty selector is no node": ([policy(ingress=[{"fromEndpoints": [{}]}])], NODE, B, WEB, False),
    "a peer may name another namespace": (
        [policy(ingress=[{"fromEndpoints": [{"matchLabels": {"k8s:" + NAMESPACE: "there"}}]}])], FAR, B, WEB, True,
    ),
    "a policy selects in its own namespace": ([policy(namespace="there", ingress=[{}])], A, B, WEB, True),
    "a clusterwide policy selects everywhere": (
        [policy(kind="CiliumClusterwideNetworkPolicy", select=None, ingress=[{}])], A, FAR, WEB, False,
    ),
    "a clusterwide peer is anywhere": (
        [policy(kind="CiliumClusterwideNetworkPolicy", ingress=[FROM_A])], FAR, B, WEB, True,
    ),
    "policies are ORed": ([policy(ingress=[{}]), policy("q", ingress=[FROM_A])], A, B, WEB, True),
    "a deny rule wins": ([policy(ingress=[FROM_A]), policy("q", ingressDeny=[FROM_A])], A, B, WEB, False),
    "a deny rule is for its ports": (
        [policy(ingress=[FROM_A], ingressDeny=[FROM_A | {"toPorts": [ports(81)]}])], A, B, WEB, True,
    ),
    "an empty deny rule denies nobody": ([policy(ingress=[FROM_A], ingressDeny=[{}])], A, B, WEB, True),
    "a deny rule alone is a default deny": ([policy(ingressDeny=[{"fromEntities": ["world"]}])], A, B, WEB, False),
    "the default deny can be declined": (
        [policy(ingressDeny=[{"fromEntities": ["world"]}], enableDefaultDeny={"ingress": False})], A, B, WEB, True,
    ),
    "an empty list of rules asks for nothing": ([policy(ingress=[], egress=[{}])], A, B, WEB, True),
    "one port is not another": ([policy(ingress=[FROM_A | {"toPorts": [ports(80)]}])], A, B, Request(81), False),
    "TCP is not UDP": ([policy(ingress=[FROM_A | {"toPorts": [ports(80)]}])], A, B, Request(80, "UDP"), False),
    "any protocol is both": (
        [policy(ingress=[FROM_A | {"toPorts": [ports(80, protocol="ANY")]}])], A, B, Request(80, "UDP"), True,
    ),
    "port 0 is each": ([policy(ingress=[FROM_A | {"toPorts": [ports(0)]}])], A, B, WEB, True),
    "the end of a range is in it": (
        [policy(ingress=[FROM_A | {"toPorts": [{"ports": [{"port": "70", "endPort": 80}]}]}])], A, B, WEB, True,
    ),
    "ICMP alone is no TCP": ([policy(ingress=[FROM_A | {"icmps": [{"fields": [{"type": 8}]}]}])], A, B, WEB, False),
    "the gateway is its entity": ([policy(ingress=[{"fromEntities": ["ingress"]}])], gateway(), B, WEB, True),
    "the gateway is of the cluster": ([policy(ingress=[{"fromEntities": ["cluster"]}])], gateway(), B, WEB, True),
    "the world is not of the cluster": ([policy(ingress=[{"fromEntities": ["cluster"]}])], WORLD, B, WEB, False),
    "all is all": ([policy(ingress=[{"fromEntities": ["all"]}])], WORLD, B, WEB, True),
    "a block of addresses is no pod": ([policy(ingress=[{"fromCIDR": ["0.0.0.0/0"]}])], A, B, WEB, False),
    "a block of addresses is the world in it": ([policy(ingress=[{"fromCIDR": ["10.0.0.0/8"]}])], ADDRESS, B, WEB, True),
    "less some": (
        [policy(ingress=[{"fromCIDRSet": [{"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}]}])], ADDRESS, B, WEB, False,
    ),
    "both sides have to let it": ([OUT, policy(ingress=[FROM_A])], A, B, WEB, False),
    "a path is matched whole, its query with it": (
        [policy(ingress=[FROM_A | {"toPorts": [ports(80, http=[{"path": "/x"}])]}])], A, B, GET, False,
    ),
    "an expression may take in the query": (
        [policy(ingress=[FROM_A | {"toPorts": [ports(80, http=[{"path": r"/x(\?.*)?", "method": "GET"}])]}])],
        A, B, GET, True,
    ),
    "a method is matched whole": (
        [policy(ingress=[FROM_A | {"toPorts": [ports(80, http=[{"method": "GET|PO"}])]}])], A, B, POST, False,
    ),
    "one rule of several is enough": (
        [policy(ingress=[FROM_A | {"toPorts": [ports(80, http=[{"path": "/y"}, {"method": "POST"}])]}])],
        A, B, POST, True,
    ),
    "HTTP rules let nothing else by": (
        [policy(ingress=[FROM_A | {"toPorts": [ports(80, http=[{"path": "/.*"}])]}])], A, B, WEB, False,
    ),
    "the bare port beside HTTP rules opens it": (
        [policy(ingress=[FROM_A | {"toPorts": [ports(80, http=[{"path": "/y"}])]}, FROM_A | {"toPorts": [ports(80)]}])],
        A, B, GET, True,
    ),
    "HTTP rules hold where calls leave, too": (
        [policy(select="a", egress=[{"toEndpoints": [{}], "toPorts": [ports(80, http=[{"path": "/y"}])]}])],
        A, B, GET, False,
    ),
    "a name is not known without DNS rules": (
        [policy(select="a", egress=[TO_SITE, TO_NAMES | {"toPorts": [{"ports": DNS_PORTS}]}])], A, SITE, WEB, False,
    ),
    "a name is known from DNS rules that let it by": (
        [policy(select="a", egress=[TO_SITE, TO_NAMES | {"toPorts": [
            {"ports": DNS_PORTS, "rules": {"dns": [{"matchPattern": "*"}]}}]}])],
        A, SITE, WEB, True,
    ),
    "a star stands for no dot": (
        [policy(select="a", egress=[{"toFQDNs": [{"matchPattern": "*.com"}]}, TO_NAMES | {"toPorts": [
            {"ports": DNS_PORTS, "rules": {"dns": [{"matchPattern": "*"}]}}]}])],
        A, SITE, WEB, False,
    ),
    "a DNS rule is for its names": (
        [policy(select="a", egress=[TO_NAMES | {"toPorts": [
            {"ports": DNS_PORTS, "rules": {"dns": [{"matchName": "a.example"}]}}]}])],
        A, NAMES, Request(53, "UDP", Dns("b.example")), False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("law", TABLE)
def test_what_the_documentation_says(law):
    policies, source, target, request, passes = TABLE[law]
    assert Network(EVERYBODY, policies).decide(source.name, target.name, request).admitted is passes


OTHERS = {each.name: Other(each.labels, each.entities, each.host, each.address) for each in EVERYBODY}


def openings(policies, source, target, port, protocol):
    """Return what both programs say of a port."""
    first = Network(EVERYBODY, policies).opening(source, target, port, protocol)
    return (None if first is None else first.to_json()), World(OTHERS, policies).opening(
        source, target, port, protocol
    )


@pytest.mark.parametrize("law", sorted(set(TABLE) - {"ICMP alone is no TCP"}))
def test_the_checker_decides_the_table_alike(law):
    policies, source, target, request, _ = TABLE[law]
    first, second = openings(policies, source.name, target.name, request.port, request.protocol)
    assert first == second


def peers(word):
    labels = st.sampled_from([{}, {"matchLabels": {"app": "a"}}, {"matchLabels": {"any:app": "b"}},
                              {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["a"]}]},
                              {"matchLabels": {"k8s:" + NAMESPACE: "there"}}])  # fmt: skip
    entities = st.sampled_from(["all", "world", "cluster", "ingress", "remote-node"])
    kinds = {"Endpoints": labels, "Entities": entities, "CIDR": st.sampled_from(["10.0.0.0/8", "0.0.0.0/0"])}
    return st.just({}) | st.one_of(*[
        st.lists(each, max_size=2).map(lambda values, key=word + kind: {key: values}) for kind, each in kinds.items()
    ])  # fmt: skip


@st.composite
def rules(draw, word, *, may_speak):
    rule = draw(peers(word))
    if draw(st.booleans()):
        entries = st.sampled_from([ports(80), ports(80, 81), ports(80, protocol="ANY"), ports(0),
                                   {"ports": [{"port": "79", "endPort": 81, "protocol": "UDP"}]}])  # fmt: skip
        http = st.sampled_from(
            [ports(80, http=[{"path": "/a"}]), ports(80, http=[{"method": "GET"}, {"path": "/b"}])]
        )
        rule["toPorts"] = draw(st.lists(entries | http if may_speak else entries, min_size=1, max_size=2))
    return rule


@st.composite
def policies(draw):
    spec = {key: draw(st.lists(rules(word, may_speak="Deny" not in key), max_size=2))
            for key, word in (("ingress", "from"), ("ingressDeny", "from"), ("egress", "to"), ("egressDeny", "to"))}  # fmt: skip
    if draw(st.booleans()):
        spec["enableDefaultDeny"] = {draw(st.sampled_from(["ingress", "egress"])): draw(st.booleans())}
    if not any(spec[key] for key in ("ingress", "ingressDeny", "egress", "egressDeny")):
        spec["ingress"] = [{}]
    kind = draw(st.sampled_from(["CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"]))
    select, namespace = draw(st.sampled_from(["a", "b", None])), draw(st.sampled_from(["here", "there"]))
    return policy(kind=kind, namespace=namespace, select=select, **spec)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(policies(), max_size=3))
def test_two_programs_decide_any_policies_alike(drawn):
    first, second = Network(EVERYBODY, drawn), World(OTHERS, drawn)
    for source in EVERYBODY:
        for target in EVERYBODY:
            for port, protocol in ((80, "TCP"), (80, "UDP"), (81, "TCP")):
                one = first.opening(source.name, target.name, port, protocol)
                other = second.opening(source.name, target.name, port, protocol)
                assert (None if one is None else one.to_json()) == other


INVALID = {
    "peers of two kinds": policy(ingress=[FROM_A | {"fromEntities": ["world"]}]),
    "no rules": policy(),
    "DNS rules where calls arrive": policy(ingress=[{"toPorts": [ports(53, dns=[{"matchPattern": "*"}])]}]),
    "HTTP rules on UDP": policy(ingress=[{"toPorts": [ports(80, protocol="UDP", http=[{}])]}]),
}
MORE_INVALID = {
    "HTTP rules that deny": policy(ingressDeny=[{"toPorts": [ports(80, http=[{}])]}]),
    "no such entity": policy(ingress=[{"fromEntities": ["friends"]}]),
    "no expression": policy(ingress=[{"toPorts": [ports(80, http=[{"path": "("}])]}]),
    "an expression that RE2 does not have": policy(
        ingress=[{"toPorts": [ports(80, http=[{"path": "/(?!x)"}])]}]
    ),
    "rules of two protocols": policy(egress=[{"toPorts": [ports(53, dns=[{"matchName": "a"}], http=[{}])]}]),
    "more than forty ports": policy(ingress=[{"toPorts": [ports(*range(1, 42))]}]),
}


@pytest.mark.parametrize("what", INVALID | MORE_INVALID)
def test_what_the_agent_refuses_is_refused(what):
    with pytest.raises(InvalidPolicy):
        Network(EVERYBODY, [(INVALID | MORE_INVALID)[what]])


@pytest.mark.parametrize("what", INVALID)
def test_the_checker_refuses_it_too(what):
    with pytest.raises(Refused):
        World(OTHERS, [INVALID[what]])


@pytest.mark.parametrize(
    "policies",
    [
        [policy(ingress=[{"fromNodes": [{}]}])],
        [policy(ingress=[FROM_A | {"toPorts": [{"ports": [{"port": "web"}]}]}])],
        [policy(ingress=[FROM_A | {"toPorts": [ports(80, http=[{"headers": ["X: y"]}])]}])],
        [policy(ingress=[FROM_A | {"toPorts": [ports(80) | {"serverNames": ["x"]}]}])],
        [policy(ingress=[{}], nodeSelector={})],
        [{"kind": "NetworkPolicy", "metadata": {"name": "k"}, "spec": {}}],
    ],
)
def test_what_is_not_simulated_is_said_and_not_guessed(policies):
    with pytest.raises(UnmodelledPolicy):
        Network(EVERYBODY, policies)
