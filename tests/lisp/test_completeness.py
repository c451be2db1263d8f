"""Whether more is to come, and where it begins."""

from __future__ import annotations

import pytest

from caixa.lisp.completeness import completeness

COMPLETENESS = {
    "": ("complete", ""),
    "(+ 1 2)": ("complete", ""),
    "; a comment (": ("complete", ""),
    "(define (f x)": ("incomplete", "  "),
    "(let ((x 1)\n      (y": ("incomplete", "        "),
    "[1 2": ("incomplete", " "),
    "(f {:a": ("incomplete", "    "),
    '(println "abc': ("incomplete", ""),
    "#| open": ("incomplete", ""),
    "(a '": ("incomplete", "   "),
    "(a))": ("invalid", ""),
    "(a]": ("invalid", ""),
    "#\\nonsense": ("invalid", ""),
}


@pytest.mark.parametrize(("text", "expected"), COMPLETENESS.items())
def test_a_text_is_complete_when_no_more_could_be_meant(text, expected):
    found = completeness(text)
    assert (found.status, found.indent) == expected
