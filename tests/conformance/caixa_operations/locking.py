"""Digests, the lock file and where dependencies come from."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from caixa.lisp.source import Source

from .registry import APRIL, Outcome, operation


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
    from caixa.lacre.config import ResolverConfig
    from caixa.lacre.fetcher import SourceFetcher
    from caixa.lacre.origins import Addressing
    from caixa.lacre.resolver import Request, resolve
    from caixa.lacre.store import Store
    from caixa.manifest.canonical import to_lisp
    from caixa.manifest.json import record_from_json
    from caixa.manifest.model import Caixa, Kind
    from caixa.manifest.package import Package
    from caixa.manifest.slots import DEP

    deps = tuple(record_from_json(DEP, dep, APRIL) for dep in given["deps"])
    root = Package.from_text(to_lisp(Caixa("root", "0.1.0", Kind.BIBLIOTECA, deps=deps)))
    with TemporaryDirectory() as folder:
        setup = given.get("setup", {"repos": {}, "tag": ""})
        _make_repositories(Path(folder), setup)
        addressing = Addressing(ResolverConfig(), {"github": f"file://{folder}/{{}}"})
        fetcher = SourceFetcher(Path(folder), Store(Path(folder, "cache")))
        found = resolve(Request(root, addressing=addressing), fetcher)
    needs = {f"{nome}_deps_diretas": list(each.needs) for nome, each in found.packages.items()}
    names = {"names": sorted(found.packages), "notes": [note.code for note in found.notes]}
    return names | needs | {"coherent": found.lock().is_coherent}


def _make_repositories(folder: Path, setup: Mapping[str, Any]) -> None:
    """Make the repositories that a vector describes; "depends on X @ tag T" is its short form of a manifest."""
    for nome, text in setup["repos"].items():
        manifest, short = text, re.fullmatch(r"depends on (\S+) @ tag (\S+)", text)
        if short:
            fonte = f'(:tipo git :repo "github:pleme-io/{short[1]}" :tag "{short[2]}")'
            dep = f'(:nome "{short[1]}" :versao "*" :fonte {fonte})'
            manifest = f'(defcaixa :nome "{nome}" :versao "0.1.0" :kind Biblioteca :deps ({dep}))'
        path = folder / "pleme-io" / nome
        path.mkdir(parents=True)
        (path / "caixa.lisp").write_text(manifest)
        author = ("-c", "user.name=Ana", "-c", "user.email=ana@example.org")
        for words in (("init", "-q"), ("add", "."), (*author, "commit", "-qm", nome), ("tag", setup["tag"])):
            subprocess.run(["git", *words], cwd=path, check=True, capture_output=True)
