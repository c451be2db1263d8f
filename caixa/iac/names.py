"""The names of infrastructure: how a type, an attribute and a traversal are spelled for Terraform, Ruby and Go.

Two spellings of one name must never meet as two names (caixa.md G22), so every name is normalised where it is
read, and everything after compares normalised names only.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = [
    "attribute_name",
    "is_identifier",
    "is_type",
    "kebab",
    "keyword_of",
    "lisp_type",
    "pascal",
    "terraform_type",
    "traversal",
]

_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*\Z")
_TYPE: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*\Z")
_ATTRIBUTE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_STEP: Final = re.compile(
    r'(?P<name>[A-Za-z_][A-Za-z0-9_-]*|\d+|\*)|(?P<index>\[(?:\d+|\*|"[^"\\$%\n]*")\])', re.ASCII
)


def terraform_type(tipo: str) -> str:
    """Return `aws/security-group` as `aws_security_group`."""
    return tipo.replace("/", "_").replace("-", "_")


def lisp_type(name: str) -> str:
    """Return `aws_security_group` as `aws/security-group`: what `terraform_type` takes back."""
    provider, _, rest = name.partition("_")
    return f"{provider}/{rest.replace('_', '-')}" if rest else provider


def attribute_name(name: str) -> str:
    """Return `cidr-block` as `cidr_block`."""
    return name.replace("-", "_")


def keyword_of(name: str) -> str | None:
    """Return the keyword, without its colon, that is read as the attribute `name`; None if there is none."""
    return name.replace("_", "-") if _ATTRIBUTE.match(name) else None


def is_identifier(name: str) -> bool:
    """Whether Terraform takes `name` for a resource, a variable, an output or a module."""
    return _IDENTIFIER.match(name) is not None


def is_type(name: str) -> bool:
    """Whether `name`, normalised, can be the type of a resource."""
    return _TYPE.match(name) is not None


def traversal(path: str) -> str | None:
    """Return the steps from a resource to a value, names normalised: `nic[0].private-ip`; None if malformed.

    What stands in quotes between brackets is a key of a map, and stays as it is.
    """
    at, steps = 0, ""
    while at < len(path):
        match = _STEP.match(path, at)
        if match is None or (match["index"] and not steps):
            return None
        steps += match["index"] or ("." if steps else "") + attribute_name(match["name"])
        at = match.end()
        if at < len(path) and path[at] == ".":
            at += 1
            if at == len(path) or path[at] == "[":
                return None
        elif at < len(path) and path[at] != "[":
            return None
    return steps or None


def kebab(name: str) -> str:
    """Return `VpcEndpoint_id` as `vpc-endpoint-id` (caixa.md 4.6): no dash in front, and never two in a row."""
    dashed = re.sub(r"(?<!^)(?<![_-])(?=[A-Z])", "-", name)
    return dashed.replace("_", "-").lower()


def pascal(name: str) -> str:
    """Return `cidr_block` as `CidrBlock`, an exported name of Go."""
    words = [word for word in re.split(r"[^A-Za-z0-9]+", name) if word]
    joined = "".join(word[:1].upper() + word[1:] for word in words)
    return joined if joined[:1].isalpha() else f"X{joined}"
