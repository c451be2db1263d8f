"""The native functions, by topic; importing this package enters all of them into `NATIVES`."""

from __future__ import annotations

from . import (
    arity,
    bits,
    capabilities,
    channels,
    comparison,
    error_values,
    higher_order,
    lists,
    lookup,
    maps,
    numbers,
    numerals,
    output,
    predicates,
    ranges,
    reading,
    regex,
    sets,
    slices,
    sorting,
    strings,
    symbols,
    text,
    tracing,
    transcendental,
    types,
)
from .host import Host, bound_natives
from .registry import NATIVES, Native, is_native, native
from .script import (
    documents,
    encodings,
    environment,
    files,
    folders,
    http,
    json_text,
    kubernetes,
    moments,
    paths,
    processes,
    serving,
    system,
)

__all__ = ["NATIVES", "Host", "Native", "bound_natives", "is_native", "native"]

_TOPICS = (
    arity, bits, capabilities, channels, comparison, error_values, higher_order, lists, lookup, maps, numbers,
    numerals, output, predicates, ranges, reading, regex, sets, slices, sorting, strings, symbols, text,
    tracing, transcendental, types,
    documents, encodings, environment, files, folders, http, json_text, kubernetes, moments, paths, processes,
    serving, system,
)  # fmt: skip
