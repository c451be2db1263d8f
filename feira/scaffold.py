"""A first package of each kind: small, valid, laid out, and free of anything that `lint` complains about."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from caixa.lisp.printer import write
from caixa.lisp.source import Source
from caixa.lisp.values import Keyword, Symbol
from caixa.manifest.model import Kind
from caixa.manifest.names import is_label, label_of
from caixa.manifest.package import MANIFEST, Package
from caixa.tools.formatter import Style, format_source

from .errors import BadName

__all__ = ["IGNORED", "manifest_form", "scaffold"]

VERSAO = "0.1.0"
# The chart is kept: Flux fetches it with the sources (`caixa_renderers.servico.flux.helm_release`).
IGNORED: Mapping[str, bytes] = {".gitignore": b"/target\n/result\n/.caixa/*\n!/.caixa/chart\n"}


def scaffold(nome: str, kind: Kind, style: Style | None = None) -> dict[str, bytes]:
    """Return the files of a new package by path, sources in the layout of `style`. Raises BadName."""
    if not is_label(nome):
        raise BadName(nome, label_of(nome))
    slots, sources = _KINDS[kind](nome)
    manifest = manifest_form(_head(nome, kind) | slots)
    files = dict(IGNORED)
    for path, text in {MANIFEST: manifest, **sources}.items():
        files[path] = format_source(Source(path, text), style).encode()
    return files | _computeunit(manifest) if kind is Kind.SERVICO else files


def _head(nome: str, kind: Kind) -> dict[str, object]:
    descricao = f"The {kind.value} {nome}."
    return {
        "nome": nome,
        "versao": VERSAO,
        "kind": Symbol(kind.value),
        "edicao": "2026",
        "descricao": descricao,
    }


def _biblioteca(nome: str) -> tuple[dict[str, object], dict[str, str]]:
    path = f"lib/{nome}.lisp"
    return {"bibliotecas": [path]}, {
        path: _source(f"The library {nome}.", ";; What other caixas call.", "(provide greeting)", _GREETING)
    }


def _binario(nome: str) -> tuple[dict[str, object], dict[str, str]]:
    path = f"exe/{nome}.lisp"
    return {"exe": [path]}, {path: _source(f"The program {nome}.", _GREETING, '(println (greeting "world"))')}


def _servico(nome: str) -> tuple[dict[str, object], dict[str, str]]:
    slots: dict[str, object] = {
        "servicos": [f"servicos/{nome}.computeunit.yaml"],
        "limits": {"memory": "64MiB", "fuel": 1_000_000, "wall-clock": "30s", "cpu": "500m"},
        "behavior": {"on-call": "lib/handlers.lisp"},
    }
    handler = "(define (handle-call request state)\n  (list :reply (list :ok request) state))"
    return slots, {
        "lib/handlers.lisp": _source(
            f"The handlers of {nome}.", ";; Answers a request; keeps the state.", handler
        )
    }


def _supervisor(nome: str) -> tuple[dict[str, object], dict[str, str]]:
    child = {"caixa": f"{nome[:56].rstrip('-')}-worker", "versao": "^0.1", "restart": Symbol("Permanent")}
    return {
        "estrategia": Symbol("OneForOne"),
        "max-restarts": 5,
        "restart-window": "60s",
        "children": [child],
    }, {}


def _aplicacao(nome: str) -> tuple[dict[str, object], dict[str, str]]:
    member = f"{nome[:59].rstrip('-')}-web"
    return {
        "membros": [{"caixa": member, "versao": "^0.1"}],
        "politicas": {"timeout": "30s", "retries": 3, "mtls-required": True},
        "placement": {"estrategia": Symbol("Replicated"), "clusters": ["local"]},
    }, {}


_Template = Callable[[str], tuple[dict[str, object], dict[str, str]]]
_KINDS: Mapping[Kind, _Template] = {
    Kind.BIBLIOTECA: _biblioteca,
    Kind.BINARIO: _binario,
    Kind.SERVICO: _servico,
    Kind.SUPERVISOR: _supervisor,
    Kind.APLICACAO: _aplicacao,
}
_GREETING = '(define (greeting who)\n  (string-append "Hello, " who "!"))'


def _source(title: str, *parts: str) -> str:
    return "\n".join((f";;; {title}", "", *parts)) + "\n"


def _computeunit(manifest: str) -> dict[str, bytes]:
    from caixa_renderers import yaml  # noqa: PLC0415 - only a Servico has one
    from caixa_renderers.servico import computeunit  # noqa: PLC0415 - only a Servico has one

    package = Package.from_text(manifest)
    assert package.computeunit_path is not None
    return {package.computeunit_path: yaml.dump(computeunit.propose(package.caixa)).encode()}


# -- as Lisp ----------------------------------------------------------------------------------------------


def manifest_form(slots: Mapping[str, object]) -> str:
    """Return the `(defcaixa …)` with these slots, on one line."""
    return "(defcaixa " + " ".join(f":{name} {_value(value)}" for name, value in slots.items()) + ")"


def _value(value: object) -> str:
    match value:
        case Mapping():
            pairs = (f"{write(Keyword(key))} {_value(each)}" for key, each in value.items())
            return "(" + " ".join(pairs) + ")"
        case list():
            return "(" + " ".join(map(_value, value)) + ")"
        case _:
            return write(value)
