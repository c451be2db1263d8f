"""The slots of each kind that no rendered object carries, and why: what is left out is said (DESIGN 3.7).

The proof of fields (`proofs/fields.py`) holds this list to the truth: a slot that is neither here nor in an
object refutes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from caixa.lisp.diagnostics import Diagnostic, Severity
from caixa.manifest.model import Kind

if TYPE_CHECKING:
    from caixa.lisp.source import Span
    from caixa.manifest.model import Caixa

__all__ = ["unrendered"]

_ABOUT = "it is about the package, and no object has a field for it"
_BUILT = "what runs is built, and has it in it"
_WHY: Final[Mapping[str, str]] = {
    "edicao": "it is for who compiles the sources, and what runs is compiled",
    "descricao": _ABOUT,
    "repositorio": _ABOUT,
    "licenca": _ABOUT,
    "autores": _ABOUT,
    "etiquetas": _ABOUT,
    "deps": f"{_BUILT}; the lock says which",
    "deps_dev": "only tests need them",
    "bibliotecas": _BUILT,
}
_SOURCES = ("edicao", "deps", "deps_dev", "bibliotecas")
_ALWAYS_BARE = ("edicao", "licenca", "autores", "etiquetas", "deps", "deps_dev", "bibliotecas")
_OF: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.SERVICO: _SOURCES,
    Kind.BIBLIOTECA: _ALWAYS_BARE,
    Kind.BINARIO: _ALWAYS_BARE,
    Kind.APLICACAO: (*_ALWAYS_BARE[:-1], "descricao", "repositorio"),
}


def unrendered(caixa: Caixa, span_of: Callable[..., Span | None] = lambda *_: None) -> Iterator[Diagnostic]:
    """Yield one finding for each slot that is set and in no object."""
    for field in _OF.get(caixa.kind, ()):
        if getattr(caixa, field):
            slot = field.replace("_", "-")
            yield Diagnostic(
                "not-rendered",
                Severity.INFO,
                span_of(field),
                f":{slot} is in no object, since {_WHY[field]}",
                data={"slot": slot},
            )
