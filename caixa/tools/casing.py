"""kebab-case and PascalCase, as the rules on names want them (caixa.md section 6.3)."""

from __future__ import annotations

import re

__all__ = ["is_kebab", "is_pascal", "to_kebab", "to_pascal"]

_KEBAB = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?[?!]?\Z")
_PASCAL = re.compile(r"[A-Z][A-Za-z0-9]*\Z")


def is_kebab(name: str) -> bool:
    """Whether `name` is lower case with dashes inside, and perhaps one `?` or `!` at the end."""
    return _KEBAB.match(name) is not None


def is_pascal(name: str) -> bool:
    """Whether `name` begins with a capital and has only letters and digits."""
    return _PASCAL.match(name) is not None


def to_kebab(name: str) -> str:
    """Return `fooBar`, `foo_bar` and `FooBar` as `foo-bar`; of `__x` the result is no kebab-case either."""
    dashed = "".join(f"-{each.lower()}" if each.isupper() else each for each in name.replace("_", "-"))
    return dashed[1:] if name[:1].isupper() else dashed


def to_pascal(name: str) -> str:
    """Return `foo-bar` and `foo_bar` as `FooBar`."""
    return "".join(part[:1].upper() + part[1:] for part in re.split("[-_]", name))
