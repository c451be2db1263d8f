"""Reads an OCI image layout as a registry client does, sharing no code with what writes one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, NamedTuple


class Image(NamedTuple):
    """One image of a layout: its tag, platform, manifest, config and layers."""

    tag: str
    platform: dict[str, str]
    manifest: dict[str, Any]
    config: dict[str, Any]
    layers: list[bytes]


def images(files: Mapping[str, bytes]) -> Iterator[Image]:
    """Yield the images of a layout, every blob checked by size and digest; ValueError for a broken one."""
    assert json.loads(files["oci-layout"]) == {"imageLayoutVersion": "1.0.0"}
    index = json.loads(files["index.json"])
    assert index["schemaVersion"] == 2
    reached = {"oci-layout", "index.json"}
    for entry in index["manifests"]:
        manifest = json.loads(_blob(files, entry, reached))
        assert manifest["mediaType"] == entry["mediaType"]
        config = json.loads(_blob(files, manifest["config"], reached))
        layers = [_blob(files, layer, reached) for layer in manifest["layers"]]
        yield Image(
            entry["annotations"]["org.opencontainers.image.ref.name"],
            entry["platform"],
            manifest,
            config,
            layers,
        )
    if reached != set(files):
        message = f"nothing leads to {sorted(set(files) - reached)}"
        raise ValueError(message)


def _blob(files: Mapping[str, bytes], descriptor: Mapping[str, Any], reached: set[str]) -> bytes:
    algorithm, _, digits = descriptor["digest"].partition(":")
    path = f"blobs/{algorithm}/{digits}"
    data = files[path]
    if (algorithm, digits, descriptor["size"]) != ("sha256", sha256(data).hexdigest(), len(data)):
        message = f"{path} is not what its descriptor says"
        raise ValueError(message)
    reached.add(path)
    return data
