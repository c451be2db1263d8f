"""What may be said on a port: HTTP rules as Envoy applies them, and DNS rules as Cilium's DNS proxy does.

Envoy matches the whole of the `:path` header, and the query is part of that; so does the method, and the host.
A request passes if one rule of the list matches, and a list without rules passes everything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import InvalidPolicy, UnmodelledPolicy
from .peers import name_pattern
from .traffic import Dns, Http

__all__ = ["HttpRule", "Layer7", "read_layer7"]

# What Python's expressions have and RE2, which Envoy uses, has not.
_BEYOND_RE2 = re.compile(r"(?<!\\)(?:\\\\)*(?:\(\?(?:[=!]|<[=!]|P=|\()|\\[1-9])")


@dataclass(frozen=True, slots=True)
class HttpRule:
    """Expressions for the whole of path, method and host; None where anything will do."""

    path: re.Pattern[str] | None = None
    method: re.Pattern[str] | None = None
    host: re.Pattern[str] | None = None

    def passes(self, request: Http) -> bool:
        """Whether a request matches."""
        pairs = ((self.path, request.path), (self.method, request.method), (self.host, request.host))
        return all(each is None or each.fullmatch(text) is not None for each, text in pairs)


@dataclass(frozen=True, slots=True)
class Layer7:
    """The rules of one protocol; the other is None. `written` are the rules as the policy has them."""

    http: tuple[HttpRule, ...] | None = None
    dns: tuple[re.Pattern[str], ...] | None = None
    written: tuple[Mapping[str, str], ...] = ()

    def passes(self, says: Http | Dns | None) -> bool:
        """Whether a proxy with these rules lets something through; bytes of another protocol it does not."""
        if isinstance(says, Http):
            return self.http is not None and (not self.http or any(each.passes(says) for each in self.http))
        if isinstance(says, Dns):
            name = says.name.lower().rstrip(".")
            return self.dns is not None and (not self.dns or any(each.fullmatch(name) for each in self.dns))
        return False


def read_layer7(data: Mapping[str, Any], direction: str, policy: str) -> Layer7 | None:
    """Return the rules on requests, or None where there are none. Raises InvalidPolicy, UnmodelledPolicy."""
    if not data:
        return None
    if len(data) > 1:
        raise InvalidPolicy(policy, f"{' and '.join(sorted(data))} stand on one port")
    ((protocol, rules),) = data.items()
    if protocol == "http":
        return Layer7(http=tuple(_http(each, policy) for each in rules), written=tuple(rules))
    if protocol == "dns":
        if direction == "ingress":
            raise InvalidPolicy(policy, "DNS rules stand on ingress")
        return Layer7(dns=tuple(name_pattern(each, policy) for each in rules), written=tuple(rules))
    raise UnmodelledPolicy(policy, f"rules for `{protocol}` are not simulated")


def _http(data: Mapping[str, Any], policy: str) -> HttpRule:
    if unknown := sorted(set(data) - {"path", "method", "host"}):
        raise UnmodelledPolicy(policy, f"HTTP rules on `{unknown[0]}` are not simulated")
    return HttpRule(*(_expression(data.get(each), policy) for each in ("path", "method", "host")))


def _expression(text: str | None, policy: str) -> re.Pattern[str] | None:
    if not text:
        return None
    if _BEYOND_RE2.search(text):
        raise InvalidPolicy(policy, f"{text!r} looks around or back, which Envoy's expressions cannot")
    try:
        return re.compile(text)
    except re.error as error:
        raise InvalidPolicy(policy, f"{text!r} is no regular expression") from error
