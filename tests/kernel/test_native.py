"""What a child writes to the process's own descriptors reaches the cell, to its last word."""

import os
import subprocess
import sys
import textwrap


def run(body):
    """Run `body` in a process of its own: the test's descriptors are pytest's."""
    program = "import os\nfrom caixa_kernel.native import NativeOutput\nheard = []\n" + textwrap.dedent(body)
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )


def test_text_of_children_is_heard_whole_when_drained():
    done = run("""
        native = NativeOutput(lambda name, text: heard.append((name, text)))
        os.system("seq 1 50000; echo olá >&2")
        native.drain()
        native.restore()
        lines = "".join(text for name, text in heard if name == "stdout").splitlines()
        errors = "".join(text for name, text in heard if name == "stderr")
        assert lines == [str(n) for n in range(1, 50001)], lines[-3:]
        assert errors == "olá\\n", errors
        print("done")
    """)
    assert done.stdout == "done\n"


def test_a_character_split_between_two_reads_is_one_character():
    run("""
        native = NativeOutput(lambda name, text: heard.append(text))
        for byte in "ã".encode():
            os.write(1, bytes([byte]))
            native.drain()
        native.restore()
        assert heard == ["ã"], heard
    """)


def test_descriptors_lead_back_after_restore():
    done = run("""
        native = NativeOutput(lambda name, text: heard.append(text))
        native.restore()
        os.write(1, b"back")
    """)
    assert done.stdout == "back"
    assert os.fstat(1)
