"""Hashes, encodings and identifiers: inverses of each other, and the published test values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caixa.lisp.natives.script import encodings

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize("name", ["base64", "base64url", "url", "hex"])
@given(text=TEXTS)
def test_decoding_undoes_encoding(name, text):
    encode, decode = (getattr(encodings, f"{name}_{way}") for way in ("encode", "decode"))
    assert decode(encode(text)) == text


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ('(sha1 "abc")', "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ('(sha256 "abc")', "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ('(blake3 "")', "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"),
        (
            '(hmac-sha256 "Jefe" "what do ya want for nothing?")',
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        ('(base64-encode "foob")', "Zm9vYg=="),
        ('(base64url-encode "??>")', "Pz8-"),
        ('(url-encode "a b/ç~")', "a%20b%2F%C3%A7~"),
        ('(hex-encode "é")', "c3a9"),
    ],
)
def test_the_published_values_come_out(run, call, value):
    assert run(call) == f'"{value}"'


@pytest.mark.parametrize(
    "call",
    [
        '(base64-decode "a")', '(base64-decode "a b=")', '(base64-decode "/w==")', '(base64url-decode "a+")',
        '(url-decode "%ff")', '(hex-decode "0")', '(hex-decode "zz")', "(sha256 5)", "(random-hex -1)",
        '(sha256 (json-parse "\\"\\\\udc00\\""))', '(url-encode (json-parse "\\"\\\\udc00\\""))',
    ],
)  # fmt: skip
def test_what_does_not_decode_is_an_error(fail, call):
    assert fail(call).kind == "native-fn"


def test_random_identifiers_have_their_form_and_differ(run):
    assert (
        run('(re-match? "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$" (uuid-v4))')
        == "#t"
    )
    assert run("(list (equal? (uuid-v4) (uuid-v4)) (equal? (random-hex 16) (random-hex 16)))") == "(#f #f)"
    assert run("(string-length (random-bytes 16))") == "32"
