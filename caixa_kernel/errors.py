"""What can go wrong in the kernel itself, said to the person who caused it.

Reportable
└── KernelProblem
    ├── ConnectionFileUnreadable   the file given with -f is missing or is not a connection file
    ├── InputUnavailable           a cell asked for input, and the front end cannot give any
    └── ExitRefused                a cell tried to end the process
"""

from caixa.lisp.diagnostics import Diagnostic, Reportable, Severity
from caixa.lisp.errors import LispError

__all__ = ["ConnectionFileUnreadable", "ExitRefused", "InputUnavailable", "KernelProblem"]


class KernelProblem(Reportable):
    """The root of the kernel's own errors."""

    code = "kernel"

    def __init__(self, message: str, *, why: str = "", fix: str = "") -> None:
        """Say what happened, which rule it met and what to do."""
        super().__init__(Diagnostic(self.code, Severity.ERROR, None, message, why=why, fix=fix))


class ConnectionFileUnreadable(KernelProblem, ValueError):
    """The connection file is missing, or does not hold what a kernel needs."""

    code = "connection-file-unreadable"

    def __init__(self, path: str, reason: str) -> None:
        """Name the file at `path` and say what is wrong with it."""
        super().__init__(
            f"cannot use the connection file {path}: {reason}",
            why="it tells the kernel which ports and which key to use",
            fix="let a front end start the kernel, for example: jupyter lab, or jupyter console --kernel caixa",
        )
        self.path = path


class InputUnavailable(LispError, NotImplementedError):
    """A cell asked for input while the front end takes none; it points into the cell, as Lisp errors do."""

    kind = "input-unavailable"

    def __init__(self) -> None:
        """Say how the cell could get its input."""
        super().__init__(
            "this cell asks for input, and the front end that runs it gives none",
            fix="Run the notebook in JupyterLab, or write the value into the cell.",
        )


class ExitRefused(KernelProblem, RuntimeError):
    """A cell tried to leave the process that the notebook lives in."""

    code = "exit-refused"

    def __init__(self) -> None:
        """Say how to end the kernel instead."""
        super().__init__(
            "a cell cannot end the kernel",
            why="the notebook's state lives in this process",
            fix="use Kernel > Shut Down Kernel, or Kernel > Restart Kernel",
        )
