"""Paths to try against a set of route templates, and whether a template means them.

A template is a path whose segments `:name` stand for any one segment. A request's query is no part of its path,
so a template means its paths with any query. The samples are what a wrong expression lets by or refuses: a
segment too many or too few, a metacharacter taken for itself, a query with slashes, another case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

__all__ = ["METHODS", "means", "samples"]

METHODS = ("GET", "POST", "DELETE", "PATCH")
_PARAMETER = re.compile(r":[A-Za-z_][\w-]*")
_VALUES = ("42", "a.b-c_d~e", "%2F", ":id")
_AFTER = ("", "/", "/x", "x", ";v=1", "%00")
_QUERIES = ("?q=1", "?next=/a/b", "?", "/?x=1", "?a?b")


@lru_cache(maxsize=1 << 14)
def means(template: str, path: str) -> bool:
    """Whether a route template means the path of a request, which may carry a query."""
    wanted, found = template.split("/"), path.partition("?")[0].split("/")
    return len(wanted) == len(found) and all(
        bool(got) if _PARAMETER.fullmatch(want) else want == got
        for want, got in zip(wanted, found, strict=True)
    )


@lru_cache(maxsize=1 << 10)
def samples(templates: tuple[str, ...]) -> tuple[str, ...]:
    """Return paths, each once, that lie in, beside and near the templates."""
    found: dict[str, None] = {"/": None, "/other": None, "": None, "/?x=/other": None}
    for template in templates:
        found |= dict.fromkeys(_around(template))
    return tuple(found)


def _around(template: str) -> Iterator[str]:
    for value in _VALUES:
        path = _filled(template, value)
        yield from (path + after for after in (*_AFTER, *_QUERIES))
        yield from (path.upper(), f"/x{path}", path[1:], path.rpartition("/")[0])
        yield from (path.replace(character, "x") for character in ".+*()|[]$^{}" if character in path)
    yield _filled(template, "")
    yield _filled(template, "") + "?x=1"


def _filled(template: str, value: str) -> str:
    return "/".join(value if _PARAMETER.fullmatch(each) else each for each in template.split("/"))
