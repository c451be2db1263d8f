"""Packages and directories: what is written reads back, and nothing is half-written or read from elsewhere."""

from __future__ import annotations

import os

import pytest

from caixa.lisp.reader import read
from caixa.lisp.source import Source
from caixa.manifest import tree
from caixa.manifest.errors import InvalidManifest, MissingManifest, UnreadablePackage, UnsafePath
from caixa.manifest.package import Package
from caixa.manifest.profile import Profile

TEXT = '; hello\n(defcaixa :nome "x" :versao "0.1.0" :kind Servico :servicos ("servicos/x.yaml"))\n'
FILES = {"servicos/x.yaml": b"kind: ComputeUnit\n", "lib/deep/a.lisp": b"(define x 1)\n"}


@pytest.fixture
def package():
    return Package.from_text(TEXT, FILES)


def contents(root):
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_package_goes_to_a_directory_and_back(package, tmp_path):
    package.write_to(tmp_path / "x")
    again = Package.from_directory(tmp_path / "x")
    assert again == package
    assert again.manifest.text == TEXT
    assert contents(tmp_path / "x") == {"caixa.lisp": TEXT.encode(), **FILES}


def test_writing_leaves_other_files_and_no_traces(package, tmp_path):
    (tmp_path / "README.md").write_text("mine")
    package.write_to(tmp_path)
    package.with_file("servicos/x.yaml", b"new").write_to(tmp_path)
    assert contents(tmp_path) == {
        "README.md": b"mine",
        "caixa.lisp": TEXT.encode(),
        **FILES,
        "servicos/x.yaml": b"new",
    }
    assert {path.name for path in tmp_path.iterdir()} == {"README.md", "caixa.lisp", "lib", "servicos"}


@pytest.mark.parametrize("fails_at", [1, 2, 3])
def test_an_interrupted_write_leaves_the_old_files(package, tmp_path, monkeypatch, fails_at):
    old = {"caixa.lisp": b"old manifest", "servicos/x.yaml": b"old unit"}
    (tmp_path / "servicos").mkdir()
    for name, data in old.items():
        (tmp_path / name).write_bytes(data)
    replace, calls = os.replace, []

    def interrupted(source, target):
        calls.append(target)
        if len(calls) == fails_at:
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr(tree.os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        package.write_to(tmp_path)
    assert contents(tmp_path) == old


@pytest.mark.parametrize(
    "path", ["../evil", "/etc/passwd", "lib/../../evil", "", ".", "a\\b", "a\0b", "dir/", "\ud800"]
)
def test_a_path_out_of_the_package_is_refused(package, path):
    with pytest.raises(UnsafePath):
        package.with_file(path, b"")


def test_a_link_out_of_the_package_is_not_read(package, tmp_path):
    package.write_to(tmp_path / "x")
    (tmp_path / "secret").write_text("s")
    (tmp_path / "x" / "lib" / "secret").symlink_to(tmp_path / "secret")
    with pytest.raises(UnsafePath, match="lib/secret"):
        Package.from_directory(tmp_path / "x")


def test_a_link_out_of_the_package_is_not_written_through(package, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "servicos").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UnsafePath):
        package.write_to(tmp_path / "x")
    assert contents(tmp_path / "x") == {}
    assert contents(tmp_path / "elsewhere") == {}


def test_links_within_the_package_are_followed_and_end(package, tmp_path):
    package.write_to(tmp_path)
    (tmp_path / "lib" / "deep" / "again").symlink_to(tmp_path / "lib")
    (tmp_path / "lib" / "b.lisp").symlink_to(tmp_path / "lib" / "deep" / "a.lisp")
    assert Package.from_directory(tmp_path).files["lib/b.lisp"] == FILES["lib/deep/a.lisp"]


def test_hidden_files_and_what_tools_leave_are_not_read(package, tmp_path):
    package.write_to(tmp_path)
    for name in (".git", "target", "__pycache__"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "junk").write_text("x")
    assert set(Package.from_directory(tmp_path).files) == set(FILES)


def test_a_directory_without_a_manifest_says_so(tmp_path):
    with pytest.raises(MissingManifest, match=r"caixa\.lisp") as caught:
        Package.from_directory(tmp_path)
    assert isinstance(caught.value, FileNotFoundError)
    with pytest.raises(MissingManifest):
        Package.from_directory(tmp_path / "nowhere")


def test_a_manifest_that_is_a_directory_is_a_clear_error(tmp_path):
    (tmp_path / "caixa.lisp").mkdir()
    with pytest.raises(UnreadablePackage, match="is not a file"):
        Package.from_directory(tmp_path)


def test_a_manifest_that_is_not_utf_8_names_the_byte(tmp_path):
    (tmp_path / "caixa.lisp").write_bytes(b"(defcaixa \xff)")
    with pytest.raises(UnreadablePackage, match="byte 10 is 0xff"):
        Package.from_directory(tmp_path)


def test_a_file_name_that_is_not_utf_8_is_a_clear_error(package, tmp_path):
    package.write_to(tmp_path)
    try:
        (tmp_path / os.fsdecode(b"bad\xff")).write_text("x")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    with pytest.raises(UnreadablePackage, match="not UTF-8"):
        Package.from_directory(tmp_path)


def test_a_directory_with_too_much_in_it_is_refused(package, tmp_path, monkeypatch):
    package.write_to(tmp_path)
    monkeypatch.setattr(tree, "MOST_FILES", 2)
    with pytest.raises(UnreadablePackage, match="too large"):
        Package.from_directory(tmp_path)


def test_a_byte_order_mark_is_not_part_of_the_manifest(tmp_path):
    (tmp_path / "caixa.lisp").write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    assert Package.from_directory(tmp_path).nome == "x"


def test_a_manifest_with_errors_is_refused_with_all_of_them():
    with pytest.raises(InvalidManifest) as caught:
        Package.from_text('(defcaixa :nome "X Y" :versao "1" :kind Servico)')
    assert [found.code for found in caught.value.diagnostics] == [
        "servico-without-servicos",
        "caixa-nome-invalid",
        "caixa-versao-invalid",
    ]
    assert caught.value.reading.caixa.nome == "X Y"
    assert "^^^^^" in caught.value.render({"caixa.lisp": Source("caixa.lisp", '(defcaixa :nome "X Y" …)')})


def test_the_older_profile_takes_what_the_older_system_takes():
    package = Package.from_text('(defcaixa :nome "X Y" :versao "1" :kind Biblioteca)', profile=Profile.APRIL)
    assert package.with_manifest('(defcaixa :nome "Z Z" :versao "1" :kind Biblioteca)').nome == "Z Z"


def test_findings_name_the_files_that_are_missing(package):
    assert package.diagnostics() == ()
    found = package.without_file("servicos/x.yaml").diagnostics()
    assert [(each.code, package.manifest.slice(each.span)) for each in found] == [
        ("missing-entry", '"servicos/x.yaml"')
    ]


def test_a_finding_is_told_once():
    package = Package.from_text('(defcaixa :nome "x" :versao "0.1.0" :kind Biblioteca :exe ("exe/a"))')
    codes = [each.code for each in package.diagnostics()]
    assert codes == ["slot-unused", "missing-lib", "missing-entry"]


def test_a_changed_package_is_another_value(package):
    changed = package.with_file("./lib/../lib/new.lisp", b"1")
    assert changed != package
    assert "lib/new.lisp" in changed.files
    assert "lib/new.lisp" not in package.files
    assert package.with_manifest(TEXT.replace("0.1.0", "0.2.0")).files == package.files


def test_the_path_of_the_unit_is_plain(package):
    assert package.computeunit_path == "servicos/x.yaml"
    assert Package.from_text('(defcaixa :nome "x" :versao "0.1.0" :kind Biblioteca)').computeunit_path is None


def test_a_form_in_a_cell_becomes_a_manifest_of_its_own():
    source = Source("cell 1", f"(define y 2)\n{TEXT}(define z 3)")
    package = Package.from_form(read(source).forms[1], source)
    assert package.manifest.text == TEXT.removeprefix("; hello\n")
    assert source.slice(package.reading.span_of("nome")) == '"x"'
