"""The worked examples of caixa.md section 3.2, and the laws of the digests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa.lacre.closure import fechamento, fechamentos, raiz
from caixa.lacre.digest import hash_bytes, label_digest, labelled
from caixa.lacre.errors import DependencyCycle, UnknownDependency
from caixa.lacre.lock import stub_lock
from caixa.manifest.model import Caixa, Dep, Kind

TEIA = "blake3:322045a33124ad1b5d8af75b019721025c1df3095b37405442e006b33e187b0b"
TEIA_CLOSED = "blake3:86217ce544aa41f1ab3543f07067f207f23e0d5bfbad8e70daa40e4b11eb1bac"
DIGEST = st.binary(max_size=8).map(hash_bytes)
GRAPHS = st.dictionaries(st.text(max_size=4), st.text(max_size=4), max_size=6)


def locked(*deps: tuple[str, str]) -> object:
    return stub_lock(Caixa("x", "0.1.0", Kind.BIBLIOTECA, deps=tuple(Dep(*dep) for dep in deps)))


def test_plain_and_labelled_digests_have_their_published_values():
    assert hash_bytes(b"hello") == "blake3:ea8f163db38682925e4491c5e58d4bb3506ef8c14eb78a86e908c5624a67200f"
    assert (
        labelled([("x", "hello")]) == "blake3:2f4f9a1453a8ec2819e91fd4448975779a99ae1c443e536e322d2fa14180b417"
    )


def test_example_a_a_stub_lock_of_one_dependency():
    lock = locked(("caixa-teia", "^0.1"))
    assert lock.entradas[0].conteudo == TEIA
    assert lock.entradas[0].fechamento == TEIA_CLOSED
    assert lock.raiz == "blake3:2b3d0486728095da4bbd2804268603cda35f4b00e6bbd201ff9ec89beeee8a50"


def test_example_a_a_stub_lock_of_two_dependencies():
    lock = locked(("tatara-check", "*"), ("caixa-teia", "^0.1"))
    check = lock.entry("tatara-check")
    assert check.conteudo == "blake3:12d723bd7cdc384ae582775b5c96c65eb1c081b48c53048693689114f2994b0e"
    assert check.fechamento == "blake3:4f1cdc64e96217e25d2c77e0c0f68823d50b0da8b686e0678db674e71620cae0"
    assert lock.raiz == "blake3:d667bba9b2fd1d53e7240bb3e8f0cabfe90ac26661a85dd2dd12b1248dc32f63"


@pytest.mark.parametrize("deps", [["middle", "leaf"], ["leaf", "middle"]])
def test_example_b_a_graph_of_three_whatever_the_order(deps):
    found = fechamentos(
        {
            "app": (f"git:{'3' * 40}", deps),
            "middle": (f"git:{'2' * 40}", ["leaf"]),
            "leaf": (f"git:{'1' * 40}", []),
        }
    )
    assert found == {
        "leaf": "blake3:838334647f56b6e18f29f2fb97e55ca9857cb4c5ba04763be3793796f684c849",
        "middle": "blake3:19e2e4bfd1367ebc03dc10a68668300b565d09b860be5afa163a4284485c0512",
        "app": "blake3:3fb45dc4c865170578fd9ebf6540d98133aeaba643b820142884719963fbb34b",
    }
    assert raiz(found.items()) == "blake3:e2d7ab78bbdaa242ba0816f2a60e4c03819e543555d7fef4ce968312b7483558"


def test_example_c_the_edges_of_the_scheme():
    assert raiz([]) == "blake3:af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
    closed = fechamento("path:../caixa-teia")
    assert closed == "blake3:e60fb017140924b14c399688730c31091e4ff3e1459c114f4224fb31644d75de"
    assert (
        raiz([("caixa-teia", closed)])
        == "blake3:e086be379f567abea6e0ff73ea9087463250b05c4283f984f1fad72c25c91afd"
    )


def test_packages_that_need_each_other_are_refused():
    with pytest.raises(DependencyCycle) as caught:
        fechamentos({"a": ("git:1", ["b"]), "b": ("git:2", ["a"])})
    assert caught.value.cycle == ("a", "b", "a")


def test_a_dependency_outside_the_graph_is_refused():
    with pytest.raises(UnknownDependency, match="ghost"):
        fechamentos({"a": ("git:1", ["ghost"])})


def test_a_chain_of_ten_thousand_packages_closes():
    size = 10_000
    graph = {str(n): (f"git:{n}", [str(n + 1)] if n + 1 < size else []) for n in range(size)}
    assert len(set(fechamentos(graph).values())) == size


@given(GRAPHS, GRAPHS)
def test_no_two_streams_share_a_digest(left, right):
    assert (labelled(sorted(left.items())) == labelled(sorted(right.items()))) == (left == right)


@given(st.lists(DIGEST, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_dependencies_does_not_count(deps, random):
    shuffled = list(deps)
    random.shuffle(shuffled)
    assert fechamento(TEIA, deps) == fechamento(TEIA, shuffled)


@given(DIGEST)
def test_a_label_is_52_characters_that_kubernetes_takes(digest):
    label = label_digest(digest)
    assert len(label) == 52
    assert set(label) <= set("abcdefghijklmnopqrstuvwxyz234567")


@given(DIGEST, DIGEST)
def test_two_digests_have_two_labels(left, right):
    assert (label_digest(left) == label_digest(right)) == (left == right)
