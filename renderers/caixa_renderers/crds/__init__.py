"""CustomResourceDefinitions of our kinds, from the declarations of the slots (caixa.md section 7.1)."""

from __future__ import annotations

from functools import cache
from typing import Any

from .. import yaml
from ..artifact import Artifact, Rendering
from .packages import BUILD, CAIXA, LACRE
from .running import APLICACAO, COMPUTE_UNIT, TREE

__all__ = ["DEFINITIONS", "definitions", "render"]

DEFINITIONS = (CAIXA, LACRE, BUILD, COMPUTE_UNIT, TREE, APLICACAO)


@cache
def definitions() -> tuple[dict[str, Any], ...]:
    """Return the definitions of every kind, in a fixed order. They are shared: do not change them."""
    return tuple(definition.to_object() for definition in DEFINITIONS)


def render() -> Rendering:
    """Return the definitions, a file each."""
    return Rendering(
        tuple(
            Artifact(name, name, (each,), yaml.dump(each), "crds")
            for each in definitions()
            for name in [f"{each['metadata']['name']}.yaml"]
        )
    )
