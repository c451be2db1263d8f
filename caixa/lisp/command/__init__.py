"""The command `caixa-lisp`: run a program, evaluate expressions, run tests, or talk to the interpreter.

0: done. 1: the program failed, or a test did. 2: the words make no sense. 130: stopped. `(exit n)`: n.
"""

from __future__ import annotations

from .main import main, run

__all__ = ["main", "run"]
