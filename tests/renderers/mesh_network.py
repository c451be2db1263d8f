"""A mesh as the policy simulator sees it: pods with the labels of their rendered units, and what is around."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caixa_renderers import Options, render
from caixa_renderers.names import membership
from caixa_renderers.proofs.cilium import Dns, Endpoint, Http, Network, Request, gateway, outside, pod

NAMESPACE = "tatara-system"
AROUND = (
    pod("dns", "kube-system", {"k8s-app": "kube-dns"}),
    pod("broker", "nats", {"app.kubernetes.io/name": "nats"}),
    pod("kafka", "kafka", {"app.kubernetes.io/name": "kafka"}),
    pod("store", "store", {"app.kubernetes.io/name": "valkey"}),
    pod("stranger", NAMESPACE, {"pleme.pleme.io/program": "cart", "pleme.pleme.io/aplicacao": "other"}),
    pod("bystander", NAMESPACE, {"app": "x"}),
    outside("github", host="api.github.com"),
    outside("elsewhere", host="evil.example"),
    Endpoint("api", {"reserved:kube-apiserver": ""}, frozenset({"kube-apiserver", "cluster", "all"})),
    gateway(),
)


def rendered(package, members, **options: Any) -> MeshNetwork:
    """Return the network of a mesh whose members resolve: pods are labelled as their units are."""
    units = render(package, "computeunit", members, Options(**options)).objects
    labels = {each["metadata"]["name"]: each["metadata"]["labels"] for each in units}
    return MeshNetwork(render(package, "mesh", members, Options(**options)).objects, labels)


def unresolved(caixa, objects) -> MeshNetwork:
    """Return the network of a mesh of which nothing is known but its manifest."""
    names = [membro.caixa for membro in caixa.membros]
    return MeshNetwork(objects, {name: membership(name, caixa.nome) for name in names})


class MeshNetwork(Network):
    """Pods of a mesh, by the names of its members, among others."""

    def __init__(self, objects, labels: Mapping[str, Mapping[str, str]]) -> None:
        """Put every member into the namespace of the mesh."""
        super().__init__([*(pod(name, NAMESPACE, own) for name, own in labels.items()), *AROUND], objects)

    def calls(
        self, de: str, para: str, path: str | None = None, *, port: int = 8080, method: str = "GET"
    ) -> bool:
        """Whether a connection passes, with `path` an HTTP request on it."""
        says = None if path is None else Http(path, method)
        return self.decide(de, para, Request(port, "TCP", says)).admitted

    def asks(self, de: str, name: str) -> bool:
        """Whether a member may ask the cluster's name server for a name."""
        return self.decide(de, "dns", Request(53, "UDP", Dns(name))).admitted
