"""The machine that is shipped is what its sources build."""

import importlib.util

import pytest

from caixa.lisp.vm.build import build_machine
from caixa.lisp.vm.tables import MACHINE, natives, opcodes


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_the_pinned_compiler_builds_the_shipped_machine_byte_for_byte() -> None:
    if importlib.util.find_spec("ziglang") is None:
        pytest.skip(
            "ziglang is not installed (pip install 'caixa-notebooks[machine]'), so nothing can be rebuilt"
        )
    assert build_machine() == MACHINE.read_bytes()


def test_the_machine_imports_nothing_and_stays_small() -> None:
    import wasmtime

    data = MACHINE.read_bytes()
    assert not wasmtime.Module(wasmtime.Engine(), data).imports
    assert len(data) < 200_000


def test_the_tables_name_each_instruction_and_native_once() -> None:
    assert len(opcodes()) == len(set(opcodes().values())) < 256
    assert [each.number for each in natives().values()] == list(range(len(natives())))
