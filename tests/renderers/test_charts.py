"""The charts by themselves: Helm lints, templates and packages them, and no value is lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from helm_charts import complaints, helm, of_kind, templated, unpacked
from strict_schemas import refusals

from caixa_renderers.bundled_charts import CHARTS, bundled_chart, chart_files
from caixa_renderers.chart_schemas import OBJECT_KEYS, texts
from caixa_renderers.servico.unit_schema import SHAPES, spec_properties

BASE = {"enabled": True, "module": {"source": "./x.wasm"}, "trigger": {"service": {"port": 8080}}}
# One value for each field of the spec, as a person would write it.
FIELDS: dict[str, Any] = {
    "module": {
        "source": "oci://ghcr.io/o/x:v1",
        "oci": "oci://ghcr.io/o/x:v1",
        "blake3": "ab" * 32,
        "contract": ["wasi:http/proxy"],
        "components": [
            {"source": "./a.wasm", "instance_name": "glue", "wires": [{"from": "a.out", "to": "b.in"}]}
        ],
        "upgradePolicy": {
            "strategy": "hot-replace",
            "gracePeriod": "30s",
            "preserveState": "stable",
            "rollbackOnSnapshotFailure": True,
            "attestationRequired": False,
        },
    },
    "trigger": {"oneShot": {"args": ["--now"]}},
    "limits": {"memory": "64MiB", "fuel": 1_000_000, "wallClock": "30s", "cpu": "250m"},
    "behavior": {
        "onInit": "lib/a.lisp",
        "onCall": "lib/b.lisp",
        "onCast": "lib/c.lisp",
        "onInfo": "lib/d.lisp",
        "onStateChange": "lib/e.lisp",
        "onTerminate": "lib/f.lisp",
    },
    "upgradeFrom": [
        {
            "from": "0.0.9",
            "instructions": [{"kind": "load-module", "module": "x"}, {"kind": "restart"}],
        }
    ],
    "capabilities": ["http-in:0.0.0.0:8080", "env"],
    "stateSchema": [{"nome": "visits", "tipo": "Int", "padrao": 0, "antes": "hits"}],
    "schemaMigrations": [{"from": "0.1.0", "to": "0.2.0", "script": "lib/up.lisp", "inverse": "lib/down.lisp"}],
    "snapshot": "lib/snapshot.lisp",
    "receiveState": "lib/receive.lisp",
    "activation": "OnDemand",
    "onCapabilityMiss": "lib/miss.lisp",
    "resources": {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"cpu": 2, "memory": "2Gi"}},
    "config": {"level": 3, "nested": {"list": [1, "two", False]}, "none": {}},
    "elasticity": {
        "cooldownPeriod": 90,
        "program": {"ttlSecondsAfterFinished": 5},
        "function": {"maxReplicas": 3},
    },
    "breathability": {"enabled": True, "minReplicas": 1, "maxReplicas": 4, "cooldownPeriod": 90},
    "ttlSecondsAfterFinished": 60,
    "nodeSelector": {"disk": "ssd"},
    "tolerations": [{"key": "gpu", "operator": "Exists"}],
    "affinity": {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": []}},
    "serviceAccount": "hello",
    "podSecurity": {"level": "restricted"},
    "controller": {"zeroDowntime": True},
    "flow": [{"step": "a"}],
    "dag": {"a": ["b"]},
    "chain": ["a", "b"],
    "saga": {"steps": []},
    "compose": ["a"],
    "with": {"b": 1},
}
TRIGGERS: dict[str, Any] = {
    "oneShot": {},
    "cron": "*/5 * * * *",
    "service": {"port": 8080, "paths": ["/v1/*"], "hosts": ["a.b"], "serviceType": "NodePort"},
    "event": {"source": "nats:orders.charged", "batch_size": 10, "cooldown": "60s", "queueGroup": "q"},
    "watch": {"crd": "dns.pleme.io/DnsReconciler", "and": [{"group": "v1", "kind": "Service"}]},
}


@pytest.fixture(scope="module")
def charts(tmp_path_factory):
    return unpacked(tmp_path_factory.mktemp("charts"))


@pytest.mark.parametrize("name", CHARTS)
def test_the_schema_of_a_chart_is_what_the_slots_make(name):
    assert bundled_chart(name).joinpath("values.schema.json").read_text() == texts()[name]


@pytest.mark.parametrize("name", CHARTS)
def test_helm_has_nothing_against_a_chart(charts, name):
    assert complaints(charts / name) == []
    assert complaints(charts / name, {"enabled": True} | (BASE if name == "pleme-computeunit" else {})) == []


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_renders_nothing_until_it_is_enabled(charts, name):
    assert templated(charts / name, {}) == []


@pytest.mark.parametrize("name", CHARTS)
def test_a_packaged_chart_renders_what_its_directory_does(charts, name, tmp_path):
    archive = helm.package(charts / name, destination=tmp_path)
    values = BASE if name == "pleme-computeunit" else {"enabled": True}
    assert templated(archive, values) == templated(charts / name, values)


def test_there_is_an_example_of_every_field():
    assert FIELDS.keys() == spec_properties().keys()
    assert TRIGGERS.keys() == SHAPES.keys()


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_of_the_spec_reaches_the_computeunit_whole(charts, field):
    unit = of_kind(templated(charts / "pleme-computeunit", BASE | {field: FIELDS[field]}), "ComputeUnit")
    assert unit["spec"][field] == FIELDS[field]
    assert unit["spec"].keys() == {"module", "trigger", "resources", field}


def test_all_fields_together_reach_the_computeunit_and_nothing_else_does(charts):
    unit = of_kind(templated(charts / "pleme-computeunit", {"enabled": True} | FIELDS), "ComputeUnit")
    assert unit["spec"] == FIELDS


@pytest.mark.parametrize(("trigger", "value"), TRIGGERS.items())
def test_every_trigger_has_its_shape_and_is_kept(charts, trigger, value):
    objects = templated(charts / "pleme-computeunit", BASE | {"trigger": {trigger: value}})
    unit = of_kind(objects, "ComputeUnit")
    assert unit["spec"]["trigger"] == {trigger: value}
    assert unit["metadata"]["labels"]["pleme.pleme.io/shape"] == SHAPES[trigger]
    others = {"service": ["Service"], "event": ["ScaledObject"]}.get(trigger, [])
    assert [each["kind"] for each in objects] == ["ComputeUnit", *others]


EVERYTHING = {
    "aplicacao": "shop",
    "versao": "^0.1",
    "placement": {"estrategia": "Replicated", "clusters": ["rio"]},
    "labels": {"a/b": "c"},
    "annotations": {"a/b": "c d"},
    "observability": {
        "serviceMonitor": {"enabled": True, "interval": "1m"},
        "prometheusRule": {"enabled": True, "rules": [{"alert": "A", "expr": "up == 0", "for": "1m"}]},
    },
}


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_a_strict_cluster_takes_all_that_the_chart_makes(charts, trigger):
    values = {"enabled": True} | FIELDS | EVERYTHING | {"trigger": {trigger: TRIGGERS[trigger]}}
    objects = templated(charts / "pleme-computeunit", values)
    wanted = {"service": 5, "event": 3}.get(trigger, 2)
    assert objects[0]["kind"] == "ComputeUnit"
    assert len(objects) == wanted
    assert refusals(objects) == {}


def test_a_strict_cluster_takes_all_of_the_stack(charts):
    on = {"serviceMonitor": {"enabled": True}, "prometheusRule": {"enabled": True}}
    objects = templated(charts / "lareira-tatara-stack", {"enabled": True, "observability": on})
    assert len(objects) == 7
    assert refusals(objects) == {}


@pytest.mark.parametrize("found", [(), ("cron", "oneShot"), tuple(sorted(TRIGGERS))])
def test_no_trigger_and_several_are_errors_that_name_what_was_found(charts, found, tmp_path):
    values = BASE | {"trigger": {key: TRIGGERS[key] for key in found}}
    with pytest.raises(helm.HelmError):
        templated(charts / "pleme-computeunit", values)
    unchecked = unpacked(tmp_path)  # as with --skip-schema-validation
    (unchecked / "pleme-computeunit" / "values.schema.json").unlink()
    with pytest.raises(
        helm.HelmError, match=f"trigger holds {', '.join(found) or 'nothing'}, and takes exactly"
    ):
        templated(unchecked / "pleme-computeunit", values)


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"module": {}}, "/module"),
        ({"trigger": {"service": {"prot": 80}}}, "/trigger/service"),
        ({"limits": {"memory": "64Mi"}}, "/limits/memory"),
        ({"limits": {"memory": "0MiB"}}, "/limits/memory"),
        ({"limits": {"fuel": 0}}, "/limits/fuel"),
        ({"limits": {"fuel": 2**53 + 1}}, "/limits/fuel"),
        (
            {"upgradeFrom": [{"from": "1.0.0", "instructions": [{"kind": "restart", "module": "x"}]}]},
            "/upgrade",
        ),
        ({"activation": "Sometimes"}, "/activation"),
        ({"name": "Not A Label"}, "/name"),
        ({"limts": {}}, "limts"),
        ({"trigger": {"event": {"source": "mqtt:x"}}}, "/trigger/event/source"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(charts, values, place):
    with pytest.raises(helm.HelmError) as caught:
        templated(charts / "pleme-computeunit", BASE | values)
    assert place in str(caught.value)


def test_what_yaml_cannot_say_is_an_error_and_never_left_out(charts):
    with pytest.raises(helm.HelmError, match="control characters"):
        templated(charts / "pleme-computeunit", BASE | {"config": {"x": "\x84"}})


def test_both_places_of_breathability_make_it_breathe_and_the_trigger_wins(charts):
    spec, trigger = {"enabled": True, "maxReplicas": 4}, {"enabled": True, "maxReplicas": 2}

    def scaled(service, **values):
        objects = templated(charts / "pleme-computeunit", BASE | {"trigger": {"service": service}} | values)
        return of_kind(objects, "HTTPScaledObject")["spec"]["replicas"]["max"]

    assert scaled({"port": 1}, breathability=spec) == 4
    assert scaled({"port": 1, "breathability": trigger}) == 2
    assert scaled({"port": 1, "breathability": trigger}, breathability=spec) == 2


def test_a_service_scales_as_its_values_say_whatever_their_size(charts):
    breath = {"enabled": True, "minReplicas": 0, "maxReplicas": 1_000_000, "cooldownPeriod": 2_592_000}
    service = {"port": 81, "paths": ["/v1/*", "/x"], "hosts": ["a.b"], "breathability": breath}
    objects = templated(charts / "pleme-computeunit", BASE | {"trigger": {"service": service}})
    spec = of_kind(objects, "HTTPScaledObject")["spec"]
    assert spec["replicas"] == {"min": 0, "max": 1_000_000}
    assert spec["scaledownPeriod"] == 2_592_000
    assert (spec["hosts"], spec["pathPrefixes"]) == (["a.b"], ["/v1/", "/x"])
    assert spec["scaleTargetRef"]["port"] == 81


@pytest.mark.parametrize(
    ("event", "kind", "metadata"),
    [
        (
            {"source": "nats:a.b", "stream": "S", "durableName": "d", "natsMonitoring": "n:8222"},
            "nats-jetstream",
            {"natsServerMonitoringEndpoint": "n:8222", "account": "$G", "stream": "S", "consumer": "d"},
        ),
        (
            {"source": "kafka:t", "kafkaBootstrap": "k:1", "consumerGroup": "g"},
            "kafka",
            {"bootstrapServers": "k:1", "topic": "t", "consumerGroup": "g"},
        ),
        (
            {"source": "sqs:https://q", "awsRegion": "eu"},
            "aws-sqs-queue",
            {"queueURL": "https://q", "awsRegion": "eu"},
        ),
        (
            {"source": "redis-stream:s", "redisAddress": "r:1"},
            "redis-streams",
            {"address": "r:1", "stream": "s", "consumerGroup": "hello"},
        ),
        (
            {"source": "rabbitmq:q", "rabbitmqHost": "amqp://r"},
            "rabbitmq",
            {"host": "amqp://r", "queueName": "q", "mode": "QueueLength"},
        ),
    ],
)
def test_every_source_of_events_has_its_scaler_with_its_settings(charts, event, kind, metadata):
    values = BASE | {"trigger": {"event": event | {"lagThreshold": 7}}}
    (trigger,) = of_kind(templated(charts / "pleme-computeunit", values), "ScaledObject")["spec"]["triggers"]
    assert trigger["type"] == kind
    assert metadata.items() <= trigger["metadata"].items()
    assert "7" in trigger["metadata"].values()


def test_a_function_scales_by_its_own_settings_then_elasticity_then_the_usual(charts):
    def scaled(**values):
        event = BASE | {"trigger": {"event": {"source": "nats:a"}}} | values
        spec = of_kind(templated(charts / "pleme-computeunit", event), "ScaledObject")["spec"]
        return [
            spec[f"{key}"]
            for key in ("minReplicaCount", "maxReplicaCount", "pollingInterval", "cooldownPeriod")
        ]

    elasticity = {"cooldownPeriod": 7, "pollingInterval": 8, "function": {"maxReplicas": 9}}
    scaling = {"minReplicas": 0, "maxReplicas": 2, "pollingInterval": 3, "cooldownPeriod": 0}
    assert scaled() == [0, 10, 15, 60]
    assert scaled(elasticity=elasticity) == [0, 9, 8, 7]
    assert scaled(elasticity=elasticity, function={"scaling": scaling}) == [0, 2, 3, 0]


# What each key about the objects changes, as (kind, path) of where its value is seen.
SEEN: dict[str, tuple[Any, str, tuple[str, ...], Any]] = {
    "name": ("other", "ComputeUnit", ("metadata", "name"), "other"),
    "namespace": ("prod", "Service", ("metadata", "namespace"), "prod"),
    "aplicacao": ("shop", "ComputeUnit", ("metadata", "labels", "pleme.pleme.io/aplicacao"), "shop"),
    "versao": ("^0.1", "ComputeUnit", ("metadata", "annotations", "pleme.pleme.io/versao"), "^0.1"),
    "placement": (
        {"estrategia": "Replicated", "clusters": ["rio"]},
        "ComputeUnit",
        ("metadata", "annotations", "pleme.pleme.io/placement"),
        '{"clusters":["rio"],"estrategia":"Replicated"}',
    ),
    "labels": ({"a/b": "c"}, "ComputeUnit", ("metadata", "labels", "a/b"), "c"),
    "annotations": ({"a/b": "c d"}, "ComputeUnit", ("metadata", "annotations", "a/b"), "c d"),
    "service": ({"type": "NodePort"}, "Service", ("spec", "type"), "NodePort"),
    "policy": (
        {"enabled": True, "apiVersion": "a/v1", "kind": "P", "name": "p", "spec": {"x": 1}},
        "P",
        ("spec", "x"),
        1,
    ),
    "observability": (
        {"prometheusRule": {"enabled": True, "rules": [{"alert": "A", "expr": "up == 0", "for": "1m"}]}},
        "PrometheusRule",
        ("spec", "groups", 0, "rules", 0, "for"),
        "1m",
    ),
}


@pytest.mark.parametrize("key", SEEN)
def test_every_value_about_the_objects_is_seen_in_one_and_not_in_the_spec(charts, key):
    value, kind, path, expected = SEEN[key]
    objects = templated(charts / "pleme-computeunit", BASE | {key: value})
    seen: Any = of_kind(objects, kind)
    for step in path:
        seen = seen[step]
    assert seen == expected
    assert key not in of_kind(objects, "ComputeUnit")["spec"]


def test_the_values_about_the_objects_are_all_tried():
    assert SEEN.keys() | {"function"} == set(OBJECT_KEYS)


def test_a_member_of_a_mesh_is_selected_with_the_mesh_and_keeps_its_labels(charts):
    values = BASE | {"aplicacao": "shop", "labels": {"pleme.pleme.io/package": "abc", "x": "y"}}
    objects = templated(charts / "pleme-computeunit", values)
    assert of_kind(objects, "ComputeUnit")["metadata"]["labels"] == {
        "pleme.pleme.io/program": "hello",
        "pleme.pleme.io/aplicacao": "shop",
        "pleme.pleme.io/shape": "service",
        "pleme.pleme.io/package": "abc",
        "x": "y",
    }
    assert of_kind(objects, "Service")["spec"]["selector"] == {
        "pleme.pleme.io/program": "hello",
        "pleme.pleme.io/aplicacao": "shop",
    }


def test_a_fleet_makes_of_each_program_what_its_own_chart_would(charts):
    programs = [
        {"name": "a", "namespace": "prod", **FIELDS},
        {
            "name": "b",
            "aplicacao": "shop",
            "versao": "^1",
            "module": {"oci": "oci://b"},
            "trigger": {"cron": "@daily"},
        },
    ]
    fleet = templated(charts / "lareira-fleet-programs", {"enabled": True, "programs": programs}, name="fleet")
    alone = [
        each
        for program in programs
        for each in templated(charts / "pleme-computeunit", {"enabled": True} | program)
    ]
    assert fleet == alone


def test_what_a_program_does_not_say_comes_from_the_fleet(charts):
    resources = {"requests": {"cpu": "1m"}, "limits": {}}
    values = {
        "enabled": True,
        "defaultNamespace": "one",
        "programs": [{"name": "a", **BASE_PROGRAM}, {"name": "b", "namespace": "own", **BASE_PROGRAM}],
    }

    def fleet(**more):
        units = templated(charts / "lareira-fleet-programs", values | more)
        return [(unit["metadata"]["namespace"], unit["spec"]["resources"]["requests"]["cpu"]) for unit in units]

    assert fleet() == [("one", "50m"), ("own", "50m")]
    assert fleet(defaults={"namespace": "two", "resources": resources}) == [("two", "1m"), ("own", "1m")]


BASE_PROGRAM = {"module": {"source": "./x.wasm"}, "trigger": {"oneShot": {}}}


@pytest.mark.parametrize(
    ("programs", "message"),
    [
        (
            [{"name": "a", **BASE_PROGRAM}, {"name": "a", **BASE_PROGRAM}],
            "programs.0. and programs.1. are both",
        ),
        ([BASE_PROGRAM], "name"),
        ([{"name": "a", "trigger": {"oneShot": {}}}], "module"),
        ([{"name": "a", "module": {"source": "x"}}], "trigger"),
        ([{"name": "a", **BASE_PROGRAM, "limts": {}}], "limts"),
    ],
)
def test_a_wrong_entry_of_the_fleet_is_refused(charts, programs, message):
    with pytest.raises(helm.HelmError, match=message):
        templated(charts / "lareira-fleet-programs", {"enabled": True, "programs": programs})


def test_every_value_of_the_stack_changes_an_object(charts):
    chart = charts / "lareira-tatara-stack"
    defaults = yaml.safe_load((chart / "values.yaml").read_text())
    monitored = {"observability": {"serviceMonitor": {"enabled": True}, "prometheusRule": {"enabled": True}}}
    base = {"enabled": True} | monitored
    before = templated(chart, base)
    unseen = []
    for path, value in leaves({key: part for key, part in defaults.items() if key not in ("enabled",)}):
        changed = OTHER.get(path[-1]) or {str: f"{value}0", int: 2, bool: not value}.get(type(value), "x")
        if templated(chart, merged(base, path, changed)) == before:
            unseen.append(".".join(path))
    assert unseen == ["lareira-fleet-programs.enabled"]  # which has no programs yet


OTHER = {
    "nodeSelector": {"a": "b"},
    "tolerations": [{"key": "a"}],
    "affinity": {"nodeAffinity": {}},
    "annotations": {"a": "b"},
    "pullPolicy": "Always",
    "logLevel": "debug",
    "interval": "10s",
    "memory": "65Mi",
    "cpu": "21m",
}


def leaves(value: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, part in value.items():
        if isinstance(part, dict) and part:
            yield from leaves(part, (*path, key))
        elif path[:1] != ("observability",) or key != "enabled":
            yield (*path, key), part


def merged(base: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    head, *rest = path
    part = merged(base.get(head, {}), tuple(rest), value) if rest else value
    return base | {head: part}


def test_the_stack_brings_the_programs_of_its_cluster(charts):
    fleet = {"enabled": True, "programs": [{"name": "a", **BASE_PROGRAM}]}
    objects = templated(charts / "lareira-tatara-stack", {"enabled": True, "lareira-fleet-programs": fleet})
    assert of_kind(objects, "ComputeUnit")["metadata"]["name"] == "a"
    assert of_kind(objects, "Deployment")["metadata"]["name"] == "wasm-operator"


def test_the_stack_brings_the_definition_of_every_kind_of_ours(charts):
    with helm.Chart.load(charts / "lareira-tatara-stack") as chart:
        defined = [yaml.safe_load(each["data"]) for each in chart.crds]
    assert {each["kind"] for each in defined} == {"CustomResourceDefinition"}
    assert {"ComputeUnit", "Tree"} <= {each["spec"]["names"]["kind"] for each in defined}


def test_the_operator_has_no_right_to_secrets_and_none_to_hand_on(charts):
    rules = of_kind(templated(charts / "lareira-tatara-stack", {"enabled": True}), "ClusterRole")["rules"]
    named = {resource for rule in rules for resource in rule["resources"]}
    verbs = {verb for rule in rules for verb in rule["verbs"]}
    assert "secrets" not in named
    assert not {"*"} & (named | verbs)
    assert not {"bind", "escalate", "impersonate"} & verbs
    assert not {resource for resource in named if "role" in resource}


def test_a_chart_that_is_not_here_is_an_error_that_lists_those_that_are():
    with pytest.raises(LookupError, match="pleme-computeunit, lareira-fleet-programs"):
        chart_files("lareira")
