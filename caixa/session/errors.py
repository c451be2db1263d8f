"""What can go wrong in a session, as one tree.

Reportable
└── SessionError
    ├── UnknownCaixa     no caixa of that name is in the session (also a KeyError)
    ├── NoComponent      a caixa has no component yet            (also a KeyError)
    ├── BrokenLog        a log whose hashes do not chain          (also a ValueError)
    ├── BadArchive       a text that is no exported log           (also a ValueError)
    ├── UnknownMoment    no step of the log has this name         (also a LookupError)
    ├── ForgottenStep    the definitions of a step are gone       (also a LookupError)
    ├── NothingToMove    nothing is left to undo or to redo
    ├── MoveNotAlone     a cell that moves in time does more than that
    └── SecretInPackage  a caixa would hold the value of a secret (also a ValueError)
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from caixa.lisp.diagnostics import Diagnostic, Reportable, Severity

__all__ = [
    "BadArchive",
    "BrokenLog",
    "ForgottenStep",
    "MoveNotAlone",
    "NoComponent",
    "NothingToMove",
    "SecretInPackage",
    "SessionError",
    "UnknownCaixa",
    "UnknownMoment",
]


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


class BadArchive(SessionError, ValueError):
    """A text that is no log as `%caixa export` writes it."""

    code = "bad-archive"

    def __init__(self, line: int, problem: str) -> None:
        """Say in which line, counted from 1, and what is wrong there."""
        super().__init__(
            f"line {line} of the exported log: {problem}",
            why="An exported log has a header and then one event in each line, as JSON.",
            fix="Export it again with `%caixa export FILE`.",
            line=line,
        )
        self.line = line


class UnknownMoment(SessionError, LookupError):
    """A number or digest that no step of the log has, or that several have."""

    code = "unknown-moment"

    def __init__(self, moment: str, steps: int, *, several: bool = False) -> None:
        """Name what was asked for, and how many steps there are."""
        what = "more than one step of the log has a digest" if several else "no step of the log has a digest"
        listed = f"`%caixa log` lists the steps, #1 to #{steps}; #0 is the start."
        fix = f"Give more digits. {listed}" if several else listed
        super().__init__(f"{what} that begins with `{moment}`", fix=fix, moment=moment)
        self.moment = moment


class ForgottenStep(SessionError, LookupError):
    """A step so old that its Lisp definitions are no longer kept."""

    code = "forgotten-step"

    def __init__(self, step: int, oldest: int) -> None:
        """Name the step, and the oldest that can be gone back to."""
        super().__init__(
            f"the Lisp definitions of step {step} are no longer kept",
            why=f"They are kept from step {oldest} on: a long session does not keep every value it had.",
            fix="`%caixa at` still shows its caixas; `%caixa export` and `feira replay --run` build it anew.",
            step=step,
            oldest=oldest,
        )


class NothingToMove(SessionError):
    """An undo or redo with nothing left."""

    code = "nothing-to-move"

    def __init__(self, move: str) -> None:
        """Say which of the two."""
        fix = "`%caixa log` lists what was done." if move == "undo" else "Only what was undone last is redone."
        super().__init__(f"there is nothing to {move}", fix=fix, move=move)


class MoveNotAlone(SessionError):
    """A cell that goes back or forth in time, and also changes something."""

    code = "move-not-alone"

    def __init__(self, move: str) -> None:
        """Say which move."""
        super().__init__(
            f"`{move}` shares its cell with what changes the session",
            why="A cell is one step of the log, and a step either goes on or goes back.",
            fix="Put it into a cell of its own.",
            move=move,
        )


class SecretInPackage(SessionError, ValueError):
    """A caixa that would hold the value of a secret: packages, logs and locks are handed on."""

    code = "secret-in-package"

    def __init__(self, nome: str, path: str, secret: str) -> None:
        """Name the caixa, the file, and what the secret is called, never its value."""
        super().__init__(
            f"{path} of caixa `{nome}` holds the value of the secret {secret}",
            why="A package is hashed, logged, saved and published with all that it holds.",
            fix="Grant the capability to read the secret, and read it where the component runs.",
            nome=nome,
            path=path,
            secret=secret,
        )
