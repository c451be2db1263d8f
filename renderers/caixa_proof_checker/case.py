"""What is judged: the manifest, the members' manifests and units, and the objects, as plain JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Case", "Malformed", "Unjudged", "mapping", "means", "shape"]

Json = Mapping[str, Any]
_DEFAULT_PORT = 8080


class Malformed(ValueError):
    """A file that holds no proofs."""


class Unjudged(ValueError):
    """A case of which this program cannot say what has to be."""


@dataclass(frozen=True)
class Case:
    """What a certificate is about."""

    manifest: Json
    manifests: Mapping[str, Json]
    units: Mapping[str, Json]
    rendered: Json
    findings: list[Json]
    components: Mapping[str, Json]
    namespace: str
    backends: Mapping[str, Json]
    unrendered: str | None

    @classmethod
    def of(cls, data: Any) -> Case:
        """Return the case that is written as `data`. Raises Malformed."""
        try:
            return cls(
                data["manifest"], data["members"], data["units"], data["rendered"], data["findings"],
                data["components"], data["namespace"], data["backends"], data["unrendered"],
            )  # fmt: skip
        except (KeyError, TypeError) as error:
            raise Malformed(f"its case is not whole: {error}") from error

    @property
    def is_mesh(self) -> bool:
        """Whether it is an Aplicacao."""
        return bool(self.manifest["kind"] == "Aplicacao")

    @property
    def rendered_objects(self) -> list[Json]:
        """The objects of Kubernetes among what is rendered."""
        return [each for each in self.rendered.values() if isinstance(each, Mapping) and "kind" in each]

    @property
    def members(self) -> list[str]:
        """The names of what runs."""
        if self.manifest["kind"] == "Servico":
            return [self.manifest["nome"]]
        parts = [*self.manifest.get("membros", ()), *self.manifest.get("children", ())]
        return list(dict.fromkeys(each["caixa"] for each in parts))

    @property
    def contracts(self) -> list[Json]:
        """The contracts, in order."""
        return list(self.manifest.get("contratos", ()))

    def tokens(self, member: str) -> list[str] | None:
        """Return the tokens that a member's unit grants, None for a member that is not here."""
        if member not in self.units:
            return None
        granted = mapping(self.units[member].get("spec")).get("capabilities") or []
        return list(dict.fromkeys(text for each in granted if (text := str(each).strip())))

    def port(self, member: str) -> int | None:
        """Return the port on which a member listens."""
        trigger = mapping(mapping(mapping(self.units.get(member)).get("spec")).get("trigger"))
        if "service" not in trigger:
            return None
        port = mapping(trigger["service"]).get("port", _DEFAULT_PORT)
        return port if isinstance(port, int) else _DEFAULT_PORT


def mapping(value: Any) -> Json:
    """Return a mapping as it is, and anything else as an empty one."""
    return value if isinstance(value, Mapping) else {}


def shape(contract: Json) -> str:
    """Return what kind of traffic a contract is: `Http`, `PubSub`, `Store` or `Capability`."""
    wit = contract["wit"]
    for begin, name in (("wasi:http/", "Http"), ("http:", "Http"), ("nats:", "PubSub"), ("kafka:", "PubSub"),
                        ("wasi:keyvalue/", "Store"), ("kv:", "Store")):  # fmt: skip
        if wit[: len(begin)] == begin:
            return name
    return "Capability"


def means(endpoint: str, path: str) -> bool:
    """Whether an endpoint, some of whose segments are `:name`, is that of a request to `path`."""
    bare = path.partition("?")[0]
    pattern = "/".join(
        "[^/]+" if re.fullmatch(r":[A-Za-z_][-\w]*", part) else re.escape(part) for part in endpoint.split("/")
    )
    return re.fullmatch(pattern, bare, re.DOTALL) is not None
