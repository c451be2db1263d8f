"""The package digest: two different packages never share one; layout, comments and order do not count."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from caixa.lacre.lock import stub_lock, write_lock
from caixa.lacre.package_digest import package_digest
from caixa.manifest.model import Caixa, Dep, Kind
from caixa.manifest.package import Package

MANIFEST = '(defcaixa :nome "x" :versao "0.1.0" :kind Biblioteca)'
NAME = st.text("ab/", min_size=1, max_size=4).filter(lambda name: "//" not in name and name.strip("/") == name)
FILES = st.dictionaries(NAME, st.binary(max_size=4), max_size=3)


@given(FILES, FILES)
def test_packages_share_a_digest_only_if_their_files_are_equal(left, right):
    digests = [package_digest(Package.from_text(MANIFEST, files)) for files in (left, right)]
    assert (digests[0] == digests[1]) == (left == right)


@given(FILES, st.randoms(use_true_random=False))
def test_the_order_of_files_does_not_count(files, random):
    names = list(files)
    random.shuffle(names)
    shuffled = {name: files[name] for name in names}
    assert package_digest(Package.from_text(MANIFEST, files)) == package_digest(
        Package.from_text(MANIFEST, shuffled)
    )


def test_layout_comments_and_the_order_of_slots_do_not_count():
    other = '; a comment\n(defcaixa\n  :kind biblioteca\n  :versao "0.1.0" ; note\n  :nome "x")'
    assert package_digest(Package.from_text(MANIFEST)) == package_digest(Package.from_text(other))


def test_every_slot_counts():
    slots = ["", ':descricao "d"', ':licenca "MIT"', ':autores ("a")', ':autores ("a" "b")', ':autores ("ab")']
    texts = [f"{MANIFEST[:-1]} {slot})" for slot in slots]
    assert len({package_digest(Package.from_text(text)) for text in texts}) == len(slots)


def test_limits_that_limit_nothing_are_not_no_limits():
    manifest = '(defcaixa :nome "x" :versao "0.1.0" :kind Servico :servicos ("servicos/x.yaml"))'
    with_limits = manifest[:-1] + " :limits ())"
    assert package_digest(Package.from_text(manifest)) != package_digest(Package.from_text(with_limits))


def test_the_locked_dependencies_count():
    locks = [
        write_lock(stub_lock(Caixa("x", "0.1.0", Kind.BIBLIOTECA, deps=(Dep("a", requirement),))))
        for requirement in ("^0.1", "^0.2")
    ]
    digests = {package_digest(Package.from_text(MANIFEST, {"lacre.lisp": lock.encode()})) for lock in locks}
    assert len(digests) == 2


def test_a_broken_lock_still_leaves_an_address():
    package = Package.from_text(MANIFEST, {"lacre.lisp": b"(deflacre \xff"})
    assert package_digest(package) != package_digest(Package.from_text(MANIFEST))


def test_two_packages_without_dependencies_do_not_share_an_address():
    other = MANIFEST.replace('"x"', '"y"')
    assert package_digest(Package.from_text(MANIFEST)) != package_digest(Package.from_text(other))
