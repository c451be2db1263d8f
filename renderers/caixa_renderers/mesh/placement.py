"""Where a mesh runs, as each entry of a fleet says it (defect G14).

| estrategia | entries on | what an entry says |
|---|---|---|
| SingleNode | the first cluster | that it is the primary, and which clusters stand by |
| Replicated | every cluster | the clusters |
| Sharded | every cluster | its cluster, and the shard that this one holds: key, index and count |
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from caixa.manifest.model import Placement, PlacementEstrategia

if TYPE_CHECKING:
    from caixa.manifest.model import Caixa

__all__ = ["clusters_of", "groups_of", "placement_of", "placement_to_json", "with_shard"]


def clusters_of(caixa: Caixa) -> tuple[str, ...]:
    """Return the clusters that a mesh is written to: the first for SingleNode, else all of its placement."""
    placement = _of(caixa)
    if placement.estrategia is PlacementEstrategia.SINGLE_NODE:
        return placement.clusters[:1]
    return placement.clusters


def groups_of(caixa: Caixa) -> tuple[tuple[str, ...], ...]:
    """Return the clusters in groups that get the same entries: each alone if Sharded, else all together."""
    clusters = clusters_of(caixa)
    if _of(caixa).estrategia is PlacementEstrategia.SHARDED and clusters:
        return tuple((cluster,) for cluster in clusters)
    return (clusters,)


def placement_to_json(caixa: Caixa) -> dict[str, Any]:
    """Return the placement as the slots have it in JSON, defaults written out."""
    placement = _of(caixa)
    found: dict[str, Any] = {"estrategia": str(placement.estrategia), "clusters": list(placement.clusters)}
    if placement.affinity is not None:
        found["affinity"] = placement.affinity
    if placement.shard_key is not None:
        found["shardKey"] = placement.shard_key
    return found


def placement_of(caixa: Caixa, group: tuple[str, ...]) -> dict[str, Any]:
    """Return what the entries of a group of clusters say about their place."""
    placement = _of(caixa)
    found = placement_to_json(caixa)
    if placement.estrategia is PlacementEstrategia.SINGLE_NODE and placement.clusters:
        primary, *standby = placement.clusters
        found |= {"primary": primary} | ({"standby": standby} if standby else {})
    shard = _shard(placement, group)
    return found | ({"cluster": group[0], "shard": shard} if shard else {})


def with_shard(entry: Mapping[str, Any], placement: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry whose program is told its shard, in `config`, unless that has a `shard` of its own."""
    shard, config = placement.get("shard"), entry.get("config", {})
    if shard is None or not isinstance(config, dict) or "shard" in config:
        return dict(entry)
    return {**entry, "config": {**config, "shard": shard}}


def _shard(placement: Placement, group: tuple[str, ...]) -> dict[str, Any] | None:
    if placement.estrategia is not PlacementEstrategia.SHARDED or len(group) != 1:
        return None
    index = placement.clusters.index(group[0])
    return {"key": placement.shard_key or "", "index": index, "count": len(placement.clusters)}


def _of(caixa: Caixa) -> Placement:
    return caixa.placement or Placement()
