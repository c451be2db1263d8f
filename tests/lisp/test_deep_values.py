"""Values nested very deep are made, compared, hashed, printed, turned to code, and let go, in a child process.

A process that dies of its C stack cannot report itself, so each kind has one of its own.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

DEPTH = 60_000  # CPython's own containers die at a tenth of it when recursion is on the C stack

CHILD = """
import sys
from caixa.lisp.data import quote, unquote
from caixa.lisp.equality import equal, hash_of
from caixa.lisp.printer import display, write, write_short
from caixa.lisp.source import Span
from caixa.lisp.syntax import Form, Prefix, PrefixKind
from caixa.lisp.values import ErrorValue, Keyword, List, Map, Promise, Set, Vector

def nest(step):
    value = 1
    for _ in range(int(sys.argv[1])):
        value = step(value)
    return value

def forced(value):
    promise = Promise(lambda: value)
    promise.force()
    return promise

SPAN = Span("text", 0, 0)
step = eval(sys.argv[2])
one, other = nest(step), nest(step)
assert len(write_short(one)) <= 201
assert write(one) == write(other) or "closure" in write(one)
if not sys.argv[3]:
    assert equal(one, other) and hash_of(one) == hash_of(other)
if sys.argv[3] == "code":
    assert equal(quote(one), quote(other))
if sys.argv[2].startswith("lambda x: List"):
    assert equal(quote(unquote(one, SPAN)), one)
del one, other
print("alive")
"""

STEPS = {
    "lists": ("lambda x: List((x,))", ""),
    "vectors": ("lambda x: Vector((x, 2))", ""),
    "maps": ("lambda x: Map([(1, x)])", ""),
    "errors": ("lambda x: ErrorValue(Keyword('k'), 'm', [(1, x)])", ""),
    "promises": ("forced", "identity"),
    "closures": ("lambda x: lambda: x", "identity"),
    "code": ("lambda x: Form(SPAN, (x,)) if x != 1 else Form(SPAN, ())", "code"),
    "quotes": ("lambda x: Prefix(SPAN, PrefixKind.QUOTE, x if x != 1 else Form(SPAN, ()))", "code"),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_value_nested_deep_lives_and_dies_without_the_process(name):
    step, kind = STEPS[name]
    command = [sys.executable, "-c", CHILD, str(DEPTH), step, kind]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.stdout == "alive\n", finished.stderr[-2000:]
