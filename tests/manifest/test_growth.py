"""A manifest ten times as large takes about ten times the work, whether it is right or wrong."""

from __future__ import annotations

import sys

import pytest

from caixa.lisp.source import Source
from caixa.manifest.decode import read_manifest


def mesh(members: int, *, contract: str) -> str:
    membros = "".join(f'(:caixa "m{at}" :versao "^0.1")' for at in range(members))
    contratos = "".join(contract.format(at, at + 1) for at in range(members - 1))
    return (
        f'(defcaixa :nome "shop" :versao "0.1.0" :kind Aplicacao :membros ({membros}) :contratos ({contratos})'
        ' :placement (:clusters ("rio")))'
    )


def work(text: str) -> int:
    """Return how many calls of functions reading the manifest takes."""
    calls = 0

    def count(_frame: object, event: str, _value: object) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        read_manifest(Source("caixa.lisp", text))
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize(
    "contract",
    [
        '(:de "m{}" :para "m{}" :wit "wasi:http/proxy" :endpoint "/a")',
        '(:de "m{}" :para "x{}" :wit "wasi:http/proxy" :endpoint "/a")',
        '(:de "m{}" :para "m{}" :wit "wasi:http/proxy" :enpoint "/a")',
        '(:de "m{}" :para "m{}" :wit "nats:x" :endpoint "/a")',
        '(:de "m0" :para "m1" :wit "wasi:http/proxy" :endpoint "/a")',
        "{} {}",
    ],
    ids=["right", "unknown members", "unknown slots", "wrong targets", "duplicates", "no contracts"],
)
def test_work_grows_with_the_manifest_and_no_faster(contract):
    small, large = work(mesh(100, contract=contract)), work(mesh(1000, contract=contract))
    assert large < 12 * small
