"""YAML and TOML (language.md section 7, `Data`); mappings are maps in source order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from ...errors import NativeError
from ..registry import native
from ..strings import string_argument
from .files import file_text
from .interchange import MAX_DEPTH, as_table, from_plain, to_plain

__all__ = ["toml_errors", "yaml_errors"]

_ODD_LINE_ENDS = frozenset("\x85\u2028\u2029")


@contextmanager
def yaml_errors(function: str) -> Iterator[None]:
    """Turn what the YAML library refuses into a NativeError with the place."""
    import yaml  # noqa: PLC0415  # not needed to start

    try:
        yield
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
        raise NativeError(function, " ".join(str(error).split()), line=line, column=column) from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # a date that is none, say
        raise NativeError(function, " ".join(str(error).split())) from error


@contextmanager
def toml_errors(function: str) -> Iterator[None]:
    """Turn what the TOML libraries refuse into a NativeError; their messages tell the place."""
    try:
        yield
    except (ValueError, TypeError) as error:
        raise NativeError(function, str(error)) from error
    except RecursionError as error:
        raise NativeError(function, "the document is nested too deep") from error


@cache
def _yaml_loader() -> Any:
    """Return the safe loader of YAML, made to refuse what is nested too deep before it takes its time."""
    import yaml  # noqa: PLC0415  # not needed to start

    class Loader(yaml.SafeLoader):
        depth = 0

        def compose_node(self, parent: Any, index: Any) -> Any:
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise yaml.YAMLError(f"the document is nested more than {MAX_DEPTH} deep")
            node = super().compose_node(parent, index)
            self.depth -= 1
            return node

    return Loader


@cache
def _yaml_dumper() -> Any:
    """Return the safe dumper of YAML, made to escape the line ends that it would else fold into spaces."""
    import yaml  # noqa: PLC0415  # not needed to start

    class Dumper(yaml.SafeDumper):
        def text(self, text: str) -> yaml.Node:
            style = '"' if _ODD_LINE_ENDS & set(text) else None
            return self.represent_scalar("tag:yaml.org,2002:str", text, style)

    Dumper.add_representer(str, Dumper.text)
    return Dumper


def _parse_yaml(function: str, text: str) -> object:
    import yaml  # noqa: PLC0415  # not needed to start

    with yaml_errors(function):
        return from_plain(function, yaml.load(text, _yaml_loader()))  # noqa: S506  # it is a safe loader


@native("yaml-parse")
def yaml_parse(text: object) -> object:
    """Return what a YAML document says."""
    return _parse_yaml("yaml-parse", string_argument("yaml-parse", text))


@native("yaml-read", needs="fs:{path}:ro")
def yaml_read(path: object) -> object:
    """Return what a YAML file says."""
    return _parse_yaml("yaml-read", file_text("yaml-read", path))


@native("yaml-stringify")
def yaml_stringify(value: object) -> str:
    """Return a value as a YAML document: maps as mappings in their order, names as strings."""
    import yaml  # noqa: PLC0415  # not needed to start

    plain = to_plain("yaml-stringify", value)
    with yaml_errors("yaml-stringify"):
        text: str = yaml.dump(plain, Dumper=_yaml_dumper(), sort_keys=False, allow_unicode=True)
    return text.removesuffix("...\n")


def _parse_toml(function: str, text: str) -> object:
    import tomllib  # noqa: PLC0415  # not needed to start

    with toml_errors(function):
        return from_plain(function, tomllib.loads(text))


@native("toml-parse")
def toml_parse(text: object) -> object:
    """Return what a TOML document says."""
    return _parse_toml("toml-parse", string_argument("toml-parse", text))


@native("toml-read", needs="fs:{path}:ro")
def toml_read(path: object) -> object:
    """Return what a TOML file says."""
    return _parse_toml("toml-read", file_text("toml-read", path))


@native("toml-stringify")
def toml_stringify(value: object) -> str:
    """Return a map, or a list of pairs, as a TOML document; entries that are nil are left out."""
    import tomli_w  # noqa: PLC0415  # not needed to start

    table = as_table(value)
    if table is None:
        raise NativeError("toml-stringify", "TOML requires a table at the root", fix="Give a map.")
    plain = to_plain("toml-stringify", table, pairs_are_tables=True, keep_nil=False)
    with toml_errors("toml-stringify"):
        return tomli_w.dumps(plain)
