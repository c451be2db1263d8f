"""One deploy as layers: what has to be there before what, from what the rendered objects say of each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..artifact import Rendering
from ..identity import identity_of
from ..names import APLICACAO, PROGRAM
from .clusters import depths
from .model import Edge, EdgeKind, Graph, Group, Node, NodeKind
from .references import Reference, guarded_by, references

__all__ = ["layers_graph"]

_Object = Mapping[str, Any]
_POLICIES = frozenset(("CiliumNetworkPolicy", "NetworkPolicy"))
_DEFINED = {"Service": "ComputeUnit"}  # the operator makes a unit's Service
_NOTE = "a cluster takes the objects in any order; each works once the layers before its own are there"


def layers_graph(title: str, rendering: Rendering) -> Graph:
    """Return the objects of a rendering in layers, each with an edge from what it needs.

    What is named and not rendered (a Secret, a source of Flux's own) is in the first layer, as given. An entry
    of the fleet's programs stands for the ComputeUnit that the fleet chart makes of it.
    """
    objects = dict(_objects(rendering))
    nodes = {key: _node(key, document) for key, document in objects.items()}
    edges: list[Edge] = []
    for key, document in objects.items():
        for reference, why in dict(_needs(document, objects)).items():
            target = _found(reference, objects)
            if target is None:
                target = _id(reference)
                nodes.setdefault(target, _given(target, reference))
            if target != key:
                edges.append(Edge(target, key, EdgeKind.THEN, why))
    order = depths(tuple(nodes), ((edge.source, edge.target) for edge in edges))
    layers: dict[int, list[str]] = defaultdict(list)
    for key in nodes:
        layers[order[key]].append(key)
    groups = tuple(Group(f"layer {depth + 1}", tuple(layers[depth])) for depth in sorted(layers))
    return Graph(title, tuple(nodes.values()), tuple(edges), groups, (_NOTE,))


def _objects(rendering: Rendering) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for artifact in rendering.artifacts:
        if artifact.kind == "chart":  # Helm's own files; what it makes of them is the entry's unit
            continue
        for document in artifact.objects:
            for entry in document.get("programs", ()) if "kind" not in document else ():
                unit = _unit(entry)
                yield _id(_reference(unit)), unit
            if document.get("kind"):
                yield _id(_reference(document)), document


def _unit(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the unit that the fleet chart makes of an entry, as far as its name and its labels go."""
    name = str(entry.get("name"))
    labels = {PROGRAM: name} | ({APLICACAO: str(entry["aplicacao"])} if "aplicacao" in entry else {})
    metadata = {"name": name, "namespace": entry.get("namespace"), "labels": labels}
    return {"kind": "ComputeUnit", "metadata": metadata, "spec": entry}


def _reference(document: Mapping[str, Any]) -> Reference:
    identity = identity_of(document)
    return Reference(identity.kind, identity.namespace, identity.name)


def _id(reference: Reference) -> str:
    return "/".join(reference)


def _node(key: str, document: Mapping[str, Any]) -> Node:
    reference = _reference(document)
    return Node(key, f"{reference.kind} {reference.name}", NodeKind.OBJECT, reference.namespace)


def _given(key: str, reference: Reference) -> Node:
    return Node(key, f"{reference.kind} {reference.name}", NodeKind.NATIVE, "must be there already")


def _needs(document: _Object, objects: Mapping[str, _Object]) -> Iterator[tuple[Reference, str]]:
    """Yield what must be there before an object works, and why."""
    reference = _reference(document)
    for other in objects.values():
        kind = other.get("kind")
        if kind == "Namespace" and identity_of(other).name == reference.namespace:
            yield _reference(other), "namespace"
        if kind == "CustomResourceDefinition" and _defines(other) == reference.kind:
            yield _reference(other), "definition"
        labels = (document.get("metadata") or {}).get("labels") or {}
        if reference.kind == "ComputeUnit" and kind in _POLICIES and guarded_by(other, labels):
            yield _reference(other), "guards"
    for named in references(document):
        yield named, "names"


def _defines(definition: Mapping[str, Any]) -> str:
    names: Mapping[str, Any] = (definition.get("spec") or {}).get("names") or {}
    return str(names.get("kind", ""))


def _found(reference: Reference, objects: Iterable[str]) -> str | None:
    """Return the object that is meant; a Service that nobody renders is made for the unit of its name."""
    kinds = (reference.kind, _DEFINED.get(reference.kind, reference.kind))
    return next((key for kind in kinds if (key := _id(reference._replace(kind=kind))) in objects), None)
