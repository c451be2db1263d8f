"""`feira hash` and `feira same`: digests explained, and differences shown where they are."""

import json
import re

import pytest

SOURCE = """(provide total)
(define rate 2)
(define (price item) (* rate (get item :price)))
(define (total items) (foldl + 0 (map price items)))
(define (sum-of things) (foldl + 0 (map price things)))
"""


TREE = """\
total
├─ foldl
├─ +
├─ map
└─ price
   ├─ *
   ├─ rate
   └─ get
"""


@pytest.fixture
def shop(feira):
    """Return the folder of a package with definitions."""
    feira("init", "shop", "--path", "shop")
    (feira.folder / "shop/lib/shop.lisp").write_text(SOURCE)


def test_a_definition_is_explained_down_to_the_natives(feira, shop):
    digest, *lines = feira("hash", "--path", "shop", "total").out.splitlines()
    assert digest.startswith("blake3:")
    assert "".join(re.split(r"  +[0-9a-f]{12}", line)[0] + "\n" for line in lines) == TREE
    assert lines[0].split()[1:] == [digest.removeprefix("blake3:")[:12], "function"]


def test_a_package_is_explained_file_by_file_and_each_definition_once(feira, shop):
    tree = json.loads(feira("hash", "--path", "shop", "--json").out)
    assert [(part["label"], part["kind"]) for part in tree["needs"]] == [
        ("caixa.lisp", "manifest"),
        ("lib/shop.lisp", "file"),
    ]
    names = {part["label"]: part for part in tree["needs"][-1]["needs"]}
    assert names["total"]["digest"] == names["sum-of"]["digest"]
    assert names["rate"] == {**names["price"]["needs"][1], "repeated": True}


def test_the_picture_has_each_part_once(feira, shop):
    dot = feira("hash", "--path", "shop", "total", "--as", "dot").out
    labels = re.findall(r'n\d+ \[label="?([^\\" ]+)', dot)
    assert labels == ["total", "foldl", "+", "map", "price", "*", "rate", "get"]


def test_two_definitions_are_the_same_or_part_somewhere(feira, shop):
    same = feira("same", "shop#total", "shop#sum-of")
    assert (same.status, same.out.splitlines()[0]) == (0, "✓ shop#total and shop#sum-of mean the same")
    differ = feira("same", "shop#total", "shop#price")
    assert differ.status == 1
    assert "- (foldl + 0 (map price v0))" in differ.out


def test_two_packages_are_compared_by_file_and_name(feira, shop):
    feira("init", "other", "--path", "other")
    (feira.folder / "other/lib/other.lisp").write_text(SOURCE.replace("rate 2", "rate 3"))
    shown = feira("same", "shop#total", "other#lib/other.lisp:total")
    assert shown.out.splitlines()[1:4] == ["  in total → price → rate", "  - 2", "  + 3"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("same", "shop#totel", "shop#total"), "did you mean total?"),
        (("same", "shop#total", "nowhere#total"), "nowhere"),
        (("hash", "--path", "shop", "nothing-like-it"), "defined are: rate, price, total, sum-of"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(feira, shop, words, says):
    refused = feira(*words)
    assert refused.status != 0
    assert says in refused.err
