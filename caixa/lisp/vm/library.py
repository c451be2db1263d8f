"""The library as the machine has it: each definition expanded once per process, compiled where it is used.

It is `prelude.tlisp`, which defines what the Python back end has as natives, and the library's own files.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ..core import Core, Define
from ..interpreter import Interpreter
from ..library import library_sources
from ..program import MACRO_FORMS
from ..reader import read
from ..source import Source
from ..syntax import Form, Node

__all__ = ["PRELUDE", "library_definitions"]

PRELUDE = "prelude"  # the name of the source that stands for natives


@cache
def library_definitions() -> dict[str, Core]:
    """Return the code of the value of each name that the library defines."""
    interpreter = Interpreter()
    namespace = interpreter.main
    found: dict[str, Core] = {}

    def note(form: Node, _namespace: object) -> None:
        head = form.head if isinstance(form, Form) else None
        if head in MACRO_FORMS:
            return
        core = namespace.expander.program(form)
        if isinstance(core, Define):
            found[core.name] = core.value

    prelude = Source(PRELUDE, Path(__file__).with_name("prelude.tlisp").read_text("utf-8"))
    with interpreter.calling():
        for source in (*library_sources(), prelude):
            for node in read(source).forms:
                namespace.programs.each_top(node, namespace, note)
    return found
