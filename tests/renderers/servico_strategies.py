"""Servicos of every shape: manifests with their typed slots, and ComputeUnit files with what only they say."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import strategies as st

from caixa.manifest.package import Package


def quoted(text: str) -> str:
    return f'"{text}"'


NAMES = st.from_regex(r"[a-z]([-a-z0-9]{0,12}[a-z0-9])?", fullmatch=True)
PATHS = st.from_regex(r"lib/[a-z]{1,8}\.lisp", fullmatch=True)
PRINTED = st.characters(codec="utf-8", exclude_categories=("C",), include_characters="\n\t")
TEXTS = st.text(PRINTED, max_size=8)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
SIZES = st.builds("{}{}".format, st.integers(1, 4095), st.sampled_from(["MiB", "KiB", "MB", "KB", "B", ""]))
CPUS = st.one_of(st.integers(1, 128).map(str), st.integers(1, 128_000).map("{}m".format))
JSON = st.recursive(
    st.booleans() | st.integers(-(2**53), 2**53) | TEXTS | st.sampled_from(["yes", "1e3", "~", "0x1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)
BREATH = st.fixed_dictionaries(
    {"enabled": st.booleans()},
    optional={"minReplicas": st.integers(0, 9), "maxReplicas": st.integers(1, 10**6)},
)
TRIGGERS = st.one_of(
    st.fixed_dictionaries({"oneShot": st.fixed_dictionaries({}, optional={"args": st.lists(TEXTS)})}),
    st.sampled_from(["*/5 * * * *", "@daily", "0 0 1 1 *"]).map(lambda text: {"cron": text}),
    st.fixed_dictionaries(
        {
            "service": st.fixed_dictionaries(
                {"port": st.integers(1, 65535)},
                optional={"paths": st.lists(WORDS.map("/{}".format), max_size=2), "breathability": BREATH},
            )
        }
    ),
    st.fixed_dictionaries(
        {
            "event": st.fixed_dictionaries(
                {
                    "source": st.sampled_from(
                        ["nats:a.b", "kafka:t", "sqs:https://q", "redis-stream:s", "rabbitmq:q"]
                    )
                },
                optional={"batch_size": st.integers(1, 99), "cooldown": st.sampled_from(["30s", "2m", "1h"])},
            )
        }
    ),
    st.fixed_dictionaries({"kind": NAMES}, optional={"namespaces": st.lists(NAMES, max_size=2)}).map(
        lambda watch: {"watch": watch}
    ),
)
SPECS = st.fixed_dictionaries(
    {
        "module": st.one_of(st.just({"source": "./x.wasm"}), st.just({"oci": "oci://r/x:v1"})),
        "trigger": TRIGGERS,
    },
    optional={
        "limits": st.fixed_dictionaries(
            {}, optional={"memory": SIZES, "cpu": CPUS, "fuel": st.integers(1, 10**12)}
        ),
        "capabilities": st.lists(WORDS, max_size=3),
        "config": st.dictionaries(WORDS, JSON, max_size=3),
        "breathability": BREATH,
        "resources": st.just({"limits": {"memory": "1Gi"}}),
        "ttlSecondsAfterFinished": st.integers(0, 10**7),
        "tolerations": st.lists(st.fixed_dictionaries({"key": WORDS}), max_size=2),
        "nodeSelector": st.dictionaries(NAMES, NAMES, max_size=2),
        "behavior": st.fixed_dictionaries({"onInit": PATHS}),
    },
)
METADATA = st.fixed_dictionaries(
    {},
    optional={
        "namespace": NAMES,
        "labels": st.dictionaries(
            st.sampled_from(["a/b", "pleme.pleme.io/shape", "pleme.pleme.io/canonical"]), NAMES
        ),
        "annotations": st.dictionaries(NAMES, TEXTS, min_size=1, max_size=2),
    },
)
SLOTS = {
    "limits": st.fixed_dictionaries({}, optional={"memory": SIZES, "cpu": CPUS}).map(
        lambda limits: f"({' '.join(f':{key} {quoted(value)}' for key, value in limits.items())})"
    ),
    "behavior": st.builds("(:on-init {} :on-cast {})".format, PATHS.map(quoted), PATHS.map(quoted)),
    "upgrade-from": st.sampled_from(
        [
            '((:from "0.0.1" :instructions ((:kind load-module :module "x") (:kind soft-purge :module "x"))))',
            '((:from "0.0.2" :instructions ((:kind state-change :script "lib/up.lisp") (:kind restart))))',
        ]
    ),
    "capabilities": st.just('("http-in:0.0.0.0:8080" "env")'),
    "state-schema": st.just('((:nome "visits" :tipo Int :padrao 0) (:nome "seen" :tipo Bool :padrao #f))'),
    "schema-migrations": st.just(
        '((:from "0.0.1" :to "0.1.0" :script "lib/up.lisp" :inverse "lib/down.lisp"))'
    ),
    "snapshot": st.just('"lib/snapshot.lisp"'),
    "receive-state": st.just('"lib/receive.lisp"'),
    "activation": st.sampled_from(["Always", "OnDemand", "Singleton"]),
    "on-capability-miss": st.just('"lib/miss.lisp"'),
}


@st.composite
def servicos(draw: st.DrawFn) -> Package:
    """Draw a Servico with its ComputeUnit."""
    nome = draw(NAMES)
    chosen = draw(st.sets(st.sampled_from(sorted(SLOTS))))
    slots = "".join(f"\n  :{keyword} {draw(SLOTS[keyword])}" for keyword in sorted(chosen))
    path = f"servicos/{nome}.computeunit.yaml"
    unit: dict[str, Any] = {"metadata": draw(METADATA), "spec": draw(SPECS)}
    text = f'(defcaixa :nome "{nome}" :versao "0.1.0" :kind Servico :servicos ("{path}"){slots})'
    return Package.from_text(text, {path: yaml.safe_dump(unit, allow_unicode=True).encode()})
