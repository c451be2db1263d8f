"""Where the cache and the configuration of a person are, by the system's customs (caixa.md section 3.4)."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from caixa.lisp.diagnostics import Diagnostic, Severity
from caixa.lisp.source import Source

from .config import ResolverConfig, read_config
from .errors import InvalidConfig

__all__ = ["cache_directory", "config_directory", "load_config"]


def cache_directory(environment: Mapping[str, str], config: ResolverConfig) -> Path:
    """Return where fetched sources are kept: as configured, else in the cache of this person."""
    if config.cache_dir:
        return Path(config.cache_dir).expanduser()
    return _own(environment, "XDG_CACHE_HOME", ".cache", "Library/Caches") / "caixa"


def config_directory(environment: Mapping[str, str]) -> Path:
    """Return where the configuration of this person is; XDG_CONFIG_HOME counts everywhere."""
    return _own(environment, "XDG_CONFIG_HOME", ".config", "Library/Application Support") / "caixa"


def _own(environment: Mapping[str, str], variable: str, linux: str, mac: str) -> Path:
    if environment.get(variable):
        return Path(environment[variable])
    home = Path(environment.get("HOME") or Path.home())
    return home / (mac if sys.platform == "darwin" else linux)


def load_config(environment: Mapping[str, str]) -> ResolverConfig:
    """Return the configuration of this person: `config.lisp`, else `config.yaml`, else the defaults.

    Raises InvalidConfig for a file that is there and does not read: a default host that is silently another
    one would fetch other people's code.
    """
    directory = config_directory(environment)
    lisp, yaml = directory / "config.lisp", directory / "config.yaml"
    if lisp.is_file():
        return read_config(Source(str(lisp), lisp.read_text(encoding="utf-8", errors="replace")))
    return _from_yaml(yaml) if yaml.is_file() else ResolverConfig()


_YAML_KEYS = {"default_host": str, "cache_dir": str, "include_dev": bool, "additional_hosts": list}


def _from_yaml(path: Path) -> ResolverConfig:
    """Read the older system's file; it ignores keys that it does not know."""
    import yaml  # noqa: PLC0415 - few people configure anything

    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, ValueError) as error:
        raise _refused(path, str(error)) from error
    except RecursionError as error:
        raise _refused(path, "it is nested too deeply") from error
    if not isinstance(data, dict):
        raise _refused(path, "it is no mapping of keys to values")
    known = {key: value for key, value in data.items() if key in _YAML_KEYS and value is not None}
    for key, value in known.items():
        if not isinstance(value, _YAML_KEYS[key]):
            raise _refused(path, f"{key} is {value!r}")
    if "additional_hosts" in known:
        known["additional_hosts"] = tuple(map(str, known["additional_hosts"]))
    return ResolverConfig(**known)


def _refused(path: Path, why: str) -> InvalidConfig:
    message = f"{path} is not the configuration of a resolver"
    return InvalidConfig(Diagnostic("config-unreadable", Severity.ERROR, None, message, why, "Correct it."))
