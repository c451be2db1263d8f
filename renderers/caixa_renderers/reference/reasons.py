"""Why each rendered thing exists: one sentence for each, and none that is rendered without one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

__all__ = ["reason_for"]

# By kind and the end of the name; the first that fits holds.
_OBJECTS: Final = (
    ("ComputeUnit", "", "What the operator runs: the module, its trigger, its limits and what it may touch."),
    ("Tree", "", "The strategy, and the children in the order in which they start."),
    ("Aplicacao", "", "The mesh itself, for the operator and for whoever asks the cluster what it is."),
    ("CiliumNetworkPolicy", "default-deny", "Puts every member under a policy, so the undeclared is refused."),
    ("CiliumNetworkPolicy", "dns", "Lets the members ask for names, which the rules for calls would stop."),
    ("CiliumNetworkPolicy", "egress", "Lets a member reach those it has a contract with, and nobody else."),
    ("CiliumNetworkPolicy", "entrada", "Lets the gateway reach the member behind the door."),
    ("CiliumNetworkPolicy", "", "A declared contract: who may call, and for HTTP which method and path."),
    ("CiliumEnvoyConfig", "", "What neither a network policy nor a route can say, for Envoy on the node."),
    ("Gateway", "", "The door: the host, and TLS where a certificate is named."),
    ("HTTPRoute", "redirect", "Sends who comes in the clear to where TLS is."),
    ("HTTPRoute", "calls", "Timeouts and retries between members, with the callee's Service as its parent."),
    ("HTTPRoute", "", "The paths behind the door, with timeouts and retries."),
    ("GitRepository", "", "Where Flux finds the chart."),
    ("OCIRepository", "", "Where Flux finds the chart."),
    ("HelmRelease", "", "What Flux installs, and with which values."),
    ("Kustomization", "", "What Flux applies for the service, and when it counts as healthy."),
    ("Service", "", "The name and the port by which others reach a unit."),
    ("Namespace", "", "Where the objects live."),
    ("ConfigMap", "", "What is to be read by others in the cluster."),
)  # fmt: skip
# By what the file is called, for what has no kind.
_FILES: Final = (
    (r"Chart\.yaml$", "The chart's name, version and the library chart that it stands on."),
    (r"values\.yaml$", "The unit as values of the library chart; off until somebody turns it on."),
    (r"README\.md$", "Where the chart is from, and how it is installed."),
    (r"^programs/", "The entry of the cluster's release, from which the fleet chart makes the ComputeUnit."),
    (r"workflows/", "Builds, checks and publishes the package when a version is tagged."),
    (r"flake\.nix$", "The package for Nix: how it is built, and a shell to work on it in."),
)


def reason_for(document: Mapping[str, Any], path: str) -> str:
    """Return why an object, or a file without one, is rendered. Raises LookupError where nobody has said it."""
    kind = document.get("kind")
    name = str((document.get("metadata") or {}).get("name", ""))
    if kind is None:
        found = (why for pattern, why in _FILES if re.search(pattern, path))
    else:
        found = (why for known, end, why in _OBJECTS if kind == known and name.endswith(end))
    why = next(found, None)
    if why is None:
        raise LookupError(f"nobody has said why a {kind or path} is rendered: add it to {__name__}")
    return why
