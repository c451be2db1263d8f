"""Consistent hashing: who owns a key, and what moves when clusters come and go."""

from collections import Counter

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from caixa.runtime.mesh.errors import NobodyThere
from caixa.runtime.mesh.ring import Ring

KEYS = [f"key-{number}" for number in range(2000)]
clusters = st.lists(st.sampled_from(["rio", "mar", "plo", "sol", "lua"]), min_size=1, unique=True)


@settings(max_examples=20, deadline=None)
@given(clusters, st.randoms())
def test_the_order_of_the_names_does_not_matter(names, random):
    shuffled = random.sample(names, len(names))
    assert [Ring(names).owner(key) for key in KEYS[:50]] == [Ring(shuffled).owner(key) for key in KEYS[:50]]


@settings(max_examples=20, deadline=None)
@given(clusters)
def test_only_keys_of_who_goes_move_and_only_to_who_comes(names):
    ring = Ring(names)
    grown = ring.with_cluster("nova")
    shrunk = grown.without("nova")
    for key in KEYS:
        before, after = ring.owner(key), grown.owner(key)
        assert after in (before, "nova")
        assert shrunk.owner(key) == before


def test_each_gets_its_share():
    shares = Counter(Ring(["rio", "mar", "plo"]).owner(key) for key in KEYS)
    assert all(0.7 < share / (len(KEYS) / 3) < 1.3 for share in shares.values()), shares


def test_one_more_takes_its_share_and_no_more():
    ring = Ring(["rio", "mar", "plo"])
    moved = sum(ring.owner(key) != ring.with_cluster("sol").owner(key) for key in KEYS)
    assert 0.7 < moved / (len(KEYS) / 4) < 1.3


def test_owners_are_the_same_on_every_machine():
    assert [Ring(["rio", "mar", "plo"]).owner(key) for key in ("a", "b", "c", "ä")] == [
        "plo",
        "plo",
        "rio",
        "rio",
    ]


def test_without_a_cluster_there_is_nobody_to_own_a_key():
    with pytest.raises(NobodyThere, match="'k'"):
        Ring([]).owner("k")
