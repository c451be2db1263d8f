"""What a pod may use, from what one instance may use: `:limits` reach the pod (defect G25 of caixa.md 4.8).

The engine that runs an instance needs memory of its own. A pod with just the instance's would be killed before
the instance reaches its limit, so the pod has that much more. `templates/_resources.tpl` of the chart
pleme-computeunit says the same, and a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from caixa.manifest.codecs import parse_bytes, parse_millicores
from caixa.manifest.errors import InvalidValue

__all__ = ["ENGINE_CPU", "ENGINE_MEMORY", "pod_resources"]

ENGINE_MEMORY: Final = 64 * 2**20  # bytes
ENGINE_CPU: Final = 50  # millicores
_MEMORY: Final = 192 * 2**20  # bytes of an instance without a limit
_CPU: Final = 500  # millicores of an instance without a limit
_MEBIBYTE: Final = 2**20


def pod_resources(limits: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return requests and limits of the pod for the JSON form of `:limits`.

    A limit that does not read counts as absent; it is a finding elsewhere.
    """
    memory = _read(parse_bytes, limits.get("memory"), _MEMORY) + ENGINE_MEMORY
    cpu = _read(parse_millicores, limits.get("cpu"), _CPU)
    return {
        "requests": {"cpu": f"{min(ENGINE_CPU, cpu)}m", "memory": _size(ENGINE_MEMORY)},
        "limits": {"cpu": f"{cpu}m", "memory": _size(memory)},
    }


def _read(parse: Any, text: object, default: int) -> int:
    try:
        return int(parse(text)) if isinstance(text, str) else default
    except InvalidValue:
        return default


def _size(count: int) -> str:
    whole, rest = divmod(count, _MEBIBYTE)
    return str(count) if rest else f"{whole}Mi"
