"""A cell that takes all memory gets an error, the kernel lives on, and the session is as it was before."""

import os
import subprocess
import sys

import psutil
import pytest

from caixa.lisp.diagnostics import Reportable
from caixa_kernel.memory import LEAST_BYTES, VARIABLE, available_bytes, is_measurable, wanted_limit

from .client import Frontend

LIMIT_MIB = 200
EXPECTED = ("out-of-memory", "native-fn", "recursion-limit", "python")  # the last in a Python cell
GIB = 2**30

linux = pytest.mark.skipif(not is_measurable(), reason="this system does not say how much memory a process has")


@pytest.fixture(scope="module")
def small():
    """A kernel that may use little memory."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = f"{LIMIT_MIB}MiB"
    try:
        frontend = Frontend()
    finally:
        os.environ.pop(VARIABLE)
        if before is not None:
            os.environ[VARIABLE] = before
    yield frontend
    frontend.close()


BOMBS = {
    "a list of a repeated value": "(repeat-list 0 10000000000)",
    "a long range": "(range 0 10000000000)",
    "cons without end": "(define (grow xs) (grow (cons (range 1000) xs))) (grow '())",
    "lists appended to themselves": "(define (grow xs) (grow (append xs xs))) (grow '(1 2))",
    "strings appended to themselves": '(define (grow s) (grow (string-append s s))) (grow "ab")',
    "a map that grows": "(define (grow m n) (grow (hash-map-set m n (range 20000)) (+ n 1))) (grow {} 0)",
    "vectors in vectors": "(define (grow v) (grow (vector v (range 20000)))) (grow [])",
    "a global that grows": "(define all '()) (define (grow) (set! all (cons (range 1000) all)) (grow)) (grow)",
    "recursion that holds": "(define (grow n xs) (cons n (append xs (grow n (range 90000))))) (grow 0 '())",
    "recursion that doubles": "(define (grow xs) (+ 1 (grow (append xs xs)))) (grow '(1 2))",
    "a text without end": "(define (grow x n) (if (= n 0) (str x) (grow [x x] (- n 1)))) (grow 1 60)",
    "closures": "(define (grow k) (let ((held (range 20000))) (grow (lambda () (list k held))))) (grow 1)",
    "promises": "(define (grow p) (let ((held (range 20000))) (grow (delay (list p held))))) (grow (delay 1))",
    "a map over a long list": "(map (lambda (x) (range 100000)) (range 100000))",
    "a Python list": "%%python\ndef grow():\n    xs = []\n    while True:\n        xs.append(object())\ngrow()",
    "a Python list at once": "%%python\nxs = [0] * 10**10",
}
LARGE = {
    "a large power": ("(expt 10 (expt 10 8))", "integer-too-large"),
    "a large shift": ("(arithmetic-shift 1 100000000000)", "integer-too-large"),
}


@linux
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_an_error_and_the_session_is_as_before(small, bomb):
    small.run("(define kept '(1 2 3))")
    run = small.run(BOMBS[bomb])
    assert run.status == "error", run.content
    assert run.content["ename"] in EXPECTED, run.content
    assert small.run("(list kept (+ 1 1))").result == "((1 2 3) 2)"
    assert small.manager.is_alive()


@linux
@pytest.mark.parametrize("bomb", ["cons without end", "strings appended to themselves", "a map that grows"])
def test_a_program_can_catch_it(small, bomb):
    run = small.run(f"(try (begin {BOMBS[bomb]}) (catch (e) (list (error-tag e) (+ 1 1))))")
    assert run.status == "ok", run.content
    assert run.result == "(:out-of-memory 2)"


@linux
def test_what_a_bomb_held_is_let_go(small):
    small.run(BOMBS["cons without end"])
    small.run("(+ 1 1)")
    small.run("(+ 1 1)")
    alive = [each for each in psutil.Process().children() if each.status() != psutil.STATUS_ZOMBIE]
    [process] = [each for each in alive if "caixa_kernel" in " ".join(each.cmdline())]
    assert process.memory_info().rss < LIMIT_MIB * 2**20 * 0.75


FULL = """
from caixa_kernel.memory import MemoryLimit
limit = MemoryLimit(200 * 2**20, lambda: False)  # the look never raises: only the second fence holds
limit.install()
held = []
for size in (2**20, 2**12, 2**10):
    try:
        while True:
            held.append(bytearray(size))
    except MemoryError:
        pass
try:
    bytearray(2**20)
except MemoryError:
    print("full")
limit.make_room()
print(len(bytearray(2**20)))
limit.remove()
"""


@linux
def test_there_is_room_for_a_report_where_nothing_is_left():
    run = subprocess.run([sys.executable, "-c", FULL], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["full", str(2**20)]


@linux
def test_a_child_process_is_not_held_to_the_limit_of_the_kernel(small):
    program = "import resource; print(resource.getrlimit(resource.RLIMIT_DATA)[0])"
    code = f"%%python\nimport subprocess, sys\nsubprocess.run([sys.executable, '-c', {program!r}], check=True)"
    ours = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert small.run(code).text() == ours


@pytest.mark.parametrize(
    ("text", "available", "limit"),
    [
        ("", 10 * GIB, 8 * GIB),
        ("", 1000, LEAST_BYTES),
        ("", None, None),
        ("off", 10 * GIB, None),
        ("2GiB", None, 2 * GIB),
        ("512MiB", 10 * GIB, 512 * 2**20),
        ("1B", 10 * GIB, LEAST_BYTES),
    ],
)
def test_the_limit_is_what_the_variable_says_or_a_share_of_what_is_available(text, available, limit):
    assert wanted_limit({VARIABLE: text}, available) == limit


def test_a_variable_that_is_no_size_is_refused_in_words():
    with pytest.raises(Reportable, match="unit"):
        wanted_limit({VARIABLE: "2 elephants"}, GIB)


def test_what_is_available_is_the_least_of_machine_and_control_group(tmp_path):
    assert available_bytes(tmp_path) is None
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/meminfo").write_text("MemTotal: 9 kB\nMemAvailable:    2048 kB\n", "ascii")
    assert available_bytes(tmp_path) == 2 * 2**20
    (tmp_path / "sys/fs/cgroup").mkdir(parents=True)
    (tmp_path / "sys/fs/cgroup/memory.max").write_text("max\n", "ascii")
    assert available_bytes(tmp_path) == 2 * 2**20
    (tmp_path / "sys/fs/cgroup/memory.max").write_text("1048576\n", "ascii")
    assert available_bytes(tmp_path) == 2**20
