"""What counts in an address and what does not, on random programs (DESIGN section 6)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from caixa.lacre.arvore.comparison import compare

from .programs import Call, Function, Style, addresses, programs, reaching, styles, with_body

PLAIN = Style()
few = settings(max_examples=60, deadline=None)


def digests(program: tuple[Function, ...], style: Style = PLAIN) -> list[str]:
    """Return the digest of each function of `program`, written in `style`."""
    found = addresses(style.write(program))
    return [found.of(style.name(index)) for index in range(len(program))]


@few
@given(programs(), styles())
def test_names_layout_comments_docstrings_and_order_do_not_count(program, style):
    assert digests(program) == digests(program, style)


@few
@given(programs(), st.data())
def test_a_change_counts_for_whatever_reaches_it_and_for_nothing_else(program, data):
    index = data.draw(st.integers(0, len(program) - 1))
    other = with_body(program, index, Call("str", (program[index].body, 7)))
    pairs = list(zip(digests(program), digests(other), strict=True))
    changed = {at for at, (before, after) in enumerate(pairs) if before != after}
    assert changed == reaching(other, index)


@few
@given(programs(), styles())
def test_a_program_written_twice_under_other_names_has_the_same_addresses_twice(program, style):
    here, there = Style(functions="a"), Style(functions="b")
    both = addresses(here.write(program) + "\n" + there.write(program))
    alone = digests(program)
    for index, digest in enumerate(alone):
        assert both.of(here.name(index)) == both.of(there.name(index)) == digest


@few
@given(programs(), programs())
def test_comparing_finds_a_difference_exactly_where_addresses_differ(left, right):
    here, there = addresses(PLAIN.write(left)), addresses(PLAIN.write(right))
    name = PLAIN.name(0)
    assert (compare(here, name, there, name) is None) == (here.of(name) == there.of(name))
