"""Every worked value of docs/identity.md is what the code computes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .arvore.programs import addresses

PAGE = Path(__file__).parents[2] / "docs" / "identity.md"
BLOCKS = re.findall(r"```lisp\n(.*?)```\n```digests\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize(("program", "values"), BLOCKS)
def test_the_values_of_the_page_are_computed_again(program, values):
    found = addresses(program)
    computed = "".join(f"{line.split()[0]} {found.of(line.split()[0])}\n" for line in values.splitlines())
    assert computed == values


def test_the_page_has_worked_values():
    assert len(BLOCKS) >= 5
