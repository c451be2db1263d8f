"""The caixa around an example: the least of its kind, with the slots of the example in place of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.lisp.syntax import keyword_name

from .rule import Where

__all__ = ["example_manifest"]

_LEAST: Final[Mapping[Where, Mapping[str, str]]] = {
    Where.BIBLIOTECA: {},
    Where.BINARIO: {"exe": '("exe/x.lisp")'},
    Where.SERVICO: {"servicos": '("servicos/x.computeunit.yaml")'},
    Where.SUPERVISOR: {"children": '((:caixa "worker" :versao "^0.1"))'},
    Where.APLICACAO: {
        "membros": '((:caixa "cart" :versao "^0.1") (:caixa "catalog" :versao "^0.1"))',
        "placement": '(:clusters ("rio"))',
    },
}


def example_manifest(where: Where, slots: str) -> str:
    """Return a whole manifest of the kind `where` with `slots`, which are keywords and values in turn."""
    given = {keyword_name(node) for node in read(Source("example", slots)).forms}
    least = {"nome": '"x"', "versao": '"0.1.0"', "kind": where.value} | dict(_LEAST[where])
    own = [f":{keyword} {value}" for keyword, value in least.items() if keyword not in given]
    return f"(defcaixa {' '.join(own)} {slots})"
