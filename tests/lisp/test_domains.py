"""Typed domains: each thing that can be wrong with a form, at its own place, and all of them at once."""

from __future__ import annotations

import pytest

from caixa.lisp.domains import BOOLEAN, FLOAT, STRING, STRINGS, Domain, DomainError, Field, integer_between
from caixa.lisp.reader import read
from caixa.lisp.source import Source

GATEWAY = Domain(
    "defgateway",
    (
        Field("host", STRING),
        Field("port", integer_between(1, 65535), required=False, default=8080),
        Field("weight", FLOAT, required=False),
        Field("paths", STRINGS, required=False, default=()),
        Field("secure", BOOLEAN, required=False, default=False),
    ),
)
WRONG = {
    '(defgateway :host "h" :prot 1)': [("unknown-key", ":prot", "Did you mean :port?")],
    '(defgateway :host "h" :host "i")': [("repeated-key", ":host", "Remove one.")],
    "(defgateway :host h)": [("wrong-type", "h", "")],
    '(defgateway :host "h" :port 0)': [("wrong-type", "0", "")],
    '(defgateway :host "h" :port 65536)': [("wrong-type", "65536", "")],
    '(defgateway :host "h" :port 1.0)': [("wrong-type", "1.0", "")],
    '(defgateway :host "h" :paths ("a" b))': [("wrong-type", "b", "")],
    '(defgateway :host "h" :secure t)': [("wrong-type", "t", "")],
    '(defgateway :host "h" :port)': [("odd-kwargs", ":port", "Keywords and values come in pairs.")],
    '(defgateway :host "h" 5 6)': [("no-keyword", "5", "")],
    "(defgateway)": [("missing-key", "(defgateway)", "Add :host <string>.")],
    '(defgatewey :host "h")': [("wrong-head", '(defgatewey :host "h")', "")],
    '(defgateway ("host" "h"))': [("odd-kwargs", '("host" "h")', "Keywords and values come in pairs.")],
    "(defgateway :host 1 :prot 2 :port -1)": [
        ("unknown-key", ":prot", "Did you mean :port?"), ("wrong-type", "1", ""), ("wrong-type", "-1", ""),
    ],
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_every_problem_is_found_at_its_own_place(text):
    source = Source("cell", text)
    with pytest.raises(DomainError) as caught:
        GATEWAY.read(read(source).forms[0])
    found = [(each.code, source.slice(each.span), each.fix) for each in caught.value.diagnostics]
    expected = WRONG[text]
    assert [one for one in found if one in expected] == expected


@pytest.mark.parametrize(
    "text",
    [
        '(defgateway :host "h" :port 80 :paths ("/a" "/b"))',
        '(defgateway (:host "h") (:port 80) (:paths ("/a" "/b")))',
        '(defgateway :paths ["/a" "/b"] :port 80 :host "h")',
    ],
)
def test_flat_and_paired_keywords_make_the_same_record(text):
    record = GATEWAY.read(read(Source("cell", text)).forms[0])
    assert record == {"host": "h", "port": 80, "weight": None, "paths": ("/a", "/b"), "secure": False}
