"""Variables of the environment (language.md section 7, `env`)."""

from __future__ import annotations

import os

from ...errors import NativeError
from ..registry import native
from ..strings import string_argument

__all__: list[str] = []


@native("env-get", needs="env:{name}")
def env_get(name: object, default: object = None) -> object:
    """Return a variable of the environment, or `default`."""
    return os.environ.get(string_argument("env-get", name), default)


@native("env-required", needs="env:{name}")
def env_required(name: object) -> str:
    """Return a variable of the environment, which must be set."""
    value = os.environ.get(string_argument("env-required", name))
    if value is None:
        raise NativeError(
            "env-required",
            f"environment variable {name} is not set",
            fix=f"Set {name} before the start, or use (env-get {name!r} DEFAULT).".replace("'", '"'),
        )
    return value
