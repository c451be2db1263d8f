"""What a set of CiliumNetworkPolicies lets through, by the documented rules of Cilium, for ingress only.

A pod that some policy selects refuses what no rule allows; the rules of all policies that select it are ORed;
an empty rule allows nobody; a rule without HTTP paths allows them all; a path must match whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

Labels = dict[str, str]


class Simulator:
    def __init__(self, objects: Sequence[dict[str, Any]]) -> None:
        self.policies = [each["spec"] for each in objects if each["kind"] == "CiliumNetworkPolicy"]

    def admits(self, source: Labels | str, target: Labels, port: int, path: str | None = None) -> bool:
        """Whether `source` (a pod's labels, or a reserved entity) may call `target`; with `path`, over HTTP."""
        selecting = [spec for spec in self.policies if _matches(spec["endpointSelector"], target)]
        if not selecting:
            return True
        rules = (rule for spec in selecting for rule in spec["ingress"])
        return any(_opens(rule, source, port, path) for rule in rules)


def pod(aplicacao: str, program: str) -> Labels:
    return {"pleme.pleme.io/aplicacao": aplicacao, "pleme.pleme.io/program": program}


def _matches(selector: dict[str, Any], labels: Labels) -> bool:
    assert set(selector) <= {"matchLabels"}
    return all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items())


def _opens(rule: dict[str, Any], source: Labels | str, port: int, path: str | None) -> bool:
    if isinstance(source, str):
        from_here = source in rule.get("fromEntities", ())
    else:
        from_here = any(_matches(selector, source) for selector in rule.get("fromEndpoints", ()))
    return from_here and any(_reaches(to, port, path) for to in rule["toPorts"])


def _reaches(to: dict[str, Any], port: int, path: str | None) -> bool:
    if {"port": str(port), "protocol": "TCP"} not in to["ports"]:
        return False
    paths = [http["path"] for http in to.get("rules", {}).get("http", ())]
    return not paths or path is None or any(re.fullmatch(each, path) for each in paths)


def pairs(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    return ((de, para) for de in names for para in names)
