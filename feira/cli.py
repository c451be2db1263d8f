"""The command line `feira`: words in, an answer on the streams, an exit status (caixa.md section 5).

0: done. 1: refused or failed, the cause on standard error. 2: the words are no use of a verb. 130: stopped.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import takewhile

from caixa.lisp.diagnostics import Reportable

from .commands import command_group, invoke
from .declaration import Call, Face
from .errors import FileProblem
from .terminal import Terminal
from .workspace import DirectoryWorkspace

__all__ = ["main", "run"]

_STOPPED = 130  # 128 + SIGINT, as shells count
_COMPLETION = "_FEIRA_COMPLETE"  # what click's scripts set: eval "$(_FEIRA_COMPLETE=bash_source feira)"


def main(words: Sequence[str] | None = None) -> None:
    """Run the words of the command line and leave with its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # names and YAML are UTF-8 everywhere
    if _COMPLETION in os.environ:
        sys.exit(_complete(os.environ[_COMPLETION]))
    try:
        status = run(sys.argv[1:] if words is None else words, Terminal(sys.stdout, sys.stderr, os.environ))
        sys.stdout.flush()
    except BrokenPipeError:  # `feira render | head`: the reader has what it wanted
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    sys.exit(status)


def _complete(instruction: str) -> int:
    """Answer a shell that completes, as click has it. Returns the exit status."""
    from click.shell_completion import shell_complete  # noqa: PLC0415 - a shell that runs a verb needs none

    call = Call(Face.TERMINAL, DirectoryWorkspace())
    return shell_complete(command_group(call.face), {"obj": call}, call.face.value, _COMPLETION, instruction)


def run(words: Sequence[str], terminal: Terminal, workspace: DirectoryWorkspace | None = None) -> int:
    """Run `words` in `workspace` (by default the current directory), write the answer, return the status."""
    workspace = workspace or DirectoryWorkspace()
    flags = [*takewhile("--".__ne__, words)]  # what follows is for the program that is run
    call = Call(Face.TERMINAL, workspace, is_plain="--no-color" in flags)
    if "--json" not in flags:
        workspace.on_show = lambda result: terminal.show(result, is_plain=call.is_plain)
    try:
        answer = invoke(call, words)
    except Reportable as error:
        return _fail(error, call, terminal, flags)
    except BrokenPipeError:
        raise
    except OSError as error:
        return _fail(FileProblem.of(error), call, terminal, flags)
    except KeyboardInterrupt:
        return _STOPPED
    finally:
        workspace.close()
    terminal.show(answer, is_plain=call.is_plain)
    return answer.exit_status


def _fail(error: Reportable, call: Call, terminal: Terminal, flags: Sequence[str]) -> int:
    if "--json" in flags:
        terminal.show_error_data(error)
    terminal.show_error(error, call.workspace.sources, is_plain=call.is_plain)
    return getattr(error, "exit_status", 1)
