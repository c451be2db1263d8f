"""What can go wrong in a session, as one tree.

Reportable
└── SessionError
    ├── UnknownCaixa     no caixa of that name is in the session (also a KeyError)
    ├── NoComponent      a caixa has no component yet            (also a KeyError)
    └── BrokenLog        a log whose hashes do not chain          (also a ValueError)
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from caixa.lisp.diagnostics import Diagnostic, Reportable, Severity

__all__ = ["BrokenLog", "NoComponent", "SessionError", "UnknownCaixa"]


class SessionError(Reportable):
    """An error about what the session holds."""

    code = "session"

    def __init__(self, message: str, *, why: str = "", fix: str = "", **data: Any) -> None:
        """Say what was found, why it is wrong and what to do."""
        super().__init__(Diagnostic(self.code, Severity.ERROR, None, message, why=why, fix=fix, data=data))


class UnknownCaixa(SessionError, KeyError):
    """A name that no caixa of the session has."""

    code = "unknown-caixa"

    def __init__(self, nome: str, known: Iterable[str]) -> None:
        """Name the caixa that was asked for; the nearest of the `known` names is suggested."""
        names = sorted(known)
        near = get_close_matches(nome, names, n=1)
        if near:
            fix = f"Did you mean `{near[0]}`?"
        elif names:
            fix = f"The session has {', '.join(names)}."
        else:
            fix = f'Define it first: (defcaixa :nome "{nome}" :versao "0.1.0" :kind Servico …).'
        super().__init__(
            f"the session has no caixa `{nome}`", fix=fix, nome=nome, suggestion=near[0] if near else None
        )
        self.nome = nome


class NoComponent(SessionError, KeyError):
    """A caixa that has no component to run."""

    code = "no-component"

    def __init__(self, nome: str) -> None:
        """Name the caixa and the two ways to give it one."""
        fix = f"Write one in a cell that begins with `%%wasm {nome}`, or `%caixa load {nome} FILE.wasm`."
        super().__init__(f"caixa `{nome}` has no component yet", fix=fix, nome=nome)
        self.nome = nome


class BrokenLog(SessionError, ValueError):
    """A log in which an entry does not follow from the one before it."""

    code = "broken-log"

    def __init__(self, sequence: int) -> None:
        """Say at which entry the chain breaks."""
        super().__init__(
            f"entry {sequence} of the log does not follow from the one before it",
            why="Each entry carries a hash over the one before it and its own event.",
            fix="Start from a log that was not edited.",
            sequence=sequence,
        )
        self.sequence = sequence
