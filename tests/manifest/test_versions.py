"""Versions and requirements: SemVer 2.0.0 and Cargo's grammar (caixa.md section 1.4.5)."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa.manifest.errors import InvalidValue
from caixa.manifest.version import Requirement, Version

PART = st.integers(0, 3)
PRE = st.lists(st.integers(0, 2) | st.sampled_from(["rc", "a-b"]), max_size=2).map(tuple)
VERSION = st.builds(Version, PART, PART, PART, PRE)


def matches(requirement: str, version: str) -> bool:
    return Requirement.parse(requirement).matches(Version.parse(version))


@pytest.mark.parametrize("text", ["0.1.0", "1.2.3-rc.1", "1.2.3-0a.b-c+build.01", "10.20.30+x", "1.0.0--"])
def test_a_version_reads_and_prints_as_it_was(text):
    assert str(Version.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "1", "0.1", "v0.1.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0+", " 1.0.0", "1.0.0\n", "1.0.0.0",
     "-1.0.0",      "\u0661.0.0", "18446744073709551616.0.0", "1.0.0-a..b", "1.0.0-" + "a" * 5000],
)  # fmt: skip
def test_what_is_no_version_is_refused(text):
    with pytest.raises(InvalidValue) as caught:
        Version.parse(text)
    assert caught.value.diagnostic.code == "semver"


def test_precedence_is_that_of_the_standard():
    suffixes = ["-1", "-alpha", "-alpha.1", "-alpha.beta", "-beta.2", "-beta.11", "-rc.1", ""]
    versions = [Version.parse(f"1.0.0{suffix}") for suffix in suffixes]
    assert all(left < right for left, right in pairwise(versions))


@pytest.mark.parametrize(
    ("requirement", "inside", "outside"),
    [
        ("*", "0.1.0 99.0.0", "1.0.0-rc.1"),
        ("0.1.0", "0.1.0 0.1.99", "0.2.0 0.0.9 0.1.0-rc.1"),
        ("^1.2.3", "1.2.3 1.9.0", "1.2.2 2.0.0 2.0.0-rc.1"),
        ("^0.0.3", "0.0.3", "0.0.4 0.0.2"),
        ("^0.0", "0.0.9", "0.1.0"),
        ("^0", "0.9.9", "1.0.0"),
        ("~1.2.3", "1.2.3 1.2.9", "1.3.0 1.2.2"),
        ("~1", "1.0.0 1.9.9", "2.0.0"),
        ("=1.2", "1.2.0 1.2.9", "1.3.0 1.2.0-rc.1"),
        ("=1.2.3-rc.1", "1.2.3-rc.1", "1.2.3 1.2.3-rc.2"),
        (">=1.2, <2", "1.2.0 1.9.9", "2.0.0 1.1.9 2.0.0-rc.1"),
        (">1.2", "1.3.0", "1.2.9"),
        ("<=1.2", "1.2.9 0.0.0", "1.3.0"),
        ("<1.2.3", "1.2.2", "1.2.3 1.2.3-rc.1"),
        ("1.*", "1.0.0 1.9.9", "2.0.0"),
        ("1.2.x", "1.2.9", "1.3.0"),
        ("1.X.X", "1.2.9", "2.0.0"),
        ("^1.2.3-rc.1", "1.2.3-rc.1 1.2.3-rc.2 1.2.3 1.3.0", "1.3.0-rc.1 1.2.3-alpha"),
        (" >= 1.0.0 , < 2.0.0 ", "1.5.0", "2.0.0"),
    ],
)
def test_a_requirement_admits_what_cargo_admits(requirement, inside, outside):
    assert [text for text in inside.split() if not matches(requirement, text)] == []
    assert [text for text in outside.split() if matches(requirement, text)] == []


@pytest.mark.parametrize(
    "text",
    ["", " ", "1.2.3 - 2.0.0", "^1 || ^2", "||", "1,", ",1", "1.2.3.4", "*.1", "1.*.3", "*, 1", "=>1", "01",
     "v1", "latest", ">=", "1.2-rc", ">*", ",".join(["1"] * 33)],
)  # fmt: skip
def test_what_is_no_requirement_is_refused(text):
    with pytest.raises(InvalidValue) as caught:
        Requirement.parse(text)
    assert caught.value.diagnostic.code == "requirement"


@given(VERSION, VERSION)
def test_versions_are_totally_ordered(left, right):
    assert (left < right) + (left == right) + (left > right) == 1


@given(VERSION)
def test_every_version_reads_back_and_satisfies_itself(version):
    assert Version.parse(str(version)) == version
    assert Requirement.parse(f"={version}").matches(version)
    assert Requirement.parse(f"^{version}").matches(version)


@given(VERSION, VERSION)
def test_at_least_and_below_split_the_releases(bound, version):
    if not version.pre and not bound.pre:
        assert matches(f">={bound}", str(version)) != matches(f"<{bound}", str(version))
