"""Names that Kubernetes accepts and that two different things never share."""

from __future__ import annotations

from hashlib import blake2s

__all__ = [
    "APLICACAO",
    "CHANNEL",
    "CONTRATO",
    "PACKAGE",
    "PROGRAM",
    "SHAPE",
    "edge_name",
    "label_value",
    "membership",
    "object_name",
]

PROGRAM = "pleme.pleme.io/program"
SHAPE = "pleme.pleme.io/shape"
APLICACAO = "pleme.pleme.io/aplicacao"
CONTRATO = "pleme.pleme.io/contrato"
CHANNEL = "pleme.pleme.io/gateway-api"  # which channel of the Gateway API an object needs
PACKAGE = "pleme.pleme.io/package"  # the package digest, as 52 base32 characters

_LONGEST_LABEL = 63
_LONGEST_NAME = 253


def edge_name(de: str, para: str) -> str:
    """Return `<de>-to-<para>`, with a digest where a name that holds `-to-` itself would make it ambiguous."""
    name = f"{de}-to-{para}"
    return _marked(name, de, para) if "-to-" in f"-{de}-" or "-to-" in f"-{para}-" else name


def object_name(*parts: str) -> str:
    """Return the parts joined by dashes, shortened with a digest to what a name may have (253 characters)."""
    return _fitted("-".join(parts), _LONGEST_NAME)


def label_value(text: str) -> str:
    """Return `text`, shortened with a digest to what a label value may have (63 characters)."""
    return _fitted(text, _LONGEST_LABEL)


def membership(program: str, aplicacao: str) -> dict[str, str]:
    """Return the two labels that say which member of which mesh a pod is."""
    return {PROGRAM: label_value(program), APLICACAO: label_value(aplicacao)}


def _fitted(text: str, longest: int) -> str:
    return text if len(text) <= longest else _marked(text[: longest - 9].rstrip("-._"), text)


def _marked(text: str, *identity: str) -> str:
    digest = blake2s("\0".join(identity).encode(), digest_size=4).hexdigest()
    return f"{text}-{digest}"
