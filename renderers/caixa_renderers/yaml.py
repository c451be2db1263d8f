"""YAML out and in: one house style, and reading that says where a text is wrong (caixa.md section 4).

Written without document markers unless there are several documents, in block style, sequences not indented,
nothing folded, ambiguous strings in single quotes, several lines as a literal block. Read as the JSON subset
only, since that is all Kubernetes knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from caixa.lisp.source import Source, Span

from .errors import MalformedYaml

if TYPE_CHECKING:
    import yaml

__all__ = ["dump", "dump_all", "load"]

_ENDLESS = 2**31 - 1  # a line width at which libyaml never folds
_MOST_VALUES = 100_000  # what a file may expand to: aliases can make a billion values of ten lines

# What some YAML reader in use (1.1, 1.2, Go's) takes for something other than a string.
_AMBIGUOUS = re.compile(
    r"""
    ~ | null | true | false | yes | no | on | off | y | n | = | <<
  | [-+]?(?: \.[0-9_]+ | [0-9][0-9_]*(?:\.[0-9_]*)? )(?:e[-+]?[0-9]+)?
  | [-+]?0[xob][0-9a-f_]+
  | [-+]?[0-9][0-9_]*(?: :[0-5]?[0-9])+(?:\.[0-9_]*)?
  | [-+]?\.inf | \.nan
  | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt\x20].*)?
    """,
    re.VERBOSE | re.IGNORECASE,
)

# What needs no thought about quotes, indicators or folding, in any place.
_PLAIN = re.compile(
    r"(?!\.\.\.)[A-Za-z0-9_./^~+$(](?: [A-Za-z0-9_./^~+$()\[\]{}*,;=@?|\\-] | :(?=[\w/]) | \x20(?=[\w/(]) )*",
    re.ASCII | re.VERBOSE,
)


def dump(value: object, *, comment: str = "") -> str:
    """Return `value` (mappings, sequences, scalars) as one YAML document, after the lines of `comment`."""
    return _commented(comment) + _emit(value)


def dump_all(values: Iterable[object], *, comment: str = "") -> str:
    """Return several documents, each after a `---` line."""
    return _commented(comment) + "".join(f"---\n{_emit(value)}" for value in values)


def load(source: Source) -> dict[str, Any]:
    """Return the one mapping that `source` holds.

    Raises `MalformedYaml`, with the place, for anything else: bad syntax, several documents, a list, a tag.
    """
    import yaml  # noqa: PLC0415  # slow to import: most sessions start without rendering

    try:
        value = yaml.load(source.text, Loader=_loader())  # noqa: S506  # a SafeLoader, made below
    except yaml.MarkedYAMLError as error:
        raise _malformed(source, error) from error
    except (yaml.YAMLError, ValueError) as error:
        raise MalformedYaml(source, str(error), _whole(source)) from error
    if not isinstance(value, dict):
        raise MalformedYaml(source, "the file is not one mapping", _whole(source))
    plain: dict[str, Any] = _Plain(source).copy(value)
    return plain


def _emit(value: object) -> str:
    """Write plain data directly, which is much faster, and anything exotic by PyYAML; both write the same."""
    lines: list[str] = []
    try:
        _write(value, "", "", lines)
    except _Exotic:
        return _emit_any(value)
    return "\n".join(lines) + "\n"


class _Exotic(Exception):  # no error: it only changes the way
    """A value that is not plain text, a number, a list or a mapping of those."""


def _write(value: object, first: str, pad: str, lines: list[str]) -> None:
    """Append the lines of a value, the first of them after `first`, the others after `pad`."""
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            name = f"{first}{_scalar(key)}:"
            first = pad
            if isinstance(item, str | int) or not item:
                lines.append(f"{name} {_scalar(item)}")
            else:
                lines.append(name)
                inner = pad + "  " if isinstance(item, Mapping) else pad
                _write(item, inner, inner, lines)
    elif isinstance(value, list | tuple) and value:
        for item in value:
            _write(item, f"{first}- ", pad + "  ", lines)
            first = pad
    else:
        lines.append(f"{first}{_scalar(value)}")


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        return ("false", "true")[value] if isinstance(value, bool) else str(value)
    if value is None:
        return "null"
    if value in ((), [], {}):
        return "{}" if isinstance(value, Mapping) else "[]"
    raise _Exotic


@lru_cache(maxsize=8192)  # the keys and labels of a rendering recur by the thousand
def _text(value: str) -> str:
    if not value:
        return "''"
    if len(value) > 120 or not _PLAIN.fullmatch(value):
        raise _Exotic
    return f"'{value}'" if _AMBIGUOUS.fullmatch(value) else str(value)


def _emit_any(value: object) -> str:
    import yaml  # noqa: PLC0415  # slow to import: most sessions start without rendering

    text: str = yaml.dump(
        value,
        Dumper=_dumper(),
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=_ENDLESS,
    )
    return text.removesuffix("...\n")  # libyaml ends a bare scalar with a document end


def _commented(comment: str) -> str:
    return "".join(f"# {line}\n" if line else "\n" for line in comment.splitlines())


@cache
def _dumper() -> type[yaml.SafeDumper]:
    """Make the emitter on first use: importing PyYAML is slow, and most sessions start without rendering."""
    import yaml  # noqa: PLC0415  # slow to import: most sessions start without rendering

    base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    dumper = type("HouseDumper", (base,), {"ignore_aliases": lambda self, data: True})  # noqa: ARG005
    dumper.add_multi_representer(str, _represent_text)  # type: ignore[attr-defined]  # made by type()
    dumper.add_multi_representer(Mapping, lambda dump, data: dump.represent_dict(data.items()))  # type: ignore[attr-defined]
    dumper.add_multi_representer(Sequence, lambda dump, data: dump.represent_list(data))  # type: ignore[attr-defined]
    dumper.add_representer(str, _represent_text)  # type: ignore[attr-defined]  # exact types are looked up first
    return dumper


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else "'" if _AMBIGUOUS.fullmatch(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style=style)


@cache
def _loader() -> type[yaml.SafeLoader]:
    """Make a loader that leaves dates as text, as Kubernetes does."""
    import yaml  # noqa: PLC0415  # slow to import: most sessions start without rendering

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    resolvers = {
        first: [(tag, pattern) for tag, pattern in rules if tag != "tag:yaml.org,2002:timestamp"]
        for first, rules in base.yaml_implicit_resolvers.items()
    }
    return type("JsonLoader", (base,), {"yaml_implicit_resolvers": resolvers})


def _malformed(source: Source, error: yaml.MarkedYAMLError) -> MalformedYaml:
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return MalformedYaml(source, str(error), _whole(source))
    at = min(mark.index, len(source.text))
    reason = error.problem or "cannot be read"
    if error.context and error.context_mark and error.context_mark.line != mark.line:
        reason += f" ({error.context} that begins on line {error.context_mark.line + 1})"
    return MalformedYaml(source, reason, source.span(at, min(at + 1, len(source.text))))


def _whole(source: Source) -> Span:
    return source.span(0, len(source.text))


class _Plain:
    """Copies a value into plain JSON data, counting, so that aliases neither loop nor explode."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.left = _MOST_VALUES

    def copy(self, value: Any, depth: int = 0) -> Any:
        self.left -= 1
        if self.left < 0 or depth > 100:
            raise MalformedYaml(self.source, "the aliases expand to too much", _whole(self.source))
        if isinstance(value, dict):
            return {key: self.copy(item, depth + 1) for key, item in value.items()}
        if isinstance(value, list):
            return [self.copy(item, depth + 1) for item in value]
        if value is None or isinstance(value, (str, int, float)):
            return value
        raise MalformedYaml(self.source, f"a {type(value).__name__} is not JSON data", _whole(self.source))
