"""The operations of the caixa vectors (spec/caixa.md section 9): from a case's input to an outcome.

An outcome has the keys that an expectation can have; `json` stands for what is compared whole or in part. All
is read in the APRIL profile. Imports are inside the operations, so that a part of the product that is missing
fails its own cases only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from caixa.lisp.diagnostics import Diagnostic, Reportable
from caixa.lisp.errors import ReaderError
from caixa.lisp.source import Source
from caixa.manifest.profile import Profile

__all__ = ["OPERATIONS", "failure"]

Outcome = dict[str, Any]
Operation = Callable[[Mapping[str, Any]], Outcome]
OPERATIONS: dict[str, Operation] = {}
APRIL = Profile.APRIL
# What the older system calls the errors of its two readers; all others are named as our codes are.
_READER = {
    "unmatched-open-paren": "UnmatchedOpenParen",
    "unmatched-close-paren": "UnmatchedParen",
    "unterminated-string": "UnterminatedString",
    "eof": "Eof",
}
_TREE_READER = _READER | {"unmatched-close-paren": "UnmatchedClose"}


class Refused(Reportable):
    """A caixa was wanted and the text has none."""


def operation(*names: str) -> Callable[[Operation], Operation]:
    """Register the function of an operation."""

    def register(function: Operation) -> Operation:
        OPERATIONS.update(dict.fromkeys(names, function))
        return function

    return register


def failure(found: Diagnostic, readers: Mapping[str, str] = _READER) -> Outcome:
    """Return the outcome of an error: its name, place and data, by name and, where it is one, as `value`."""
    data = {key: value for key, value in found.data.items() if key != "form"}
    outcome: Outcome = {"ok": False, "error": _pascal(found.code), **data}
    outcome.setdefault("value", next(iter(data.values()), None))
    if found.code == "reader":
        outcome["error"] = readers.get(found.data["subkind"], _pascal(found.data["subkind"]))
    if found.span is not None:
        outcome["pos"] = outcome["offset"] = found.span.start
    return outcome


def _pascal(code: str) -> str:
    return "".join(part.capitalize() for part in code.split("-"))


# -- reading ---------------------------------------------------------------------------------------------


def _caixa(text: str) -> Any:
    from caixa.manifest.decode import read_manifest

    reading = read_manifest(Source("case", text), profile=APRIL)
    if reading.caixa is None or reading.problems:
        raise Refused(reading.problems[0])
    return reading.caixa


@operation("parse_manifest")
def _parse_manifest(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.decode import read_manifest
    from caixa.manifest.json import to_json

    reading = read_manifest(Source("case", given["src"]), profile=APRIL)
    if reading.caixa is not None and not reading.problems:
        return {"json": to_json(reading.caixa, APRIL)}
    found = reading.problems[0]
    outcome = failure(found)
    if found.code == "reader":
        return outcome | {"pos": len(given["src"].encode()) if outcome["error"] == "Eof" else outcome["pos"]}
    if found.code == "value-missing" and found.data["form"] == "defcaixa":
        return outcome | {"error": "OddKwargs"}
    return outcome | {"error": "Compile", "form": found.data["form"]}


@operation("to_lisp")
def _to_lisp(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.canonical import to_lisp

    caixa = _caixa(given["src"])
    text = to_lisp(caixa, APRIL)
    return {"text": text, "reparse_equal": _caixa(text) == caixa}


def _record(record_name: str, given: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    from caixa.manifest import slots
    from caixa.manifest.json import record_from_json

    record = getattr(slots, record_name)
    value = record_from_json(record, given["value"], APRIL)
    return value, record.to_json(value, APRIL)


@operation("limits_from_json")
def _limits_from_json(given: Mapping[str, Any]) -> Outcome:
    limits, canonical = _record("LIMITS", given)
    raw = [part for part in (limits.memory, limits.fuel, limits.wall_clock, limits.cpu) if part is not None]
    return {"canonical": canonical, "raw": raw[0] if len(raw) == 1 else raw, "is_empty": limits.is_empty}


@operation("politicas_from_json")
def _politicas_from_json(given: Mapping[str, Any]) -> Outcome:
    return {"canonical": _record("POLITICAS", given)[1]}


@operation("behavior_from_json")
def _behavior_from_json(given: Mapping[str, Any]) -> Outcome:
    behavior, canonical = _record("BEHAVIOR", given)
    return {"canonical": canonical, "declared": [path for _, path in behavior.declared]}


@operation("upgrade_validate")
def _upgrade_validate(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.ground import Ground
    from caixa.manifest.upgrade import check_upgrade

    entry, canonical = _record("UPGRADE_FROM", given)
    for found in check_upgrade(entry, (), Ground()):
        return failure(found)
    return {"canonical": canonical}


@operation("render_bytes")
def _render_bytes(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.codecs import print_bytes

    return {"text": print_bytes(given["n"])}


@operation("render_duration")
def _render_duration(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.codecs import print_duration

    return {"text": print_duration(given["ms"] * 10**6, APRIL)}


@operation("requirement")
def _requirement(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.version import Requirement, Version

    requirement = Requirement.parse(given["req"])
    return {"admits": lambda text: requirement.matches(Version.parse(text))}


@operation("version_parse")
def _version_parse(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.version import Version

    return {"text": str(Version.parse(given["text"]))}


# -- validating ------------------------------------------------------------------------------------------


@operation("aplicacao_validate")
def _aplicacao_validate(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.aplicacao import check_aplicacao

    return _first(check_aplicacao(_caixa(given["src"]), _april_ground()))


@operation("supervisor_validate")
def _supervisor_validate(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.supervisor import check_supervisor

    return _first(check_supervisor(_caixa(given["src"]), _april_ground())) | _supervisor_view(given)


@operation("supervisor_view")
def _supervisor_view(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.supervisor import supervisor_view

    view = supervisor_view(_caixa(given["src"]))
    return {"view": view and _view_json(view)}


@operation("supervisor_default")
def _supervisor_default(_given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.supervisor import SupervisorSpec

    return {"view": _view_json(SupervisorSpec())}


def _view_json(view: Any) -> dict[str, Any]:
    from caixa.manifest.codecs import print_duration
    from caixa.manifest.slots import CHILD

    window = (
        {} if view.restart_window is None else {"restartWindow": print_duration(view.restart_window, APRIL)}
    )
    children = [CHILD.to_json(child, APRIL) for child in view.children]
    return {
        "estrategia": view.estrategia.value,
        "maxRestarts": view.max_restarts,
        **window,
        "children": children,
    }


@operation("contrato_target")
def _contrato_target(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.aplicacao import target_of
    from caixa.manifest.json import record_from_json
    from caixa.manifest.slots import CONTRATO

    contrato = record_from_json(CONTRATO, given["contrato"], APRIL)
    found = target_of(contrato)
    if found:
        return failure(found)
    shape = contrato.shape.value
    return {"target": shape if contrato.payload is None else {shape: contrato.payload}}


@operation("layout_verify")
def _layout_verify(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.aplicacao import check_aplicacao
    from caixa.manifest.layout import verify
    from caixa.manifest.supervisor import check_supervisor

    caixa, ground = _caixa(given["src"]), _april_ground()
    found = verify(caixa, given["exists"].__contains__, ground)
    if found:
        return _rooted(failure(found[0]), given["root"])
    for rules in (check_supervisor, check_aplicacao):
        for issue in rules(caixa, ground):
            cause = _pascal(issue.code)
            return {"ok": False, "error": f"{caixa.kind}Violation", "caixa": caixa.nome, "cause": cause}
    return {}


def _rooted(outcome: Outcome, root: str) -> Outcome:
    """Return the outcome with its paths as the older system says them: below the root."""
    paths = {"path", "expected"} | (
        {"value"} if "path" in outcome and outcome["value"] == outcome["path"] else set()
    )
    return {key: f"{root}/{value}" if key in paths else value for key, value in outcome.items()}


def _april_ground() -> Any:
    from caixa.manifest.ground import Ground

    return Ground(profile=APRIL)


def _first(findings: Any) -> Outcome:
    found = next(iter(findings), None)
    return failure(found) if found else {}


# -- lock and sources ------------------------------------------------------------------------------------


@operation("hash_bytes")
def _hash_bytes(given: Mapping[str, Any]) -> Outcome:
    from caixa.lacre.digest import hash_bytes

    data = bytes.fromhex(given["hex"]) if "hex" in given else given["utf8"].encode()
    return {"text": hash_bytes(data)}


@operation("content_hasher")
def _content_hasher(given: Mapping[str, Any]) -> Outcome:
    from caixa.lacre.digest import labelled

    return {"text": labelled((label, value) for label, value in given["pairs"])}


@operation("content_hasher_distinct")
def _content_hasher_distinct(given: Mapping[str, Any]) -> Outcome:
    from caixa.lacre.digest import labelled

    # `equal`, elsewhere a value to be compared whole, asks here whether the digests are equal
    left, right = (labelled(tuple(pair) for pair in given[side]) for side in "ab")
    return {"json": left == right}


@operation("closure_hash")
def _closure_hash(given: Mapping[str, Any]) -> Outcome:
    from caixa.lacre.closure import fechamento

    return {"text": fechamento(given["self"], given["deps"])}


@operation("root_hash")
def _root_hash(given: Mapping[str, Any]) -> Outcome:
    from caixa.lacre.closure import raiz

    return {"text": raiz((nome, digest) for nome, digest in given["entries"])}


@operation("lock_graph")
def _lock_graph(given: Mapping[str, Any]) -> Outcome:
    from caixa.lacre.closure import fechamentos, raiz

    found = fechamentos(
        {nome: (node["conteudo"], node.get("deps", ())) for nome, node in given["nodes"].items()}
    )
    return {"fechamento": found, "fechamentos": found, "raiz": raiz(found.items()), **found}


@operation("cache_key")
def _cache_key(given: Mapping[str, Any]) -> Outcome:
    from caixa.lacre.sources import cache_key

    return {"text": cache_key(given["url"], given["ref"])}


@operation("feira_lock_stub")
def _feira_lock_stub(given: Mapping[str, Any]) -> Outcome:
    from caixa.lacre.lock import stub_lock, write_lock
    from caixa.manifest.json import record_from_json
    from caixa.manifest.model import Caixa, Kind
    from caixa.manifest.slots import DEP

    deps = tuple(record_from_json(DEP, dep, APRIL) for dep in given["deps"])
    lock = stub_lock(Caixa("x", "0.1.0", Kind.BIBLIOTECA, deps=deps))
    return _lock_json(lock) | {"text": write_lock(lock)}


@operation("lacre_round_trip")
def _lacre_round_trip(given: Mapping[str, Any]) -> Outcome:
    from caixa.lacre.lock import read_lock, write_lock

    lock = read_lock(Source("lacre.lisp", given["src"]))
    if write_lock(lock) != given["src"]:
        return {"ok": False, "error": "Changed", "text": write_lock(lock)}
    return _lock_json(lock) | {"text": write_lock(lock)}


def _lock_json(lock: Any) -> Outcome:
    from caixa.manifest.slots import FONTE

    entries = [
        {
            "nome": entry.nome,
            "versao": entry.versao,
            "fonte": FONTE.to_json(entry.fonte, APRIL),
            "conteudo": entry.conteudo,
            "fechamento": entry.fechamento,
            "depsDiretas": list(entry.deps_diretas),
        }
        for entry in lock.entradas
    ]
    return {
        "entradas": entries,
        "raiz": lock.raiz,
        "coherent": lock.is_coherent,
        "versaoLacre": lock.versao_lacre,
    }


@operation("expand_shorthand")
def _expand_shorthand(given: Mapping[str, Any]) -> Outcome:
    from caixa.lacre.sources import expand_shorthand

    return {"text": expand_shorthand(given["repo"])}


@operation("resolver_config")
def _resolver_config(given: Mapping[str, Any]) -> Outcome:
    from dataclasses import asdict

    from caixa.lacre.config import read_config

    config = asdict(read_config(Source("config.lisp", given["src"])))
    return config | {"additional_hosts": list(config["additional_hosts"])}


@operation("resolve")
def _resolve(given: Mapping[str, Any]) -> Outcome:
    from caixa.lacre.members import read_path_source
    from caixa.lacre.sources import source_of
    from caixa.manifest.json import record_from_json
    from caixa.manifest.model import PathFonte
    from caixa.manifest.slots import DEP

    for dep in (record_from_json(DEP, dep, APRIL) for dep in given["deps"]):
        fonte = source_of(dep)
        if not isinstance(fonte, PathFonte):
            return {"crash": "git sources are not resolved yet"}
        read_path_source(dep.nome, fonte, Path())
    return {"crash": "only a missing path is resolved yet"}


# -- tools -----------------------------------------------------------------------------------------------


@operation("format")
def _format(given: Mapping[str, Any]) -> Outcome:
    from caixa.tools.formatter import Style, format_source

    style = Style(given.get("width", 100), given.get("indent", 2))
    try:
        return {"text": format_source(Source("case", given["src"]), style)}
    except ReaderError as error:
        return failure(error.diagnostics[0], _TREE_READER)


@operation("lint")
def _lint(given: Mapping[str, Any]) -> Outcome:
    from caixa.tools.linter import lint

    found = lint(Source("case", given["src"]), APRIL)
    return {"diagnostics": [_lint_json(each) for each in found]}


def _lint_json(found: Diagnostic) -> dict[str, Any]:
    assert found.span is not None
    fixes = [[edit.span.start, edit.span.end, edit.text] for edit in found.edits]
    span = [found.span.start, found.span.end]
    return {
        "rule": found.code,
        "severity": found.severity.value,
        "span": span,
        **({"fix": fixes} if fixes else {}),
    }


@operation("fix_safe")
def _fix_safe(given: Mapping[str, Any]) -> Outcome:
    from caixa.tools.edits import fix_safely
    from caixa.tools.linter import lint

    source = Source("case", given["src"])
    return fix_safely(source, lint(source, APRIL))._asdict()


@operation("to_kebab")
def _to_kebab(given: Mapping[str, Any]) -> Outcome:
    from caixa.tools.casing import to_kebab

    return {"text": to_kebab(given["text"])}


@operation("to_pascal")
def _to_pascal(given: Mapping[str, Any]) -> Outcome:
    from caixa.tools.casing import to_pascal

    return {"text": to_pascal(given["text"])}


def _color_of(given: Mapping[str, Any]) -> Any:
    from caixa.tools.theme import THEMES, Semantic

    return THEMES[given["theme"]].color(Semantic.named(given["semantic"]))


@operation("color")
def _color(given: Mapping[str, Any]) -> Outcome:
    return {"hex": _color_of(given).hex}


@operation("paint")
def _paint(given: Mapping[str, Any]) -> Outcome:
    from caixa.tools.theme import paint

    return {"text": paint(given["text"], _color_of(given))}


# -- the wasm engine's contract --------------------------------------------------------------------------


@operation("module_url")
def _module_url(given: Mapping[str, Any]) -> Outcome:
    from dataclasses import asdict

    from caixa.manifest.module_url import ForgeFile, parse_module_url

    url = parse_module_url(given["text"], APRIL)
    fields = asdict(url)
    if isinstance(url, ForgeFile):
        fields.pop("forge")
        return {"variant": url.forge.title, **fields}
    return {"variant": type(url).__name__, **fields}


@operation("capability")
def _capability(given: Mapping[str, Any]) -> Outcome:
    from dataclasses import asdict

    from caixa.manifest.capability import parse_capability

    capability = parse_capability(given["text"], APRIL)
    return {"variant": type(capability).__name__, **asdict(capability)}


@operation("manifest_to_cr")
def _manifest_to_cr(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.resource import to_resource

    return {"json": to_resource(_caixa(given["src"]), given["source"]["repo"], given["source"]["gitRef"])}


@operation("cr_to_manifest")
def _cr_to_manifest(given: Mapping[str, Any]) -> Outcome:
    from caixa.manifest.json import to_json
    from caixa.manifest.resource import from_resource_spec

    return {"json": to_json(from_resource_spec(given["spec"]), APRIL)}


# -- renderers -------------------------------------------------------------------------------------------


@operation("helm_chart")
def _helm_chart(given: Mapping[str, Any]) -> Outcome:
    from caixa_renderers import helm

    caixa = _caixa(given["src"])
    values = helm.chart_values(caixa, given["computeunit"])
    documents = {
        "Chart.yaml": helm.chart_metadata(caixa),
        "values.yaml": values,
        "README.md": helm.readme(caixa),
    }
    return {"dir": helm.chart_name(caixa), "files": list(documents), **documents, "json": documents}


@operation("helm_values")
def _helm_values(given: Mapping[str, Any]) -> Outcome:
    from caixa_renderers import helm

    return {"json": helm.chart_values(_caixa(given["src"]), given["computeunit"])}


@operation("programs_entry")
def _programs_entry(given: Mapping[str, Any]) -> Outcome:
    from caixa_renderers import flux

    return {"json": flux.program(_caixa(given["src"]), given["computeunit"])}


@operation("upsert_values")
def _upsert_values(given: Mapping[str, Any]) -> Outcome:
    from caixa_renderers import flux

    document, inserted = flux.upsert_values(given["doc"], given["entry"])
    return {"doc": document, "inserted": inserted}


@operation("upsert_helmrelease")
def _upsert_helmrelease(given: Mapping[str, Any]) -> Outcome:
    from caixa_renderers import flux

    document, inserted = flux.upsert_helm_release(given["doc"], given["entry"])
    return {"doc": document, "inserted": inserted}


@operation("programs_for_aplicacao")
def _programs_for_aplicacao(given: Mapping[str, Any]) -> Outcome:
    from caixa_renderers import mesh

    return {"json": list(mesh.programs(_caixa(given["src"])))}


@operation("network_policies", "cilium_policies")
def _network_policies(given: Mapping[str, Any]) -> Outcome:
    from caixa_renderers import policy

    return {"json": list(policy.policies(_caixa(given["src"])))}


@operation("gateway_routes")
def _gateway_routes(given: Mapping[str, Any]) -> Outcome:
    from caixa_renderers import gateway

    return {"json": list(gateway.gateway(_caixa(given["src"])))}


@operation("parse_flake")
def _parse_flake(given: Mapping[str, Any]) -> Outcome:
    from caixa_renderers import defflake

    return {"json": defflake.to_json(defflake.parse_flake(Source("flake.lisp", given["src"])))}


@operation("render_flake")
def _render_flake(given: Mapping[str, Any]) -> Outcome:
    from caixa_renderers import defflake, flake

    return {"text": flake.render_flake(defflake.parse_flake(Source("flake.lisp", given["src"])))}


@operation("render_all")
def _render_all(given: Mapping[str, Any]) -> Outcome:
    from caixa_renderers import mesh

    return {"json": list(mesh.render_all(_caixa(given["src"])))}
