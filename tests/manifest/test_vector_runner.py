"""The vector runner itself: what it must never do is pass by accident or stop."""

from __future__ import annotations

from conformance.caixa import check


def verdict(given: dict[str, object], expect: dict[str, object], identity: str = "X-1") -> bool:
    return check({"id": identity, "area": "x", "input": given, "expect": expect})[0]


def test_an_unknown_operation_fails():
    assert not verdict({"op": "nonsense"}, {"ok": True})
    assert not verdict({"op": "nonsense"}, {"ok": False})
    assert not verdict({"op": "nonsense"}, {})


def test_a_crash_fails_whatever_is_expected():
    assert not verdict({"op": "render_bytes", "n": None}, {"ok": False})
    assert not verdict({"op": "render_bytes"}, {"text": "1"})


def test_an_error_where_none_is_expected_fails():
    assert not verdict({"op": "parse_manifest", "src": "("}, {"json": {}})
    assert not verdict({"op": "version_parse", "text": "x"}, {"text": "x"})


def test_every_part_of_an_expectation_counts():
    given = {"op": "limits_from_json", "value": {"memory": "1YiB"}}
    assert verdict(given, {"ok": False, "error": "UnknownByteUnit", "unit": "YiB"})
    assert not verdict(given, {"ok": False, "error": "UnknownByteUnit", "unit": "ZiB"})
    assert not verdict(given, {"ok": False, "error": "BadByteMagnitude"})
    assert not verdict({"op": "requirement", "req": "*"}, {"ok": True, "matches": {"1.0.0": False}})


def test_a_decided_change_is_expected_in_place_of_the_older_value():
    given = {"op": "format", "src": "(a)\n; tail"}
    assert verdict(given, {"ok": True, "text": "(a)\n"}, "O-fmt-25")
    assert not verdict(given, {"ok": True, "text": "(a)\n"}, "another")
