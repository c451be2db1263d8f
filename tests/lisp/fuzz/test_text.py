"""No text brings the reader, the expander, the compiler or the printer down, or makes them disagree."""

from __future__ import annotations

import sys
import time
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .corpus import programs
from .mutation import DICTIONARY, minimal, mutants
from .pipeline import Pipeline

QUICK_SEEDS, SOAK_SEEDS, EACH = 15, 500, 20
SOAK_EACH = 2_000  # mutants of each of the 500 seeds: a million inputs
SOAK_SECONDS = 600

seeds = st.one_of(
    st.sampled_from(programs()),
    st.lists(st.sampled_from(DICTIONARY), max_size=12).map(" ".join),
    st.lists(st.sampled_from(programs()), min_size=2, max_size=3).map("\n".join),
    st.text(max_size=30),
)


@pytest.fixture(scope="module")
def pipeline():
    return Pipeline()


@given(text=seeds, other=seeds, number=st.integers(0, 2**32))
@settings(max_examples=QUICK_SEEDS, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_is_refused_in_words_or_read_printed_and_compiled(pipeline, text, other, number):
    pipeline.check_all([text, *mutants(text, other, Random(number), EACH)])


@pytest.mark.soak
@pytest.mark.timeout(2 * SOAK_SECONDS)
def test_a_million_texts_are_refused_in_words_or_read_printed_and_compiled(capsys):
    pipeline, began = Pipeline(), time.process_time()

    @given(text=seeds, other=seeds, number=st.integers(0, 2**32))
    @settings(max_examples=SOAK_SEEDS, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def soak(text, other, number):
        pipeline.check_all([text, *mutants(text, other, Random(number), SOAK_EACH)])

    soak()
    while pipeline.counts["inputs"] < SOAK_SEEDS * SOAK_EACH:  # hypothesis may run out of distinct seeds
        number = pipeline.counts["inputs"]
        random = Random(number)
        pipeline.check_all(mutants(random.choice(programs()), random.choice(programs()), random, SOAK_EACH))
    seconds = time.process_time() - began  # of one core, whatever else the machine does
    with capsys.disabled():
        sys.stdout.write(f"\n{dict(pipeline.counts)} in {seconds:.0f} s\n")
    assert seconds <= SOAK_SECONDS


def test_a_finding_is_reported_by_its_shortest_text():
    assert minimal("(define x (list 1 'bad 2))", lambda text: "bad" in text) == "bad"
